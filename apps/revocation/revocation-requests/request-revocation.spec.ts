import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CommandRequest } from '#libs/application';
import { revocationRequestDecider, type CheckFacts } from '#libs/domain';
import { CannotApply, RevisionConflict, StoreUnavailable, type Projection } from '#libs/eventing';
import { later, streamId, type Instant } from '#libs/kernel';
import { at, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { effectRevocation, RevocationStuck } from './effect-revocation.js';
import { requestRevocation } from './request-revocation.handler.js';
import { RequestRevocationRequest } from './request-revocation.request.js';
import { revocationProcess } from './revocation-process.js';
import { revocationDeadlinesProjection, type RevocationDeadlineRow } from './revocation-deadlines.projection.js';
import { revocationRequestsProjection, type RevocationRequestRow } from './revocation-requests.projection.js';
import { revocationRequestView as viewAt } from './revocation-request.view.js';

const { authorizationFacts, checkOf, ids, meansFacts, recordChecks, recordPaperRegistration } = paperRegistration;
const { authorization, company, director, employee, means } = ids;

/** When the request came in, and when it is judged. */
const asked = at('2026-03-09T10:00:00Z');
const intake = uuid('appl', 5);

let now: Instant;
let memory: MemoryBackbone;
const revocationRequestView = (request: Parameters<typeof viewAt>[0]) => viewAt(request, now);
beforeEach(async () => {
  now = later(asked, 60_000);
  memory = await memoryBackbone(() => Date.parse(now));
  await recordPaperRegistration(memory, []);
  await memory.record('means', means, ...meansFacts(means, employee, 'active'));
  await received(intake, 'electronic');
});
afterEach(() => memory.close());

const received = (application: string, channel: string, purposes: readonly string[] = ['revocation'], more = {}) =>
  memory.record('application', application, {
    type: 'ApplicationReceived',
    data: { application, channel, receivedAt: asked, purposes, late: false, ...more },
  });
const authorize = (
  data: Parameters<typeof authorizationFacts>[1] = {},
  id: string = authorization,
  until: Parameters<typeof authorizationFacts>[2] = 'active',
) => {
  const authorizedParty = { person: employee, means, pseudonym: `pseudonym of ${means}` };
  return memory.record('authorization', id, ...authorizationFacts(id, { authorizedParty, ...data }, until));
};
const login = (more: Partial<CheckFacts> = {}): CheckFacts =>
  checkOf({
    ...{ type: 'authentication', about: { person: employee }, means, level: 'EH3', application: intake },
    ...{ at: asked, performedAt: asked },
    ...more,
  } as never);
const recorded = async (...facts: readonly CheckFacts[]) => [...(await recordChecks(memory, facts))];

let keys = 0;
const ask = async (more: Partial<RequestRevocationRequest> = {}, key = `key-${String(++keys).padStart(4, '0')}`) => {
  const request: CommandRequest = { client: 'back-office', correlationId: 'trace', idempotencyKey: key };
  return requestRevocation(memory.backbone, request, {
    application: intake,
    object: { authorization },
    requester: { role: 'authorizedParty', person: employee },
    checks: [],
    ...more,
  });
};
const stateOf = async (...parts: Parameters<typeof ask>) => {
  const outcome = await ask(...parts);
  if (outcome.outcome !== 'accepted' || outcome.state.status === 'none') {
    throw new Error(JSON.stringify(outcome.outcome === 'rejected' ? outcome.rejections : outcome.outcome));
  }
  return outcome.state;
};
const faultsOf = async (...parts: Parameters<typeof ask>): Promise<readonly string[]> => {
  const outcome = await ask(...parts);
  if (outcome.outcome !== 'rejected') throw new Error(outcome.outcome);
  return outcome.rejections.map(({ kind, code, pointer }) => `${kind} ${pointer ?? '-'} ${code}`);
};

/** On paper, in writing. */
const paper = uuid('appl', 6);
let passports = 0;
const passportUntil = async (date: string): Promise<string> => {
  const document = uuid('doc', 20 + ++passports);
  await memory.record('person', employee, {
    type: 'DocumentRecorded',
    data: {
      ...{ person: employee, document, documentType: 'passport' },
      ...{ number: { clear: `NX${passports}` }, expiresOn: { clear: date } },
    },
  });
  return document;
};
const attributesOf = (application: string): CheckFacts =>
  checkOf({
    ...{ type: 'identityAttributesRecorded', about: { person: employee }, uniquelyIdentifying: true },
    ...{ application, performedAt: asked },
  } as never);
const copyOfExpired = async (): Promise<CheckFacts> =>
  checkOf({
    ...{ type: 'idCopyEnclosed', about: { person: employee }, document: await passportUntil('2026-03-01') },
    ...{ presentation: 'paper', application: paper, performedAt: asked },
  } as never);
/** With a copy of a passport that is valid and that nobody reported. */
const signedLetter = async (application: string): Promise<string[]> => {
  const document = await passportUntil('2031-03-01');
  const ofIntake = { about: { person: employee }, application, performedAt: asked };
  return recorded(
    attributesOf(application),
    checkOf({ ...ofIntake, type: 'idCopyEnclosed', document, presentation: 'paper' } as never),
    checkOf({
      ...{ ...ofIntake, type: 'signatureComparison', document, against: 'idCopy' },
      ...{ form: 'original', onTheSpot: false, agrees: true },
    } as never),
    checkOf({ ...ofIntake, type: 'idDocumentStatus', document, status: 'notReported' } as never),
  );
};

describe('REV-01, REV-06: a request to revoke', () => {
  it('is recorded with what it is about, who asked, how he was identified and what came of it', async () => {
    await authorize();
    const checks = await recorded(login());
    const state = await stateOf({ checks });
    expect(revocationRequestView(state)).toEqual({
      ...{ id: state.revocationRequest, mutation: 'revocation', status: 'accepted' },
      ...{ object: { authorization }, application: intake },
      ...{ channel: 'electronic', receivedAt: asked, level: 'EH3' },
      ...{ requester: { role: 'authorizedParty', person: employee } },
      identification: { ioScore: 1, authenticatedLevel: 'EH3' },
      ...{ decidedAt: now, immediate: true, dueAt: null, deadline: 'ahead', flags: [] },
      aspects: [
        {
          ...{ aspect: 'IO', score: 1, rows: ['IO1-a'] },
          checks: [{ check: checks[0], type: 'authentication', counts: true, joined: false, superseded: false }],
        },
      ],
    });
    const { history } = await memory.backbone.commands.load(
      revocationRequestDecider,
      streamId('revocationRequest', state.revocationRequest),
    );
    expect(history.map(({ type }) => type)).toEqual(['RevocationRequested', 'RevocationAccepted']);
    expect(history[0]!.data).toMatchObject({ checks, rows: { IO: ['IO1-a'] }, requestedAt: now });
    expect(history[0]!.metadata.ruleSet).toBe(memory.backbone.rules.version);
  });

  it('is answered by what was recorded when it comes again, whatever became of its object', async () => {
    await authorize();
    const body = { checks: await recorded(login()) };
    const first = await stateOf(body, 'key-again');
    await memory.record('authorization', authorization, authorizationFacts(authorization, {}, 'revoked')[2]!);
    now = later(now, 3_600_000);
    const again = await ask(body, 'key-again');
    expect(again).toMatchObject({ outcome: 'accepted', state: first, replayed: true });
    expect(await ask({ ...body, requester: { role: 'other', person: employee } }, 'key-again')).toEqual({
      outcome: 'key-reused',
    });
  });

  it.each<[string, Partial<RequestRevocationRequest>, readonly string[]]>([
    ['neither authorization nor means', { object: {} }, ['invalid /object invalid-value']],
    ['both of them', { object: { authorization, means } }, ['invalid /object invalid-value']],
    ['nobody, and he is no court', { requester: { role: 'trustee' } }, ['invalid /requester/person required']],
    [
      'what is not on record, all of it',
      {
        ...{ application: uuid('none'), checks: [uuid('none')], object: { authorization: uuid('none') } },
        requester: { role: 'other', person: uuid('none') },
      },
      [
        'invalid /application unknown-application',
        'invalid /requester/person unknown-person',
        'invalid /object/authorization unknown-authorization',
        'invalid /checks/0 unknown-check',
      ],
    ],
    ['an unknown means', { object: { means: uuid('none') } }, ['invalid /object/means unknown-means']],
    [
      'an intake for something else',
      { application: ids.application },
      ['invalid /application purpose-not-in-application'],
    ],
  ])('is faulty when it names %s, and leaves nothing', async (_, body, faults) => {
    await authorize();
    const head = await memory.backbone.feed.head();
    expect([...(await faultsOf(body))].sort()).toEqual([...faults].sort());
    expect(await memory.backbone.feed.head()).toBe(head);
  });

  it.each<[string, Partial<RequestRevocationRequest>, string, string]>([
    ['/object', { object: {} }, 'invalid-value', 'either authorization, or means, or person and party'],
    ['/requester/person', { requester: { role: 'trustee' } }, 'required', 'is required: only a court has no person'],
  ])('says what belongs together at %s', async (pointer, body, code, reason) => {
    await authorize();
    expect(await faultsOf(body)).toEqual([`invalid ${pointer} ${code}`]);
    const whole = { application: intake, object: { authorization }, requester: { role: 'court' }, checks: [], ...body };
    const [fault, ...others] = RequestRevocationRequest.between(whole as RequestRevocationRequest);
    expect(fault).toMatchObject({ pointer, code, detail: { en: reason, nl: expect.any(String) } });
    expect(others).toEqual([]);
  });

  it('is faulty by checks that are not of its dossier', async () => {
    await authorize();
    const checks = await recorded(login({ about: { person: director } } as never));
    expect(await faultsOf({ checks })).toEqual(['invalid /checks/0 check-not-in-dossier']);
  });

  it.each<[string, object, string]>([
    ['it has expired', { validUntil: asked }, 'no-such-registration'],
    ['he asks for another', { authorizedParty: { person: director, means, pseudonym: 'p' } }, 'requester-not-entitled'],
  ])('is refused when %s, and recorded all the same', async (_, data, code) => {
    await authorize(data);
    const state = await stateOf({ checks: await recorded(login()) });
    expect(state).toMatchObject({ status: 'refused', codes: [code] });
    expect(revocationRequestView(state)).toMatchObject({ status: 'refused', codes: [code] });
    expect(revocationRequestView(state)).not.toHaveProperty('immediate');
  });

  it('is refused to whoever is not identified, with what may help where a document has expired (REV-10)', async () => {
    await authorize();
    await received(paper, 'nonElectronic', ['revocation'], { medium: 'writing' });
    const [attributes] = await recorded(attributesOf(paper));
    const without = await stateOf({ application: paper, checks: [attributes!] });
    expect(revocationRequestView(without)).not.toHaveProperty('remedy');
    const checks = [attributes!, ...(await recorded(await copyOfExpired()))];
    expect(revocationRequestView(await stateOf({ application: paper, checks }))).toMatchObject({
      ...{ status: 'refused', remedy: 'operator-may-block', codes: ['requester-not-identified'] },
    });
  });

  it('needs no other document where it is accepted without the one that has expired (REV-10)', async () => {
    await authorize();
    await received(paper, 'nonElectronic', ['revocation'], { medium: 'writing' });
    const checks = [...(await recorded(await copyOfExpired())), ...(await signedLetter(paper))];
    const state = await stateOf({ application: paper, checks });
    if (state.status !== 'accepted') throw new Error(state.status);
    expect(state.evidence!.map(({ why }) => why)).toContain('expired-document');
    expect(revocationRequestView(state)).not.toHaveProperty('remedy');
  });

  it('is shown as it was recorded, before its checks were weighed there', async () => {
    await authorize();
    const { evidence: _, ...state } = await stateOf({ requester: { role: 'other', person: employee } });
    const view = revocationRequestView(state);
    expect(view).toMatchObject({ status: 'refused', codes: expect.arrayContaining(['requester-not-entitled']) });
    expect(view).not.toHaveProperty('aspects');
    expect(view).not.toHaveProperty('remedy');
  });
});

describe('AMB-67, AMB-72: the level of what is to be revoked', () => {
  it.each([
    [1, 'EH1'],
    [2, 'EH2'],
    [3, 'EH3'],
    [4, 'EH4'],
  ])('is that of M %i alone for an authorization: %s', async (m, level) => {
    await authorize({ m });
    expect(await stateOf({ checks: await recorded(login()) })).toMatchObject({ level });
  });

  it.each([
    ['applied', undefined, 'EH1'],
    ['issued', 2, 'EH2'],
    ['active', 4, 'EH4'],
  ] as const)('is that of the STORK level of a means that is %s at %p: %s', async (until, stork, level) => {
    const other = uuid('means', 2);
    await memory.record('means', other, ...meansFacts(other, employee, until, stork === undefined ? {} : { stork }));
    const state = await stateOf({ object: { means: other }, checks: await recorded(login()) });
    expect(state).toMatchObject({ level, object: { means: other } });
    expect(revocationRequestView(state).flags ?? []).toEqual(
      level === 'EH4' && state.status === 'accepted' ? ['revoke-certificate-at-csp'] : [],
    );
  });
});

describe('PROOF-09, ADMIN-10: an administrator of some establishments', () => {
  const [own, elsewhere] = ['000037178598', '000037178599'];
  const administration = uuid('auth', 8);
  const admin = uuid('means', 8);
  const asAdministrator = async (): Promise<Partial<RequestRevocationRequest>> => ({
    requester: { role: 'administrator', person: director },
    checks: await recorded(login({ about: { person: director }, means: admin } as never)),
  });
  beforeEach(async () => {
    await memory.record('means', admin, ...meansFacts(admin, director, 'active'));
    const authorizedParty = { person: director, means: admin, pseudonym: 'p' };
    await authorize({ authority: 'administration', authorizedParty, establishments: [own] }, administration);
  });

  it('ends an authorization within them, at the level of his authority (REG-02)', async () => {
    await authorize({ establishments: [own] });
    expect(await stateOf(await asAdministrator())).toMatchObject({
      ...{ status: 'accepted', identification: { authenticatedLevel: 'EH3', administrationLevel: 'EH3' } },
    });
  });

  it.each([[[elsewhere]], [undefined]])('ends none that reaches further: %j', async (establishments) => {
    await authorize(establishments === undefined ? {} : { establishments });
    expect(await stateOf(await asAdministrator())).toMatchObject({
      ...{ status: 'refused', codes: ['outside-establishment'] },
    });
  });

  it('ends a means only where all that it gives for the party lies within them', async () => {
    const used = uuid('means', 9);
    const [applied, ...rest] = meansFacts(used, employee, 'active');
    await memory.record('means', used, { ...applied!, data: { ...applied!.data, party: company } } as never, ...rest);
    const authorizedParty = { person: employee, means: used, pseudonym: 'q' };
    await authorize({ authorizedParty, establishments: [own] });
    expect(await stateOf({ ...(await asAdministrator()), object: { means: used } })).toMatchObject({
      status: 'accepted',
    });
    await authorize({ authorizedParty, establishments: [own, elsewhere] }, uuid('auth', 9));
    expect(await stateOf({ ...(await asAdministrator()), object: { means: used } })).toMatchObject({
      ...{ status: 'refused', codes: ['outside-establishment'] },
    });
  });

  it.each([
    ['his organization', company, { status: 'accepted' }],
    ['another', ids.otherCompany, { status: 'refused', codes: ['requester-not-entitled'] }],
    ['nobody', undefined, { status: 'refused', codes: ['requester-not-entitled'] }],
  ] as const)('asks to end a means that was applied for by %s (MEANS-10)', async (_which, party, answered) => {
    const used = uuid('means', 9);
    const [applied, ...rest] = meansFacts(used, employee, 'active');
    const { party: _party, ...data } = applied!.data as { readonly party?: string };
    const of = { ...data, ...(party === undefined ? {} : { party }) };
    await memory.record('means', used, { ...applied!, data: of } as never, ...rest);
    const given = uuid('auth', 9);
    await authorize(
      { authorizedParty: { person: employee, means: used, pseudonym: 'q' }, establishments: [own] },
      given,
    );
    const state = await stateOf({ ...(await asAdministrator()), object: { means: used } });
    expect(revocationRequestView(state)).toMatchObject(answered);
    // What it carries for his own organization he ends all the same.
    expect(await stateOf({ ...(await asAdministrator()), object: { authorization: given } })).toMatchObject({
      status: 'accepted',
    });
  });

  it('is none of another organization', async () => {
    await authorize({ representedParty: ids.otherCompany });
    expect(await stateOf(await asAdministrator())).toMatchObject({
      ...{ status: 'refused', codes: ['requester-not-entitled'] },
    });
  });
});

/** Applied for at the organization. */
const withParty = (facts: ReturnType<typeof meansFacts>): ReturnType<typeof meansFacts> =>
  facts.map((fact) =>
    fact.type === 'MeansApplied' ? { ...fact, data: { ...fact.data, party: company as never } } : fact,
  );

describe('a revocation that is carried out', () => {
  const cause = { correlationId: 'trace' };
  const listed = async (id: string): Promise<RevocationRequestRow> => {
    const { readModels, feed } = memory.backbone;
    readModels.run(revocationRequestsProjection);
    expect(await readModels.waitFor(revocationRequestsProjection as unknown as Projection, await feed.head())).toBe(
      true,
    );
    return (await memory.stores.projections.load(revocationRequestsProjection, [id])).get(id)!;
  };

  it('is effected once, on the object first, and shown in the list as it stands', async () => {
    await authorize();
    const { revocationRequest: id } = await stateOf({ checks: await recorded(login()) });
    const accepted = await memory.backbone.feed.head();
    const effected = await effectRevocation(memory.backbone, id, cause);
    const head = await memory.backbone.feed.head();
    const [revoked] = (await memory.backbone.feed.read(accepted)).items;
    expect(revoked?.type).toBe('AuthorizationRevoked');
    expect(effected).toMatchObject({
      ...{ revision: 2, position: head, ended: [{ type: 'AuthorizationRevoked', position: revoked!.position }] },
      request: { status: 'effected', effectedAt: now, alreadyRevoked: false, breached: false },
    });
    expect(await effectRevocation(memory.backbone, id, cause)).toEqual(effected);
    expect(await memory.backbone.feed.head()).toBe(head);
    expect(revocationRequestView(effected.request)).toMatchObject({
      ...{ status: 'effected', immediate: true, dueAt: null, effectedAt: now, alreadyRevoked: false, breached: false },
    });
    expect(await listed(id)).toEqual({
      ...{
        id,
        position: expect.any(BigInt),
        mutation: 'revocation',
        status: 'effected',
        authorization,
        means: null,
        person: null,
        party: null,
        receivedAt: asked,
      },
      ...{ dueAt: null, breached: false, request: effected.request },
    });
  });

  it('is effected when its object ended, also where the request is finished later (REV-06)', async () => {
    await authorize();
    const { revocationRequest: id } = await stateOf({ checks: await recorded(login()) });
    const moment = now;
    const { commands } = memory.backbone;
    const killed = {
      ...commands,
      execute: ((decider: unknown, ...rest: [never, never, never]) =>
        decider === revocationRequestDecider
          ? Promise.reject(new StoreUnavailable('away'))
          : commands.execute(decider as never, ...rest)) as typeof commands.execute,
    };
    await expect(effectRevocation({ ...memory.backbone, commands: killed }, id, cause)).rejects.toThrow('away');
    now = later(now, 3_600_000);
    const { request } = await effectRevocation(memory.backbone, id, cause);
    expect(request).toMatchObject({ status: 'effected', effectedAt: moment, breached: false });
  });

  it('is in time by when another request had ended its object, whenever it is finished (REV-06)', async () => {
    await authorize({ m: 2 });
    await received(paper, 'nonElectronic', ['revocation'], { medium: 'writing' });
    const letter = await stateOf({ application: paper, checks: await signedLetter(paper) });
    if (letter.status !== 'accepted' || letter.dueAt === null) throw new Error(`${letter.status}, without a deadline`);
    const revokedAt = letter.dueAt;
    const data = { authorization, revocationRequest: uuid('other'), revokedAt };
    await memory.record('authorization', authorization, { type: 'AuthorizationRevoked', data });
    now = later(letter.dueAt, 3_600_000);
    const { request } = await effectRevocation(memory.backbone, letter.revocationRequest, cause);
    expect(request).toMatchObject({ status: 'effected', alreadyRevoked: true, effectedAt: revokedAt, breached: false });
  });

  it('that was to be done at once is breached when it was not (PI2, CAL-03)', async () => {
    await authorize();
    const state = await stateOf({ checks: await recorded(login()) });
    if (state.status !== 'accepted') throw new Error(state.status);
    expect(viewAt(state, later(now, 5_000))).toMatchObject({ dueAt: null, deadline: 'ahead' });
    expect(viewAt(state, later(now, 5_001))).toMatchObject({ dueAt: null, deadline: 'passed' });
    now = later(now, 5_001);
    const { request } = await effectRevocation(memory.backbone, state.revocationRequest, cause);
    expect(request).toMatchObject({ status: 'effected', immediate: true, breached: true });
    expect(await listed(state.revocationRequest)).toMatchObject({ dueAt: null, breached: true });
  });

  it('of a means names it, and that another request came first', async () => {
    const other = uuid('means', 2);
    await memory.record('means', other, ...meansFacts(other, employee, 'revoked'));
    const { revocationRequest: id } = await stateOf({ object: { means: other }, checks: await recorded(login()) });
    const head = await memory.backbone.feed.head();
    const effected = await effectRevocation(memory.backbone, id, cause);
    expect(effected).toMatchObject({ ended: [{ type: 'MeansRevoked' }], request: { alreadyRevoked: true } });
    expect(effected.ended[0]!.position).toBeLessThan(head);
    expect(await listed(id)).toMatchObject({ means: other, authorization: null, status: 'effected', breached: false });
  });

  describe('says what certificate it left by what ended (PI4, ADR 137)', () => {
    const FLAG = 'revoke-certificate-at-csp';
    const upgraded = {
      type: 'MeansUpgraded',
      data: {
        ...{ means, application: intake, product: 'password-sms', checks: [], previousStork: 3, stork: 4 },
        ...{ issuanceLevel: 4, aimedStork: 4, upgradedAt: asked },
      },
    };
    let cards = 7;
    const card = async (facts: object = {}): Promise<string> => {
      const of = uuid('means', (cards += 1));
      const [applied, issued, activated] = meansFacts(of, employee, 'active', { stork: 4 });
      const data = { ...issued!.data, ...facts };
      await memory.record('means', of, applied!, { ...issued!, data } as never, activated!);
      return of;
    };

    it('of a means that came to level 4 after it was accepted, of a leaver as well', async () => {
      for (const object of [{ means }, { person: employee, party: company }]) {
        await memory.close();
        memory = await memoryBackbone(() => Date.parse(now));
        await recordPaperRegistration(memory, []);
        await memory.record('means', means, ...withParty(meansFacts(means, employee, 'active')));
        await received(intake, 'electronic');
        const state = await stateOf({ object, checks: await recorded(login()) });
        expect(revocationRequestView(state)).toMatchObject({ status: 'accepted', flags: [] });
        await memory.record('means', means, upgraded);
        const { request } = await effectRevocation(memory.backbone, state.revocationRequest, cause);
        expect(request).toMatchObject({ status: 'effected', certificates: [means] });
        expect(revocationRequestView(request)).toMatchObject({ flags: [FLAG] });
      }
    });

    it('none where it had ended by itself, had been revoked there, or another request had left it', async () => {
      const asks = async (of: string): Promise<unknown> => {
        const state = await stateOf({ object: { means: of }, checks: await recorded(login()) });
        const { request } = await effectRevocation(memory.backbone, state.revocationRequest, cause);
        return revocationRequestView(request).flags;
      };
      const of = await card();
      const data = { means: of, application: intake, checks: [], reportedAt: asked };
      const state = await stateOf({ object: { means: of }, checks: await recorded(login()) });
      expect(revocationRequestView(state)).toMatchObject({ status: 'accepted', flags: [FLAG] });
      await memory.record('means', of, { type: 'MeansCertificateRevoked', data });
      const { request } = await effectRevocation(memory.backbone, state.revocationRequest, cause);
      expect(revocationRequestView(request)).toMatchObject({ status: 'effected', flags: [] });
      expect(await asks(of)).toEqual([]);
      expect(await asks(await card({ certificateUntil: asked }))).toEqual([]);
      expect(await asks(await card({ certificateUntil: later(now, 1) }))).toEqual([FLAG]);
    });
  });

  it('is breached when it is carried out after its deadline, and listed with it (REV-06)', async () => {
    await authorize({ m: 2 });
    await received(paper, 'nonElectronic', ['revocation'], { medium: 'writing' });
    const state = await stateOf({ application: paper, checks: await signedLetter(paper) });
    if (state.status !== 'accepted' || state.dueAt === null) throw new Error(`${state.status}, without a deadline`);
    expect(await listed(state.revocationRequest)).toMatchObject({
      status: 'accepted',
      dueAt: state.dueAt,
      breached: null,
    });
    now = later(state.dueAt, 1);
    const { request } = await effectRevocation(memory.backbone, state.revocationRequest, cause);
    expect(request).toMatchObject({ status: 'effected', breached: true, immediate: false });
    expect(await listed(state.revocationRequest)).toMatchObject({ dueAt: state.dueAt, breached: true });
  });

  it('is stuck where a person has to look: it does not exist, was refused, or its object is gone', async () => {
    const unknown = effectRevocation(memory.backbone, uuid('none') as never, cause);
    await expect(unknown).rejects.toBeInstanceOf(RevocationStuck);
    await expect(unknown).rejects.toThrow('does not exist');
    await authorize({ validUntil: asked });
    const { revocationRequest: refused } = await stateOf({ checks: await recorded(login()) });
    const work = effectRevocation(memory.backbone, refused, cause);
    await expect(work).rejects.toBeInstanceOf(RevocationStuck);
    await expect(work).rejects.toThrow(
      `revocation ${refused} could not be carried out: rejected (revocation-not-accepted)`,
    );
  });

  it('waits for the next attempt where others kept writing to the object (REV-06)', async () => {
    await authorize();
    const { revocationRequest: id } = await stateOf({ checks: await recorded(login()) });
    const { events } = memory.stores;
    const append = events.append.bind(events);
    events.append = (stream, expected) => Promise.reject(new RevisionConflict(stream, expected, 9));
    const work = effectRevocation(memory.backbone, id, cause);
    await expect(work).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(work).rejects.toThrow(`revocation ${id} could not be carried out: conflict`);
    events.append = append;
    expect((await effectRevocation(memory.backbone, id, cause)).request).toMatchObject({ status: 'effected' });
  });

  it('is put aside by the process with its reason, and only where it is stuck', async () => {
    const process = revocationProcess(memory.backbone);
    const accepted = (revocationRequest: string) =>
      ({
        ...{ type: 'RevocationAccepted', position: 7n, data: { revocationRequest } },
        metadata: { id: uuid('cause'), correlationId: cause.correlationId },
      }) as never;
    const stuck = await process.react(accepted(uuid('none'))).then(
      () => undefined,
      (error: unknown) => error as CannotApply,
    );
    expect(stuck).toBeInstanceOf(CannotApply);
    expect(stuck).toMatchObject({ position: 7n, type: 'RevocationAccepted' });
    expect(stuck!.cause).toBeInstanceOf(RevocationStuck);
    expect(stuck!.message).toBe((stuck!.cause as Error).message);
    await authorize();
    const { revocationRequest: id } = await stateOf({ checks: await recorded(login()) });
    memory.stores.events.append = () => Promise.reject(new StoreUnavailable('away'));
    await expect(process.react(accepted(id))).rejects.toBeInstanceOf(StoreUnavailable);
  });
});

describe('somebody who leaves and has thousands of objects (REV-04, REV-06)', () => {
  const MANY = 4_000;
  const object = { person: employee, party: company };
  async function many(): Promise<void> {
    const all = Array.from({ length: MANY }, (_, nr) => uuid('auth', 1_000 + nr));
    for (const id of all) await authorize({}, id);
  }
  const historyOf = async (id: string) =>
    (await memory.backbone.commands.load(revocationRequestDecider, streamId('revocationRequest', id as never))).history;
  const countsOf = (history: readonly { readonly type: string; readonly data: object }[]) =>
    history.map(({ type, data }) => [type, (data as { lines?: readonly unknown[] }).lines?.length ?? 0]);

  it('is accepted and carried out whole, in facts that a store takes, also where it was stopped in between', async () => {
    await many();
    const [proof] = await recorded(login());
    const [key, more] = ['leaver-0001', { object, checks: [proof!] }];
    const { events } = memory.stores;
    const append = events.append.bind(events);
    let parts = 0;
    events.append = (stream, expected, written) =>
      written.some(({ type }) => type === 'RevocationLinesJudged') && ++parts === 4
        ? Promise.reject(new StoreUnavailable('away'))
        : append(stream, expected, written);
    await expect(ask(more, key)).rejects.toThrow(StoreUnavailable);
    now = later(now, 1_000);
    const state = await stateOf(more, key);
    expect(state).toMatchObject({ status: 'accepted' });
    const history = await historyOf(state.revocationRequest);
    expect(countsOf(history).slice(-8)).toEqual([
      ...Array.from({ length: 7 }, () => ['RevocationLinesJudged', 500]),
      ['RevocationAccepted', MANY - 3_500],
    ]);
    expect(revocationRequestView(state).lines).toHaveLength(MANY);
    // A retry is answered with the decision, and another request under the key is none.
    expect(await stateOf(more, key)).toEqual(state);
    expect(await ask({ object }, key)).toEqual({ outcome: 'key-reused' });

    const acceptance = history.at(-1)!;
    const cause = { eventId: acceptance.metadata.id, correlationId: 'trace' };
    const { request } = await effectRevocation(memory.backbone, state.revocationRequest, cause);
    expect(request).toMatchObject({ status: 'effected' });
    const lines = revocationRequestView(request).lines!;
    expect([lines.length, new Set(lines.map(({ status }) => status))]).toEqual([MANY, new Set(['effected'])]);
    const after = await historyOf(state.revocationRequest);
    expect(countsOf(after).slice(history.length)).toEqual([
      ...Array.from({ length: 7 }, () => ['RevocationLinesEffected', 500]),
      ['RevocationEffected', MANY - 3_500],
    ]);
    await effectRevocation(memory.backbone, state.revocationRequest, cause);
    expect(await historyOf(state.revocationRequest)).toHaveLength(after.length);
    // The report has each once: what was judged before it was stopped counts for nothing.
    const { fold } = revocationDeadlinesProjection;
    const row = after.reduce<RevocationDeadlineRow | undefined>(
      (before, event) => fold(before, event, state.revocationRequest),
      undefined,
    );
    expect(row).toMatchObject({ status: 'effected', open: false });
    expect(new Set(row!.lines!.map((line) => Object.values(line.object).join())).size).toBe(MANY);
    expect(row!.lines!.map(({ status }) => status)).toEqual(lines.map(() => 'effected'));
  }, 590_000);

  describe('whose sender was stopped between the lines of the decision (REV-06, PI2)', () => {
    const FEW = 600;
    const stopped = { object, checks: [] as string[] };
    const key = 'leaver-stopped';
    let id: string;
    /** Its first fact, as the feed brings it. */
    const received_ = async () => (await historyOf(id))[0]!;
    beforeEach(async () => {
      for (let nr = 0; nr < FEW; nr += 1) await authorize({}, uuid('auth', 1_000 + nr));
      stopped.checks = await recorded(login());
      const { events } = memory.stores;
      const append = events.append.bind(events);
      events.append = (stream, expected, written) => {
        if (written.some(({ type }) => type === 'RevocationRequested')) id = stream.slice('revocationRequest-'.length);
        return written.some(({ type }) => type === 'RevocationAccepted')
          ? Promise.reject(new StoreUnavailable('away'))
          : append(stream, expected, written);
      };
      await expect(ask(stopped, key)).rejects.toThrow(StoreUnavailable);
      events.append = append;
      expect(countsOf(await historyOf(id))).toEqual([
        ['RevocationRequested', 0],
        ['RevocationLinesJudged', 500],
      ]);
    });

    it('is late after a quarter of an hour, on the work list and by itself, and withdrawn late as well', async () => {
      const limit = later(asked, 900_000);
      const history = await historyOf(id);
      const { fold } = revocationDeadlinesProjection;
      const row = history.reduce<RevocationDeadlineRow | undefined>(
        (before, event) => fold(before, event, id),
        undefined,
      )!;
      expect(row).toMatchObject({ status: 'received', open: true, dueAt: null, lateAt: limit, nextAt: limit });
      const { load } = memory.backbone.commands;
      const { state } = await load(revocationRequestDecider, streamId('revocationRequest', id as never));
      if (state.status === 'none') throw new Error('nothing is there');
      expect(viewAt(state, limit)).toMatchObject({ status: 'received', deadline: 'ahead' });
      expect(viewAt(state, later(limit, 1))).toMatchObject({ status: 'received', deadline: 'passed' });
      for (const [withdrawnAt, breached] of [
        [limit, [null, undefined]],
        [later(limit, 1), [true, true]],
      ] as const) {
        const withdrawn = { type: 'RevocationWithdrawn', data: { revocationRequest: id, withdrawnAt } } as never;
        const ended = revocationRequestDecider.evolve(state, withdrawn);
        expect([fold(row, withdrawn, id)!.breached, (ended as { breached?: boolean }).breached]).toEqual(breached);
      }
    });

    it('is decided by the process, once, and its sender answered with that', async () => {
      now = later(now, 1_000);
      const told: unknown[] = [];
      const process = revocationProcess(memory.backbone, {
        decided: ({ status }) => told.push(status),
        requested: ({ request }) => told.push(request.status),
        decidedAtOnce: () => undefined,
      });
      await process.react(await received_());
      await process.react(await received_());
      const history = await historyOf(id);
      expect(countsOf(history)).toEqual([
        ...[['RevocationRequested', 0], ...[1, 2].map(() => ['RevocationLinesJudged', 500])],
        ['RevocationAccepted', FEW - 500],
      ]);
      const state = await stateOf(stopped, key);
      expect(state).toMatchObject({ status: 'accepted', decidedAt: now });
      expect(revocationRequestView(state).lines).toHaveLength(FEW);
      expect(await ask({ object }, key)).toEqual({ outcome: 'key-reused' });
      await process.react(history.at(-1)!);
      expect(told).toEqual(['accepted', 'effected']);
      expect(await stateOf(stopped, key)).toEqual(state);
    });

    it('is decided by whoever comes first, where its sender comes back meanwhile', async () => {
      const { events } = memory.stores;
      const append = events.append.bind(events);
      const first = await received_();
      let met = false;
      events.append = async (stream, expected, written) => {
        if (!met && written.some(({ type }) => type === 'RevocationAccepted')) {
          met = true;
          await revocationProcess(memory.backbone).react(first);
        }
        return append(stream, expected, written);
      };
      now = later(now, 1_000);
      const state = await stateOf(stopped, key);
      expect(state).toMatchObject({ status: 'accepted' });
      expect(revocationRequestView(state).lines).toHaveLength(FEW);
      const decisions = (await historyOf(id)).filter(({ type }) => type === 'RevocationAccepted');
      expect(decisions.map(({ metadata }) => metadata.actor)).toEqual([{ system: 'revocation-process' }]);
    });

    it('waits for the next attempt where others keep writing', async () => {
      const first = await received_();
      memory.stores.events.append = (stream, expected) => Promise.reject(new RevisionConflict(stream, expected, 9));
      await expect(revocationProcess(memory.backbone).react(first)).rejects.toBeInstanceOf(StoreUnavailable);
    });
  });

  it('is refused on record, with a line for each', async () => {
    await many();
    const state = await stateOf({ object, requester: { role: 'other', person: director } });
    expect(state).toMatchObject({ status: 'refused', codes: expect.arrayContaining(['requester-not-entitled']) });
    expect(revocationRequestView(state).lines).toHaveLength(MANY);
  }, 590_000);
});
