import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { having, type Answer, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import { until } from '../support/until.js';
import { loginWith } from './support/facts.js';
import { administrator, asks, bodyAnew, DAY, registered, stageOn, type Standing } from './support/register-anew.js';
import { codesOf } from './support/register.js';
import {
  application,
  delivered,
  holder,
  holderAtThree,
  record,
  revokeByHolder,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from './support/stage.js';

/** What is decided on one thing by several at the same moment: one wins, and each is told how it ended (SUS-05, REV-08). */

let memory: MemorySuite;
let client: Client;
let network: Client;
let stage: Stage;
let admin: Standing;

beforeAll(async () => {
  memory = await startMemorySuite();
  [client, network] = await Promise.all([memory.client('supplier'), memory.client('network')]);
  stage = await setStage(stageOn(memory), client);
  admin = await administrator(stage, 'EH3');
});
afterAll(() => memory.end());

const BY_LETTER: Json = { form: 'registeredLetter', addressValidated: true };

type Command = () => Promise<Answer>;
/** Sent in this order, or at the same moment. */
const ORDERS = ['in this order', 'the other way round', 'at once'] as const;
async function both(order: (typeof ORDERS)[number], one: Command, other: Command): Promise<readonly [Answer, Answer]> {
  if (order === 'in this order') return [await one(), await other()];
  if (order === 'the other way round') {
    const answer = await other();
    return [await one(), answer];
  }
  const [a, b] = await Promise.all([one(), other()]);
  return [a!, b!];
}

/** An authorization at EH3 of an employee of a means at that level, that ends in a month. */
const ending = async (of?: Holder): Promise<Standing> =>
  registered(
    stage,
    of ?? (await holder(client, 3)),
    { period: { from: at(-1_000), until: at(30 * DAY) }, acceptLower: true },
    { where: admin.party },
  );
async function renewal(of: Standing): Promise<Command> {
  const period = { from: at(29 * DAY), until: at(1_000 * DAY) };
  const body = await bodyAnew(stage, of, { purpose: 'renewal', by: admin, body: { period, acceptLower: true } });
  return () => client.command(`/v1/authorizations/${of.id}/renewals`, body);
}

async function change(of: Standing): Promise<Command> {
  const set = { nature: { rightOfSubstitution: true, actsIndependently: true } };
  const body = await bodyAnew(stage, of, { purpose: 'change', by: admin, body: { set, acceptLower: true } });
  return () => client.command(`/v1/authorizations/${of.id}/changes`, body);
}

/** Another token under the same means. */
async function newToken(of: Holder): Promise<Command> {
  const scene = sceneOf({
    application: await application(client, 'electronic', 'renewal'),
    authorized: of.human,
    means: of.means,
  });
  const checks = [await delivered(client, scene, of.means, BY_LETTER)];
  return () => client.command(`/v1/means/${of.means}/renewals`, { application: scene.application, checks });
}

async function upgrade(of: Holder): Promise<Command> {
  const scene = sceneOf({
    application: await application(client, 'electronic', 'upgrade'),
    authorized: of.human,
    means: of.means,
  });
  const checks = await record(client, scene, holderAtThree);
  checks.push(await delivered(client, scene, of.means, BY_LETTER));
  const body = { application: scene.application, checks, aimedStork: 3, product: 'password-sms' };
  return () => client.command(`/v1/means/${of.means}/upgrades`, body);
}

/** The operator's own block, and its end (REV-10). */
async function block(purpose: 'suspension' | 'reinstatement', object: Json): Promise<Command> {
  const body = {
    ...{ application: await application(client, 'nonElectronic', purpose), object, checks: [] },
    requester: { role: 'operator' },
    ...(purpose === 'suspension' ? { reason: 'security' } : {}),
  };
  return () => client.command(`/v1/${purpose}s`, body);
}
const lift = async (object: Json): Promise<void> => void having(await (await block('reinstatement', object))(), 200);

const authorizationOf = async ({ id }: Standing): Promise<Json> =>
  having(await client.get(`/v1/authorizations/${id}`), 200).body;
const meansOf = async ({ means }: Holder): Promise<Json> => having(await client.get(`/v1/means/${means}`), 200).body;
const decision = async (of: Standing): Promise<unknown> =>
  (await asks(network, stage, of, { level: 'EH2' }))['decision'];
const levelOf = async (of: Standing): Promise<unknown> =>
  ((await asks(network, stage, of))['context'] as Json)['level'];

const isRefused = (answer: Answer, code: string): void =>
  expect([answer.status, codesOf(answer)]).toEqual([409, [code]]);

describe.each(ORDERS)('of two commands, %s', (order) => {
  it('a suspension is never renewed away: the renewal is refused, or suspended with it (SUS-05)', async () => {
    const of = await ending();
    const object = { authorization: of.id };
    const before = (await authorizationOf(of))['validUntil'];
    const [suspended, renewed] = await both(order, await block('suspension', object), await renewal(of));
    expect(having(suspended, 200).body).toMatchObject({ suspended: true });
    const isRenewed = renewed.status === 200;
    if (order !== 'at once') expect(isRenewed).toBe(order === 'the other way round');
    if (!isRenewed) isRefused(renewed, 'suspended');
    const shown = await authorizationOf(of);
    expect([shown['status'], shown['validUntil'] === before]).toEqual(['suspended', !isRenewed]);
    expect(await decision(of)).toBe(false);
    // What was refused is decided again once it is lifted.
    const again = await renewal(of);
    if (!isRenewed) isRefused(await again(), 'suspended');
    await lift(object);
    if (!isRenewed) having(await again(), 200);
    expect(await authorizationOf(of)).toMatchObject({ status: 'active', decision: { kind: 'renewal' } });
    await until('it is answered yes again', async () => (await decision(of)) === true);
  });

  it.each([
    ['a change', (of: Standing) => change(of), 'authorization'],
    ['another token', (of: Standing) => newToken(of.holder), 'means'],
  ] as const)(
    'a suspension stands against %s: that is refused, or suspended with it (SUS-05)',
    async (_what, by, what) => {
      const of = await ending();
      const object = what === 'means' ? { means: of.holder.means } : { authorization: of.id };
      const [suspended, decided] = await both(order, await block('suspension', object), await by(of));
      having(suspended, 200);
      const isDecided = decided.status === 200;
      if (order !== 'at once') expect(isDecided).toBe(order === 'the other way round');
      if (!isDecided) isRefused(decided, 'suspended');
      const path = what === 'means' ? `/v1/means/${of.holder.means}` : `/v1/authorizations/${of.id}`;
      expect(having(await client.get(path), 200).body).toMatchObject({ status: 'suspended' });
      expect(await decision(of)).toBe(false);
      await lift(object);
      having(await (await by(of))(), 200);
      await until('it is answered yes again', async () => (await decision(of)) === true);
    },
  );

  it('a suspension is never upgraded away: the upgrade is refused, or suspended with it (SUS-05)', async () => {
    const of = await ending(await holder(client, 2));
    const object = { means: of.holder.means };
    const [suspended, upgraded] = await both(order, await block('suspension', object), await upgrade(of.holder));
    having(suspended, 200);
    const isUpgraded = upgraded.status === 200;
    if (order !== 'at once') expect(isUpgraded).toBe(order === 'the other way round');
    if (!isUpgraded) isRefused(upgraded, 'suspended');
    expect(await meansOf(of.holder)).toMatchObject({ status: 'suspended', stork: isUpgraded ? 3 : 2 });
    expect(await asks(network, stage, of)).toMatchObject({ context: { reasons: [{ code: 'means-not-active' }] } });
    await lift(object);
    expect(await meansOf(of.holder)).toMatchObject({ status: 'active', stork: isUpgraded ? 3 : 2 });
    const level = isUpgraded ? 'EH2+' : 'EH2';
    await until(`it is at ${level} again`, async () => (await levelOf(of)) === level);
  });

  it('who suspends is identified for the level that an upgrade gave it meanwhile (SUS-02)', async () => {
    const of = await holder(client, 2);
    const intake = await application(client, 'electronic', 'suspension');
    const scene = sceneOf({ application: intake, submitter: of.human });
    const body = {
      ...{ application: intake, object: { means: of.means } },
      requester: { role: 'authorizedParty', person: of.human.id },
      checks: await record(client, scene, [loginWith('submitter', 'EH3', of.means)]),
    };
    const [suspended, upgraded] = await both(order, () => client.command('/v1/suspensions', body), await upgrade(of));
    const isUpgraded = upgraded.status === 200;
    if (order !== 'at once') expect(isUpgraded).toBe(order === 'the other way round');
    if (isUpgraded) isRefused(suspended, 'requester-not-identified');
    else isRefused(upgraded, 'suspended');
    expect(await meansOf(of)).toMatchObject(
      isUpgraded ? { status: 'active', stork: 3 } : { status: 'suspended', stork: 2 },
    );
  });

  it('an upgrade of the means and a renewal on it both count: the level follows from both (UPG-03, REN-01)', async () => {
    const of = await ending(await holder(client, 2));
    const [upgraded, renewed] = await both(order, await upgrade(of.holder), await renewal(of));
    having(upgraded, 200);
    having(renewed, 200);
    const shown = await authorizationOf(of);
    expect(shown).toMatchObject({ status: 'active', decision: { kind: 'renewal' } });
    // The upgrade raises no M; a renewal after it earns what the means stands for by then.
    if (order !== 'at once') expect(shown['m']).toBe(order === 'in this order' ? 3 : 2);
    expect(await levelOf(of)).toBe(shown['m'] === 3 ? 'EH3' : 'EH2+');
  });

  it('what is lifted and revoked is revoked (REV-08)', async () => {
    const of = await ending();
    const object = { authorization: of.id };
    having(await (await block('suspension', object))(), 200);
    const [lifted] = await both(order, await block('reinstatement', object), async () => {
      await revokeByHolder(client, of.holder, object);
      return client.get(`/v1/authorizations/${of.id}`);
    });
    if (order !== 'at once') expect(lifted.status).toBe(order === 'in this order' ? 200 : 409);
    if (lifted.status !== 200) isRefused(lifted, 'no-such-registration');
    expect(await authorizationOf(of)).toMatchObject({ status: 'revoked' });
    expect(await decision(of)).toBe(false);
  });
});

describe('an authorization on a suspended means', () => {
  it('is neither renewed nor changed until that is lifted, though it is not suspended itself (SUS-05)', async () => {
    const of = await ending();
    const object = { means: of.holder.means };
    having(await (await block('suspension', object))(), 200);
    expect(await authorizationOf(of)).toMatchObject({ status: 'active' });
    isRefused(await (await renewal(of))(), 'suspended');
    isRefused(await (await change(of))(), 'suspended');
    await lift(object);
    having(await (await change(of))(), 200);
    having(await (await renewal(of))(), 200);
    await until('it is answered yes again', async () => (await decision(of)) === true);
  });
});
