import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seed } from '#libs/application';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { faultsOf, freshKey, having, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import {
  administrator,
  asks,
  DAY,
  loggedIn,
  onPaperAt3,
  registered,
  stageOn,
  type Standing,
} from './support/register-anew.js';
import { codesOf, walk, type Earned } from './support/register.js';
import { application, holder, party, person, revokeByHolder, setStage, type Stage } from './support/stage.js';

/** Whose a means is, what hangs on it, and what its end leaves, through HTTP. */

let memory: MemorySuite;
let client: Client;
let network: Client;
let stage: Stage;

beforeAll(async () => {
  memory = await startMemorySuite({ data: seed });
  [client, network] = await Promise.all([memory.client('supplier'), memory.client('network')]);
  stage = await setStage(stageOn(memory), client);
});
afterAll(() => memory.end());

const shown = async (path: string): Promise<Json> => having(await client.get(path), 200).body;

describe('a means', () => {
  it('has a pseudonym of its own, made for it alone, which tells nothing of its holder (MEANS-09)', async () => {
    const who = await person(client);
    const own = await application(client, 'electronic', 'means');
    const body = { application: own, holder: who.id, product: 'password-sms', aimedStork: 3 };
    const key = freshKey();
    const applied = [
      await client.command('/v1/means', body, key),
      await client.command('/v1/means', body, key),
      await client.command('/v1/means', body),
    ].map((answer) => having(answer, 201).body);
    const [first, again, second] = applied.map(({ pseudonym }) => pseudonym as string) as [string, string, string];
    expect(again).toBe(first);
    expect(second).not.toBe(first);
    for (const pseudonym of [first, second]) {
      expect(pseudonym).toMatch(/^[0-9a-f-]{36}$/);
      for (const known of [who.id, who.document, own, ...applied.map(({ id }) => id as string)])
        expect(pseudonym).not.toBe(known);
    }
  });

  it('stays its holder’s: no step takes another one (MEANS-05)', async () => {
    const { human, means } = await holder(client, 3);
    const other = await person(client);
    for (const step of ['identifications', 'issuances', 'activations', 'upgrades', 'renewals']) {
      const answer = await client.command(`/v1/means/${means}/${step}`, { holder: other.id });
      expect([step, answer.status, faultsOf(answer)]).toEqual([
        ...[step, 400],
        expect.arrayContaining(['/holder unknown-member']),
      ]);
    }
    expect(await shown(`/v1/means/${means}`)).toMatchObject({ holder: human.id });
  });
});

describe('an authorization', () => {
  it('lasts five years at most, counted from its start, and says that it was shortened (REG-08)', async () => {
    const from = at(-1_000);
    const long = await registered(stage, stage.employee, { period: { from, until: at(7 * 366 * DAY) } });
    const end = new Date(from);
    end.setUTCFullYear(end.getUTCFullYear() + 5);
    // The evaluations drop fractions of a second.
    expect(long.body).toMatchObject({ capped: true });
    expect(Math.abs(Date.parse(long.body['validUntil'] as string) - end.getTime())).toBeLessThanOrEqual(DAY / 24);
    const until = at(4 * 366 * DAY);
    expect((await registered(stage, stage.employee, { period: { from, until } })).body).toMatchObject({
      ...{ capped: false, validUntil: `${until.slice(0, 19)}.000Z` },
    });
  });

  it('stays registered when its means is revoked, of no use, until a new one links it to another (REV-07)', async () => {
    const lost = await holder(client, 3);
    const of = await registered(stage, lost, {});
    expect(await asks(network, stage, of)).toMatchObject({ decision: true });
    await revokeByHolder(client, lost, { means: lost.means });
    expect(await asks(network, stage, of)).toMatchObject({
      ...{ decision: false, context: { reasons: [{ code: 'means-not-active' }] } },
    });
    expect(await shown(`/v1/authorizations/${of.id}`)).toMatchObject({ status: 'active' });

    const replacement = await holder(client, 3, lost.human);
    const byIt: Standing = { ...of, holder: replacement };
    expect(await asks(network, stage, byIt)).toMatchObject({
      ...{ decision: false, context: { reasons: [{ code: 'no-authorization' }] } },
    });
    const anew = await registered(stage, replacement, {}, { where: of.party });
    expect(await asks(network, stage, byIt)).toMatchObject({ decision: true, context: { path: [anew.id] } });
  });

  it('leaves its means valid when it is revoked, and what else hangs on that (REV-07, MEANS-06)', async () => {
    const who = await holder(client, 3);
    const [ended, other] = [await registered(stage, who, {}), await registered(stage, who, {})];
    await revokeByHolder(client, who, { authorization: ended.id });
    expect(await asks(network, stage, ended)).toMatchObject({ decision: false });
    expect(await shown(`/v1/means/${who.means}`)).toMatchObject({ status: 'active' });
    expect(await asks(network, stage, other)).toMatchObject({ decision: true });
  });

  it('names for which clients it is in a chain, each of which is on record (CHAIN-10)', async () => {
    const office = await party(client, 'privateLegalPerson');
    const [known, unknown] = [await party(client, 'privateLegalPerson'), '00000000-0000-4000-8000-000000000000'];
    const { checks, scene } = await walk(stage, {
      scene: { party: office },
      checks: onPaperAt3,
      body: { aimedLevel: 'EH3' },
    });
    const body = {
      ...{ application: scene.application, registration: 'first', representedParty: { party: office } },
      ...{ submitter: { person: scene.submitter.id, role: 'legalRepresentative' }, checks, aimedLevel: 'EH3' },
      authorizedParty: { person: scene.authorized.id, means: scene.means },
      scope: { all: true },
      nature: { rightOfSubstitution: false, actsIndependently: true },
      ...{ period: { from: at(-1_000), until: at(DAY) }, displayConsent: true },
    };
    const named = (...onlyForClients: readonly string[]) =>
      client.command('/v1/authorizations', { ...body, onlyForClients });
    const refused = await named(known, unknown);
    expect([refused.status, faultsOf(refused)]).toEqual([400, ['/onlyForClients/1 unknown-party']]);
    having(await named(known), 201);
  });
});

describe('an administrator', () => {
  const registersBy = (who: Standing): Promise<Earned> =>
    walk(stage, {
      ...{ registration: 'repeated', channel: 'electronic', role: 'administrator' },
      scene: { party: who.party, submitter: who.holder.human },
      checks: loggedIn(who),
      body: { aimedLevel: 'EH3' },
    });
  const blocked = async (object: Json): Promise<void> => {
    const body = {
      ...{ application: await application(client, 'electronic', 'suspension'), object },
      ...{ requester: { role: 'operator' }, checks: [], reason: 'compromise' },
    };
    having(await client.command('/v1/suspensions', body), 200);
  };

  it.each<readonly [what: string, of: (who: Standing) => Json]>([
    ['authority', ({ id }) => ({ authorization: id })],
    ['means', ({ holder: { means } }) => ({ means })],
  ])('registers nothing while his %s is suspended; what he registered stays (ADMIN-12)', async (_what, of) => {
    const who = await administrator(stage, 'EH3');
    const before = having((await registersBy(who)).answer, 201).body;
    await blocked(of(who));
    const { answer } = await registersBy(who);
    expect([answer.status, codesOf(answer)]).toEqual([409, expect.arrayContaining(['no-administration-authority'])]);
    expect(await shown(`/v1/authorizations/${before['id'] as string}`)).toMatchObject({ status: 'active', eh: 'EH3' });
  });
});
