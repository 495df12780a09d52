import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { StoreUnavailable, type Projection } from '#libs/eventing';
import { streamId, type EventId } from '#libs/kernel';
import { testClient, testDatabase, until, type TestDatabase } from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';
import { POOL_SIZES } from './pools.js';

type Row = { readonly id: string; readonly at: bigint };

const model = (name: string): Projection<Row> => ({
  name,
  version: 1,
  table: { name, key: 'id', columns: { id: 'text', at: 'bigint' }, newestFirst: 'at' },
  handles: [],
  keys: () => [],
  fold: (row) => row,
});

const stuck = model('stuck');
const free = model('free');
/** With three searches of each, more than there are connections for searches. */
const many = [stuck, model('stuck_too'), model('stuck_as_well')];
/** What decisions and revocations may wait at most: well below the shortest lease. */
const SOON = 1_000;

describe('a read model that somebody has locked', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
    const stores = await openPostgresStores({ database: database.url });
    for (const projection of [...many, free]) await projections(stores, projection);
    await stores.close();
  });
  afterAll(async () => {
    await database.drop();
  });

  async function projections(stores: PostgresStores, projection: Projection<Row>): Promise<void> {
    await stores.projections.open(projection as unknown as Projection);
    const row: Row = { id: 'a', at: 1n };
    await stores.projections.commit(projection, new Map([['a', row]]), undefined, {
      ...{ store: 's', epoch: 1, position: 1n },
    });
  }

  /** Runs `work` while another session has the read models locked. */
  async function locked<Result>(
    work: (unlock: () => Promise<void>) => Promise<Result>,
    models: readonly Projection<Row>[] = [stuck],
  ): Promise<Result> {
    const other = await testClient(database.url);
    try {
      await other.query('begin');
      for (const { name } of models) await other.query(`lock table read_model.${name} in access exclusive mode`);
      return await work(async () => void (await other.query('commit')));
    } finally {
      await other.end();
    }
  }

  /** How many of our statements wait in the server. */
  const waiting = async (): Promise<number> => {
    const [found] = await database.query<{ count: string }>(
      `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return Number(found!.count);
  };

  /** Many questions to the locked one, and readers that keep it up to date; their outcomes come with the answer. */
  const crowd = ({ projections: store }: PostgresStores): readonly Promise<unknown>[] => [
    ...Array.from({ length: 300 }, () => store.search(stuck, { where: [], limit: 10 })),
    ...Array.from({ length: 20 }, () => store.find(stuck, 'a')),
    store.load(stuck, ['a']),
    store.open(stuck as unknown as Projection).then(() => store.load(stuck, ['b'])),
  ];

  /** What decisions and revocations need; answers how long the slowest took. */
  async function vital(stores: PostgresStores): Promise<number> {
    const { instances, feed, events, records, answeredKeys, checkpoints, parkedSteps } = stores;
    const began = performance.now();
    const stream = streamId('check', randomUUID());
    const event = { id: randomUUID() as EventId, type: 'CheckRecorded', bytes: '{}' };
    await Promise.all([
      instances.renew('one', 1n, 60_000),
      instances.behind(1n),
      feed.head(),
      feed.read(0n),
      events.append(stream, 'no-stream', [event]).then(() => events.readStream(stream)),
      records.append({ id: randomUUID(), kind: 'decision', bytes: '{}' }),
      answeredKeys.find(randomUUID() as EventId),
      checkpoints.read('process'),
      parkedSteps.list('process'),
    ]);
    return performance.now() - began;
  }

  /** What another read model is asked, by a caller and by who keeps it up to date; the same. */
  async function others({ projections: store }: PostgresStores): Promise<number> {
    const began = performance.now();
    await Promise.all([store.search(free, { where: [], limit: 10 }), store.load(free, ['a'])]);
    return performance.now() - began;
  }

  it('holds up nothing that decisions and revocations rest on, nor other read models', async () => {
    const stores = await openPostgresStores({ database: database.url });
    try {
      await locked(async () => {
        const asked = Promise.allSettled(crowd(stores));
        await until('some wait in the server', async () => (await waiting()) >= 3);
        for (let count = 0; count < 5; count++) {
          expect(await vital(stores)).toBeLessThan(SOON);
          expect(await others(stores)).toBeLessThan(SOON);
        }
        const outcomes = await asked;
        const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined));
        for (const reason of reasons) expect(reason).toBeInstanceOf(StoreUnavailable);
        // Nor is anything of it left in the server, that would pile up there.
        await until('nothing waits any more', async () => (await waiting()) === 0);
        expect(await vital(stores)).toBeLessThan(SOON);
      });
      expect(await stores.projections.search(stuck, { where: [], limit: 10 })).toHaveLength(1);
    } finally {
      await stores.close();
    }
  }, 60_000);

  it('holds up nothing of it among so many that nothing else can be searched, or brought up to date', async () => {
    const stores = await openPostgresStores({ database: database.url });
    try {
      await locked(async (unlock) => {
        const asked = Promise.allSettled(
          many.flatMap((projection) => [
            ...Array.from({ length: 3 }, () => stores.projections.search(projection, { where: [], limit: 10 })),
            ...Array.from({ length: 3 }, () => stores.projections.load(projection, ['a'])),
          ]),
        );
        await until(
          'they have all connections for it',
          async () => (await waiting()) >= POOL_SIZES.searches + POOL_SIZES.models,
        );
        for (let count = 0; count < 3; count++) expect(await vital(stores)).toBeLessThan(SOON);
        await unlock();
        await asked;
      }, many);
    } finally {
      await stores.close();
    }
  });

  it('answers who has not been refused yet when it is free again', async () => {
    const stores = await openPostgresStores({ database: database.url });
    try {
      await locked(async (unlock) => {
        const asked = Array.from({ length: 20 }, () => stores.projections.search(stuck, { where: [], limit: 10 }));
        await until('some wait in the server', async () => (await waiting()) >= 3);
        await unlock();
        for (const answer of await Promise.all(asked)) expect(answer).toHaveLength(1);
      });
    } finally {
      await stores.close();
    }
  });

  it('would hold up all of it in one pool', async () => {
    const pool = new Pool({ connectionString: database.url, max: 5 });
    const stores = await openPostgresStores({ database: pool });
    try {
      await locked(async (unlock) => {
        const asked = Promise.allSettled(crowd(stores));
        await until('they have all connections', async () => (await waiting()) >= 5);
        let over = false;
        const needed = vital(stores).then((milliseconds) => ((over = true), milliseconds));
        const end = performance.now() + SOON;
        await until('the time is over', () => performance.now() > end);
        expect(over).toBe(false);
        await unlock();
        expect(await needed).toBeGreaterThan(SOON);
        await asked;
      });
    } finally {
      await stores.close();
      await pool.end();
    }
  }, 60_000);
});
