import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { at, DUO } from '../support/case.js';
import { freshKey, having, type Answer, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import { until } from '../support/until.js';
import { loginWith, recordOne } from './support/facts.js';
import { asks, onPaperAt3, registered, stageOn, type Standing } from './support/register-anew.js';
import { codesOf, refusalRecord, walk } from './support/register.js';
import {
  activate,
  application,
  certificate,
  delivered,
  holder,
  issueCard,
  person,
  record,
  revokeByHolder,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from './support/stage.js';

/** A means at level 4 and its certificate: each has a life of its own (MEANS-PKIO, SIG-01, PI4). */

const MINUTE = 60_000;
const DAY = 86_400_000;

let memory: MemorySuite;
let client: Client;
let network: Client;
let stage: Stage;

beforeAll(async () => {
  memory = await startMemorySuite();
  [client, network] = await Promise.all([memory.client('supplier'), memory.client('network')]);
  stage = await setStage(stageOn(memory), client);
});
afterAll(() => memory.end());

async function cardHolder(more: Json = {}, attributes: Json = {}): Promise<Holder> {
  const human = await person(client, attributes);
  const of = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
  const { means, answer } = await issueCard(client, of, more);
  expect(having(answer, 200).body).toMatchObject({ stork: 4 });
  await activate(client, means);
  return { human, means };
}

const authorized = (of: Holder): Promise<Standing> =>
  registered(stage, of, { period: { from: at(-1_000), until: at(300 * DAY) } });

const opened = (): Promise<string> => application(client, 'electronic', 'means');
/** The certificate on the means was validated again, in an intake of its own where it is not given. */
async function validated(of: Holder, more: Json = { revocationStatus: 'revoked' }, own?: string): Promise<string> {
  const scene = sceneOf({ application: own ?? (await opened()), authorized: of.human, means: of.means });
  return (await record(client, scene, [certificate(of.means, more)]))[0]!;
}
const report = (means: string, check: string, key?: string): Promise<Answer> =>
  client.command(`/v1/means/${means}/certificate-revocations`, { check }, key);
const meansOf = async ({ means }: Holder): Promise<Json> => having(await client.get(`/v1/means/${means}`), 200).body;

async function renew(of: Holder, more: Json = {}): Promise<Answer> {
  const own = await application(client, 'electronic', 'renewal');
  const scene = sceneOf({ application: own, authorized: of.human, means: of.means });
  const [valid] = await record(client, scene, [certificate(of.means, more)]);
  const delivery = await delivered(client, scene, of.means, { form: 'registeredLetter', addressValidated: true });
  return client.command(`/v1/means/${of.means}/renewals`, {
    application: own,
    checks: [valid, delivery],
    acceptLower: true,
  });
}

describe('a certificate that was revoked where it was issued', () => {
  it('ends the use of its means at once, and a renewal with another brings it back (SIG-01)', async () => {
    const of = await cardHolder();
    const on = await authorized(of);
    expect(await asks(network, stage, on)).toMatchObject({ decision: true });
    const key = freshKey();
    const check = await validated(of);
    const answer = having(await report(of.means, check, key), 200);
    expect(answer.body).toMatchObject({ status: 'active', stork: 4, certificateRevoked: true });
    expect(await asks(network, stage, on)).toMatchObject({
      decision: false,
      context: { reasons: [{ code: 'means-not-active' }] },
    });
    const { position: _position, ...shown } = answer.body;
    expect(await meansOf(of)).toEqual(shown);
    const again = await report(of.means, check, key);
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([200, 'true', answer.body]);
    const levels = await client.ask('/v1/levels/_search', { authorization: on.id });
    expect(having(levels, 200).body).toMatchObject({ items: [{ level: null, reasons: ['means-not-active'] }] });
    const renewed = having(await renew(of), 200).body;
    expect(renewed).not.toHaveProperty('certificateRevoked');
    expect(renewed).not.toHaveProperty('certificateEndsAt');
    expect(await asks(network, stage, on)).toMatchObject({ decision: true });
  });

  it('leaves no level to what would be registered on its means (SIG-01)', async () => {
    const of = await cardHolder();
    having(await report(of.means, await validated(of)), 200);
    const attempt = await walk(stage, {
      scene: { authorized: of.human, means: of.means },
      checks: onPaperAt3,
      body: { aimedLevel: 'EH3', scope: { services: [DUO] } },
    });
    expect([attempt.answer.status, codesOf(attempt.answer)]).toEqual([
      409,
      expect.arrayContaining(['level-not-reached']),
    ]);
  });

  it('is recorded of a revoked means as well: the leg at the certification service provider (PI4, REV-03)', async () => {
    const of = await cardHolder();
    await revokeByHolder(client, of, { means: of.means });
    const answer = having(await report(of.means, await validated(of)), 200);
    expect(answer.body).toMatchObject({ status: 'revoked', certificateRevoked: true });
  });

  it('is recorded once: the same check changes nothing, another one is refused', async () => {
    const of = await cardHolder();
    const check = await validated(of);
    having(await report(of.means, check), 200);
    const before = await stage.suite.heads();
    having(await report(of.means, check), 200);
    expect((await stage.suite.heads()).events).toBe(before.events);
    const other = await report(of.means, await validated(of));
    expect([other.status, codesOf(other)]).toEqual([409, ['certificate-revoked-already']]);
  });

  it('has to be that of the means, as it has it now, by a check that says so', async () => {
    const of = await cardHolder();
    const early = await validated(of);
    const before = await stage.suite.heads();
    const good = await report(of.means, await validated(of, {}));
    expect([good.status, codesOf(good)]).toEqual([409, ['certificate-not-revoked']]);
    expect(await refusalRecord(stage.suite, before.records, good)).toMatchObject({
      ...{ command: 'ReportCertificateRevoked', object: 'means' },
    });
    having(await renew(of), 200);
    const former = await report(of.means, early);
    expect([former.status, codesOf(former)]).toEqual([409, ['certificate-not-revoked']]);
    const another = await report((await cardHolder()).means, early);
    expect([another.status, another.body['errors']]).toMatchObject([
      400,
      [{ code: 'check-not-in-dossier', pointer: '/check' }],
    ]);
    const nobody = '00000000-0000-4000-8000-000000000000';
    const unknown = await report(of.means, nobody);
    expect([unknown.status, codesOf(unknown)]).toEqual([400, ['unknown-check']]);
    const applied = await client.command('/v1/means', {
      application: await application(client, 'electronic', 'means'),
      ...{ holder: of.human.id, product: 'certificate-card', aimedStork: 4 },
    });
    const fresh = { ...of, means: having(applied, 201).body['id'] as string };
    const none = await report(fresh.means, await validated(fresh));
    expect([none.status, codesOf(none)]).toEqual([409, ['means-not-issued']]);
  });
});

describe('of several cards the one of now', () => {
  const [old, next] = ['0a'.repeat(32), '0b'.repeat(32)];
  const revoked = { revocationStatus: 'revoked' };

  it('is not ended by the revocation of the one before, which comes late and says which it is (SIG-01)', async () => {
    const of = await cardHolder({ fingerprint: old });
    const on = await authorized(of);
    having(await renew(of, { fingerprint: next }), 200);
    const former = await report(of.means, await validated(of, { ...revoked, fingerprint: old }));
    expect([former.status, former.body['errors']]).toMatchObject([
      409,
      [{ code: 'certificate-not-revoked', pointer: '/check' }],
    ]);
    expect(await asks(network, stage, on)).toMatchObject({ decision: true });
    const its = await report(of.means, await validated(of, { ...revoked, fingerprint: next }));
    expect(having(its, 200).body).toMatchObject({ certificateRevoked: true });
    expect(await asks(network, stage, on)).toMatchObject({ decision: false });
  });

  it('is not ended by a case of before it that does not say which (SIG-01)', async () => {
    const of = await cardHolder({ fingerprint: old });
    const before = await opened();
    memory.pass(1);
    having(await renew(of), 200);
    const former = await report(of.means, await validated(of, revoked, before));
    expect([former.status, codesOf(former)]).toEqual([409, ['certificate-not-revoked']]);
    having(await report(of.means, await validated(of)), 200);
  });

  it('rests no more on one that was recorded as revoked (SIG-01)', async () => {
    const of = await cardHolder({ fingerprint: old });
    const on = await authorized(of);
    having(await report(of.means, await validated(of, { ...revoked, fingerprint: old })), 200);
    const before = await stage.suite.heads();
    const back = await renew(of, { fingerprint: old });
    expect([back.status, back.body['errors']]).toMatchObject([
      409,
      [{ code: 'certificate-recorded-as-revoked', pointer: '/checks' }],
    ]);
    expect(await refusalRecord(stage.suite, before.records, back)).toMatchObject({
      ...{ command: 'RenewMeans', object: 'means' },
    });
    expect(await asks(network, stage, on)).toMatchObject({ decision: false });
    having(await renew(of, { fingerprint: next }), 200);
    expect(await asks(network, stage, on)).toMatchObject({ decision: true });
    expect(codesOf(await renew(of, { fingerprint: old }))).toEqual(['certificate-recorded-as-revoked']);
  });

  it('is the same one where it is renewed on the same certificate: what ends that ends it (MEANS-PKIO)', async () => {
    const validUntil = at(30 * DAY);
    const of = await cardHolder({ fingerprint: old, validUntil });
    expect(having(await renew(of, { fingerprint: old }), 200).body).toMatchObject({ certificateEndsAt: validUntil });
    having(await report(of.means, await validated(of, { ...revoked, fingerprint: old })), 200);
    expect(codesOf(await renew(of, { fingerprint: old }))).toEqual(['certificate-recorded-as-revoked']);
  });

  it('is upgraded with the certificate that is on it, and with no other (MEANS-PKIO)', async () => {
    const human = await person(client);
    const scene = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const low = { personal: true, qualified: false };
    const { means, answer } = await issueCard(client, scene, { fingerprint: old, ...low });
    expect(having(answer, 200).body).toMatchObject({ stork: 3 });
    await activate(client, means);
    const upgrade = async (fingerprint: string): Promise<Answer> => {
      const own = await application(client, 'electronic', 'upgrade');
      const mine = sceneOf({ application: own, authorized: human, means });
      const valid = await record(client, mine, [certificate(means, { fingerprint })]);
      return client.command(`/v1/means/${means}/upgrades`, { application: own, checks: valid, aimedStork: 4 });
    };
    const other = await upgrade(next);
    expect([other.status, other.body['errors']]).toMatchObject([
      409,
      [{ code: 'certificate-of-another-token', pointer: '/checks' }],
    ]);
    expect(having(await upgrade(old), 200).body).toMatchObject({ stork: 4 });
  });

  it('says since when it is revoked only where it is', async () => {
    const of = await cardHolder();
    const body = {
      ...{ type: 'pkiOverheidCertificate', application: await opened(), about: { means: of.means } },
      ...{ subject: of.human.id, personal: true, qualified: true, chainComplete: true, revocationStatus: 'good' },
      ...{ performedAt: at(0), performedBy: { clerk: 'clerk-17' }, source: { name: 'csp', reference: 'v-1' } },
    };
    const answer = await client.command('/v1/checks', { ...body, revokedAt: at(0) });
    expect(answer.status).toBe(400);
    expect((answer.body['errors'] as Json[]).map(({ pointer }) => pointer)).toEqual(['/revokedAt']);
  });

  it('says which it is in one way alone', async () => {
    const of = await cardHolder();
    for (const fingerprint of [old.toUpperCase(), old.slice(2), 'serial-123', '']) {
      const body = {
        ...{ type: 'pkiOverheidCertificate', application: await opened(), about: { means: of.means } },
        ...{ subject: of.human.id, personal: true, qualified: true, chainComplete: true, ...revoked, fingerprint },
        ...{ performedAt: at(0), performedBy: { clerk: 'clerk-17' }, source: { name: 'csp', reference: 'v-1' } },
      };
      const answer = await client.command('/v1/checks', body);
      expect(answer.status).toBe(400);
      expect(new Set((answer.body['errors'] as Json[]).map(({ pointer }) => pointer))).toEqual(
        new Set(['/fingerprint']),
      );
    }
  });
});

describe('whose certificate it is', () => {
  it('ends no means whose product is none, whatever was validated (MEANS-PKIO)', async () => {
    const of = await holder(client, 3);
    const on = await authorized(of);
    const before = await stage.suite.heads();
    const answer = await report(of.means, await validated(of));
    expect([answer.status, codesOf(answer)]).toEqual([409, ['means-without-certificate']]);
    expect(await refusalRecord(stage.suite, before.records, answer)).toMatchObject({
      ...{ command: 'ReportCertificateRevoked', object: 'means' },
    });
    expect(await asks(network, stage, on)).toMatchObject({ decision: true });
  });

  it('ends no means of another than it names (MEANS-PKIO)', async () => {
    const of = await cardHolder();
    const on = await authorized(of);
    const another = await person(client);
    const answer = await report(of.means, await validated(of, { revocationStatus: 'revoked', subject: another.id }));
    expect([answer.status, answer.body['errors']]).toMatchObject([
      409,
      [{ code: 'certificate-of-another-person', pointer: '/check' }],
    ]);
    const both = await report(of.means, await validated(of, { subject: another.id }));
    expect([both.status, codesOf(both)]).toEqual([409, ['certificate-of-another-person', 'certificate-not-revoked']]);
    expect(await asks(network, stage, on)).toMatchObject({ decision: true });
  });

  it('is his under whichever of his records (MEANS-ID2-ii.b)', async () => {
    const twin = { familyName: 'Kaarthouder', givenNames: 'Specimen', birthDate: '1979-05-06', birthPlace: 'Teststad' };
    const of = await cardHolder({}, twin);
    const record2 = await person(client, twin);
    const named = await validated(of, { revocationStatus: 'revoked', subject: record2.id });
    const apart = await report(of.means, named);
    expect([apart.status, codesOf(apart)]).toEqual([409, ['certificate-of-another-person']]);
    having(await client.command(`/v1/persons/${record2.id}/links`, { to: of.human.id, same: true }), 200);
    expect(having(await report(of.means, named), 200).body).toMatchObject({ certificateRevoked: true });
  });
});

describe('the leg of a revocation at the certification service provider', () => {
  const PATH = '/v1/revocation-requests';
  const HOUR = 3_600_000;

  /** A suite of its own, whose clock is moved; with an agreement about four hours where `agreed` is given. */
  async function on<Result>(
    agreed: number | undefined,
    work: (own: MemorySuite, supplier: Client) => Promise<Result>,
  ): Promise<Result> {
    const own = await startMemorySuite(agreed === undefined ? {} : { certificateRevocation: agreed });
    const shared = client;
    try {
      client = await own.client('supplier');
      return await work(own, client);
    } finally {
      client = shared;
      await own.end();
    }
  }
  const metrics = async ({ url }: MemorySuite): Promise<string> => (await fetch(`${url}/metrics`)).text();
  const certificatesOn = async (supplier: Client, after: unknown): Promise<readonly Json[]> => {
    const list = having(await supplier.ask(`${PATH}/_search`, { order: 'due', after }), 200).body['items'];
    return (list as readonly Json[]).filter(({ certificate: leg }) => leg !== undefined);
  };
  /** It was validated again by the register's own clock, and was revoked. */
  async function seenRevoked(own: MemorySuite, supplier: Client, of: Holder, more: Json = {}): Promise<string> {
    const intake = { channel: 'electronic', medium: 'other', purposes: ['means'], receivedAt: own.backbone.now() };
    const again = having(await supplier.command('/v1/applications', intake), 201).body['id'] as string;
    const scene = sceneOf({ application: again, authorized: of.human, means: of.means });
    const fact = await certificate(of.means, { revocationStatus: 'revoked', ...more })(scene, supplier);
    return recordOne(supplier, again, { ...fact, performedAt: own.backbone.now() });
  }
  /** By its holder, logged in; the certificate goes on where it was issued. */
  async function revoked(of: Holder): Promise<Json> {
    const own = await application(client, 'electronic', 'revocation');
    const scene = sceneOf({ application: own, submitter: of.human });
    const body = {
      ...{ application: own, object: { means: of.means } },
      requester: { role: 'authorizedParty', person: of.human.id },
      checks: await record(client, scene, [loginWith('submitter', 'EH4', of.means)]),
    };
    return having(await client.command(PATH, body), 201).body;
  }

  it.each([
    ['at once where nothing was agreed', undefined, 15 * MINUTE],
    ['as long as the provider agreed to', 4 * HOUR, 4 * HOUR],
  ])(
    'has %s from the receipt on, on the work list, in the figures and in the report (PI4, REV-03)',
    async (_how, agreed, time) => {
      await on(agreed, async (own, supplier) => {
        const of = await cardHolder();
        const done = await revoked(of);
        expect(done).toMatchObject({ status: 'effected', breached: false, flags: ['revoke-certificate-at-csp'] });
        const receivedAt = Date.parse(done['receivedAt'] as string);
        const dueAt = new Date(receivedAt + time).toISOString();
        expect(await certificatesOn(supplier, done['position'])).toMatchObject([
          { id: done['id'], status: 'effected', certificate: { means: of.means, dueAt } },
        ]);
        const reportOf = async (after: unknown): Promise<Json> => {
          const period = { from: done['receivedAt'], until: new Date(receivedAt + DAY).toISOString(), after };
          return having(await supplier.ask('/v1/revocation-report', period), 200).body;
        };
        const figureOf = ({ figures }: Json): Json | undefined =>
          (figures as readonly Json[]).find(({ object }) => object === 'certificate');
        expect(figureOf(await reportOf(done['position']))).toMatchObject({
          ...{ level: 'EH4', channel: 'electronic', received: 1, accepted: 1, effected: 0, breached: 0 },
        });
        own.pass(time + MINUTE);
        expect(await certificatesOn(supplier, undefined)).toMatchObject([{ certificate: { deadline: 'passed' } }]);
        expect(await metrics(own)).toMatch(
          /^waarborg_revocation_requests_open\{[^}]*object="certificate"[^}]*deadline="passed"[^}]*\} 1$/mu,
        );
        const late = await reportOf(undefined);
        expect(figureOf(late)).toMatchObject({ breached: 1 });
        expect(late['breaches']).toMatchObject([{ id: done['id'], object: 'certificate', dueAt }]);

        // The validation says when it was seen that it had been revoked: by then it was late.
        const check = await seenRevoked(own, supplier, of);
        const met = having(await report(of.means, check), 200).body;
        expect(await certificatesOn(supplier, met['position'])).toEqual([]);
        expect(figureOf(await reportOf(met['position']))).toMatchObject({ effected: 1, accepted: 0, breached: 1 });
        await until('it is counted', async () =>
          /^waarborg_revocation_breaches_total\{[^}]*object="certificate"[^}]*\} 1$/mu.test(await metrics(own)),
        );
      });
    },
  );

  it('is in time by when the provider revoked it, whenever somebody looks (PI4, REV-06)', async () => {
    await on(undefined, async (own, supplier) => {
      const [of, lay] = [await cardHolder(), await cardHolder()];
      const done = await revoked(of);
      const late = await revoked(lay);
      const receivedAt = Date.parse(done['receivedAt'] as string);
      own.pass(DAY);
      const after = (milliseconds: number) => ({ revokedAt: new Date(receivedAt + milliseconds).toISOString() });
      having(await report(of.means, await seenRevoked(own, supplier, of, after(10 * MINUTE))), 200);
      const met = having(await report(lay.means, await seenRevoked(own, supplier, lay, after(HOUR))), 200).body;
      const period = { from: done['receivedAt'], until: own.backbone.now(), after: met['position'] };
      const shown = having(await supplier.ask('/v1/revocation-report', period), 200).body;
      const certificates = (list: unknown) =>
        (list as readonly Json[]).filter(({ object }) => object === 'certificate');
      expect(certificates(shown['figures'])).toMatchObject([{ received: 2, effected: 2, breached: 1 }]);
      expect(certificates(shown['breaches'])).toMatchObject([
        { id: late['id'], ...{ effectedAt: after(HOUR).revokedAt } },
      ]);
    });
  });

  it('is over once the certificate has ended by itself: nothing is left to be revoked (PI4)', async () => {
    await on(4 * HOUR, async (own, supplier) => {
      const endsAt = new Date(Date.parse(own.backbone.now()) + HOUR).toISOString();
      const done = await revoked(await cardHolder({ validUntil: endsAt }));
      expect(await certificatesOn(supplier, done['position'])).toMatchObject([{ certificate: { deadline: 'ahead' } }]);
      own.pass(HOUR);
      expect(await certificatesOn(supplier, undefined)).toEqual([]);
      expect(await metrics(own)).not.toMatch(/^waarborg_revocation_requests_open\{[^}]*object="certificate"/mu);
      own.pass(DAY);
      const period = { from: done['receivedAt'], until: own.backbone.now() };
      const { figures } = having(await supplier.ask('/v1/revocation-report', period), 200).body;
      expect((figures as readonly Json[]).filter(({ object }) => object === 'certificate')).toMatchObject([
        { received: 1, accepted: 0, effected: 1, breached: 0 },
      ]);
    });
  });

  it('is seen while its letter waits: the list goes by the earlier of both (PI4, REV-09)', async () => {
    await on(4 * HOUR, async (own, supplier) => {
      const [lower, of] = [await holder(client, 3), await cardHolder()];
      const letter = async ({ human, means }: Holder): Promise<Json> => {
        const body = {
          ...{ application: await application(client, 'nonElectronic', 'revocation'), object: { means }, checks: [] },
          requester: { role: 'authorizedParty', person: human.id },
        };
        return having(await supplier.command(PATH, body), 201).body;
      };
      const [before, waits] = [await letter(lower), await letter(of)];
      expect(before).not.toHaveProperty('certificateDueAt');
      const certificateDueAt = new Date(Date.parse(waits['receivedAt'] as string) + 4 * HOUR).toISOString();
      expect(waits).toMatchObject({ status: 'received', certificateDueAt });
      const listed = async (more: Json): Promise<readonly Json[]> =>
        having(await supplier.ask(`${PATH}/_search`, { order: 'due', ...more }), 200).body['items'] as readonly Json[];
      const ids = (await listed({ after: waits['position'] })).map(({ id }) => id);
      expect(ids).toEqual([waits['id'], before['id']]);
      own.pass(4 * HOUR + MINUTE);
      const passed = await listed({ dueBefore: own.backbone.now() });
      expect(passed).toMatchObject([{ id: waits['id'], deadline: 'passed', certificateDueAt }]);
      expect(await metrics(own)).toMatch(/^waarborg_revocation_next_deadline_seconds -6\d/mu);
      // The letter itself is in time: its own deadline is a working day.
      const { figures } = having(
        await supplier.ask('/v1/revocation-report', { from: before['receivedAt'], until: own.backbone.now() }),
        200,
      ).body;
      expect(figures).toMatchObject([
        { level: 'EH3', waiting: 1, breached: 0 },
        { level: 'EH4', waiting: 1, breached: 0 },
      ]);
      // What happens to the certificate meanwhile is followed.
      await report(of.means, await seenRevoked(own, supplier, of));
      await until('nothing would be left', async () => {
        const shown = having(await supplier.get(`${PATH}/${String(waits['id'])}`), 200).body;
        return !('certificateDueAt' in shown) && shown['deadline'] !== 'passed';
      });
    });
  });

  it('is over with the validation that says so, in time (PI4)', async () => {
    const of = await cardHolder();
    const done = await revoked(of);
    const leg = async (after: unknown) =>
      (await certificatesOn(client, after)).filter(({ id }) => id === done['id']).map((one) => one['certificate']);
    expect(await leg(done['position'])).toMatchObject([{ means: of.means, deadline: 'ahead' }]);
    const items = async (status: string): Promise<readonly Json[]> => {
      const asked = { order: 'due', status, limit: 100, after: done['position'] };
      return having(await client.ask(`${PATH}/_search`, asked), 200).body['items'] as readonly Json[];
    };
    const open = await items('effected');
    expect(open.filter(({ id }) => id === done['id'])).toMatchObject([{ status: 'effected', certificate: {} }]);
    expect(open.filter(({ status, certificate: one }) => status !== 'effected' || one === undefined)).toEqual([]);
    for (const status of ['received', 'accepted'])
      expect((await items(status)).filter((one) => one['status'] !== status)).toEqual([]);
    const shown = async (): Promise<Json> => having(await client.get(`${PATH}/${String(done['id'])}`), 200).body;
    expect(await shown()).toMatchObject({ certificates: await leg(done['position']) });
    const met = having(await report(of.means, await validated(of)), 200).body;
    expect(await leg(met['position'])).toEqual([]);
    expect(await shown()).toMatchObject({ certificates: [], flags: done['flags'] });
  });

  it('is none where nothing is left to be revoked: no flag says that there is (PI4)', async () => {
    const of = await cardHolder();
    having(await report(of.means, await validated(of)), 200);
    const own = await application(client, 'electronic', 'revocation');
    const other = await holder(client, 3, of.human);
    const scene = sceneOf({ application: own, submitter: of.human });
    const body = {
      ...{ application: own, object: { means: of.means } },
      requester: { role: 'authorizedParty', person: of.human.id },
      checks: await record(client, scene, [loginWith('submitter', 'EH3', other.means)]),
    };
    const done = having(await client.command(PATH, body), 201).body;
    expect(done).toMatchObject({ status: 'effected', level: 'EH4', flags: [] });
    expect((await certificatesOn(client, done['position'])).filter(({ id }) => id === done['id'])).toEqual([]);
  });
});

describe('a certificate that ends by itself', () => {
  it('has ended already where it no longer counts (MEANS-PKIO)', async () => {
    const human = await person(client);
    const of = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const { answer } = await issueCard(client, of, { validUntil: at(-MINUTE) });
    expect(having(answer, 200).body).toMatchObject({ stork: 3 });
    expect(JSON.stringify(answer.body['aspects'])).toContain('certificate-expired');
  });

  it('caps each yes, and ends the use of the means, which a login proves nothing with then (SIG-01, PROOF-06)', async () => {
    const validUntil = at(DAY);
    const of = await cardHolder({ validUntil });
    expect(await meansOf(of)).toMatchObject({ certificateEndsAt: validUntil });
    const on = await authorized(of);
    expect(await asks(network, stage, on)).toMatchObject({ decision: true, context: { validUntil } });
    memory.pass(DAY);
    expect(await asks(network, stage, on)).toMatchObject({
      decision: false,
      context: { reasons: [{ code: 'means-not-active' }] },
    });
    const own = await application(client, 'electronic', 'revocation');
    const scene = sceneOf({ application: own, submitter: of.human });
    const asked = await client.command('/v1/revocation-requests', {
      ...{ application: own, object: { authorization: on.id } },
      requester: { role: 'authorizedParty', person: of.human.id },
      checks: await record(client, scene, [loginWith('submitter', 'EH4', of.means)]),
    });
    expect(having(asked, 201).body).toMatchObject({ status: 'refused', codes: ['requester-not-identified'] });
  });
});
