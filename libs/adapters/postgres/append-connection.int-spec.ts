import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { StoreUnavailable } from '#libs/eventing';
import { streamId, type EventId } from '#libs/kernel';
import { testDatabase, type TestDatabase } from '#libs/testing';
import { AppendConnection } from './append-connection.js';
import { NoConnection } from './errors.js';
import { openPostgresStores } from './index.js';

describe('the connection for appending', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeEach(async () => {
    database = await testDatabase();
    pool = new Pool({ connectionString: database.url, max: 2 });
    pool.on('error', () => undefined);
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });
  /** The next so many requests for a connection come to nothing. */
  const refuse = (times: number): { refused: () => number } => {
    const connect = pool.connect.bind(pool);
    let refused = 0;
    pool.connect = (() => {
      if (refused === times) return connect();
      refused += 1;
      return Promise.reject(new Error('refused'));
    }) as typeof pool.connect;
    return { refused: () => refused };
  };
  const look = (): Promise<string> => Promise.resolve('looked');

  it('is looked for again after a loss, until the time for it is over', async () => {
    const connection = new AppendConnection(pool, 60_000, 'test');
    const { refused } = refuse(2);
    expect(await connection.afterLoss(look)).toBe('looked');
    expect(refused()).toBe(2);
    refuse(1);
    await expect(new AppendConnection(pool, 0, 'test').afterLoss(look)).rejects.toBeInstanceOf(NoConnection);
  });

  it('says that nothing was sent where there is none', async () => {
    const connection = new AppendConnection(pool, 60_000, 'test');
    refuse(1);
    const work = connection.run(look);
    await expect(work).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(work).rejects.toThrow("PostgreSQL can't be reached");
    expect(await connection.run(look)).toBe('looked');
    connection.close();
  });

  it('is kept from one request to the next, and through a refusal', async () => {
    const connection = new AppendConnection(pool, 60_000, 'test');
    const backend = (): Promise<unknown> =>
      connection.run(async (client) => (await client.query('select pg_backend_pid() as pid')).rows[0]);
    const first = await backend();
    await expect(connection.run((client) => client.query('select 1/0'))).rejects.toThrow('division by zero');
    expect(await backend()).toEqual(first);
    await expect(connection.run(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(await backend()).not.toEqual(first);
    connection.close();
  });
});

it('the connection for appending reads by no plan that was made while a table was small', async () => {
  const database = await testDatabase();
  await (await openPostgresStores({ database: database.url })).close();
  const pool = new Pool({ connectionString: database.url, max: 1 });
  const fill = (from: number, to: number): Promise<unknown> =>
    database.query(`
      insert into waarborg.record_places (position, id, recorded_at)
      select n, gen_random_uuid(), 1700000000000 from generate_series(${from}, ${to}) n`);
  await fill(1, 1);
  await database.query('vacuum analyze waarborg.record_places');
  await pool.query('select waarborg.record_clock()');
  await fill(2, 10_000);
  const connection = new AppendConnection(pool, 60_000, 'test');
  const { rows } = await connection.run(async (client) => {
    await client.query('begin');
    await client.query(
      "select waarborg.append_records(array[gen_random_uuid()], '{reading}', '{\"{}\"}', '{null}', '{null}')",
    );
    const read = await client.query<{ rows: string }>(
      "select seq_tup_read as rows from pg_stat_xact_user_tables where relname = 'record_places'",
    );
    await client.query('rollback');
    return read;
  });
  expect(Number(rows[0]!.rows)).toBeLessThan(10);
  connection.close();
  await pool.end();
  await database.drop();
});

describe('a batch of appends', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase();
  });
  afterEach(() => database.drop());

  it('has no more rows than it may: an append is one for each of its events, a record is one', async () => {
    const batches: unknown[] = [];
    const stores = await openPostgresStores({
      ...{ database: database.url, limits: { batchRows: 4 } },
      observer: { batch: (log, appends) => void batches.push([log, appends]) },
    });
    const events = (count: number) =>
      Array.from({ length: count }, () => ({ id: randomUUID() as EventId, type: 'CheckRecorded', bytes: '{}' }));
    await Promise.all(
      [2, 2, 3, 1, 1].map((count) => stores.events.append(streamId('check', randomUUID()), 'no-stream', events(count))),
    );
    const records = Array.from({ length: 5 }, () => ({ id: randomUUID(), kind: 'reading' as const, bytes: '{}' }));
    await Promise.all(records.map((record) => stores.records.append(record)));
    await stores.close();
    expect(batches).toEqual([
      ...[2, 2, 1].map((appends) => ['events', appends]),
      ...[4, 1].map((appends) => ['records', appends]),
    ]);
  });
});
