import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, createHmac } from 'node:crypto';
import { streamId } from '#libs/kernel';
import { meansDecider } from '#libs/domain';
import { unless } from '#libs/testing';
import type { Json } from './support/api.js';
import { paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { client, faultsOf, having, type Answer, type Client } from './support/client.js';
import { operationsOf } from './support/contract.js';
import { itemsOf, listsOf, type List } from './support/lists.js';
import { startMemorySuite } from './support/memory-suite.js';
import { inOneProcess, startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

const REASON = 'Yearly sample';

let suite: TestSuite;
let supplier: Client;
let auditor: Client;
let case1: PaperCase;
let means: IssuedMeans;
let authorization: Json;
let audits: readonly List[];

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  auditor = client(
    suite.url,
    await suite.running.issuer.issue({ role: 'auditor', client: 'audit-desk', clerk: 'auditor-eva' }),
  );
  case1 = await paperCase(supplier);
  means = await case1.means();
  authorization = await case1.authorize(means.id);
  audits = listsOf(await operationsOf(suite.url)).filter(({ path }) => path.startsWith('/v1/audit/'));
  // Every list shows what was recorded so far.
  for (const { path } of audits)
    having(await auditor.ask(path, { reason: REASON, after: authorization['position'] }), 200);
});
afterAll(() => suite.end());

interface Recorded extends Json {
  readonly kind: string;
  readonly data: Json;
}
/** What the record log gained while `ask` was answered; the event log must have gained nothing. */
async function recordedBy(ask: () => Promise<Answer>): Promise<{ answer: Answer; records: readonly Recorded[] }> {
  const before = await suite.heads();
  const answer = await ask();
  expect((await suite.heads()).events).toBe(before.events);
  const page = await suite.running.open.stores.records.read(before.records, 100);
  return { answer, records: page.items.map(({ bytes }) => JSON.parse(bytes) as Recorded) };
}

const idOf = (item: Json): unknown => item['id'] ?? item['authorization'];
const whatOf = ({ path }: List): string => path.split('/')[3]!;
/** Every list of the contract that an auditor reads, so that a new one is tested without anybody remembering it. */
const each = async (does: (list: List) => Promise<void>): Promise<void> => {
  for (const list of audits) await does(list);
};
const read = async (what: string, filter: Json): Promise<readonly Json[]> =>
  itemsOf(having(await auditor.ask(`/v1/audit/${what}/_search`, { reason: REASON, ...filter }), 200));

describe('every path under /v1/audit', () => {
  it('is for an auditor only: the nine lists there are, and what makes files of them (ARCH-14)', async () => {
    const operations = (await operationsOf(suite.url)).filter(({ path }) => path.startsWith('/v1/audit'));
    for (const { path, scopes } of operations) expect([path, scopes]).toEqual([path, ['audit']]);
    expect(operations.map(({ path }) => path).sort()).toEqual([
      ...['/v1/audit/_export', '/v1/audit/authorizations/_search', '/v1/audit/checks/_search'],
      ...['/v1/audit/documents/_search', '/v1/audit/events/_search', '/v1/audit/exports/{id}/receipt'],
      ...['/v1/audit/levels/_search', '/v1/audit/means/_search', '/v1/audit/persons/_search'],
      ...['/v1/audit/readings/_search', '/v1/audit/records/_search'],
    ]);
    expect(audits).toHaveLength(9);
  });

  it('leaves one reading for each answer: who, why, what was asked, what was shown', async () => {
    await each(async (list) => {
      const { answer, records } = await recordedBy(() =>
        auditor.ask(list.path, { reason: REASON, recordedFrom: '2020-01-01T01:00:00+01:00', limit: 2 }),
      );
      having(answer, 200);
      const shown = itemsOf(answer).map(idOf);
      expect([list.path, shown.length > 0]).toEqual([list.path, true]);
      expect([list.path, records]).toMatchObject([
        list.path,
        [
          {
            id: answer.body['reading'],
            kind: 'reading',
            actor: { client: 'audit-desk', clerk: expect.any(String) },
            data: {
              what: whatOf(list),
              reason: { sealed: expect.any(String) },
              question: { recordedFrom: '2020-01-01T00:00:00.000Z' },
              shown,
              readAt: expect.any(String),
            },
          },
        ],
      ]);
      expect(records).toHaveLength(1);
      expect(JSON.stringify(records)).not.toContain('auditor-eva');
      expect(JSON.stringify(records)).not.toContain(REASON);
    });
  });

  it('leaves one for an answer that shows nothing, and for every page', async () => {
    await each(async (list) => {
      const nothing = await recordedBy(() =>
        auditor.ask(list.path, { reason: REASON, recordedBefore: '2020-01-01T00:00:00Z' }),
      );
      expect([itemsOf(nothing.answer), nothing.records.map(({ data }) => data['shown'])]).toEqual([[], [[]]]);
      const first = having(await auditor.ask(list.path, { reason: REASON, limit: 1 }), 200);
      const cursor = first.body['next'];
      if (cursor === null) return;
      const { answer, records } = await recordedBy(() => auditor.ask(list.path, { reason: REASON, limit: 1, cursor }));
      expect([list.path, records.map(({ data }) => data['shown'])]).toEqual([list.path, [itemsOf(answer).map(idOf)]]);
    });
  });

  it('leaves none where it does not answer, and asks for a reason of at most 500 characters', async () => {
    await each(async (list) => {
      for (const [body, faults] of [
        [{}, ['/reason required']],
        [{ reason: '' }, ['/reason invalid-value']],
        [{ reason: ' ' }, ['/reason invalid-value']],
        [{ reason: 'x'.repeat(501) }, ['/reason invalid-value']],
        [{ reason: null }, ['/reason wrong-type']],
        [
          { reason: 7, limit: 101, cursor: 'x', recordedFrom: 'yesterday', extra: 1 },
          ['/extra unknown-member', '/limit invalid-value', '/reason wrong-type', '/recordedFrom invalid-value'],
        ],
      ] as const) {
        const { answer, records } = await recordedBy(() => auditor.ask(list.path, body));
        expect([list.path, answer.status, faultsOf(answer), records]).toEqual([list.path, 400, faults, []]);
      }
      for (const other of [supplier, await suite.client('network'), await suite.client('operations')]) {
        const { answer, records } = await recordedBy(() => other.ask(list.path, { reason: REASON }));
        expect([list.path, answer.status, records]).toEqual([list.path, 403, []]);
      }
      having(await auditor.ask(list.path, { reason: 'x'.repeat(500) }), 200);
    });
  });

  it('answers only when the reading is durable', async () => {
    const { query } = suite.place.register;
    const waiting = async (): Promise<boolean> => {
      const [row] = await query<{ waits: boolean }>(
        `select exists (select from pg_locks l where not l.granted and l.relation = 'waarborg.record_places'::regclass) as waits`,
      );
      return row!.waits;
    };
    await each(async (list) => {
      await query('begin');
      await query('lock table waarborg.record_places in access exclusive mode');
      let answered = false;
      const asking = auditor.ask(list.path, { reason: REASON }).finally(() => (answered = true));
      try {
        await until(`the reading of ${list.path} waits to be written`, waiting);
        // A whole other question is asked and answered meanwhile.
        having(await supplier.ask('/v1/applications/_search', {}), 200);
        expect([list.path, answered]).toEqual([list.path, false]);
      } finally {
        await query('commit');
      }
      having(await asking, 200);
    });
  });
});

describe('an auditor', () => {
  it('reads an authorization with what its level rests on, and who submitted it', async () => {
    const [item, ...others] = await read('authorizations', { id: authorization['id'] });
    expect(others).toEqual([]);
    const { position: _position, ...whole } = authorization;
    expect(item).toEqual({
      ...whole,
      submitter: { person: case1.director.id, role: 'legalRepresentative' },
      recordedAt: expect.any(String),
    });
    expect(item).toMatchObject({ scores: expect.any(Object), rows: expect.any(Object), checks: case1.dossier });
  });

  it('finds it by each of its people and parties, its means, its application and its standing', async () => {
    for (const filter of [
      { person: case1.director.id },
      { person: case1.employee.id },
      { party: case1.party },
      { means: means.id },
      { application: case1.application },
      { status: 'active' },
    ]) {
      for (const what of ['authorizations', 'levels']) {
        expect([what, filter, (await read(what, filter)).map(idOf)]).toEqual([what, filter, [authorization['id']]]);
      }
    }
  });

  it('reads a means and its level, and who holds it', async () => {
    const [item] = await read('means', { id: means.id });
    expect(item).toMatchObject({
      id: means.id,
      status: 'active',
      holder: case1.employee.id,
      stork: 3,
      scores: expect.any(Object),
      rows: expect.any(Object),
      checks: expect.arrayContaining([...case1.ofEmployee]),
      ruleSet: expect.any(String),
    });
    expect((await read('means', { person: case1.employee.id, status: 'active' })).map(idOf)).toEqual([means.id]);
  });

  it('reads a person with the type and number of his documents, as the clerk sees them', async () => {
    const clerk = having(await supplier.get(`/v1/persons/${case1.director.id}`), 200).body;
    for (const filter of [{ id: case1.director.id }, { document: case1.director.document }]) {
      expect(await read('persons', filter)).toEqual([{ ...clerk, recordedAt: expect.any(String), erased: false }]);
    }
    const [holder] = await read('persons', { means: means.id });
    expect(holder).toMatchObject({
      id: case1.employee.id,
      documents: [{ documentType: 'passport', number: expect.stringMatching(/^E/) }],
    });
  });

  it('reads the level as recorded and as it is now', async () => {
    expect(await read('levels', { id: authorization['id'] })).toMatchObject([
      { authorization: authorization['id'], status: 'active', registeredLevel: 'EH3', level: 'EH3', reasons: [] },
    ]);
  });

  it('sees of a check which decisions rest on it, the rows it carries there, the level and the rules', async () => {
    const ofDocument = case1.ofEmployee[0]!;
    const [check] = await read('checks', { id: ofDocument });
    expect(check).toMatchObject({
      id: ofDocument,
      authorizations: [authorization['id']],
      means: [means.id],
      supports: [
        { means: means.id, stork: 3, ruleSet: means.body['ruleSet'] },
        { authorization: authorization['id'], level: 'EH3', ruleSet: authorization['ruleSet'] },
      ],
    });
    // Rows of the decision itself, and of those only what such a check can be evidence for.
    const [look] = await read('checks', { type: 'specialCircumstancesCheck' });
    const rows = authorization['rows'] as Record<string, unknown>;
    const [support, ...others] = look!['supports'] as readonly { readonly rows: Record<string, unknown> }[];
    expect(others).toEqual([]);
    expect(support).toMatchObject({ authorization: authorization['id'], rows: { IV: rows['IV'] }, level: 'EH3' });
    expect(Object.keys(support!.rows)).toEqual(['IV']);
  });

  it('finds what was recorded in a period, and nothing outside it', async () => {
    for (const list of audits) {
      const what = whatOf(list);
      const all = await read(what, { limit: 100 });
      const moments = all.map(({ recordedAt }) => recordedAt as string);
      const [newest, oldest] = [moments[0]!, moments.at(-1)!];
      const within = await read(what, { recordedFrom: oldest, recordedBefore: newest, limit: 100 });
      expect([what, within.map(idOf)]).toEqual([
        what,
        all.filter(({ recordedAt }) => String(recordedAt) < newest).map(idOf),
      ]);
      expect((await read(what, { recordedFrom: newest })).length).toBeGreaterThan(0);
    }
  });

  it('finds the checks that were performed in a period, and none outside it', async () => {
    const all = await read('checks', { limit: 100 });
    const performedAt = ({ performedAt: moment }: Json): string => String(moment);
    const moments = [...new Set(all.map(performedAt))].sort();
    expect(moments.length).toBeGreaterThan(3);
    const [from, before] = [moments[1]!, moments.at(-1)!];
    const within = await read('checks', { performedFrom: from, performedBefore: before, limit: 100 });
    expect(within.map(idOf)).toEqual(
      all.filter((check) => performedAt(check) >= from && performedAt(check) < before).map(idOf),
    );
    expect([within.length > 0, within.length < all.length - 1]).toEqual([true, true]);
  });

  it('does not read the lists of the back office: levels are read where it leaves a reading', async () => {
    for (const name of ['levels', 'authorizations', 'means', 'parties', 'applications', 'revocation-requests']) {
      expect([name, (await auditor.ask(`/v1/${name}/_search`, {})).status]).toEqual([name, 403]);
    }
  });
});

describe('what is on record as it is stored', () => {
  it('is found as the events of one object, whatever it is, newest first and page by page', async () => {
    const all = await read('events', { object: means.id });
    const { commands } = suite.running.open.backbone;
    const { history } = await commands.load(meansDecider, streamId('means', means.id));
    expect(all.map(({ id, revision, type }) => [id, revision, type])).toEqual(
      history.toReversed().map(({ metadata, revision, type }) => [metadata.id, revision, type]),
    );
    expect(all.length).toBeGreaterThan(3);
    const stored = await suite.running.open.stores.events.readStream(streamId('means', means.id));
    expect(all.map(({ bytes }) => bytes)).toEqual(stored.toReversed().map(({ bytes }) => bytes));
    const pages: unknown[] = [];
    for (let cursor: unknown = undefined; cursor !== null;) {
      const body = { reason: REASON, object: means.id, limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const answer = having(await auditor.ask('/v1/audit/events/_search', body), 200);
      pages.push(...itemsOf(answer).map(idOf));
      cursor = answer.body['next'];
    }
    expect(pages).toEqual(all.map(idOf));
    expect(await read('events', { object: '0b0f1c7e-2a0e-4c57-9d35-0c3a9b1f2d44' })).toEqual([]);
  });

  it('is found of a document as well, which stands in the stream of its person', async () => {
    const all = await read('events', { object: case1.director.document });
    expect(all.map(({ type, stream }) => [type, stream])).toEqual([
      ['DocumentRecorded', `person-${case1.director.id}`],
    ]);
  });

  it('is found by type, by who did it and in a period, of the whole log', async () => {
    const issued = await read('events', { type: 'MeansIssued' });
    expect(issued.map(({ stream }) => stream)).toEqual([`means-${means.id}`]);
    const [{ actor }] = issued as [Json];
    const client = (actor as Json)['client'] as string;
    const his = await read('events', { actor: client, type: 'CheckRecorded', limit: 100 });
    expect(his.length).toBeGreaterThan(5);
    for (const event of his) expect(event).toMatchObject({ type: 'CheckRecorded', actor: { client } });
    expect(await read('events', { actor: 'nobody' })).toEqual([]);
    const before = issued[0]!['recordedAt'] as string;
    const earlier = await read('events', { recordedBefore: before, limit: 100 });
    expect(earlier.length).toBeGreaterThan(0);
    expect(earlier.every(({ recordedAt }) => String(recordedAt) < before)).toBe(true);
  });

  it('has what is personal sealed, and nothing of it in clear (MIN-05)', async () => {
    const clerk = having(await supplier.get(`/v1/persons/${case1.director.id}`), 200).body;
    const all = JSON.stringify(await read('events', { object: case1.director.id }));
    expect(all).toContain('sealed');
    expect(all).not.toContain(clerk['familyName']);
  });

  it('is found among decisions, refusals and readings: by kind, by what it names, by who asked', async () => {
    const network = await suite.client('network');
    const yes = having(
      await network.ask('/access/v1/evaluation', question(means.pseudonym, case1.organization)),
      200,
    ).body;
    const id = (yes['context'] as Json)['id'];
    const decisions = await read('records', { type: 'decision', object: authorization['id'], limit: 100 });
    expect(decisions.map(idOf)).toContain(id);
    for (const { bytes, kind } of decisions) {
      expect([kind, String(bytes).includes(authorization['id'] as string)]).toEqual(['decision', true]);
    }
    const first = having(await auditor.ask('/v1/audit/means/_search', { reason: REASON, id: means.id }), 200).body;
    const readings = await read('records', { type: 'reading', actor: 'audit-desk', object: means.id, limit: 100 });
    expect(readings.map(idOf)).toContain(first['reading']);
    // Why somebody read it stays sealed with his reading (ADR 74).
    expect(JSON.stringify(readings)).not.toContain(REASON);
    expect(await read('records', { type: 'refusal', object: '0b0f1c7e-2a0e-4c57-9d35-0c3a9b1f2d44' })).toEqual([]);
  });

  it('is found as documents: whose, of which kind, recorded by whom; opened, as the clerk sees them', async () => {
    const [document, ...others] = await read('documents', { person: case1.director.id });
    expect(others).toEqual([]);
    const clerk = having(await supplier.get(`/v1/persons/${case1.director.id}`), 200).body;
    expect(document).toEqual({
      ...(clerk['documents'] as readonly Json[])[0],
      ...{ person: case1.director.id, recordedAt: expect.any(String), erased: false, actors: expect.any(Array) },
    });
    const [client] = document!['actors'] as readonly string[];
    const found = await read('documents', { actor: client, type: 'passport', limit: 100 });
    expect(found.map(idOf)).toContain(document!['id']);
    expect(await read('documents', { type: 'drivingLicence', person: case1.director.id })).toEqual([]);
  });
});

describe('who read what', () => {
  const asks = async (filter: Json): Promise<readonly unknown[]> => (await read('readings', filter)).map(idOf);

  it('is found by reader, client, object, person, activity, purpose and what was read; with the reason (ARCH-14)', async () => {
    const first = having(
      await auditor.ask('/v1/audit/persons/_search', { reason: REASON, id: case1.director.id }),
      200,
    );
    const { reading } = first.body;
    const item = (await read('readings', { object: case1.director.id })).find(({ id }) => id === reading)!;
    expect(item).toMatchObject({
      ...{ purpose: 'audit', what: 'persons', reason: REASON, erased: false, question: { id: case1.director.id } },
      ...{ shown: [case1.director.id], shownCount: 1, subjects: [case1.director.id], subjectCount: 1, status: 'Ok' },
      ...{ activity: 'urn:waarborg:processing-activity:audit-1', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    const { clerk } = item['actor'] as { readonly clerk: string };
    for (const filter of [
      { reader: clerk },
      { client: 'audit-desk' },
      { person: case1.director.id },
      { activity: item['activity'] },
      { purpose: 'audit', what: 'persons' },
      { object: reading },
    ]) {
      const found = await asks({ ...filter, limit: 100, recordedFrom: item['recordedAt'] });
      expect([filter, found.includes(reading)]).toEqual([filter, true]);
    }
    for (const filter of [
      { reader: case1.director.id },
      { client: 'nobody' },
      { person: '0b0f1c7e-2a0e-4c57-9d35-0c3a9b1f2d44' },
      { activity: 'urn:other' },
      { purpose: 'insight' },
      { what: 'checks', object: case1.director.id },
    ]) {
      expect([filter, (await asks({ ...filter, limit: 100 })).includes(reading)]).toEqual([filter, false]);
    }
  });

  it('is itself on record: whoever looked, and whom the readings were about', async () => {
    const { answer, records } = await recordedBy(() =>
      auditor.ask('/v1/audit/readings/_search', { reason: REASON, person: case1.director.id }),
    );
    having(answer, 200);
    expect(records).toMatchObject([
      { data: { what: 'readings', question: { person: case1.director.id }, shown: itemsOf(answer).map(idOf) } },
    ]);
    expect(records[0]!.data['subjects']).toContain(case1.director.id);
  });

  it('names the caller’s span, where he names one', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { records } = await recordedBy(async () => {
      const response = await fetch(`${suite.url}/v1/audit/means/_search`, {
        method: 'POST',
        headers: {
          ...{ authorization: `Bearer ${auditor.token}`, 'content-type': 'application/json' },
          traceparent: `00-${trace}-00f067aa0ba902b7-01`,
        },
        body: JSON.stringify({ reason: REASON, id: means.id }),
      });
      return { status: response.status, body: (await response.json()) as Json } as Answer;
    });
    expect(records[0]!.data).toMatchObject({
      subjects: [case1.employee.id],
      action: { trace_id: trace, parent_span_id: '00f067aa0ba902b7', name: 'read means', status: 'Ok' },
    });
    expect((records[0]!.data['action'] as Json)['span_id']).not.toBe('00f067aa0ba902b7');
  });
});

describe('a list that an auditor takes along', () => {
  const take = (body: Json): Promise<Response> =>
    fetch(`${suite.url}/v1/audit/_export`, {
      method: 'POST',
      headers: { authorization: `Bearer ${auditor.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const readingOf = (response: Response): string =>
    /^<\/v1\/audit\/exports\/([0-9a-f-]{36})\/receipt>; rel="describedby"$/.exec(response.headers.get('link')!)![1]!;

  it.each([
    ['ndjson', 'application/x-ndjson; charset=utf-8'],
    ['csv', 'text/csv; charset=utf-8'],
  ])(
    'is one file, whose salted hash stands in its reading and in the receipt of that: %s (ARCH-14)',
    async (format, type) => {
      const filter = { application: case1.application };
      const items = await read('checks', { ...filter, limit: 100 });
      const response = await take({ reason: REASON, list: 'checks', format, filter });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
      const bytes = Buffer.from(await response.arrayBuffer());
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const hmac = createHmac('sha256', Buffer.from(response.headers.get('export-salt')!, 'hex'))
        .update(bytes)
        .digest('hex');
      expect(response.headers.get('content-digest')).toBe(`sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`);
      const lines = bytes.toString('utf8').trimEnd().split(/\r?\n/);
      expect(lines).toHaveLength(items.length + (format === 'csv' ? 1 : 0));
      if (format === 'ndjson') expect(lines.map((line) => JSON.parse(line) as Json)).toEqual(items);
      const reading = readingOf(response);
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${reading}.${format}"`);
      const record = (await suite.running.open.stores.records.byId(reading))!;
      expect(JSON.parse(record.bytes)).toMatchObject({
        kind: 'reading',
        actor: { client: 'audit-desk' },
        data: {
          what: 'exports',
          question: { list: 'checks', format, filter },
          shown: items.map(idOf),
          export: { hmac, salt: { sealed: expect.any(String) }, bytes: bytes.length, items: items.length },
        },
      });
      for (const text of [REASON, sha256, response.headers.get('export-salt')!])
        expect(record.bytes).not.toContain(text);
      const { text } = having(await auditor.get(`/v1/audit/exports/${reading}/receipt`), 200);
      const extra = /^extra (.+)$/m.exec(text)![1]!;
      const proven = Buffer.from(extra, 'base64').subarray(32).toString('utf8');
      expect(JSON.parse(proven)).toMatchObject({ record: { id: reading, data: { export: { hmac } } } });
    },
  );

  it('may be any of the lists there are', async () => {
    for (const list of audits) {
      const response = await take({ reason: REASON, list: whatOf(list), format: 'ndjson' });
      expect([list.path, response.status]).toEqual([list.path, 200]);
      await response.arrayBuffer();
    }
  });

  it('has of readings the form of the Logboek Dataverwerkingen too, and nobody’s own id in it', async () => {
    having(await auditor.ask('/v1/audit/authorizations/_search', { reason: REASON, id: authorization['id'] }), 200);
    const filter = { object: authorization['id'], what: 'authorizations' };
    const response = await take({ reason: REASON, list: 'readings', format: 'ldv', filter });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/x-ndjson; charset=utf-8',
    ]);
    const text = await response.text();
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    const children = lines.filter((line) => 'dpl.core.data_subject_id' in (line['attributes'] as Json));
    expect(children.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) {
      expect(line).toMatchObject({
        ...{ trace_id: expect.stringMatching(/^[0-9a-f]{32}$/), span_id: expect.stringMatching(/^[0-9a-f]{16}$/) },
        ...{ status: 'Ok', name: 'read authorizations', start_time: expect.any(Number), end_time: expect.any(Number) },
        attributes: { 'dpl.core.processing_activity_id': 'urn:waarborg:processing-activity:audit-1' },
      });
    }
    for (const id of [case1.director.id, case1.employee.id, REASON]) expect(text).not.toContain(id);
    const other = await take({ reason: REASON, list: 'checks', format: 'ldv' });
    expect([other.status, ((await other.json()) as Json)['errors']]).toMatchObject([400, [{ pointer: '/format' }]]);
  });

  it('is on record as given when all of it was', async () => {
    const response = await take({ reason: REASON, list: 'means', format: 'ndjson' });
    const { length } = await response.text();
    const reading = readingOf(response);
    const [end] = await read('readings', { what: 'export-ends', object: reading });
    const record = (await suite.running.open.stores.records.byId(String(end!['id'])))!;
    expect(JSON.parse(record.bytes)).toMatchObject({
      data: { question: { export: reading }, outcome: 'given', bytes: length },
    });
    const { text } = having(await auditor.get(`/v1/audit/exports/${String(end!['id'])}/receipt`), 200);
    const extra = Buffer.from(/^extra (.+)$/m.exec(text)![1]!, 'base64');
    expect(JSON.parse(extra.subarray(32).toString())).toMatchObject({ record: JSON.parse(record.bytes) as Json });
  });

  it('is refused with every fault at once, those of the filter among them, and leaves nothing', async () => {
    const faulty = async (body: Json): Promise<unknown> => {
      const { answer, records } = await recordedBy(() => auditor.ask('/v1/audit/_export', body));
      expect(records).toEqual([]);
      return [answer.status, ...faultsOf(answer)];
    };
    expect(await faulty({})).toEqual([400, '/format required', '/list required', '/reason required']);
    expect(await faulty({ reason: REASON, list: 'parties', format: 'xls' })).toEqual([
      ...[400, '/format invalid-value', '/list invalid-value'],
    ]);
    const filter = { id: 'x', limit: 5, reason: 'y', recordedFrom: 'yesterday', nothing: 1 };
    expect(await faulty({ list: 'checks', format: 'xls', filter })).toEqual([
      ...[400, '/filter/id invalid-value', '/filter/limit unknown-member', '/filter/nothing unknown-member'],
      ...['/filter/reason unknown-member', '/filter/recordedFrom invalid-value', '/format invalid-value'],
      '/reason required',
    ]);
    const { answer, records } = await recordedBy(() =>
      supplier.ask('/v1/audit/_export', { reason: REASON, list: 'checks', format: 'csv' }),
    );
    expect([answer.status, records]).toEqual([403, []]);
  });

  it('has a receipt, which other readings have not', async () => {
    const reading = having(await auditor.ask('/v1/audit/means/_search', { reason: REASON }), 200).body['reading'];
    for (const [id, code] of [
      [reading, 'no-such-export'],
      ['0b0f1c7e-2a0e-4c57-9d35-0c3a9b1f2d44', 'no-such-export'],
      ['x', 'not-found'],
    ]) {
      const { body } = having(await auditor.get(`/v1/audit/exports/${String(id)}/receipt`), 404);
      expect([id, body['code']]).toEqual([id, code]);
    }
  });
});

unless(inOneProcess('it stands on stores in memory')).describe('what was erased', () => {
  it('is left out of what an auditor reads, which says so; the rest is shown', async () => {
    const memory = await startMemorySuite();
    try {
      const own = await paperCase(await memory.client('supplier'));
      const reader = await memory.client('auditor');
      const person = async (id: string): Promise<Json> =>
        itemsOf(having(await reader.ask('/v1/audit/persons/_search', { reason: REASON, id }), 200))[0]!;
      memory.destroyKey({ kind: 'document', id: own.director.document } as never);
      expect(await person(own.director.id)).toMatchObject({
        familyName: expect.any(String),
        documents: [{ id: own.director.document, documentType: 'passport' }],
        erased: true,
      });
      expect((await person(own.director.id))['documents']).not.toMatchObject([{ number: expect.anything() }]);
      memory.destroyKey({ kind: 'person', id: own.employee.id } as never);
      const employee = await person(own.employee.id);
      expect(employee).toMatchObject({
        id: own.employee.id,
        documents: [{ number: expect.any(String) }],
        erased: true,
      });
      expect(employee).not.toHaveProperty('familyName');
      // The others of the page are shown as they are.
      const all = having(await reader.ask('/v1/audit/persons/_search', { reason: REASON }), 200);
      expect(itemsOf(all)).toHaveLength(2);
    } finally {
      await memory.end();
    }
  });
});
