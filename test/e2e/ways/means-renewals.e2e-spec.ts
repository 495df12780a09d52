import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import { seed } from '#libs/application';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { freshKey, having, type Answer, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import { attributes, recordOne, type Fact } from './support/facts.js';
import { asks, registered, stageOn, type Standing } from './support/register-anew.js';
import { codesOf, refusalRecord } from './support/register.js';
import {
  application,
  apply,
  delivered,
  holder,
  person,
  record,
  revokeByHolder,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from './support/stage.js';

/** The renewal of a means, through HTTP (MEANS-09, REN-04). */

const DAY = 86_400_000;

let memory: MemorySuite;
let client: Client;
let network: Client;
let stage: Stage;

beforeAll(async () => {
  memory = await startMemorySuite({
    data: {
      ...seed,
      levelPolicy: [...seed.levelPolicy, { level: 'EH3', issuableUntil: at(20 * DAY) as Instant }],
    },
  });
  [client, network] = await Promise.all([memory.client('supplier'), memory.client('network')]);
  stage = await setStage(stageOn(memory), client);
});
afterAll(() => memory.end());

const byLetter: Json = { form: 'registeredLetter', addressValidated: true };
const byLink: Json = { form: 'oneTimeLink', singleUse: true, expires: true };

interface Renewal {
  readonly facts?: readonly Fact[];
  readonly delivery?: Json;
  readonly body?: Json;
  readonly purpose?: string;
  readonly key?: string;
}

async function bodyOf(of: Holder, { facts = [], delivery, body, purpose = 'renewal' }: Renewal): Promise<Json> {
  const own = await application(client, 'electronic', purpose);
  const scene = sceneOf({ application: own, authorized: of.human, means: of.means });
  const checks = await record(client, scene, facts);
  if (delivery !== undefined) checks.push(await delivered(client, scene, of.means, delivery));
  return { application: own, checks, ...body };
}
const renew = async (of: Holder, renewal: Renewal): Promise<Answer> =>
  client.command(`/v1/means/${of.means}/renewals`, await bodyOf(of, renewal), renewal.key);
const meansOf = async ({ means }: Holder): Promise<Json> => having(await client.get(`/v1/means/${means}`), 200).body;

/** His authorization at EH3. */
const authorized = (of: Holder): Promise<Standing> =>
  registered(stage, of, { period: { from: at(-1_000), until: at(300 * DAY) } });

describe('a renewal of a means', () => {
  it('rests on what still holds and a delivery of its own; everything on it stays in force (MEANS-09)', async () => {
    const of = await holder(client, 3);
    const on = await authorized(of);
    const before = await meansOf(of);
    const key = freshKey();
    const body = await bodyOf(of, { delivery: byLetter });
    const answer = having(await client.command(`/v1/means/${of.means}/renewals`, body, key), 200);
    expect(answer.body).toMatchObject({
      ...{ id: of.means, pseudonym: before['pseudonym'], status: 'active', stork: 3, product: 'password-sms' },
      ...{ scores: { ID: 3, IC: 3 }, application: before['application'] },
    });
    expect(answer.body['checks']).toEqual(expect.arrayContaining(body['checks'] as string[]));
    const { position: _position, ...shown } = answer.body;
    expect(await meansOf(of)).toEqual(shown);
    const again = await client.command(`/v1/means/${of.means}/renewals`, body, key);
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([200, 'true', answer.body]);
    expect(await asks(network, stage, on)).toMatchObject({ decision: true });
  });

  it('once more by the same records nothing', async () => {
    const of = await holder(client, 3);
    const body = await bodyOf(of, { delivery: byLetter });
    having(await client.command(`/v1/means/${of.means}/renewals`, body), 200);
    const on = await authorized(of);
    const before = await stage.suite.heads();
    having(await client.command(`/v1/means/${of.means}/renewals`, body), 200);
    expect((await stage.suite.heads()).events).toBe(before.events);
    expect(await asks(network, stage, on)).toMatchObject({ decision: true });
  });

  it('without a delivery, or with a lesser one, is below its level: refused, or accepted and lower at once (REN-04)', async () => {
    const of = await holder(client, 3);
    const on = await authorized(of);
    const before = await stage.suite.heads();
    // What was delivered before was another token.
    const without = await renew(of, {});
    expect([without.status, without.body['errors']]).toMatchObject([
      409,
      [{ code: 'renewal-below-level', aimed: 3, missing: { IC: 3 } }],
    ]);
    expect(await refusalRecord(stage.suite, before.records, without)).toMatchObject({
      ...{ command: 'RenewMeans', object: 'means' },
    });
    expect(await asks(network, stage, on)).toMatchObject({ decision: true });
    const lower = await renew(of, { delivery: byLink, body: { acceptLower: true } });
    expect(having(lower, 200).body).toMatchObject({ stork: 2, issuanceLevel: 2 });
    expect(await asks(network, stage, on)).toMatchObject({ decision: false, context: { level: 'EH2' } });
  });

  it('may bring another product, and no higher level, which is explained without a difference (UPG-03, ARCH-14)', async () => {
    const of = await holder(client, 2);
    const answer = await renew(of, { delivery: byLetter, body: { product: 'password-sms' } });
    expect(having(answer, 200).body).toMatchObject({ stork: 2, product: 'password-sms' });
    // Judged again it is held to the level that the means had as well.
    const auditor = await memory.client('auditor');
    const { decision } = having(await auditor.ask(`/v1/explanations/means/${of.means}`, { reason: 'Why 2?' }), 200)
      .body as { readonly decision: Json };
    expect(decision).toMatchObject({ record: { type: 'MeansRenewed' }, differences: [], obstacles: [] });
    expect([decision['recorded'], decision['judgedAgain']]).toMatchObject([{ stork: 2 }, { stork: 2 }]);
  });
});

describe('what is no renewal', () => {
  const nobody = '00000000-0000-4000-8000-000000000000';

  it('names what is not there: every fault at once', async () => {
    const of = await holder(client, 2);
    const path = `/v1/means/${of.means}/renewals`;
    const faulty = await client.command(path, { application: nobody, checks: [nobody] });
    expect([faulty.status, [...codesOf(faulty)].sort()]).toEqual([400, ['unknown-application', 'unknown-check']]);
    const body = await bodyOf(of, {});
    const product = await client.command(path, { ...body, product: 'p-9' });
    expect(product.body['errors']).toMatchObject([{ code: 'unknown-product', pointer: '/product' }]);
    const nowhere = await client.command(`/v1/means/${nobody}/renewals`, body);
    expect([nowhere.status, nowhere.body['code']]).toEqual([404, 'no-such-means']);
    const stranger = await recordOne(client, body['application'] as string, {
      ...(attributes('authorized')(sceneOf({ authorized: stage.colleague })) as Json),
    });
    const ofAnother = await client.command(path, { ...body, checks: [stranger] });
    expect(ofAnother.body['errors']).toMatchObject([{ code: 'check-not-in-dossier', pointer: '/checks/0' }]);
  });

  it('rests on an intake for something else, or is of what is not issued or has ended (REG-03, MEANS-04, REV-08)', async () => {
    const of = await holder(client, 3);
    const other = await renew(of, { purpose: 'upgrade', delivery: byLetter });
    expect([other.status, codesOf(other)]).toEqual([409, ['purpose-not-in-application']]);
    const human = await person(client);
    const own = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const applied = having(await apply(client, own, 'password', 2), 201).body['id'] as string;
    const early = await renew({ human, means: applied }, {});
    expect([early.status, early.body['code']]).toEqual([409, 'means-not-issued']);
    await revokeByHolder(client, of, { means: of.means });
    const ended = await renew(of, { delivery: byLetter });
    expect([ended.status, ended.body['code']]).toEqual([409, 'means-revoked']);
  });

  it('meets a revocation: one of both is first, and in the end the means has ended (REV-08)', async () => {
    const of = await holder(client, 3);
    const body = await bodyOf(of, { delivery: byLetter });
    const [answer] = await Promise.all([
      client.command(`/v1/means/${of.means}/renewals`, body),
      revokeByHolder(client, of, { means: of.means }),
    ]);
    if (answer.status !== 200) expect([answer.status, answer.body['code']]).toEqual([409, 'means-revoked']);
    expect(await meansOf(of)).toMatchObject({ status: 'revoked' });
  });

  it('is at a level that is closed (TFA-03)', async () => {
    const of = await holder(client, 3);
    const body = await bodyOf(of, { delivery: byLetter });
    memory.pass(20 * DAY);
    const closed = await client.command(`/v1/means/${of.means}/renewals`, body);
    expect([closed.status, codesOf(closed)]).toEqual([409, ['level-closed-for-issuance']]);
  });
});
