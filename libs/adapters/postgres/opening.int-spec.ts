import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { StoreUnavailable } from '#libs/eventing';
import { streamId, type EventId } from '#libs/kernel';
import { tcpProxy, testClient, testDatabase, until, type TestDatabase } from '#libs/testing';
import { openPostgresStores, SchemaRefused, UnsafeDurability } from './index.js';
import { migrate } from './migrate.js';
import { migrations } from './migrations/index.js';

describe('opening a PostgreSQL database', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    await database.drop();
  });
  const name = (): string => new URL(database.url).pathname.slice(1);

  it('makes the schema once, also when several processes start at once, and finds it again', async () => {
    const opened = await Promise.all([1, 2, 3].map(() => openPostgresStores({ database: database.url })));
    await Promise.all(opened.map(({ close }) => close()));
    const again = await openPostgresStores({ database: database.url });
    await again.close();
    const rows = await database.query('select number, name from waarborg.migrations order by number');
    expect(rows).toEqual(migrations.map(({ number, name: named }) => ({ number, name: named })));
  });

  it('refuses a schema of the same name that is not ours, and touches nothing', async () => {
    await database.query('create schema waarborg');
    await database.query('create table waarborg.events (position int)');
    const opening = openPostgresStores({ database: database.url });
    await expect(opening).rejects.toBeInstanceOf(SchemaRefused);
    await expect(opening).rejects.toThrow('a schema "waarborg" that is not ours');
  });

  it('refuses a schema that a newer version made, or that was changed', async () => {
    await (await openPostgresStores({ database: database.url })).close();
    const next = migrations.at(-1)!.number + 1;
    await database.query("insert into waarborg.migrations values ($1, 'future', 'x')", [next]);
    await expect(openPostgresStores({ database: database.url })).rejects.toThrow(
      `migration ${next} (future): a newer version made it`,
    );
    await database.query('delete from waarborg.migrations where number = $1', [next]);
    await database.query("update waarborg.migrations set checksum = 'x' where number = 2");
    await expect(openPostgresStores({ database: database.url })).rejects.toThrow('migration 2 (record-log)');
  });

  it('undoes a migration that fails', async () => {
    await (await openPostgresStores({ database: database.url })).close();
    const pool = new Pool({ connectionString: database.url });
    const broken = [
      ...migrations,
      { number: migrations.at(-1)!.number + 1, name: 'broken', sql: 'create table half (); select 1/0' },
    ];
    await expect(migrate(pool, broken)).rejects.toThrow('division by zero');
    await pool.end();
    expect(await database.query("select to_regclass('half') as half")).toEqual([{ half: null }]);
    await (await openPostgresStores({ database: database.url })).close();
  });

  it('refuses settings under which an acknowledged append could be lost', async () => {
    await database.query(`alter database ${name()} set synchronous_commit = off`);
    const opening = openPostgresStores({ database: database.url });
    await expect(opening).rejects.toBeInstanceOf(UnsafeDurability);
    await expect(opening).rejects.toThrow('synchronous_commit is off');
  });

  it('is unavailable while the database takes no writes or can not be reached', async () => {
    await (await openPostgresStores({ database: database.url })).close();
    await database.query(`alter database ${name()} set default_transaction_read_only = on`);
    const readOnly = openPostgresStores({ database: database.url });
    await expect(readOnly).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(readOnly).rejects.toThrow('read only');
    const nowhere = new URL(database.url);
    nowhere.port = '1';
    await expect(openPostgresStores({ database: nowhere.href })).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('is unavailable when its connection is cut while the schema is looked at', async () => {
    const other = await testClient(database.url);
    try {
      // Whoever brings the schema up to date waits for this lock.
      await other.query('select pg_advisory_lock(7709003)');
      const refused = expect(openPostgresStores({ database: database.url })).rejects.toBeInstanceOf(StoreUnavailable);
      const cut = async (): Promise<boolean> => {
        const { rowCount } = await other.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like '%pg_advisory_xact_lock%'`,
        );
        return rowCount === 1;
      };
      await until('somebody waits for the lock', cut);
      await refused;
    } finally {
      await other.end();
    }
    await (await openPostgresStores({ database: database.url })).close();
  });

  it('refuses a pool that is too small for what is kept open', async () => {
    const pool = new Pool({ connectionString: database.url, max: 2 });
    await expect(openPostgresStores({ database: pool })).rejects.toThrow('at least 6');
    await pool.end();
  });

  it('answers StoreUnavailable in bounded time once the database is gone', async () => {
    const proxy = await tcpProxy(database.url);
    const stores = await openPostgresStores({ database: proxy.through(database.url) });
    await proxy.close();
    const append = stores.events.append(streamId('check', 'a'), 'no-stream', [
      { id: '00000000-0000-4000-8000-000000000001' as EventId, type: 'CheckRecorded', bytes: '{}' },
    ]);
    await expect(append).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(stores.feed.head()).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(stores.events.readStream(streamId('check', 'a'))).rejects.toBeInstanceOf(StoreUnavailable);
    await stores.close();
  });
});
