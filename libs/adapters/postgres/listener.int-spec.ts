import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { testDatabase, until, type TestDatabase } from '#libs/testing';
import { openPostgresStores } from './index.js';
import { Listener } from './listener.js';

describe('what other processes announce', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase();
  });
  afterEach(() => database.drop());

  const listening = async (): Promise<readonly { readonly pid: number }[]> =>
    database.query(
      "select pid from pg_stat_activity where datname = current_database() and query like 'listen %' and state = 'idle'",
    );
  const someoneListens = (): Promise<void> => until('somebody listens', async () => (await listening()).length > 0);

  it('is heard by its channel, and what is no head wakes as one that is not known', async () => {
    const pool = new Pool({ connectionString: database.url, max: 1 });
    pool.on('error', () => undefined);
    const listener = new Listener(pool);
    const heard: unknown[] = [];
    listener.on('one', (head) => heard.push(['one', head]));
    listener.on('two', (head) => heard.push(['two', head]));
    listener.start();
    listener.start();
    await until(
      'both are listened to',
      async () =>
        (await listening()).length > 0 &&
        (await database.query("select from pg_stat_activity where query = 'listen two'")).length === 1,
    );
    for (const [channel, payload] of [
      ['one', '7'],
      ['two', '8'],
      ['three', '9'],
      ['one', ''],
      ['one', 'x7'],
      ['one', '10'],
    ]) {
      await database.query('select pg_notify($1, $2)', [channel, payload]);
    }
    await until('all of it is heard', () => heard.length === 5);
    expect(heard).toEqual([
      ['one', 7n],
      ['two', 8n],
      ['one', 0n],
      ['one', 0n],
      ['one', 10n],
    ]);
    await listener.close();
    expect(pool.idleCount).toBe(0);
    await pool.end();
  });

  it('is listened to again after a loss', async () => {
    const pool = new Pool({ connectionString: database.url, max: 1 });
    pool.on('error', () => undefined);
    const listener = new Listener(pool);
    const heard: unknown[] = [];
    listener.on('one', (head) => heard.push(head));
    listener.start();
    await someoneListens();
    const [first] = await listening();
    await database.query('select pg_terminate_backend($1)', [first!.pid]);
    await until('another listens', async () => (await listening()).some(({ pid }) => pid !== first!.pid));
    await database.query("select pg_notify('one', '7')");
    await until('it is heard', () => heard.length === 1);
    expect(heard).toEqual([7n]);
    await listener.close();
    await pool.end();
  });

  it.each(['feed', 'records'] as const)('is listened to for whoever follows the %s alone', async (which) => {
    const stores = await openPostgresStores({ database: database.url });
    const ending = new AbortController();
    const feed = which === 'feed' ? stores.feed : stores.records;
    const pages = feed.subscribe(0n, { signal: ending.signal })[Symbol.asyncIterator]();
    const first = pages.next();
    await someoneListens();
    expect(await listening()).toHaveLength(1);
    ending.abort();
    await first;
    await stores.close();
  });
});
