import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unless } from '#libs/testing';
import type { Json } from './support/api.js';
import { paperCase, type IssuedMeans, type PaperCase } from './support/case.js';
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
  it('is a list that only an auditor may read: the five there are', async () => {
    const operations = (await operationsOf(suite.url)).filter(({ path }) => path.startsWith('/v1/audit'));
    expect(operations.map(({ path, scopes }) => [path, scopes])).toEqual(
      ['authorizations', 'checks', 'levels', 'means', 'persons'].map((what) => [
        `/v1/audit/${what}/_search`,
        ['audit'],
      ]),
    );
    expect(audits).toHaveLength(operations.length);
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
