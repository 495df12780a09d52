import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setClock, testClient, testDatabase, until, type TestDatabase } from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';

const SHORT = 150;
const HOUR = 3_600_000;

/** What the contract of decision instances can't ask: what lies between two statements. */
describe('leases on PostgreSQL', () => {
  let database: TestDatabase;
  let stores: PostgresStores;
  beforeEach(async () => {
    database = await testDatabase();
    stores = await openPostgresStores({ database: database.url });
  });
  afterEach(async () => {
    await stores.close();
    await database.drop();
  });

  it('are not taken away from one who renews while he is about to be counted out', async () => {
    const { instances } = stores;
    const lease = await instances.renew('one', 0n, SHORT);
    // By the database's clock it runs for an hour: who counts him out goes by his own.
    await setClock(database, -HOUR);
    expect(await instances.behind(1n)).toEqual(['one']);
    const since = performance.now();

    const renewing = await testClient(database.url);
    try {
      await renewing.query('begin');
      await renewing.query(`select waarborg.renew_lease('one', 0, ${HOUR}, null)`);
      await until('the lease is over', () => performance.now() - since > SHORT);
      const counting = instances.behind(1n);
      await until('who counts him out waits for his row', async () => {
        const [found] = await database.query<{ waits: boolean }>(
          `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
           and query like 'delete from waarborg.decision_instances%') as waits`,
        );
        return found!.waits;
      });
      await renewing.query('commit');
      expect(await counting).toEqual(['one']);
    } finally {
      await renewing.end();
    }
    expect((await instances.renew('one', 0n, HOUR)).stretch).toBe(lease.stretch);
  });
});
