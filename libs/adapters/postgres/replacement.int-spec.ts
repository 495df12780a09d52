import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { StoreUnavailable, type Checkpoint, type OpenedTable, type Projection } from '#libs/eventing';
import { testClient, testDatabase, until, type TestDatabase } from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';
import { sharedPools } from './pools.js';
import { PostgresProjectionStore } from './postgres-projection-store.js';

type Row = { readonly id: string; readonly generation: number; readonly at: bigint };

const projection = (name: string): Projection<Row> => ({
  name,
  version: 1,
  table: {
    name,
    key: 'id',
    columns: { id: 'text', generation: 'integer', at: 'bigint' },
    newestFirst: 'at',
    indexes: [['generation']],
  },
  handles: [],
  keys: () => [],
  fold: (row) => row,
});

const at = (position: bigint): Checkpoint => ({ store: 's', epoch: 1, position });
const rows = (count: number, generation: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: `id-${index}`, generation, at: BigInt(index) }));

describe('replacing a read model', () => {
  let database: TestDatabase;
  let stores: PostgresStores;
  beforeAll(async () => {
    database = await testDatabase();
    stores = await openPostgresStores({ database: database.url });
  });
  afterAll(async () => {
    await stores.close();
    await database.drop();
  });
  const tables = async (): Promise<string[]> => {
    const found = await database.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'read_model'::regnamespace and relkind = 'r' order by 1",
    );
    return found.map(({ name }) => name);
  };

  /** Waits until that many attempts of a swap have waited for a reader, one after the other; looks meanwhile. */
  async function attempts(count: number, look = async (): Promise<void> => undefined): Promise<void> {
    const begun = new Set<string>();
    await until(`a swap waits for the ${count}th time`, async () => {
      const found = await database.query<{ begun: string }>(
        `select xact_start::text as begun from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query ~ 'drop table'`,
      );
      for (const one of found) begun.add(one.begun);
      await look();
      return begun.size >= count;
    });
  }

  it('never shows a reader a mixture, or rows without their checkpoint', async () => {
    const { projections } = stores;
    const model = projection('swapped');
    await projections.open(model as unknown as Projection);
    await projections.replace(model, rows(300, 0), at(1n));
    let replacing = true;
    let looks = 0;
    const looked = async (): Promise<void> => {
      const before = looks;
      await until('the reader has looked', () => looks > before);
    };
    const reader = (async (): Promise<void> => {
      while (replacing) {
        const { rows: seen, checkpoint } = await projections.snapshot(model);
        const generations = new Set(seen.map(({ generation }) => generation));
        expect(seen).toHaveLength(300);
        expect(generations.size).toBe(1);
        expect(checkpoint).toEqual(at(BigInt([...generations][0]! + 1)));
        expect(await projections.search(model, { where: [], limit: 500 })).toHaveLength(300);
        looks += 1;
      }
    })();
    for (let generation = 1; generation <= 12; generation += 1) {
      const meanwhile = looked();
      await projections.replace(model, rows(300, generation), at(BigInt(generation + 1)));
      await meanwhile;
    }
    replacing = false;
    await reader;
    expect(looks).toBeGreaterThanOrEqual(12);
    expect(await tables()).toEqual(['swapped_1']);
  });

  it('waits for a reader that is in the old table, without making others wait for long', async () => {
    const { projections } = stores;
    const model = projection('occupied');
    await projections.open(model as unknown as Projection);
    await projections.commit(model, new Map([['id-0', rows(1, 0)[0]!]]), undefined, at(1n));
    const reader = await testClient(database.url);
    await reader.query('begin');
    await reader.query('select * from read_model.occupied_1');
    let replaced = false;
    const replacing = projections.replace(model, rows(2, 1), at(2n)).then(() => (replaced = true));
    await attempts(2, async () => expect((await projections.snapshot(model)).rows).toHaveLength(1));
    expect(replaced).toBe(false);
    await reader.query('commit');
    await reader.end();
    await replacing;
    expect((await projections.snapshot(model)).rows).toHaveLength(2);
  });

  it('leaves nothing behind when its connection is cut, after the next opening', async () => {
    const { projections } = stores;
    const model = projection('interrupted');
    await projections.open(model as unknown as Projection);
    async function* cutOff(): AsyncIterable<Row> {
      yield* rows(100, 0);
      await database.cutConnections();
      yield* rows(100_000, 0);
    }
    await expect(projections.replace(model, cutOff(), at(5n))).rejects.toMatchObject({ name: 'StoreUnavailable' });
    // Connections that were cut while idle may still be handed out, each once, until the pool has heard of it.
    let reopened: OpenedTable | undefined;
    await until('it is opened again', async () => {
      reopened = await projections.open(model as unknown as Projection).catch(() => undefined);
      return reopened !== undefined;
    });
    expect(reopened).toEqual({ checkpoint: undefined, outdated: false, earlier: [] });
    expect(await tables()).toEqual(['interrupted_1', 'occupied_1', 'swapped_1']);
  });

  it('is refused while another replacement of the same read model goes on, and does not disturb it', async () => {
    const { projections } = stores;
    const model = projection('contended');
    await projections.open(model as unknown as Projection);
    async function* slow(): AsyncIterable<Row> {
      yield* rows(10, 0);
      await expect(projections.replace(model, rows(1, 1), at(9n))).rejects.toThrow('being replaced already');
      await projections.open(model as unknown as Projection);
    }
    await projections.replace(model, slow(), at(5n));
    expect((await projections.snapshot(model)).rows).toHaveLength(10);
  });

  /** Runs `work` while another session holds a lock, which goes as soon as `work` has said so. */
  async function beside<Result>(
    lock: string,
    work: (release: () => Promise<void>) => Promise<Result>,
  ): Promise<Result> {
    const other = await testClient(database.url);
    try {
      await other.query('begin');
      await other.query(lock);
      return await work(async () => void (await other.query('commit')));
    } finally {
      await other.end();
    }
  }

  const waiting = async (count: number): Promise<boolean> => {
    const [found] = await database.query<{ count: string }>(
      `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return Number(found!.count) >= count;
  };

  it('loses nothing that is committed at the moment in which it takes its place', async () => {
    const { projections } = stores;
    const model = projection('raced');
    await projections.open(model as unknown as Projection);
    await projections.commit(model, new Map([['id-0', rows(1, 0)[0]!]]), undefined, at(1n));
    // Both want to write the checkpoint; the projector is first in the queue.
    const [committed, replaced] = await beside('lock table waarborg.read_models in share mode', async (release) => {
      const later = new Map([['id-1', { id: 'id-1', generation: 0, at: 5n }]]);
      const committing = projections.commit(model, later, at(1n), at(5n));
      await until('the projector waits', () => waiting(1));
      const replacing = projections.replace(model, rows(1, 1), at(3n));
      await until('the replacement waits as well', () => waiting(2));
      await release();
      return Promise.allSettled([committing, replacing]);
    });
    // Whoever was second was told: the table never shows less than its checkpoint said before.
    expect([committed.status, replaced.status].sort()).toEqual(['fulfilled', 'rejected']);
    const { rows: seen, checkpoint } = await projections.snapshot(model);
    expect([seen.length, checkpoint]).toEqual(committed.status === 'fulfilled' ? [2, at(5n)] : [1, at(3n)]);
  });

  it('keeps what it caught up with when a reader makes it try again', async () => {
    const { projections } = stores;
    const model = projection('retried');
    await projections.open(model as unknown as Projection);
    await projections.commit(model, new Map(), undefined, at(5n));
    const change = (id: string, place: bigint) => new Map([[id, { id, generation: 1, at: place }]]);
    let asked = 0;
    await beside('lock table read_model.retried_1 in access share mode', async (release) => {
      const replacing = projections.replace(model, rows(1, 1), at(3n), async () => {
        asked += 1;
        if (asked > 1) return { changes: change('id-6', 6n), position: 6n };
        // The live one moves on after it was looked at.
        await projections.commit(model, new Map(), at(5n), at(6n));
        return { changes: change('id-5', 5n), position: 5n };
      });
      await until('it has caught up with the checkpoint held', () => asked === 2);
      await attempts(2);
      await release();
      await replacing;
    });
    expect(asked).toBe(2);
    const { rows: seen, checkpoint } = await projections.snapshot(model);
    expect(seen.map(({ id }) => id).sort()).toEqual(['id-0', 'id-5', 'id-6']);
    expect(checkpoint).toEqual(at(6n));
  });

  it('does not keep the checkpoint held when the server takes long over a statement of the swap', async () => {
    const pool = new Pool({ connectionString: database.url });
    const impatient = new PostgresProjectionStore(sharedPools(pool), { statement: 200, idle: 10_000 });
    const { projections } = stores;
    const model = projection('slow');
    await projections.open(model as unknown as Projection);
    await database.query(`
      create function linger() returns trigger language plpgsql as 'begin perform pg_sleep(10); return new; end';
      create trigger linger before update on waarborg.read_models for each row
        when (new.name = 'slow@1' and new.position = 3) execute function linger()`);
    await expect(impatient.replace(model, rows(1, 1), at(3n))).rejects.toThrow('statement timeout');
    // The projector goes on.
    await projections.commit(model, new Map(), undefined, at(4n));
    expect((await projections.snapshot(model)).checkpoint).toEqual(at(4n));
    await database.query('drop trigger linger on waarborg.read_models; drop function linger()');
    await impatient.close();
    await pool.end();
  });

  it('does not keep the checkpoint held when it hangs in the middle of the swap', async () => {
    const pool = new Pool({ connectionString: database.url });
    pool.on('error', () => undefined);
    const impatient = new PostgresProjectionStore(sharedPools(pool), { statement: 10_000, idle: 1_000 });
    const { projections } = stores;
    const model = projection('hanging');
    await projections.open(model as unknown as Projection);
    await projections.commit(model, new Map(), undefined, at(5n));
    let resume: (() => void) | undefined;
    let asked = 0;
    const replacing = impatient.replace(model, rows(1, 1), at(3n), async (upTo) => {
      asked += 1;
      if (asked === 1) await projections.commit(model, new Map(), at(5n), at(6n));
      else await new Promise<void>((resolve) => (resume = resolve));
      return { changes: new Map(), position: upTo };
    });
    const refused = expect(replacing).rejects.toBeInstanceOf(StoreUnavailable);
    await until('it hangs', () => resume !== undefined);
    // The projector goes on.
    await projections.commit(model, new Map(), at(6n), at(7n));
    resume!();
    await refused;
    expect((await projections.snapshot(model)).checkpoint).toEqual(at(7n));
    await impatient.close();
    await pool.end();
  });
});
