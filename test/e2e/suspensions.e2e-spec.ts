import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { documentStatus, holderChecks, partyChecks, representativeChecks } from '#apps/suite';
import { seed } from '#libs/application';
import type { Json } from './support/api.js';
import type { Human } from './support/clerk.js';
import { paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { faultsOf, freshKey, having, type Answer, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';

/** Suspending and lifting (SUS-01 to SUS-05), and the operator's own block (REV-10). */

let suite: MemorySuite;
let supplier: Client;
let network: Client;

beforeAll(async () => {
  // With a policy that issues at EH1, as it was once: what stands there is suspended as well.
  suite = await startMemorySuite({ data: { ...seed, levelPolicy: [] } });
  [supplier, network] = await Promise.all([suite.client('supplier'), suite.client('network')]);
});
afterAll(() => suite.end());

interface Scene {
  readonly case1: PaperCase;
  readonly means: IssuedMeans;
  readonly authorization: string;
  /** Another means of the same employee, to log in with. */
  readonly login: IssuedMeans;
  /** The director as administrator at EH3, and his means. */
  readonly administrator: { readonly means: string };
}

async function scene(): Promise<Scene> {
  const case1 = await paperCase(supplier);
  const [means, login] = [await case1.means(), await case1.means()];
  const authorization = (await case1.authorize(means.id))['id'] as string;
  const { desk, application, director, party } = case1;
  const ofHolder: string[] = [];
  for (const facts of holderChecks(director)) ofHolder.push(await desk.check(application, facts, 20));
  const own = await desk.means(application, director, ofHolder, { product: 'password-sms', aimedStork: 3, party });
  await case1.authorize(own.means['id'] as string, {
    authorizedParty: { person: director.id, means: own.means['id'] },
    authority: 'administration',
    scope: { all: true },
    checks: [...case1.ofParty, ...case1.ofDirector, case1.documentStatusOfDirector, ...ofHolder],
  });
  return { case1, means, authorization, login, administrator: { means: own.means['id'] as string } };
}

const says = async ({ case1, means }: Scene): Promise<Json> =>
  having(await network.ask('/access/v1/evaluation', question(means.pseudonym, case1.organization)), 200).body;
const decision = async (of: Scene): Promise<unknown> => (await says(of))['decision'];
const reasons = async (of: Scene): Promise<unknown> =>
  ((await says(of))['context'] as { reasons: Json[] }).reasons.map(({ code }) => code);

type Purpose = 'suspension' | 'reinstatement' | 'revocation';
const intake = (of: Scene, purpose: Purpose, channel: 'electronic' | 'nonElectronic' = 'electronic') =>
  of.case1.desk.application(channel, [purpose], 1, channel === 'electronic' ? 'other' : 'writing');
const loggedIn = (of: Scene, application: string, who: Human, means: string): Promise<string> =>
  of.case1.desk.check(
    application,
    {
      ...{ type: 'authentication', about: { person: who.id }, means, level: 'EH3' },
      source: { name: 'authentication-service-1', reference: `assertion-1-${application.slice(0, 8)}` },
    },
    0,
  );

const PATH = {
  suspension: '/v1/suspensions',
  reinstatement: '/v1/reinstatements',
  revocation: '/v1/revocation-requests',
};
type What = 'authorization' | 'means';
const objectOf = (of: Scene, what: What): Json =>
  what === 'means' ? { means: of.means.id } : { authorization: of.authorization };

/** Asked by the employee himself, logged in. */
async function byHolder(of: Scene, purpose: Purpose, what: What, more: Json = {}): Promise<Json> {
  const application = await intake(of, purpose);
  const { employee } = of.case1;
  const checks = [await loggedIn(of, application, employee, of.login.id)];
  const requester = { role: 'authorizedParty', person: employee.id };
  return { application, object: objectOf(of, what), requester, checks, ...more };
}
async function byAdministrator(of: Scene, purpose: Purpose, what: What): Promise<Json> {
  const application = await intake(of, purpose);
  const { director } = of.case1;
  const checks = [await loggedIn(of, application, director, of.administrator.means)];
  return { application, object: objectOf(of, what), requester: { role: 'administrator', person: director.id }, checks };
}
async function byOperator(of: Scene, purpose: Purpose, what: What, more: Json = {}): Promise<Json> {
  const application = await intake(of, purpose, 'nonElectronic');
  return { application, object: objectOf(of, what), requester: { role: 'operator' }, checks: [], ...more };
}
async function byCourt(of: Scene, purpose: Purpose, what: What): Promise<Json> {
  const application = await intake(of, purpose, 'nonElectronic');
  const order = { court: 'RBDHA', order: 'order-2026-17', authentic: true };
  const checks = [
    await of.case1.desk.check(application, { type: 'courtOrderVerification', about: { application }, ...order }, 0),
  ];
  return { application, object: objectOf(of, what), requester: { role: 'court' }, checks };
}
/** Asked on paper by the director as representative, with these checks. */
async function byRepresentative(of: Scene, object: Json, facts: readonly Json[]): Promise<Answer> {
  const application = await intake(of, 'reinstatement', 'nonElectronic');
  const { desk, director } = of.case1;
  const checks: string[] = [];
  for (const one of facts) checks.push(await desk.check(application, one, 0));
  return send('reinstatement', {
    ...{ application, object, checks },
    requester: { role: 'legalRepresentative', person: director.id },
  });
}
const send = (purpose: Purpose, body: Json, key = freshKey(), by = supplier): Promise<Answer> =>
  by.command(PATH[purpose], body, key);
/** The codes of a refusal, all of them. */
const codesOf = ({ body }: Answer): readonly unknown[] => (body['errors'] as readonly Json[]).map(({ code }) => code);
const shown = async (of: Scene, what: What): Promise<Json> =>
  having(
    await supplier.get(what === 'means' ? `/v1/means/${of.means.id}` : `/v1/authorizations/${of.authorization}`),
    200,
  ).body;
const REASON = { authorization: 'authorization-suspended', means: 'means-not-active' } as const;

describe.each(['authorization', 'means'] as const)('SUS-02, SUS-05: the suspension of an %s', (what) => {
  it('is answered when no decision says yes any more, and lifted by an administrator (SUS-03)', async () => {
    const of = await scene();
    expect(await decision(of)).toBe(true);
    const { validUntil } = await shown(of, what);
    const key = freshKey();
    const request = await byHolder(of, 'suspension', what);
    const suspended = having(await send('suspension', request, key), 200);
    expect(await decision(of)).toBe(false);
    expect(await reasons(of)).toEqual([REASON[what]]);
    expect(suspended.body).toMatchObject({
      ...{ object: objectOf(of, what), by: 'party', suspended: true, suspendedBy: ['party'], level: 'EH3' },
      ...{ immediate: true, dueAt: null, breached: false, identification: { authenticatedLevel: 'EH3' } },
    });
    const object = await shown(of, what);
    expect(object).toMatchObject({ status: 'suspended', suspendedBy: ['party'] });
    expect(object['validUntil']).toBe(validUntil);
    const list = what === 'means' ? '/v1/means/_search' : '/v1/authorizations/_search';
    const { position } = suspended.body;
    const found = having(await supplier.ask(list, { status: 'suspended', limit: 100, after: position }), 200).body;
    expect((found['items'] as Json[]).map(({ id }) => id)).toContain(object['id']);
    const again = having(await send('suspension', request, key), 200);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(suspended.body);
    const other = await send('suspension', { ...request, checks: [] }, key);
    expect(having(other, 409).body['code']).toBe('idempotency-key-reused');

    // Who suspended it himself may not lift it.
    const refused = await send('reinstatement', await byHolder(of, 'reinstatement', what));
    expect(codesOf(having(refused, 409))).toEqual(['reinstatement-not-allowed']);
    expect(await decision(of)).toBe(false);
    const lifted = having(await send('reinstatement', await byAdministrator(of, 'reinstatement', what)), 200);
    expect(lifted.body).toMatchObject({ by: 'party', suspended: false, suspendedBy: [], immediate: true });
    await until('it is answered yes again', async () => (await decision(of)) === true);
    expect(await shown(of, what)).toMatchObject({ status: 'active' });
    expect(await shown(of, what)).not.toHaveProperty('suspendedBy');
  });

  it('by the operator names its reason, needs a person, and is lifted by the operator only (REV-10)', async () => {
    const of = await scene();
    const program = await suite.client(['revocation']);
    const body = await byOperator(of, 'suspension', what, { reason: 'compromise' });
    expect(having(await send('suspension', body, freshKey(), program), 403).body['code']).toBe('person-required');
    expect(await decision(of)).toBe(true);
    const blocked = having(await send('suspension', body), 200).body;
    expect(await decision(of)).toBe(false);
    expect(blocked).toMatchObject({ by: 'operator', reason: 'compromise', immediate: true, dueAt: null });
    const administrators = await send('reinstatement', await byAdministrator(of, 'reinstatement', what));
    expect(having(administrators, 409).body).toMatchObject({ code: 'reinstatement-not-allowed' });
    expect(await decision(of)).toBe(false);
    having(await send('reinstatement', await byOperator(of, 'reinstatement', what)), 200);
    await until('it is answered yes again', async () => (await decision(of)) === true);
  });

  it('stands as long as one does: by those entitled, a court and the operator, one of each', async () => {
    const of = await scene();
    having(await send('suspension', await byHolder(of, 'suspension', what)), 200);
    const twice = await send('suspension', await byAdministrator(of, 'suspension', what));
    expect(having(twice, 409).body).toMatchObject({ code: 'already-suspended' });
    having(await send('suspension', await byOperator(of, 'suspension', what, { reason: 'legal' })), 200);
    having(await send('suspension', await byCourt(of, 'suspension', what)), 200);
    expect(await shown(of, what)).toMatchObject({ suspendedBy: ['party', 'operator', 'court'] });
    const first = having(await send('reinstatement', await byAdministrator(of, 'reinstatement', what)), 200).body;
    expect(first).toMatchObject({ suspended: true, suspendedBy: ['operator', 'court'] });
    expect(await decision(of)).toBe(false);
    having(await send('reinstatement', await byCourt(of, 'reinstatement', what)), 200);
    expect(await decision(of)).toBe(false);
    having(await send('reinstatement', await byOperator(of, 'reinstatement', what)), 200);
    await until('it is answered yes again', async () => (await decision(of)) === true);
    const none = await send('reinstatement', await byOperator(of, 'reinstatement', what));
    expect(having(none, 409).body).toMatchObject({ code: 'not-suspended' });
  });

  it('ends with a revocation, which is final; of both at once one wins, and the answer says which (REV-08)', async () => {
    const of = await scene();
    const [suspension, revocation] = [
      await byAdministrator(of, 'suspension', what),
      await byHolder(of, 'revocation', what),
    ];
    const [suspended, revoked] = await Promise.all([send('suspension', suspension), send('revocation', revocation)]);
    expect(having(revoked!, 201).body).toMatchObject({ status: 'effected', alreadyRevoked: false });
    const ended = what === 'means' ? 'means-revoked' : 'no-such-registration';
    expect([200, 409]).toContain(suspended!.status);
    if (suspended!.status === 409) expect(codesOf(suspended!)).toEqual([ended]);
    expect(await shown(of, what)).toMatchObject({ status: 'revoked' });
    expect(await decision(of)).toBe(false);
    for (const purpose of ['suspension', 'reinstatement'] as const) {
      expect(codesOf(having(await send(purpose, await byAdministrator(of, purpose, what)), 409))).toEqual([ended]);
    }
    expect(await shown(of, what)).toMatchObject({ status: 'revoked' });
  });

  it('is refused to whoever is not entitled or not identified, and leaves a refusal record (SUS-02, REV-05)', async () => {
    const of = await scene();
    const before = await suite.backbone.records.head();
    const body = await byHolder(of, 'suspension', what);
    for (const [more, codes] of [
      [{ checks: [] }, ['requester-not-identified']],
      [{ requester: { role: 'other', person: of.case1.employee.id } }, ['requester-not-entitled']],
    ] as const) {
      expect(codesOf(having(await send('suspension', { ...body, ...more }), 409))).toEqual(codes);
    }
    const court = await byCourt(of, 'suspension', what);
    expect(codesOf(having(await send('suspension', { ...court, checks: [] }), 409))).toEqual([
      'requester-not-identified',
    ]);
    expect(await suite.backbone.records.head()).toBe(before + 3n);
    having(await send('suspension', body), 200);
    for (const [more, codes] of [
      [{ requester: { role: 'other', person: of.case1.employee.id }, checks: [] }, ['requester-not-entitled']],
      [{ requester: { role: 'court' }, checks: [] }, ['requester-not-identified']],
    ] as const) {
      const lifting = { ...(await byHolder(of, 'reinstatement', what)), ...more };
      expect(codesOf(having(await send('reinstatement', lifting), 409))).toEqual(codes);
    }
    expect(await decision(of)).toBe(false);
  });
});

describe('SUS-03: a suspended authorization', () => {
  it('is lifted on paper by a representative who meets what its renewal asks, and not by less (PV3)', async () => {
    const of = await scene();
    having(await send('suspension', await byHolder(of, 'suspension', 'authorization')), 200);
    const { director, party, employee } = of.case1;
    const whole = [
      ...[...representativeChecks(director, party), documentStatus(director)],
      ...partyChecks(party, ['000037178598']),
      { type: 'identityAttributesRecorded', about: { person: employee.id }, uniquelyIdentifying: true },
      { type: 'idCopyEnclosed', about: { person: employee.id }, document: employee.document, presentation: 'paper' },
    ];
    const object = { authorization: of.authorization };
    const less = await byRepresentative(of, object, [
      ...[...representativeChecks(director, party), documentStatus(director)],
    ]);
    expect(codesOf(having(less, 409))).toEqual(['reinstatement-not-allowed']);
    // AMB-80: what is known of the party is not passed over.
    const found = { type: 'specialCircumstancesCheck', about: { party }, outcome: 'found' };
    const blocked = await byRepresentative(of, object, [
      ...whole.filter(({ type }) => type !== found.type),
      { ...found, otherRepresentativeRegistered: true },
    ]);
    expect(codesOf(having(blocked, 409))).toEqual(['special-circumstances-unconfirmed']);
    expect(await decision(of)).toBe(false);
    const lifted = having(await byRepresentative(of, object, whole), 200).body;
    expect(lifted).toMatchObject({ suspended: false, immediate: false, breached: false, dueAt: expect.any(String) });
    await until('it is answered yes again', async () => (await decision(of)) === true);
  });

  it('goes back to what it was: one that nobody had activated awaits that still', async () => {
    const of = await scene();
    const waiting = (await of.case1.authorize(of.means.id, { awaitsActivation: true }))['id'] as string;
    const object = { object: { authorization: waiting } };
    having(await send('suspension', await byHolder(of, 'suspension', 'authorization', object)), 200);
    const activating = await of.case1.desk.application('electronic', ['activation'], 1);
    const body = {
      application: activating,
      activatedAt: new Date().toISOString(),
      checks: [await loggedIn(of, activating, of.case1.employee, of.means.id)],
    };
    const path = `/v1/authorizations/${waiting}`;
    expect(having(await supplier.command(`${path}/activations`, body), 409).body).toMatchObject({ code: 'suspended' });
    const lifting = { ...(await byAdministrator(of, 'reinstatement', 'authorization')), ...object };
    having(await send('reinstatement', lifting), 200);
    expect(having(await supplier.get(path), 200).body['status']).toBe('awaitingActivation');
    having(await supplier.command(`${path}/activations`, body), 200);
  });
});

describe('a suspended means', () => {
  it('is no login, and one that was not issued is not suspended', async () => {
    const of = await scene();
    having(
      await send('suspension', await byHolder(of, 'suspension', 'means', { object: { means: of.login.id } })),
      200,
    );
    const refused = await send('suspension', await byHolder(of, 'suspension', 'means'));
    expect(codesOf(having(refused, 409))).toEqual(['requester-not-identified']);
    const applied = having(
      await supplier.command('/v1/means', {
        ...{ application: of.case1.application, holder: of.case1.employee.id },
        ...{ product: 'password-sms', aimedStork: 3 },
      }),
      201,
    ).body;
    const block = await byOperator(of, 'suspension', 'means', { object: { means: applied['id'] }, reason: 'death' });
    expect(codesOf(having(await send('suspension', block), 409))).toEqual(['means-not-issued']);
    const issued = await of.case1.issued();
    const object = { object: { means: issued['id'] } };
    having(
      await send('suspension', await byOperator(of, 'suspension', 'means', { ...object, reason: 'security' })),
      200,
    );
    const activation = { activatedAt: new Date().toISOString() };
    const activated = await supplier.command(`/v1/means/${String(issued['id'])}/activations`, activation);
    expect(having(activated, 409).body).toMatchObject({ code: 'suspended' });
    having(await send('reinstatement', await byOperator(of, 'reinstatement', 'means', object)), 200);
    having(await supplier.command(`/v1/means/${String(issued['id'])}/activations`, activation), 200);
  });
});

describe('at EH1, where nobody has to be identified to end something', () => {
  it('a court suspends by an order that was verified, and no letter lifts (REV-05, PV1)', async () => {
    const of = await scene();
    const { desk, application, employee, director, party } = of.case1;
    const identification: string[] = [];
    for (const facts of [
      { type: 'identityAttributesRecorded', uniquelyIdentifying: true },
      { type: 'emailConfirmation', confirmed: true },
    ]) {
      identification.push(await desk.check(application, { ...facts, about: { person: employee.id } }, 10));
    }
    const product = { product: 'password-sms', aimedStork: 1, party };
    const lowest = await desk.means(application, employee, identification, product);
    expect(lowest.means).toMatchObject({ stork: 1 });
    const object = { means: lowest.means['id'] };
    const court = { ...(await byCourt(of, 'suspension', 'means')), object };
    const unverified = await send('suspension', { ...court, checks: [] });
    expect(codesOf(having(unverified, 409))).toEqual(['requester-not-identified']);
    const letter = {
      ...{ application: await intake(of, 'suspension', 'nonElectronic'), object, checks: [] },
      requester: { role: 'authorizedParty', person: employee.id },
    };
    having(await send('suspension', letter), 200);

    const checks = representativeChecks(director, party);
    const unsigned = await byRepresentative(
      of,
      object,
      checks.filter(({ type }) => type !== 'signatureComparison'),
    );
    expect(codesOf(having(unsigned, 409))).toEqual(['requester-not-identified']);
    expect(having(await byRepresentative(of, object, checks), 200).body).toMatchObject({
      suspended: false,
      level: 'EH1',
    });
  });
});

describe('PROOF-06: a login made while its means was suspended', () => {
  it('proves nothing once that was lifted; one of afterwards does', async () => {
    const of = await scene();
    const object = { object: { means: of.login.id } };
    const reason = { reason: 'security' };
    having(await send('suspension', await byOperator(of, 'suspension', 'means', { ...object, ...reason })), 200);
    const then = await byHolder(of, 'suspension', 'authorization');
    having(await send('reinstatement', await byOperator(of, 'reinstatement', 'means', object)), 200);
    expect(codesOf(having(await send('suspension', then), 409))).toEqual(['requester-not-identified']);
    having(await send('suspension', await byHolder(of, 'suspension', 'authorization')), 200);
  });
});

describe('the body of a suspension', () => {
  it('says all its faults at once', async () => {
    const of = await scene();
    const body = await byHolder(of, 'suspension', 'authorization');
    const faults = async (purpose: Purpose, more: Json): Promise<readonly string[]> =>
      [...faultsOf(having(await send(purpose, { ...body, ...more }), 400))].sort();
    expect(await faults('suspension', { object: {} })).toEqual(['/object invalid-value']);
    expect(await faults('suspension', { requester: { role: 'trustee' } })).toEqual(['/requester/person required']);
    expect(await faults('suspension', { requester: { role: 'operator' } })).toEqual([
      '/checks invalid-value',
      '/reason required',
    ]);
    expect(await faults('suspension', { reason: 'death' })).toEqual(['/reason invalid-value']);
    expect(await faults('reinstatement', { reason: 'death' })).toEqual(['/reason unknown-member']);
    const unknown = randomUUID();
    expect(
      await faults('suspension', {
        ...{ application: unknown, object: { means: unknown }, checks: [unknown] },
        requester: { role: 'administrator', person: unknown },
      }),
    ).toEqual([
      '/application unknown-application',
      '/checks/0 unknown-check',
      '/object/means unknown-means',
      '/requester/person unknown-person',
    ]);
    expect(await faults('suspension', { object: { authorization: unknown } })).toEqual([
      '/object/authorization unknown-authorization',
    ]);
    const wrong = await send('reinstatement', body);
    expect(codesOf(having(wrong, 409))).toEqual(['purpose-not-in-application']);
    expect(await decision(of)).toBe(true);
  });

  it('is of a revision, where one is named', async () => {
    const of = await scene();
    const body = await byOperator(of, 'suspension', 'authorization', { reason: 'legal' });
    const send_ = (revision: string) =>
      supplier.send('POST', PATH.suspension, {
        body,
        headers: { 'idempotency-key': freshKey(), 'if-match': revision },
      });
    having(await send_('"7"'), 412);
    expect(await decision(of)).toBe(true);
    expect(having(await send_('"1"'), 200).headers.get('etag')).toBe('"2"');
  });
});

describe('interfaces.md §8: the answer to a suspension', () => {
  it('is 202 while an instance that is counted on has not seen it, and 200 once it has', async () => {
    const of = await scene();
    const [body, key] = [await byOperator(of, 'suspension', 'means', { reason: 'compromise' }), freshKey()];
    await suite.stores.instances.renew('behind', 0n, 60_000);
    const late = having(await send('suspension', body, key), 202);
    expect(late.headers.get('location')).toBe(`/v1/means/${of.means.id}`);
    await suite.stores.instances.leave('behind');
    having(await send('suspension', body, key), 200);
    expect(await decision(of)).toBe(false);
  });
});
