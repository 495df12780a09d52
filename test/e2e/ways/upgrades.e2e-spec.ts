import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import { seed } from '#libs/application';
import { amsterdamDate } from '#libs/testing';
import type { Json } from '../support/api.js';
import type { Human } from '../support/clerk.js';
import { DUO, question } from '../support/case.js';
import { freshKey, having, type Answer, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  attributes,
  checkedCopy,
  circumstances,
  copy,
  documentStatus,
  identifiedParty,
  inPerson,
  loginWith,
  officialNumber,
  recordOne,
  representation,
  signedOnPaper,
  type Fact,
  type Scene,
} from './support/facts.js';
import { codesOf, refusalRecord, walk } from './support/register.js';
import {
  activate,
  application,
  certificate,
  delivered,
  holder,
  holderAtThree,
  issue,
  person,
  record,
  revokeByHolder,
  sceneOf,
  setStage,
  withDocument,
  type Holder,
  type Stage,
} from './support/stage.js';

/** The upgrade of a means, through HTTP (UPG-01 to UPG-05). */

let suite: TestSuite;
let client: Client;
let network: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite();
  [client, network] = await Promise.all([suite.client('supplier'), suite.client('network')]);
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

/** An intake of its own for the upgrade of somebody's means. */
const upgrading = async (of: Holder, from: Client = client): Promise<Scene> =>
  sceneOf({ application: await application(from, 'electronic', 'upgrade'), authorized: of.human, means: of.means });

const byLetter: Json = { form: 'registeredLetter', addressValidated: true };

/** Everything that the level asks, checked anew in the intake, and what was delivered. */
async function upgrade(
  of: Holder,
  scene: Scene,
  facts: readonly Fact[],
  { delivery, ...more }: Json & { readonly delivery?: Json },
  { key, from = client }: { readonly key?: string; readonly from?: Client } = {},
): Promise<Answer> {
  const checks = await record(from, scene, facts);
  if (delivery !== undefined) checks.push(await delivered(from, scene, of.means, delivery));
  const body = { application: scene.application, checks, aimedStork: 3, ...more };
  return from.command(`/v1/means/${of.means}/upgrades`, body, key);
}
const toSms = { product: 'password-sms', delivery: byLetter };

const meansOf = async ({ means }: Holder, from: Client = client): Promise<Json> =>
  having(await from.get(`/v1/means/${means}`), 200).body;

const asks = async (of: Holder, where: string, level: string): Promise<Json> => {
  const number = having(await client.get(`/v1/parties/${where}`), 200).body['number'] as string;
  const asked = question((await meansOf(of))['pseudonym'] as string, `kvk:${number}`, { service: DUO, level });
  return having(await network.ask('/access/v1/evaluation', asked), 200).body;
};

const director = [...signedOnPaper, documentStatus('submitter')];
/** An authorization on his means, at the M that the director's checks earn. */
async function authorized(of: Holder, m: 2 | 3): Promise<{ readonly party: string; readonly id: string }> {
  const { answer, scene } = await walk(stage, {
    scene: { authorized: of.human, means: of.means },
    checks: [
      ...identifiedParty,
      representation(),
      ...checkedCopy,
      ...(m === 3 ? [...director, circumstances()] : signedOnPaper),
    ],
    body: { aimedLevel: m === 3 ? 'EH3' : 'EH2', acceptLower: true, scope: { services: [DUO] } },
  });
  return { party: scene.party, id: having(answer, 201).body['id'] as string };
}

describe('from 2 to 3', () => {
  it('keeps id, holder and pseudonym; decisions go by the new level with the very next question (UPG-01, UPG-04, MEANS-08)', async () => {
    const of = await holder(client, 2);
    const at2 = await authorized(of, 2);
    const before = await meansOf(of);
    expect(before).toMatchObject({ stork: 2, product: 'password' });
    expect(await asks(of, at2.party, 'EH2+')).toMatchObject({ decision: false, context: { level: 'EH2' } });

    const key = freshKey();
    const scene = await upgrading(of);
    const answer = having(await upgrade(of, scene, holderAtThree, toSms, { key }), 200);
    expect(answer.body).toMatchObject({
      ...{ id: of.means, holder: of.human.id, pseudonym: before['pseudonym'], status: 'active' },
      ...{ product: 'password-sms', stork: 3, issuanceLevel: 3, aimedStork: 3 },
      scores: { ID: 3, IC: 3, IE: 2, RC: 3, AM: 3 },
    });

    // UPG-03: STORK 3 with M2 gives EH2+ and no more; the answer says which authorizations stay below.
    expect(answer.body).toMatchObject({
      staysBelow: [{ authorization: at2.id, m: 2, level: 'EH2+' }],
      staysBelowMore: false,
    });
    expect(await asks(of, at2.party, 'EH3')).toMatchObject({
      decision: false,
      context: { level: 'EH2+', reasons: [{ code: 'level-too-low', have: 'EH2+', need: 'EH3' }] },
    });
    const after = answer.body['position'];
    const levels = having(await client.ask('/v1/levels/_search', { authorization: at2.id, after }), 200).body;
    expect(levels['items']).toMatchObject([{ registeredLevel: 'EH2', level: 'EH2+' }]);

    const { position: _position, staysBelow: _below, staysBelowMore: _more, ...shown } = answer.body;
    expect(await meansOf(of)).toEqual(shown);
    const found = having(await client.ask('/v1/means/_search', { holder: of.human.id, after }), 200).body;
    expect(found['items']).toMatchObject([{ id: of.means, product: 'password-sms', stork: 3 }]);
    const checks = (answer.body['checks'] as string[]).slice(0, 1);
    const again = await client.command(
      `/v1/means/${of.means}/upgrades`,
      { ...(await bodyAgain(answer, scene)), ...{ product: 'password-sms' } },
      key,
    );
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([200, 'true', answer.body]);
    const other = await client.command(
      `/v1/means/${of.means}/upgrades`,
      { application: scene.application, checks, aimedStork: 3 },
      key,
    );
    expect([other.status, other.body['code']]).toEqual([409, 'idempotency-key-reused']);
  });

  it('raises a level with an authorization that was at M3 already, which then is not listed (UPG-03, SYN-09)', async () => {
    const of = await holder(client, 2, undefined, stage.director);
    const { answer, scene } = await walk(stage, {
      scene: { authorized: of.human, means: of.means },
      checks: [...identifiedParty, representation(), ...director, circumstances(), ...checkedCopy],
      body: { aimedLevel: 'EH2', scope: { services: [DUO] } },
    });
    const registered = having(answer, 201).body;
    const upgraded = having(await upgrade(of, await upgrading(of), holderAtThree, toSms), 200).body;
    // IG2 keeps it at M2: that its holder's means was issued at 3 by now says nothing of how he was identified then.
    expect(registered).toMatchObject({ m: 2 });
    expect(upgraded).toMatchObject({ staysBelow: [{ authorization: registered['id'], m: 2, level: 'EH2+' }] });
    expect(await asks(of, scene.party, 'EH2+')).toMatchObject({ context: { level: 'EH2+' } });
  });

  it('takes what is on record along as far as it holds, and asks for the rest only (UPG-02)', async () => {
    // Identified at 3 and issued with a password alone: only the token and its delivery are missing.
    const human = await person(client);
    const own = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const { means, answer } = await issue(client, own, {
      ...{ product: 'password', aimedStork: 3, acceptLower: true },
      identification: await record(client, own, holderAtThree),
      delivery: byLetter,
    });
    expect(having(answer, 200).body).toMatchObject({ stork: 2, scores: { ID: 3, IC: 3 } });
    await activate(client, means);
    const of = { human, means };

    const scene = await upgrading(of);
    const sameToken = await upgrade(of, scene, [], {});
    expect([sameToken.status, codesOf(sameToken)]).toEqual([409, ['level-not-reached']]);
    expect(sameToken.body['errors']).toMatchObject([{ aimed: 3, reached: 2, missing: { RC: 3, AM: 3 } }]);
    // What was delivered before says nothing of another token.
    const undelivered = await upgrade(of, scene, [], { product: 'password-sms' });
    expect(undelivered.body['errors']).toMatchObject([{ code: 'level-not-reached', missing: { IC: 3 } }]);
    expect((undelivered.body['errors'] as Json[])[0]!['missing']).toEqual({ IC: 3 });

    expect(having(await upgrade(of, scene, [], toSms), 200).body).toMatchObject({
      ...{ stork: 3, rows: { ID: ['MEANS-ID3-v2'], IC: ['MEANS-IC3'] } },
    });
  });

  it('stops at a lower level only where that is accepted, and never at the one it has (REG-16, UPG-02)', async () => {
    const of = await holder(client, 2);
    const before = await suite.heads();
    const refused = await upgrade(of, await upgrading(of), [], { aimedStork: 4, acceptLower: true });
    expect([refused.status, codesOf(refused)]).toEqual([409, ['level-not-reached']]);
    expect(await refusalRecord(suite, before.records, refused)).toMatchObject({
      ...{ command: 'UpgradeMeans', object: 'means' },
      dossier: { token: { possession: 'none' } },
    });
    expect((await meansOf(of))['stork']).toBe(2);
    const lower = await upgrade(of, await upgrading(of), holderAtThree, { ...toSms, aimedStork: 4, acceptLower: true });
    expect(having(lower, 200).body).toMatchObject({ stork: 3, aimedStork: 4 });
  });
});

describe('to 4', () => {
  const toCard = { product: 'certificate-card', aimedStork: 4 };

  it('asks for an appearance with the original and a qualified certificate on a secure device (UPG-05)', async () => {
    const of = await holder(client, 3);
    const scene = await upgrading(of);
    const [his] = await record(client, scene, [certificate(of.means)]);
    const refuse = async (facts: readonly Fact[], more: Json): Promise<Json> => {
      const answer = await upgrade(of, scene, facts, { ...toCard, ...more });
      expect([answer.status, codesOf(answer)]).toEqual([409, ['level-not-reached']]);
      return ((answer.body['errors'] as Json[])[0]!['missing'] ?? {}) as Json;
    };
    // Neither: he did not appear.
    expect(Object.keys(await refuse([], { delivery: byLetter }))).toEqual(expect.arrayContaining(['ID', 'IC']));
    // A qualified certificate is needed whatever else there is.
    expect(await refuse([inPerson('authorized')], { product: 'password-sms' })).toMatchObject({ RC: 4 });

    const [appearance] = await record(client, scene, [inPerson('authorized')]);
    const atDesk = await delivered(client, scene, of.means, { form: 'afterPhysicalIdentification', appearance });
    const answer = await client.command(`/v1/means/${of.means}/upgrades`, {
      application: scene.application,
      checks: [his, appearance, atDesk],
      ...toCard,
    });
    expect(having(answer, 200).body).toMatchObject({ stork: 4, product: 'certificate-card', staysBelow: [] });
  });

  it('takes an appearance on record that meets i.b with iii.g, of a document that is still valid (UPG-05, PROOF-08)', async () => {
    const human = await person(client);
    const own = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const identification = await record(client, own, [
      attributes('authorized'),
      officialNumber(),
      inPerson('authorized'),
    ]);
    const { means, answer } = await issue(client, own, {
      ...{ product: 'password-sms', aimedStork: 3, identification, delivery: byLetter },
    });
    having(answer, 200);
    await activate(client, means);
    const of = { human, means };
    const scene = await upgrading(of);
    const delivery = { form: 'afterPhysicalIdentification', appearance: identification[2] };
    expect(having(await upgrade(of, scene, [certificate(means)], { ...toCard, delivery }), 200).body).toMatchObject({
      ...{ stork: 4, issuanceLevel: 4 },
    });
  });
});

describe('what is on record and does not hold any more', () => {
  it('is a document that was reported since, in whatever intake (STOLEN-01, UPG-02)', async () => {
    const human = await person(client);
    const own = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const { means, answer } = await issue(client, own, {
      ...{ product: 'password', aimedStork: 3, acceptLower: true },
      identification: await record(client, own, holderAtThree),
      delivery: byLetter,
    });
    having(answer, 200);
    await recordOne(client, await application(client, 'nonElectronic', 'change'), {
      ...(documentStatus('authorized', 'reported')(own, client) as Json),
    });
    const of = { human, means };
    const refused = await upgrade(of, await upgrading(of), [], toSms);
    expect([refused.status, codesOf(refused)]).toEqual([409, expect.arrayContaining(['document-reported'])]);
  });

  it('is what a later check of its own intake took back (PROOF-01)', async () => {
    const human = await person(client);
    const own = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const { means, answer } = await issue(client, own, {
      ...{ product: 'password', aimedStork: 3, acceptLower: true },
      identification: await record(client, own, holderAtThree),
      delivery: byLetter,
    });
    having(answer, 200);
    await record(client, own, [officialNumber({ verified: false })]);
    const of = { human, means };
    const refused = await upgrade(of, await upgrading(of), [], toSms);
    expect(refused.body['errors']).toMatchObject([{ code: 'level-not-reached', missing: { ID: 3 } }]);
  });

  describe('with a clock', () => {
    let memory: MemorySuite;
    let there: Client;
    let atTwo: Holder;
    let atThree: Holder;
    const day = 86_400_000;
    const soon = '2020-06-30T22:00:00.000Z' as Instant;
    beforeAll(async () => {
      memory = await startMemorySuite({
        data: {
          ...seed,
          levelPolicy: [
            ...seed.levelPolicy,
            { level: 'EH2', upgradableUntil: new Date(Date.now() + 10 * day).toISOString() as Instant },
            { level: 'EH4', issuableUntil: soon },
          ],
        },
      });
      there = await memory.client('supplier');
      [atTwo, atThree] = [await holder(there, 2), await holder(there, 3)];
    });
    afterAll(() => memory.end());

    it('is a document that has expired since (PROOF-03, UPG-02)', async () => {
      const who = await person(there);
      const human = await withDocument(there, who.id, {
        expiresOn: amsterdamDate(Date.now() + 2 * day),
      });
      const own = sceneOf({ application: await application(there, 'electronic', 'means'), authorized: human });
      const { means, answer } = await issue(there, own, {
        ...{ product: 'password', aimedStork: 3, acceptLower: true },
        identification: await record(there, own, [
          attributes('authorized'),
          copy('authorized'),
          documentStatus('authorized'),
          officialNumber(),
        ]),
        delivery: byLetter,
      });
      expect(having(answer, 200).body).toMatchObject({ scores: { ID: 3 } });
      const of = { human, means };
      memory.pass(4 * day);
      const refused = await upgrade(of, await upgrading(of, there), [], toSms, { from: there });
      expect(refused.body['errors']).toMatchObject([
        { code: expect.stringMatching(/^(level-not-reached|aspect-unscored)$/) },
      ]);
      expect((await meansOf(of, there))['stork']).toBe(2);
    });

    it('is a level that the policy has closed (TFA-03)', async () => {
      memory.pass(10 * day);
      const late = await upgrade(atTwo, await upgrading(atTwo, there), holderAtThree, toSms, { from: there });
      expect([late.status, codesOf(late)]).toEqual([409, ['level-closed-for-upgrade']]);
      const scene = await upgrading(atThree, there);
      const [appearance] = await record(there, scene, [inPerson('authorized')]);
      const closed = await upgrade(
        atThree,
        scene,
        [certificate(atThree.means), inPerson('authorized'), officialNumber()],
        {
          ...{ product: 'certificate-card', aimedStork: 4 },
          delivery: { form: 'afterPhysicalIdentification', appearance },
        },
        { from: there },
      );
      expect([closed.status, codesOf(closed)]).toEqual([409, ['level-closed-for-issuance']]);
    });
  });
});

describe('what is no upgrade', () => {
  const nobody = '00000000-0000-4000-8000-000000000000';

  it('names what is not there: every fault at once', async () => {
    const of = await holder(client, 2);
    const { application: own } = await upgrading(of);
    const path = `/v1/means/${of.means}/upgrades`;
    const answer = await client.command(path, { application: nobody, checks: [nobody], aimedStork: 3 });
    expect([answer.status, [...codesOf(answer)].sort()]).toEqual([400, ['unknown-application', 'unknown-check']]);
    const product = await client.command(path, { application: own, product: 'p-9', checks: [], aimedStork: 3 });
    expect(product.body['errors']).toMatchObject([{ code: 'unknown-product', pointer: '/product' }]);
    const missing = await client.command(`/v1/means/${nobody}/upgrades`, {
      ...{ application: own, checks: [], aimedStork: 3 },
    });
    expect([missing.status, missing.body['code']]).toEqual([404, 'no-such-means']);
    const low = await client.command(path, { application: own, checks: [], aimedStork: 1 });
    expect([low.status, low.body['code']]).toEqual([400, 'invalid-value']);
    const stranger = await recordOne(client, own, {
      ...(attributes('authorized')(sceneOf({ authorized: stage.colleague })) as Json),
    });
    const ofAnother = await client.command(path, { application: own, checks: [stranger], aimedStork: 3 });
    expect(ofAnother.body['errors']).toMatchObject([{ code: 'check-not-in-dossier', pointer: '/checks/0' }]);
  });

  it('rests on an intake for something else (REG-03)', async () => {
    const of = await holder(client, 2);
    const other = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: of.human });
    const answer = await upgrade(of, other, [], {});
    expect([answer.status, codesOf(answer)]).toEqual([409, ['purpose-not-in-application']]);
  });

  it('is of a means that is not issued, is there already, or has ended (UPG-01, REV-08)', async () => {
    const human: Human = await person(client);
    const own = sceneOf({
      application: await application(client, 'electronic', 'means', 'upgrade'),
      authorized: human,
    });
    const { body } = having(
      await client.command('/v1/means', {
        ...{ application: own.application, holder: human.id, product: 'password', aimedStork: 2 },
      }),
      201,
    );
    const applied = { human, means: body['id'] as string };
    const early = await upgrade(applied, own, [], {});
    expect([early.status, early.body['code']]).toEqual([409, 'means-not-issued']);

    const of = await holder(client, 3);
    const there = await upgrade(of, await upgrading(of), [], {});
    expect([there.status, there.body['code']]).toEqual([409, 'means-at-level-already']);
    await revokeByHolder(client, of, { means: of.means });
    const ended = await upgrade(of, await upgrading(of), [], { aimedStork: 4 });
    expect([ended.status, ended.body['code']]).toEqual([409, 'means-revoked']);
  });

  it('loses against a revocation, or is ended by it, and says so (UPG-04, REV-08)', async () => {
    const of = await holder(client, 2);
    const scene = await upgrading(of);
    const checks = await record(client, scene, holderAtThree);
    checks.push(await delivered(client, scene, of.means, byLetter));
    const body = { application: scene.application, checks, aimedStork: 3, product: 'password-sms' };
    const intake = await application(client, 'electronic', 'revocation');
    const leaving = {
      ...{ application: intake, object: { means: of.means } },
      requester: { role: 'authorizedParty', person: of.human.id },
      checks: await record(client, sceneOf({ application: intake, submitter: of.human }), [
        loginWith('submitter', 'EH3', of.means),
      ]),
    };
    const [answer, revocation] = await Promise.all([
      client.command(`/v1/means/${of.means}/upgrades`, body),
      client.command('/v1/revocation-requests', leaving),
    ]);
    const became = (await meansOf(of))['status'];
    if (answer.status === 200) {
      // What is at 3 by then is ended by somebody identified at 3, and he logged in at 2.
      expect(['effected', 'refused']).toContain(revocation.body['status']);
      expect(became).toBe(revocation.body['status'] === 'effected' ? 'revoked' : 'active');
    } else {
      expect([answer.status, answer.body['code'], revocation.body['status'], became]).toEqual([
        ...[409, 'means-revoked', 'effected', 'revoked'],
      ]);
    }
  });
});

/** The body of an upgrade, from its answer: its own checks are those of its intake. */
async function bodyAgain(answer: Answer, scene: Scene): Promise<Json> {
  const named: string[] = [];
  for (const id of answer.body['checks'] as string[]) {
    const { body } = having(await client.get(`/v1/checks/${id}`), 200);
    if (body['application'] === scene.application) named.push(id);
  }
  return { application: scene.application, checks: named, aimedStork: 3 };
}
