import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Projection, Query } from '#libs/eventing';
import { testDatabase, type TestDatabase } from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';
import { eventSource, recordSource } from './log-source.js';
import { READ_STREAMS } from './postgres-event-store.js';
import { searchStatement } from './read-model-search.js';
import { tableOf } from './read-model-table.js';

const ROWS = 100_000;

const projection: Projection = {
  name: 'plans',
  version: 1,
  table: {
    name: 'plans',
    key: 'id',
    columns: {
      id: 'text',
      status: 'text',
      holder: 'text',
      services: 'text[]',
      documents: 'text[]',
      changedAt: 'bigint',
    },
    newestFirst: 'changedAt',
    indexes: [['status'], ['holder', 'status'], ['services'], ['documents']],
    selective: ['documents'],
  },
  handles: [],
  keys: () => [],
  fold: (row) => row,
};

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Function Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** Names of the indexes that a plan reads. */
const indexesIn = (plan: Plan): string[] => [
  ...(plan['Index Name'] === undefined ? [] : [plan['Index Name']]),
  ...(plan.Plans ?? []).flatMap(indexesIn),
];

/** The month that is made ahead: there is nothing in it, and nothing is the quickest way to read it. */
let emptyMonth = '';

/** Names of the tables that a plan reads from end to end. */
const scanned = (plan: Plan): string[] => [
  ...(plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] !== emptyMonth ? [plan['Relation Name']!] : []),
  ...(plan.Plans ?? []).flatMap(scanned),
];

describe(`plans with ${ROWS} rows`, () => {
  let database: TestDatabase;
  let stores: PostgresStores;
  beforeAll(async () => {
    database = await testDatabase();
    stores = await openPostgresStores({ database: database.url });
    await stores.records.append({ id: randomUUID(), kind: 'decision', bytes: '{}' });
    await database.query(`
      insert into waarborg.events (position, stream, revision, id, type, bytes, recorded_at)
      select n, 'check-' || n / 5, n % 5, gen_random_uuid(), 'CheckRecorded', repeat('x', 300), 1700000000000 + n
      from generate_series(1, ${ROWS}) n`);
    const [{ at }] = (await database.query<{ at: string }>('select recorded_at as at from waarborg.records')) as [
      { at: string },
    ];
    await database.query(`
      with place as (
        insert into waarborg.record_places (position, id, recorded_at)
        select n, gen_random_uuid(), ${at} from generate_series(2, ${ROWS}) n returning *
      ) insert into waarborg.records select position, id, 'decision', repeat('x', 300), recorded_at from place`);
    await stores.projections.open(projection);
    const rows = Array.from({ length: ROWS }, (_, index) => ({
      id: `id-${index}`,
      status: ['active', 'revoked', 'expired'][index % 3]!,
      holder: `holder-${index % 20_000}`,
      services: [`service-${index % 500}`, `service-${index % 7_000}`],
      documents: [`document-${index}`],
      changedAt: BigInt(index),
    }));
    await stores.projections.replace(projection, rows, { store: 's', epoch: 1, position: 1n });
    await database.query('analyze');
    const [month] = await database.query<{ name: string }>(`
      select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'waarborg.records'::regclass and c.reltuples <= 0`);
    emptyMonth = month?.name ?? '';
  });
  afterAll(async () => {
    await stores.close();
    await database.drop();
  });

  const planOf = async (text: string, values: readonly unknown[]): Promise<Plan> => {
    const [row] = await database.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (format json) ${text}`, [
      ...values,
    ]);
    return row!['QUERY PLAN'][0].Plan;
  };

  it('the readers of the logs use an index at the head, the end and the middle', async () => {
    for (const source of [eventSource, recordSource]) {
      expect(scanned(await planOf(source.head, []))).toEqual([]);
      expect(scanned(await planOf(source.at, [5]))).toEqual([]);
      for (const after of [0, ROWS / 2, ROWS - 10, ROWS]) {
        expect(scanned(await planOf(source.page, [after, 1_000, 2_000_000]))).toEqual([]);
      }
      for (const types of [undefined, "'CheckRecorded'", "'decision'"]) {
        expect(scanned(await planOf(source.copy(BigInt(ROWS - 100), types), []))).toEqual([]);
      }
    }
  });

  it('reading a stream, looking ids up and finding a record use an index', async () => {
    const events = 'select * from waarborg.events';
    expect(
      scanned(await planOf(`${events} where stream = $1 and revision >= $2 order by revision`, ['check-7', 0])),
    ).toEqual([]);
    const streams = Array.from({ length: 50 }, (_, index) => `check-${index * 300}`);
    expect(scanned(await planOf(READ_STREAMS, [streams]))).toEqual([]);
    expect(scanned(await planOf(`${events} where id = any($1)`, [[randomUUID(), randomUUID()]]))).toEqual([]);
    const byId = `select r.bytes from waarborg.record_places p
      join waarborg.records r on r.position = p.position and r.recorded_at = p.recorded_at where p.id = $1`;
    expect(scanned(await planOf(byId, [randomUUID()]))).toEqual([]);
  });

  it('appending reads no table from end to end', async () => {
    const scansOf = async (table: string): Promise<number> => {
      await database.query('select pg_stat_force_next_flush()');
      const [row] = await database.query<{ scans: string }>(
        'select seq_scan as scans from pg_stat_user_tables where schemaname = $1 and relname = $2',
        ['waarborg', table],
      );
      return Number(row!.scans);
    };
    const before = [await scansOf('events'), await scansOf('record_places')];
    await database.query('begin');
    const [{ item, record }] = (await database.query<{ item: string; record: string }>(`
      select (select id || '@' || recorded_at from waarborg.events where position = 5) as item,
             (select id || '@' || recorded_at from waarborg.record_places where position = 5) as record`)) as [
      { item: string; record: string },
    ];
    const known = [5, item, 5, record];
    await database.query(
      'select * from waarborg.append_events_behind($1, $2, $3, $4, false, $5, $6, $7, $8, $9, $10, $11)',
      [...known, ...[[0], ['check-new'], [-1], [0], [randomUUID()], ['CheckRecorded'], ['{}']]],
    );
    await database.query('select * from waarborg.append_records_behind($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
      ...known,
      ...[[randomUUID()], ['decision'], ['{}'], [null], [null]],
    ]);
    await database.query('commit');
    expect([await scansOf('events'), await scansOf('record_places')]).toEqual(before);
  });

  it('a search by a selective column looks its rows up, and walks no list to find that there are none', async () => {
    const where = [{ column: 'documents', is: 'containing', value: 'no-such-document' }] as const;
    const indexesOf = async (table: Projection['table']): Promise<readonly string[]> => {
      const { text, values } = searchStatement(tableOf({ ...projection, table }), { where, limit: 5 });
      return indexesIn(await planOf(text, values));
    };
    expect(await indexesOf(projection.table)).toEqual([expect.stringContaining('documents')]);
    const { selective: _selective, ...table } = projection.table;
    expect(await indexesOf(table)).not.toEqual([expect.stringContaining('documents')]);
  });

  it('every declared search uses an index, on any page', async () => {
    const wheres: Query['where'][] = [
      [],
      [{ column: 'id', is: 'equal', value: 'id-5' }],
      [{ column: 'status', is: 'equal', value: 'revoked' }],
      [{ column: 'holder', is: 'equal', value: 'holder-77' }],
      [{ column: 'holder', is: 'one-of', values: ['holder-1', 'holder-2'] }],
      [
        { column: 'holder', is: 'equal', value: 'holder-77' },
        { column: 'status', is: 'equal', value: 'active' },
      ],
      [{ column: 'services', is: 'containing', value: 'service-6999' }],
    ];
    for (const where of wheres) {
      for (const after of [undefined, { order: 50_000n, key: 'id-50000' }]) {
        const { text, values } = searchStatement(tableOf(projection), { where, limit: 50, ...(after && { after }) });
        expect({ where, scanned: scanned(await planOf(text, values)) }).toEqual({ where, scanned: [] });
      }
    }
  });
});
