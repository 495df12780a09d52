import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { freshKey, having, type Answer, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import {
  askedApart,
  attributes,
  checkedCopy,
  circumstances,
  complete,
  identifiedParty,
  loginWith,
  partyAttributes,
  recordOne,
  representation,
  signedForm,
  signedOnPaper,
} from './support/facts.js';
import {
  administrator,
  asks,
  bodyAnew,
  DAY,
  decideAnew,
  loggedIn,
  onPaperAt2,
  onPaperAt3,
  registered,
  stageOn,
  type Anew,
  type Standing,
} from './support/register-anew.js';
import { codesOf, refusalRecord } from './support/register.js';
import { application, holder, party, revokeByHolder, setStage, sceneOf, type Stage } from './support/stage.js';

/** Renewals of authorizations, through HTTP (REN-01 to REN-05, PV1 to PV4). */

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

/** An authorization at EH3 of a new employee that ends in a month. */
const ending = async (body: Json = {}, checks = onPaperAt3): Promise<Standing> =>
  registered(
    stage,
    await holder(client, 3),
    { period: { from: at(-1_000), until: at(30 * DAY) }, ...body },
    { where: admin.party, checks },
  );

/** The evaluations drop fractions of a second. */
const second = (moment: string): string => `${moment.slice(0, 19)}.000Z`;
const nextYears = (): Json => ({ from: at(29 * DAY), until: second(at(1_000 * DAY)) });
const renewal = (anew: Partial<Anew> = {}): Anew => ({
  ...{ purpose: 'renewal', by: admin, ...anew },
  body: { period: nextYears(), ...anew.body },
});
const onPaper = { by: undefined } as unknown as Partial<Anew>;
const renew = (of: Standing, anew: Partial<Anew> = {}): Promise<Answer> => decideAnew(stage, of, renewal(anew));
const shown = async ({ id }: Standing): Promise<Json> => having(await client.get(`/v1/authorizations/${id}`), 200).body;

describe('a renewal', () => {
  it('by the administrator gives a new period, on a decision of its own (REN-01, REN-03, PV3, REG-13)', async () => {
    const of = await ending();
    const key = freshKey();
    const body = await bodyAnew(stage, of, renewal());
    const path = `/v1/authorizations/${of.id}/renewals`;
    const answer = having(await client.command(path, body, key), 200);
    expect(answer.body).toMatchObject({
      ...{ id: of.id, status: 'active', m: 3, eh: 'EH3', submitterLevel: 'EH3', registration: 'repeated' },
      ...{ validFrom: of.body['validFrom'], validUntil: (body['period'] as Json)['until'], capped: false },
      ...{ application: of.body['application'], registeredAt: of.body['registeredAt'] },
      rows: { IA: ['R-IA2-c'], IO: ['R-IO3-e'], IG: ['IG3-f'] },
      scores: { IV: 3, PV: 3 },
      decision: { kind: 'renewal', application: body['application'] },
    });
    const { position, ...same } = answer.body;
    expect(await shown(of)).toEqual(same);
    const again = await client.command(path, body, key);
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([200, 'true', answer.body]);
    const other = await client.command(path, { ...body, acceptLower: true }, key);
    expect([other.status, other.body['code']]).toEqual([409, 'idempotency-key-reused']);
    const found = having(
      await client.ask('/v1/authorizations/_search', { means: of.holder.means, after: position }),
      200,
    ).body;
    expect(found['items']).toMatchObject([{ id: of.id, validUntil: (body['period'] as Json)['until'] }]);
    const intake = having(
      await client.get(`/v1/applications/${String(body['application'])}?after=${encodeURIComponent(String(position))}`),
      200,
    ).body;
    expect(intake['authorizations']).toEqual([of.id]);
    const [check] = answer.body['checks'] as string[];
    const auditor = await memory.client('auditor');
    const supported = having(
      await auditor.ask('/v1/audit/checks/_search', { reason: 'looks', authorization: of.id, after: position }),
      200,
    ).body['items'] as Json[];
    expect(supported.find(({ id }) => id === check)).toMatchObject({ authorizations: [of.id] });
  });

  it('is in force past the end of the period before, and at the very next question (REN-03)', async () => {
    const of = await ending();
    having(await renew(of), 200);
    expect(await asks(network, stage, of)).toMatchObject({
      decision: true,
      context: { level: 'EH3', validUntil: (await shown(of))['validUntil'] },
    });
  });

  it('lasts five years at most, counted from its start, and says that it was shortened (REN-03, REG-08)', async () => {
    const capped = async (until: string, from: string): Promise<unknown[]> => {
      const of = await ending({ period: { from: at(-1_000), until } });
      const { body } = having(await renew(of, { body: { period: { from, until: '2050-01-01T00:00:00Z' } } }), 200);
      return [body['validUntil'], body['capped']];
    };
    // A leap day, the hour that comes twice, and midsummer counted from winter: on the clock of Amsterdam.
    expect(await capped('2028-03-10T00:00:00Z', '2028-02-29T12:00:00+01:00')).toEqual([
      '2033-02-28T11:00:00.000Z',
      true,
    ]);
    expect(await capped('2029-11-10T00:00:00Z', '2029-10-28T02:30:00+01:00')).toEqual([
      '2034-10-28T00:30:00.000Z',
      true,
    ]);
    expect(await capped('2027-04-10T00:00:00Z', '2027-03-25T12:00:00+01:00')).toEqual([
      '2032-03-25T11:00:00.000Z',
      true,
    ]);
  });

  it('on paper by the director at IO2 goes by PV2: refused, or the level is lower from then on (PV2, REN-04)', async () => {
    const of = await ending();
    const before = await stage.suite.heads();
    const refused = await renew(of, { ...onPaper, checks: onPaperAt2 });
    expect([refused.status, codesOf(refused)]).toEqual([409, ['renewal-below-level']]);
    expect(refused.body['errors']).toMatchObject([
      {
        ...{ aimed: 'EH3', reached: 'EH2+', current: 'EH3', missing: { aspects: { IO: 3, PV: 3 } } },
        earnedBy: expect.arrayContaining([expect.objectContaining({ aspect: 'IO', row: 'IO3-d' })]),
      },
    ]);
    expect(await refusalRecord(stage.suite, before.records, refused)).toMatchObject({
      ...{ command: 'RenewAuthorization', object: 'authorization', dossier: { registerProfile: { pv: 2 } } },
    });
    expect(await shown(of)).toMatchObject({ m: 3, validUntil: of.body['validUntil'] });
    // To aim lower is not to accept that it becomes lower.
    const aimed = await renew(of, { ...onPaper, checks: onPaperAt2, body: { aimedLevel: 'EH2+' } });
    expect([aimed.status, codesOf(aimed)]).toEqual([409, ['renewal-below-level']]);

    expect(await asks(network, stage, of)).toMatchObject({ decision: true });
    const lower = await renew(of, { ...onPaper, checks: onPaperAt2, body: { acceptLower: true } });
    expect(having(lower, 200).body).toMatchObject({ m: 2, eh: 'EH2+', scores: { IO: 2, PV: 2 } });
    // No yes at the level of before, with the very next question.
    expect(await asks(network, stage, of)).toMatchObject({ decision: false, context: { level: 'EH2+' } });
    const levels = await client.ask('/v1/levels/_search', { authorization: of.id, after: lower.body['position'] });
    expect(having(levels, 200).body['items']).toMatchObject([{ m: 2, level: 'EH2+' }]);
  });

  it('that earns more raises it: what carries a level is what was checked (UPG-03, REN-01)', async () => {
    const of = await ending({ aimedLevel: 'EH2+' }, onPaperAt2);
    expect(of.body).toMatchObject({ m: 2, eh: 'EH2+' });
    expect(having(await renew(of), 200).body).toMatchObject({ m: 3, eh: 'EH3' });
    expect(await asks(network, stage, of)).toMatchObject({ decision: true });
  });

  it('asks for its evidence anew: that of the registration is of another process (REN-01, REG-10)', async () => {
    const of = await ending();
    const checks = of.body['checks'] as string[];
    const refused = await renew(of, { ...onPaper, body: { checks } });
    expect([refused.status, codesOf(refused)]).toEqual([409, expect.arrayContaining(['evidence-not-reusable'])]);
  });

  it('on the confirmation by a separate channel alone is PV1, and EH1 is closed (PV1, TFA-03)', async () => {
    const of = await ending();
    const checks = [partyAttributes(), askedApart(), signedForm(), attributes('authorized'), complete()];
    const low = await renew(of, { ...onPaper, checks, body: { acceptLower: true, aimedLevel: 'EH1' } });
    expect([low.status, codesOf(low)]).toEqual([409, ['level-closed-for-issuance']]);
  });
});

describe('the association of who renews (REN-05)', () => {
  /** Everything but the look for special circumstances: IV2. */
  const withoutLook = (by: Standing) => [
    loginWith('submitter', 'EH3', by.holder.means),
    ...identifiedParty,
    ...checkedCopy,
  ];

  it('is as at the first registration: the look that was made then is let be, until something is reported (REN-05)', async () => {
    const by = await administrator(stage, 'EH3');
    const at3 = async (): Promise<Standing> =>
      registered(
        stage,
        await holder(client, 3),
        { period: { from: at(-1_000), until: at(30 * DAY) } },
        { where: by.party },
      );
    const [before, after] = [await at3(), await at3()];
    const known = await renew(before, { by, checks: withoutLook(by) });
    expect(having(known, 200).body).toMatchObject({ m: 3, eh: 'EH3', scores: { IV: 3, PV: 3 } });

    having(await client.command(`/v1/parties/${by.party}/special-circumstances`, { reported: true }), 200);
    const reported = await renew(after, { by, checks: withoutLook(by) });
    expect([reported.status, reported.body['errors']]).toMatchObject([
      409,
      [{ code: 'renewal-below-level', aimed: 'EH3', missing: { aspects: { IV: 3 } } }],
    ]);
    const looked = await renew(after, { by, checks: [...withoutLook(by), circumstances()] });
    expect(having(looked, 200).body).toMatchObject({ m: 3, eh: 'EH3', scores: { IV: 3 } });
  });

  it('earns no level by a renewal that no look was ever made for (REN-05)', async () => {
    const by = await administrator(stage, 'EH3');
    const of = await registered(
      stage,
      await holder(client, 3),
      { aimedLevel: 'EH2+', period: { from: at(-1_000), until: at(30 * DAY) } },
      { where: by.party, checks: [...identifiedParty, representation(), ...checkedCopy, ...signedOnPaper] },
    );
    expect(of.body).toMatchObject({ m: 2, scores: { IV: 2 } });
    const same = await renew(of, { by, checks: withoutLook(by), body: { acceptLower: true } });
    expect(having(same, 200).body).toMatchObject({ m: 2, eh: 'EH2+', scores: { IV: 2 } });
  });
});

describe('what is not renewed', () => {
  const nobody = '00000000-0000-4000-8000-000000000000';

  it('is what is not there; every fault of the request is named at once (MUT-01)', async () => {
    const of = await ending();
    const body = await bodyAnew(stage, of, renewal());
    const nowhere = await client.command(`/v1/authorizations/${nobody}/renewals`, body);
    expect([nowhere.status, nowhere.body['code']]).toEqual([404, 'no-such-registration']);
    const path = `/v1/authorizations/${of.id}/renewals`;
    const faulty = await client.command(path, {
      ...body,
      ...{ application: nobody, submitter: { person: nobody, role: 'administrator' }, checks: [nobody] },
    });
    expect([faulty.status, [...codesOf(faulty)].sort()]).toEqual([
      400,
      ['unknown-application', 'unknown-check', 'unknown-person'],
    ]);
    const level = await client.command(path, { ...body, aimedLevel: 'EH9' });
    expect([level.status, level.body['code']]).toEqual([400, 'unknown-level']);
    const empty = await client.command(path, { ...body, period: { from: at(DAY), until: at(DAY) } });
    expect([empty.status, empty.body['code']]).toEqual([400, 'invalid-value']);
    const stranger = await recordOne(client, body['application'] as string, {
      ...(attributes('submitter')(sceneOf({ submitter: stage.colleague })) as Json),
    });
    const ofAnother = await client.command(path, { ...body, checks: [stranger] });
    expect(ofAnother.body['errors']).toMatchObject([{ code: 'check-not-in-dossier', pointer: '/checks/0' }]);
  });

  it('is what leaves a gap, or ends no later than it does (REG-14, REN-03)', async () => {
    const of = await ending();
    const gap = await renew(of, { body: { period: { from: at(31 * DAY), until: at(400 * DAY) } } });
    expect(gap.body['errors']).toMatchObject([{ code: 'period-leaves-gap', pointer: '/period/from' }]);
    const short = await renew(of, { body: { period: { from: at(0), until: at(20 * DAY) } } });
    expect([short.status, short.body['errors']]).toMatchObject([
      400,
      [{ code: 'period-not-extended', pointer: '/period/until' }],
    ]);
  });

  it('is on an intake for something else (REG-03)', async () => {
    const of = await ending();
    const other = await renew(of, { body: { application: await application(client, 'electronic', 'registration') } });
    expect([other.status, codesOf(other)]).toEqual([409, ['purpose-not-in-application']]);
  });

  it('awaits its activation, or lies ahead (REG-14)', async () => {
    const waiting = await renew(await ending({ awaitsActivation: true }));
    expect([waiting.status, waiting.body['code']]).toEqual([409, 'authorization-not-active']);
    const ahead = await renew(await ending({ period: { from: at(DAY), until: at(30 * DAY) } }));
    expect([ahead.status, ahead.body['errors']]).toMatchObject([409, [{ standing: 'notYetValid' }]]);
  });

  it('is above the administrator, whatever lower level is accepted (ADMIN-03)', async () => {
    const of = await ending();
    const lower = await administrator(stage, 'EH2+', admin.party);
    const refused = await renew(of, { by: lower, body: { acceptLower: true, aimedLevel: 'EH2+' } });
    expect([refused.status, refused.body['errors']]).toMatchObject([
      409,
      [{ code: 'admin-level-too-low', have: 'EH2+', need: 'EH3' }],
    ]);
    // Logged in below his own level he has no more than that (REG-12).
    const loggedInLow = await renew(of, { checks: loggedIn(admin, 'EH2'), body: { acceptLower: true } });
    expect(codesOf(loggedInLow)).toContain('admin-level-too-low');
  });

  it('is of an administrator of another party (ADMIN-06)', async () => {
    const of = await ending();
    const stranger = await administrator(stage, 'EH3');
    const refused = await renew(of, { by: stranger });
    expect([refused.status, codesOf(refused)]).toEqual([409, expect.arrayContaining(['no-administration-authority'])]);
  });

  it('is renewed ahead already (REN-03)', async () => {
    const of = await ending();
    having(await renew(of), 200);
    const again = await renew(of, { body: { period: { from: at(900 * DAY), until: at(2_000 * DAY) } } });
    expect([again.status, codesOf(again)]).toEqual([409, ['renewal-not-begun']]);
  });

  it('hangs on a means that has ended: only a new registration links it to another (REV-07)', async () => {
    const of = await ending();
    await revokeByHolder(client, of.holder, { means: of.holder.means });
    const refused = await renew(of, { body: { acceptLower: true } });
    expect([refused.status, codesOf(refused)]).toEqual([409, expect.arrayContaining(['means-revoked'])]);
  });

  it('was revoked, before or at the same moment: one of both wins, and in the end it is revoked (REV-08, MUT-01)', async () => {
    for (const first of ['renewal', 'revocation', 'both']) {
      const of = await ending();
      const body = await bodyAnew(stage, of, renewal());
      const path = `/v1/authorizations/${of.id}/renewals`;
      const revoke = () => revokeByHolder(client, of.holder, { authorization: of.id });
      if (first === 'revocation') await revoke();
      const renewing = client.command(path, body);
      if (first === 'renewal') await renewing;
      if (first !== 'revocation') await revoke();
      const answer = await renewing;
      if (first === 'renewal') expect(answer.status).toBe(200);
      if (first === 'revocation') expect(answer.status).toBe(409);
      if (answer.status !== 200) {
        expect([answer.status, answer.body['errors']]).toMatchObject([
          409,
          [{ code: 'no-such-registration', standing: 'revoked' }],
        ]);
      }
      expect(await shown(of)).toMatchObject({ status: 'revoked' });
      expect(await asks(network, stage, of)).toMatchObject({ decision: false });
    }
  });

  it('is renewed by two at once: one of them is told that it is (REN-03)', async () => {
    const of = await ending();
    const bodies = [await bodyAnew(stage, of, renewal()), await bodyAnew(stage, of, renewal(onPaper))];
    const answers = await Promise.all(
      bodies.map((body) => client.command(`/v1/authorizations/${of.id}/renewals`, { ...body, period: nextYears() })),
    );
    const [won, lost] = answers.sort((one, other) => one.status - other.status);
    expect(having(won!, 200).body).toMatchObject({ status: 'active' });
    expect(['period-not-extended', 'renewal-not-begun']).toContain(lost!.body['code']);
  });

  it('has a stale ETag (interfaces.md §3)', async () => {
    const of = await ending();
    const body = await bodyAnew(stage, of, renewal());
    const stale = await client.command(`/v1/authorizations/${of.id}/renewals`, body, freshKey(), { 'if-match': '"0"' });
    expect([stale.status, stale.body['code']]).toEqual([412, 'precondition-failed']);
  });

  it('has expired, by the clock of the decision (REG-14, MUT-01)', async () => {
    const of = await ending({ period: { from: at(-1_000), until: at(2 * DAY) } });
    memory.pass(2 * DAY - 60_000);
    // Everything was brought in while it stood.
    const body = await bodyAnew(stage, of, renewal({ body: { period: { from: at(DAY), until: at(900 * DAY) } } }));
    memory.pass(60_000);
    const late = await client.command(`/v1/authorizations/${of.id}/renewals`, body);
    expect([late.status, late.body['errors']]).toMatchObject([
      409,
      [{ code: 'no-such-registration', standing: 'expired' }],
    ]);
    expect(await shown(of)).toMatchObject({ status: 'expired' });
    expect(await party(client, 'privateLegalPerson')).toEqual(expect.any(String));
  });
});
