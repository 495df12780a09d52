import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTicker, type DueItem, type Performed, type Ticker } from '#libs/eventing';
import { epochOf, instantFromEpoch, later } from '#libs/kernel';
import { at, fixedClock, testDatabase, until, type TestDatabase } from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';

const NOON = at('2026-03-02T12:00:00.000Z');
const DAY = 24 * 3_600_000;
const KIND = 'notice';

/** What the contract of due work can't ask: how a database finds it, and processes that share one. */
describe('due work on PostgreSQL', () => {
  let database: TestDatabase;
  let stores: PostgresStores[];
  const open = async (): Promise<PostgresStores> => {
    const own = await openPostgresStores({ database: database.url });
    stores.push(own);
    return own;
  };
  beforeEach(async () => {
    database = await testDatabase();
    stores = [];
  });
  afterEach(async () => {
    await Promise.all(stores.map((own) => own.close()));
    await database.drop();
  });

  it('is found without walking through what waits behind it, nor through what one lane has', async () => {
    await open();
    // A receiver that has been away for days: many streams, many events of each, all put off; and another one.
    await database.query(
      `insert into waarborg.due_work (kind, id, lane, group_name, due_at, since, payload, ready)
       select '${KIND}', 'away-' || n, 'away', 'away-' || n % 2000, case when n < 2000 then 5000 else 0 end, 0, '{}',
         n < 2000 from generate_series(0, 99999) n`,
    );
    await database.query(
      `insert into waarborg.due_work (kind, id, lane, group_name, due_at, since, payload, ready)
       select '${KIND}', 'there-' || n, 'there', 'there-' || n, 0, 0, '{}', true from generate_series(1, 5) n`,
    );
    await database.query('analyze waarborg.due_work');
    const plan = await database.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, buffers, costs off, timing off) select * from waarborg.due_items('${KIND}', 1000, 50, 4)`,
    );
    const buffers = plan.map((line) => line['QUERY PLAN']).join('\n');
    const [, hit] = /shared hit=(\d+)/.exec(buffers)!;
    // The table has thousands of pages.
    expect(Number(hit)).toBeLessThan(300);
    const [work] = stores;
    const found = await work!.dueWork.due(KIND, instantFromEpoch(1_000), 50, 4);
    expect(found.map(({ id }) => id)).toEqual(['there-1', 'there-2', 'there-3', 'there-4']);
  });

  it('is done once by several processes that are stopped and begun anew, over months of a clock that goes back', async () => {
    const clock = fixedClock(NOON);
    const start = epochOf(NOON);
    const done = new Map<string, number>();
    const perform = async ({ id }: { readonly id: string }): Promise<Performed> => {
      done.set(id, (done.get(id) ?? 0) + 1);
      return { is: 'done' };
    };
    const DAYS = 60;
    const items = Array.from({ length: DAYS * 3 }, (_, index): DueItem => {
      const day = index % DAYS;
      return {
        kind: KIND,
        id: `${index}`,
        group: `${index % 9}`,
        dueAt: instantFromEpoch(start + day * DAY),
        payload: null,
      };
    });
    const begin = async (holder: string): Promise<Ticker> => {
      const { dueWork, leases } = await open();
      return startTicker(
        { kind: KIND, perform, perLane: 20, together: 20, keepFor: 400 * DAY },
        { dueWork, leases, holder, now: () => clock.now(), leaseMilliseconds: 1_500, lookEvery: 5 },
      );
    };
    const { dueWork } = await open();
    await dueWork.enqueue(items);
    const tickers = [await begin('one'), await begin('two')];
    const isSettled = async (): Promise<boolean> => (await dueWork.due(KIND, clock.now(), 10)).length === 0;
    try {
      for (let day = 0; day < DAYS; day += 3) {
        clock.set(instantFromEpoch(start + day * DAY));
        await until(`day ${day} is done`, isSettled);
        if (day % 15 === 0) {
          const size = done.size;
          clock.set(later(clock.now(), -10 * DAY));
          await until('it looked', async () => (await isSettled()) && tickers.some((one) => one.turn() !== undefined));
          expect(done.size).toBe(size);
          const index = tickers.findIndex((one) => one.turn() !== undefined);
          await tickers[index]!.stop();
          tickers[index] = await begin(`again-${day}`);
        }
      }
      clock.set(instantFromEpoch(start + DAYS * DAY));
      await until('all is done', async () => (await dueWork.figures(KIND)).waiting === 0);
      expect([...done.values()].filter((times) => times !== 1)).toEqual([]);
      expect(done.size).toBe(items.length);
    } finally {
      await Promise.all(tickers.map((ticker) => ticker.stop()));
    }
  });
});
