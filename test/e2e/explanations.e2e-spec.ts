import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streamId, type DomainEvent } from '#libs/kernel';
import { authorizationDecider } from '#libs/domain';
import { ruleSetVersions } from '#libs/scheme';
import type { Json } from './support/api.js';
import { paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { client, faultsOf, having, type Answer, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { nextMoment } from './support/next-moment.js';

/** Why something has its level, or was answered so (ARCH-14, interfaces.md §2). */

const REASON = 'Why is this EH3?';
const HOUR = 3_600_000;

interface Row {
  readonly row: string;
  readonly rule: string;
  readonly checks: readonly string[];
}
interface Decision extends Json {
  readonly aspects: readonly { readonly aspect: string; readonly score: number; readonly rows: readonly Row[] }[];
  readonly checks: readonly {
    readonly check: Json;
    readonly type: string;
    readonly counts: boolean;
    readonly joined: boolean;
    readonly record: Json;
  }[];
  readonly differences: readonly { readonly member: string; readonly recorded: string; readonly judgedAgain: string }[];
  readonly recorded: Json;
  readonly judgedAgain: Json | null;
  readonly obstacles: readonly Json[];
}
interface Explanation extends Json {
  readonly decision: Decision;
  readonly means?: Explanation;
  readonly level?: Json;
}

describe('explanations', () => {
  let suite: MemorySuite;
  let supplier: Client;
  let auditor: Client;
  let case1: PaperCase;
  let means: IssuedMeans;
  let authorization: Json;
  let issuedAt: string;

  const iso = (): string => suite.backbone.now();
  /** Nothing else is recorded in the millisecond of what was recorded last. */
  const later = (): Promise<void> => nextMoment(suite.backbone);
  const explain = (kind: string, id: unknown, body: Json = {}): Promise<Answer> =>
    auditor.ask(`/v1/explanations/${kind}/${String(id)}`, { reason: REASON, ...body });
  const explained = async (kind: string, id: unknown, body: Json = {}): Promise<Explanation> =>
    having(await explain(kind, id, body), 200).body as Explanation;
  const rowsOf = ({ aspects }: Decision): readonly Row[] => aspects.flatMap(({ rows }) => rows);

  beforeAll(async () => {
    suite = await startMemorySuite();
    [supplier, auditor] = await Promise.all([suite.client('supplier'), suite.client('auditor')]);
    case1 = await paperCase(supplier);
    means = await case1.means();
    issuedAt = iso();
    await later();
    authorization = await case1.authorize(means.id);
    await later();
  });
  afterAll(() => suite.end());

  describe('of an authorization', () => {
    it('show every row of its level, the checks that earn it and where these are on record (ARCH-14)', async () => {
      const { decision, level, status } = await explained('authorizations', authorization['id']);
      expect({ level, status }).toEqual({
        level: { level: 'EH3', eidas: 'substantial', reasons: [] },
        status: 'active',
      });
      expect(decision.recorded).toMatchObject({
        ...{ scores: authorization['scores'], rows: authorization['rows'], m: 3, eh: 'EH3' },
      });
      expect(decision.judgedAgain).toEqual(decision.recorded);
      expect([decision.differences, decision.obstacles]).toEqual([[], []]);
      const rows = authorization['rows'] as Record<string, readonly string[]>;
      for (const { aspect, rows: shown } of decision.aspects) {
        const earned = rows[aspect];
        if (earned === undefined) {
          // What the register does itself is in its profile.
          expect([aspect, shown.length, shown.flatMap(({ checks }) => checks)]).toEqual([aspect, 1, []]);
          continue;
        }
        expect([aspect, shown.map(({ row }) => row)]).toEqual([aspect, earned]);
        for (const { row, rule, checks } of shown) {
          expect([row, rule.length > 20, checks.length > 0]).toEqual([row, true, true]);
        }
      }
      const known = new Map(decision.checks.map((one) => [one.check['id'] as string, one]));
      expect([...known.keys()].sort()).toEqual([...(authorization['checks'] as string[])].sort());
      for (const id of rowsOf(decision).flatMap(({ checks }) => checks)) expect(known.get(id)?.counts).toBe(true);
      for (const [id, { record }] of known) {
        const [stored] = await suite.stores.events.readStream(streamId('check', id));
        expect(record).toEqual({
          ...{ event: stored!.id, type: 'CheckRecorded', stream: `check-${id}`, revision: 0 },
          ...{ position: String(stored!.position), recordedAt: stored!.recordedAt },
        });
      }
    });

    it('show with a row the checks of whom it is about, and of nobody else (ARCH-14)', async () => {
      const own = await paperCase(supplier);
      const its = await own.means();
      const granted = await own.authorize(its.id);
      const { decision } = await explained('authorizations', granted['id']);
      const earning = (aspect: string): readonly string[] =>
        decision.aspects
          .filter((one) => one.aspect === aspect)
          .flatMap(({ rows }) => rows.flatMap(({ checks }) => checks));
      const about = new Map(decision.checks.map(({ check }) => [check['id'] as string, check['about'] as Json]));
      const subjects = (aspect: string): readonly unknown[] => [
        ...new Set(earning(aspect).map((id) => about.get(id)!['person'] ?? about.get(id)!['party'])),
      ];
      expect(subjects('IO')).toEqual([own.director.id]);
      expect(subjects('IG')).toEqual([own.employee.id]);
      expect(subjects('IA')).toEqual([own.party]);
      expect(subjects('IV')).not.toContain(own.employee.id);
      expect(subjects('IV')).toContain(own.director.id);
    });

    it('show the means as the other half of its level', async () => {
      const { means: half } = await explained('authorizations', authorization['id']);
      expect(half).toMatchObject({ id: means.id, stork: 3, decision: { differences: [], obstacles: [] } });
      expect(half!.decision.recorded).toMatchObject({ scores: means.body['scores'], rows: means.body['rows'] });
      const [id] = half!.decision.aspects.filter(({ aspect }) => aspect === 'ID');
      expect(id!.rows.flatMap(({ checks }) => checks).length).toBeGreaterThan(0);
      expect(await explained('means', means.id)).toMatchObject({
        ...{ id: means.id, stork: 3, status: 'active', decision: half!.decision },
      });
    });

    it('stay the same whatever comes on record after the decision', async () => {
      const own = await paperCase(supplier);
      const granted = await own.authorize((await own.means()).id);
      await later();
      const { at: _at, reading: _reading, ...before } = await explained('authorizations', granted['id']);
      // Adverse, in the same application, about a document of the dossier: a new decision would stumble over it.
      await own.desk.check(
        own.application,
        {
          type: 'idDocumentStatus',
          about: { person: own.director.id },
          document: own.director.document,
          status: 'reported',
          source: { name: 'stolen-document-register', reference: 'enquiry-later-1' },
        },
        0,
      );
      await later();
      const { at: _now, reading: _another, ...after } = await explained('authorizations', granted['id']);
      expect(after['decision']).toEqual(before['decision']);
    });

    it('are of the moment that is named: what it was then, and what it could be used at', async () => {
      const own = await paperCase(supplier);
      const its = await own.means();
      const granted = await own.authorize(its.id);
      const then = iso();
      await later();
      const leaving = await own.revocation({ authorization: granted['id'] }, its.id);
      having(await supplier.command('/v1/revocation-requests', leaving), 201);
      const now = await explained('authorizations', granted['id']);
      expect(now).toMatchObject({ status: 'revoked', level: { level: null, reasons: ['authorization-revoked'] } });
      const before = await explained('authorizations', granted['id'], { at: then });
      expect(before).toMatchObject({ at: then, status: 'active', level: { level: 'EH3', reasons: [] } });
      expect(before.decision).toEqual(now.decision);
    });

    it('judge by other rules where these are named, and say by which it was judged', async () => {
      for (const ruleSet of ruleSetVersions) {
        const { decision } = await explained('authorizations', authorization['id'], { ruleSet });
        expect(decision).toMatchObject({ recordedRuleSet: authorization['ruleSet'], ruleSet, obstacles: [] });
        expect(decision.judgedAgain).not.toBeNull();
      }
    });

    it('say where what was recorded is not what comes of its checks', async () => {
      const { history } = await suite.backbone.commands.load(
        authorizationDecider,
        streamId('authorization', authorization['id'] as string),
      );
      const { data } = history[0]!;
      const id = '5b0f1c7e-2a0e-4c57-9d35-0c3a9b1f2d44';
      // As if somebody had written it past every rule: a level that its checks do not carry.
      const forged = { ...data, authorization: id, m: 4, eh: 'EH4', scores: { ...scoresOf(data), IO: 4 } };
      await suite.record('authorization', id, { type: 'AuthorizationRegistered', data: forged } as DomainEvent);
      const { decision } = await explained('authorizations', id);
      expect(decision.differences).toEqual(
        expect.arrayContaining([
          { member: 'm', recorded: '4', judgedAgain: '3' },
          { member: 'eh', recorded: '"EH4"', judgedAgain: '"EH3"' },
          { member: 'scores.IO', recorded: '4', judgedAgain: '3' },
        ]),
      );
      expect(decision.recorded).toMatchObject({ m: 4, eh: 'EH4' });
      expect(decision.judgedAgain).toMatchObject({ m: 3, eh: 'EH3' });
    });

    it('say that it can not be judged again where somebody that it names is not on record', async () => {
      const { history } = await suite.backbone.commands.load(
        authorizationDecider,
        streamId('authorization', authorization['id'] as string),
      );
      const id = '6b0f1c7e-2a0e-4c57-9d35-0c3a9b1f2d44';
      const submitter = { person: '7b0f1c7e-2a0e-4c57-9d35-0c3a9b1f2d44', role: 'legalRepresentative' };
      const forged = { ...history[0]!.data, authorization: id, submitter };
      await suite.record('authorization', id, {
        type: 'AuthorizationRegistered',
        data: forged,
      } as unknown as DomainEvent);
      const { decision } = await explained('authorizations', id);
      const obstacles = [{ code: 'unknown-person', detail: 'The person is unknown' }];
      expect(decision).toMatchObject({ judgedAgain: null, obstacles, differences: [] });
      const page = await fetch(`${suite.url}/v1/explanations/authorizations/${id}`, {
        method: 'POST',
        headers: {
          ...{ authorization: `Bearer ${auditor.token}`, 'content-type': 'application/json' },
          ...{ accept: 'text/html', 'accept-language': 'nl' },
        },
        body: JSON.stringify({ reason: REASON }),
      });
      expect(await page.text()).toContain('De persoon is onbekend (<code>unknown-person</code>)');
      // What is shown then is what was recorded.
      expect(rowsOf(decision).length).toBeGreaterThan(0);
      expect(decision.checks.length).toBe((authorization['checks'] as string[]).length);
    });
  });

  describe('of a means', () => {
    it('say of one that was only applied for that nothing was judged', async () => {
      const own = await paperCase(supplier);
      const applied = having(
        await supplier.command('/v1/means', {
          ...{ application: own.application, holder: own.employee.id, product: 'password-sms', aimedStork: 3 },
        }),
        201,
      ).body;
      const answer = await explained('means', applied['id']);
      expect(answer).toMatchObject({ status: 'applied', stork: null });
      expect(answer).not.toHaveProperty('decision');
      const identified = { checks: own.ofEmployee };
      having(await supplier.command(`/v1/means/${String(applied['id'])}/identifications`, identified), 200);
      const { decision, stork } = await explained('means', applied['id']);
      expect([stork, decision.differences, decision.obstacles]).toEqual([null, [], []]);
      expect(decision.aspects.map(({ aspect }) => aspect)).toEqual(['ID']);
    });
  });

  describe('of a decision at use', () => {
    let network: Client;
    beforeAll(async () => (network = await suite.client('network')));
    const decided = async (body: unknown, path = '/access/v1/evaluation'): Promise<Json> =>
      having(await network.ask(path, body), 200).body;
    interface Answers extends Json {
      readonly unread: readonly Json[];
      readonly answers: readonly (Json & {
        readonly recorded: Json;
        readonly judgedAgain: Json;
        readonly differences: readonly { readonly member: string }[];
        readonly authorizations: readonly Explanation[];
        readonly means?: Explanation;
      })[];
    }
    const why = async (id: unknown, body: Json = {}): Promise<Answers> =>
      (await explained('decisions', id, body)) as unknown as Answers;
    const idOf = (answer: Json): unknown => (answer['context'] as Json)['id'];

    it('lead from the yes over its path to the rows and checks (ARCH-14)', async () => {
      const yes = await decided(question(means.pseudonym, case1.organization));
      expect(yes['decision']).toBe(true);
      await later();
      const { answers, use, kind } = await why(idOf(yes));
      expect({ use, kind, count: answers.length }).toEqual({ use: true, kind: 'decision', count: 1 });
      const [answer] = answers;
      expect(answer!.recorded).toEqual({
        ...{ decision: true, level: 'EH3', requiredLevel: 'EH3', reasons: [], path: [authorization['id']] },
      });
      expect(answer!.judgedAgain).toEqual(answer!.recorded);
      expect(answer!.differences).toEqual([]);
      expect(answer!.authorizations).toMatchObject([{ id: authorization['id'], means: { id: means.id } }]);
      expect(answer!['asked']).toMatchObject({ subject: means.pseudonym, organization: case1.organization });
    });

    it('judge on what the answer saw, whatever happened since; or on another moment, and are no use (USE-04)', async () => {
      const own = await paperCase(supplier);
      const its = await own.means();
      const granted = await own.authorize(its.id);
      const yes = await decided(question(its.pseudonym, own.organization));
      await later();
      having(
        await supplier.command(
          '/v1/revocation-requests',
          await own.revocation({ authorization: granted['id'] }, its.id),
        ),
        201,
      );
      await later();
      const before = await suite.stores.records.head();
      const [then] = (await why(idOf(yes))).answers;
      expect([then!.judgedAgain['decision'], then!.differences]).toEqual([true, []]);
      const [now] = (await why(idOf(yes), { at: iso() })).answers;
      expect(now!.judgedAgain).toMatchObject({ decision: false, reasons: ['authorization-revoked'] });
      expect(now!.differences.map(({ member }) => member).sort()).toEqual(['decision', 'level', 'reasons']);
      const { items } = await suite.stores.records.read(before, 10);
      expect(items.map(({ kind }) => kind)).toEqual(['reading', 'reading']);
    });

    it('show a no, with the means where no path leads to it, and every question of a call', async () => {
      const stranger = await decided(question(means.pseudonym, 'kvk:12345678'));
      const [no] = (await why(idOf(stranger))).answers;
      expect(no).toMatchObject({
        recorded: { decision: false, reasons: ['no-authorization'] },
        differences: [],
        authorizations: [],
        means: { id: means.id, stork: 3 },
      });
      const asked = question(means.pseudonym, case1.organization);
      const evaluations = [{}, { subject: { type: 'means', id: 'nobody' } }, { subject: 1 }];
      // As text: the contract has no such question.
      const several = await decided(JSON.stringify({ ...asked, evaluations }), '/access/v1/evaluations');
      const { answers, unread } = await why(idOf(several));
      // One that could not be read was not judged, and is shown with what was wrong.
      expect(answers.map(({ place, recorded, differences }) => [place, recorded['decision'], differences])).toEqual([
        [0, true, []],
        [1, false, []],
      ]);
      expect(unread).toEqual([
        {
          place: 2,
          faults: [{ pointer: '/evaluations/2/subject', code: 'wrong-type', detail: 'Wrong type' }],
        },
      ]);
    });

    it('are of a question of an auditor as of the moment that it named', async () => {
      const asked = question(means.pseudonym, case1.organization);
      const { body } = having(
        await auditor.ask('/access/v1/evaluation', { ...asked, context: { time: issuedAt } }),
        200,
      );
      expect(body['decision']).toBe(false);
      const { answers, kind, use } = await why(idOf(body));
      expect([kind, use]).toEqual(['reading', false]);
      expect(answers).toMatchObject([{ at: issuedAt, recorded: { reasons: ['no-authorization'] }, differences: [] }]);
    });

    it('are not of searches, refusals and other readings', async () => {
      const { body } = having(await auditor.ask('/v1/audit/means/_search', { reason: REASON }), 200);
      expect(having(await explain('decisions', body['reading']), 404).body['code']).toBe('no-such-decision');
      const search = await decided(
        { ...question(means.pseudonym, case1.organization), resource: { type: 'organization' } },
        '/access/v1/search/resource',
      );
      having(await explain('decisions', idOf(search)), 404);
    });
  });

  describe('every one of them', () => {
    const KINDS = ['authorizations', 'means', 'decisions'] as const;
    const ids: Record<(typeof KINDS)[number], string> = {} as never;
    beforeAll(async () => {
      const network = await suite.client('network');
      const yes = having(
        await network.ask('/access/v1/evaluation', question(means.pseudonym, case1.organization)),
        200,
      ).body;
      ids.authorizations = authorization['id'] as string;
      ids.means = means.id;
      ids.decisions = (yes['context'] as Json)['id'] as string;
      await later();
    });

    it.each(KINDS)('leaves a reading with who, why and what was shown: %s', async (kind) => {
      const before = await suite.stores.records.head();
      const { reading } = await explained(kind, ids[kind]);
      const { items } = await suite.stores.records.read(before, 10);
      const records = items.map(({ bytes }) => JSON.parse(bytes) as Json);
      expect(records).toMatchObject([
        {
          id: reading,
          kind: 'reading',
          actor: { clerk: expect.any(String) },
          data: {
            what: `explanations-${kind}`,
            reason: { sealed: expect.anything() },
            question: { id: ids[kind] },
            shown: expect.arrayContaining([ids[kind], means.id, case1.ofEmployee[0]]),
          },
        },
      ]);
      expect(JSON.stringify(records)).not.toContain(REASON);
    });

    it.each(KINDS)('refuses every fault at once, and leaves nothing on record: %s', async (kind) => {
      const before = await suite.stores.records.head();
      const path = `/v1/explanations/${kind}/${ids[kind]}`;
      const toCome = new Date(Date.parse(iso()) + HOUR).toISOString();
      const all = having(
        await auditor.send('POST', `${path}?after=1`, {
          body: { at: toCome, ruleSet: 'eh-0.9', because: 'x' },
        }),
        400,
      );
      expect(faultsOf(all)).toEqual([
        '/at instant-in-future',
        '/because unknown-member',
        '/reason required',
        '/ruleSet unknown-rule-set',
        'query /after unknown-member',
      ]);
      const faults = async (body: Json): Promise<readonly string[]> =>
        faultsOf(having(await auditor.ask(path, body), 400));
      expect(await faults({ reason: ' ', at: '2020-01-01T00:00:00Z' })).toEqual([
        '/at not-on-record-then',
        '/reason invalid-value',
      ]);
      expect(await faults({ reason: REASON, at: 'yesterday', ruleSet: 1 })).toEqual([
        '/at invalid-value',
        '/ruleSet wrong-type',
      ]);
      expect(await faults({ reason: 'x'.repeat(501), at: null })).toEqual(['/at wrong-type', '/reason invalid-value']);
      expect(await suite.stores.records.head()).toBe(before);
    });

    it.each(KINDS)('is of what there is only, for an auditor only: %s', async (kind) => {
      const before = await suite.stores.records.head();
      const nobody = having(await explain(kind, '0b0f1c7e-2a0e-4c57-9d35-0c3a9b1f2d44'), 404).body['code'];
      expect(nobody).toBe(
        { authorizations: 'no-such-registration', means: 'no-such-means', decisions: 'no-such-decision' }[kind],
      );
      expect(having(await explain(kind, 'x'), 404).body['code']).toBe('not-found');
      const path = `/v1/explanations/${kind}/${ids[kind]}`;
      for (const role of ['supplier', 'governance', 'network', 'operations'] as const) {
        expect([role, (await (await suite.client(role)).ask(path, { reason: REASON })).status]).toEqual([role, 403]);
      }
      having(await client(suite.url, '').ask(path, { reason: REASON }), 401);
      expect(await suite.stores.records.head()).toBe(before);
    });

    it.each(KINDS)('is a page for people as well, which loads nothing and needs nothing: %s', async (kind) => {
      const page = async (language: string): Promise<Response> =>
        fetch(`${suite.url}/v1/explanations/${kind}/${ids[kind]}`, {
          method: 'POST',
          headers: {
            ...{ authorization: `Bearer ${auditor.token}`, 'content-type': 'application/json' },
            ...{ accept: 'text/html', 'accept-language': language },
          },
          body: JSON.stringify({ reason: '<script>alert(1)</script>' }),
        });
      const before = await suite.stores.records.head();
      const response = await page('en');
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
      const html = await response.text();
      expect(html).not.toMatch(/<script|\ssrc=|\shref=|<link|\sstyle=|\son\w+=|alert\(1\)/);
      expect(html).toContain('<html lang="en">');
      // Who has the page read to him hears what stands beside each value.
      expect(html).not.toMatch(/<th[^>]*><\/th>/);
      for (const row of ['MEANS-ID3-v', 'CheckRecorded', `check-${case1.ofEmployee[0]!}`]) expect(html).toContain(row);
      const { items } = await suite.stores.records.read(before, 10);
      expect(items.map(({ kind: recorded }) => recorded)).toEqual(['reading']);
      expect(html).toContain(items[0]!.id);
      expect(await (await page('nl')).text()).toContain('<html lang="nl">');
    });
  });
});

const scoresOf = (data: object): Json => (data as { readonly scores: Json }).scores;
