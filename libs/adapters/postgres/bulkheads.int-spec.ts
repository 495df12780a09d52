import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { StoreUnavailable, type Projection } from '#libs/eventing';
import { streamId, type EventId } from '#libs/kernel';
import { testClient, testDatabase, until, type TestDatabase } from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';
import { openPools, POOL_SIZES } from './pools.js';

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
const UNAVAILABLE = { name: 'StoreUnavailable' };

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
      for (const { name } of models) await other.query(`lock table read_model.${name}_1 in access exclusive mode`);
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

  const searches = ({ projections: store }: PostgresStores, count: number): readonly Promise<unknown>[] =>
    Array.from({ length: count }, () => store.search(stuck, { where: [], limit: 10 }));

  /** Many questions to the locked one, and readers that keep it up to date; their outcomes come with the answer. */
  const crowd = (stores: PostgresStores): readonly Promise<unknown>[] => [
    ...searches(stores, 300),
    ...Array.from({ length: 20 }, () => stores.projections.find(stuck, 'a')),
    stores.projections.load(stuck, ['a']),
    stores.projections.open(stuck as unknown as Projection).then(() => stores.projections.load(stuck, ['b'])),
  ];

  type Need = () => Promise<unknown>;
  /** What decisions and revocations need. */
  const vital = ({ instances, feed, events, records, ...more }: PostgresStores): Map<string, Need> =>
    new Map<string, Need>([
      ['to renew a lease', () => instances.renew('one', 1n, 60_000)],
      ['to see who is behind', () => instances.behind(1n)],
      ['the head', () => feed.head()],
      ['to read the feed', () => feed.read(0n)],
      [
        'to append and read it again',
        async () => {
          const stream = streamId('check', randomUUID());
          const event = { id: randomUUID() as EventId, type: 'CheckRecorded', bytes: '{}' };
          await events.append(stream, 'no-stream', [event]);
          await events.readStream(stream);
        },
      ],
      ['to record a decision', () => records.append({ id: randomUUID(), kind: 'decision', bytes: '{}' })],
      ['a kept key', () => more.answeredKeys.find(randomUUID() as EventId)],
      ['a used proof', () => more.usedProofs.use('00', 1)],
      ['a checkpoint', () => more.checkpoints.read('process')],
      ['parked steps', () => more.parkedSteps.list('process')],
      ['parked messages', () => more.parkedMessages.heads('reaction')],
    ]);

  /** What another read model is asked, by a caller and by who keeps it up to date. */
  const others = ({ projections: store }: PostgresStores): Map<string, Need> =>
    new Map<string, Need>([
      ['to search another one', () => store.search(free, { where: [], limit: 10 })],
      ['to load of another one', () => store.load(free, ['a'])],
    ]);

  it('holds up nothing that decisions and revocations rest on, nor other read models', async () => {
    const stores = await openPostgresStores({ database: database.url });
    try {
      await locked(async () => {
        const heldUp = new Map([...vital(stores), ...others(stores)]);
        // On a busy machine some of it may come after the first of the crowd was refused: it meets another crowd then.
        for (let attempt = 1; heldUp.size > 0 && attempt <= 10; attempt++) {
          let refused = false;
          // Fewer than are refused at once.
          const asked = searches(stores, 100).map((each) => each.catch(() => (refused = true)));
          await until('some wait in the server', async () => (await waiting()) >= 3);
          const needed = [...heldUp].map(async ([name, need]) => {
            await need();
            if (!refused) heldUp.delete(name);
          });
          await Promise.all([...needed, ...asked]);
        }
        expect([...heldUp.keys()]).toEqual([]);
        const outcomes = await Promise.allSettled(crowd(stores));
        const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined));
        for (const reason of reasons) expect(reason).toBeInstanceOf(StoreUnavailable);
        // Nor is anything of it left in the server, that would pile up there.
        await until('nothing waits any more', async () => (await waiting()) === 0);
        await Promise.all([...vital(stores).values()].map((need) => need()));
      });
      expect(await stores.projections.search(stuck, { where: [], limit: 10 })).toHaveLength(1);
    } finally {
      await stores.close();
    }
  });

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
        // Each answers while the others hang.
        for (const need of vital(stores).values()) await expect(need()).resolves.not.toThrow();
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
      let answered = 0;
      // On a busy machine they may all be refused before it is free: then others ask.
      for (let attempt = 1; answered === 0 && attempt <= 10; attempt++) {
        await locked(async (unlock) => {
          const asked = searches(stores, 20);
          await until('some wait in the server', async () => (await waiting()) >= 3);
          await unlock();
          for (const outcome of await Promise.allSettled(asked)) {
            if (outcome.status === 'fulfilled') answered += 1;
            expect(outcome).toMatchObject(
              outcome.status === 'fulfilled' ? { value: [{ id: 'a' }] } : { reason: UNAVAILABLE },
            );
          }
        });
      }
      expect(answered).toBeGreaterThan(0);
    } finally {
      await stores.close();
    }
  });

  it('would hold up all of it in one pool', async () => {
    const pool = new Pool({ connectionString: database.url, max: 6 });
    const stores = await openPostgresStores({ database: pool });
    try {
      await locked(async (unlock) => {
        const asked = Promise.allSettled(crowd(stores));
        await until(
          'they have all connections but the one that says what is in use',
          async () => (await waiting()) >= 5,
        );
        const queued = pool.waitingCount;
        let over = false;
        const needed = Promise.all([...vital(stores).values()].map((need) => need())).then(() => (over = true));
        await until('it waits for a connection behind the crowd', () => pool.waitingCount > queued);
        expect([over, await waiting()]).toEqual([false, 5]);
        await unlock();
        await needed;
        await asked;
      });
    } finally {
      await stores.close();
      await pool.end();
    }
  });
});

describe('a process that stops in the middle of a change of a read model', () => {
  it('holds up nobody else for long, and has changed nothing when it goes on', async () => {
    const database = await testDatabase();
    const stores = await openPostgresStores({ database: database.url });
    // A process of its own, as far as the server knows: it says nothing after its first statement.
    const pools = openPools(database.url, POOL_SIZES, 'stopped');
    const stopped = await pools.models.connect();
    try {
      const at = (position: bigint) => ({ store: 's', epoch: 1, position });
      await stores.projections.open(free as unknown as Projection);
      await stores.projections.commit(free, new Map([['a', { id: 'a', at: 1n }]]), undefined, at(1n));
      const ended = new Promise<void>((resolve) => stopped.on('error', () => resolve()));
      await stopped.query('begin');
      await stopped.query(`update waarborg.read_models set position = 7 where name = $1`, [`${free.name}@1`]);

      await stores.projections.commit(free, new Map([['b', { id: 'b', at: 2n }]]), at(1n), at(2n));
      await ended;
      await expect(stopped.query('commit')).rejects.toThrow();
      const { checkpoint, rows } = await stores.projections.snapshot(free);
      expect([checkpoint, rows.map(({ id }) => id).sort()]).toEqual([at(2n), ['a', 'b']]);
    } finally {
      stopped.release(true);
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
      await stores.close();
      await database.drop();
    }
  });
});
