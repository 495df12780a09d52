import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Checkpoint, Projection } from '#libs/eventing';
import { testDatabase, type TestDatabase } from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';

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

  it('never shows a reader a mixture, or rows without their checkpoint', async () => {
    const { projections } = stores;
    const model = projection('swapped');
    await projections.open(model as unknown as Projection);
    await projections.replace(model, rows(300, 0), at(1n));
    let replacing = true;
    let looks = 0;
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
      await projections.replace(model, rows(300, generation), at(BigInt(generation + 1)));
    }
    replacing = false;
    await reader;
    expect(looks).toBeGreaterThan(0);
    expect(await tables()).toEqual(['swapped']);
  });

  it('waits for a reader that is in the old table, without making others wait for long', async () => {
    const { projections } = stores;
    const model = projection('occupied');
    await projections.open(model as unknown as Projection);
    await projections.commit(model, new Map([['id-0', rows(1, 0)[0]!]]), undefined, at(1n));
    const reader = new Client({ connectionString: database.url });
    await reader.connect();
    await reader.query('begin');
    await reader.query('select * from read_model.occupied');
    let replaced = false;
    const replacing = projections.replace(model, rows(2, 1), at(2n)).then(() => (replaced = true));
    const began = performance.now();
    for (let look = 0; look < 3; look += 1) expect((await projections.snapshot(model)).rows).toHaveLength(1);
    while (performance.now() - began < 2_500) expect((await projections.snapshot(model)).rows).toHaveLength(1);
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
    // A connection that was cut while idle may still be handed out once, until the pool has heard of it.
    const reopened = await projections
      .open(model as unknown as Projection)
      .catch(() => projections.open(model as unknown as Projection));
    expect(reopened).toEqual({ checkpoint: undefined, outdated: false });
    expect(await tables()).toEqual(['interrupted', 'occupied', 'swapped']);
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
});
