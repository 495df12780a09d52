import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import type { EventCodec, EventId, StreamId } from '#libs/kernel';
import {
  derivedId,
  eventSerializer,
  startProjector,
  type Follower,
  type Projection,
  type ProjectorParts,
} from '#libs/eventing';
import {
  counterCodec,
  countersProjection,
  PATIENCE,
  testClient,
  testDatabase,
  until,
  uuid,
  type CounterEvent,
  type CounterRow,
  type TestDatabase,
} from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';

const identity = { store: uuid('store'), epoch: 1 };
const one = uuid('count', 1);
const serializer = eventSerializer([counterCodec] as unknown as readonly EventCodec<never>[], {
  seal: async () => 'sealed',
  open: async () => '"Jansen"',
});
const older = countersProjection;
const newer: Projection<CounterRow> = {
  ...countersProjection,
  version: 2,
  table: { ...countersProjection.table, indexes: [['total', 'position']] },
};
const asOpened = (projection: Projection<CounterRow>) => projection as unknown as Projection;

let database: TestDatabase;
let stores: PostgresStores;
const opened: PostgresStores[] = [];
const running: Follower[] = [];

beforeEach(async () => {
  database = await testDatabase();
  stores = await anotherProcess();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((follower) => follower.stop()));
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await database.drop();
});

/** The stores as another process has them. */
async function anotherProcess(): Promise<PostgresStores> {
  const made = await openPostgresStores({ database: database.url });
  opened.push(made);
  return made;
}

async function end(one: PostgresStores): Promise<void> {
  opened.splice(opened.indexOf(one), 1);
  await one.close();
}

let recorded = 0;
async function count(by: number): Promise<bigint> {
  const stream = `counter-${one}` as StreamId;
  const event: CounterEvent = { type: 'Counted', data: { counter: one, by } };
  const id = derivedId(stream, String((recorded += 1))) as EventId;
  const revision = (await stores.events.readStream(stream)).length - 1;
  const writing = await serializer.write(event, { id, stream, correlationId: 't', actor: { system: 'test' } });
  return (await stores.events.append(stream, revision < 0 ? 'no-stream' : revision, [writing])).position;
}

const keep = (of: PostgresStores, projection: Projection<CounterRow>, more: Partial<ProjectorParts> = {}) => {
  const { projections, feed } = of;
  const projector = startProjector(projection, { projections, feed, serializer, identity, ...more });
  running.push(projector);
  return projector;
};
const totals = async (of: PostgresStores, projection: Projection<CounterRow>): Promise<readonly number[]> =>
  (await of.projections.search(projection, { where: [], limit: 10 })).map(({ total }) => total);

const tables = async (): Promise<readonly string[]> =>
  (
    await database.query<{ name: string }>(
      `select relname as name from pg_class
       where relnamespace = 'read_model'::regnamespace and relkind = 'r' order by 1`,
    )
  ).map(({ name }) => name);
const rowNames = async (): Promise<readonly string[]> =>
  (await database.query<{ name: string }>('select name from waarborg.read_models order by 1')).map(({ name }) => name);

describe('two releases on one database', () => {
  it('have a table each: the older goes on with its own while the newer builds, swaps, and drops it when nobody has it', async () => {
    await count(2);
    const first = keep(stores, older);
    expect(await first.waitFor(1n, PATIENCE)).toBe(true);

    // Somebody is in the new table while it is empty still, so that the built one can't take its place.
    const beside = await anotherProcess();
    await beside.projections.open(asOpened(newer));
    const reader = await testClient(database.url);
    await reader.query('begin');
    await reader.query('select from read_model.counters_2');
    const second = keep(beside, newer);
    await until('the newer one is built', async () => (await tables()).includes('counters_2__shadow'));
    expect([second.status().state, second.answering()]).toEqual(['building', undefined]);
    // Neither holds the other up.
    expect(await first.waitFor(await count(3), PATIENCE)).toBe(true);
    expect(await totals(stores, older)).toEqual([5]);
    expect(await tables()).toEqual(['counters_1', 'counters_2', 'counters_2__shadow']);
    await reader.query('commit');
    await reader.end();

    await until('the newer one answers', () => second.answering() !== undefined);
    const position = await count(4);
    for (const each of [first, second]) expect(await each.waitFor(position, PATIENCE)).toBe(true);
    expect([await totals(stores, older), await totals(beside, newer)]).toEqual([[9], [9]]);
    expect(await beside.projections.retire(asOpened(newer))).toBe(false);
    expect(await tables()).toEqual(['counters_1', 'counters_2']);

    await first.stop();
    const third = await anotherProcess();
    await end(stores);
    // Those that start later look again, and those that run from time to time.
    await until('nobody has it any more', () => third.projections.retire(asOpened(newer)));
    expect([await tables(), await rowNames()]).toEqual([['counters_2'], ['counters@2']]);
    stores = third;
  });

  it('find out by themselves that the table is free', async () => {
    await count(2);
    const first = keep(stores, older);
    await first.waitFor(1n, PATIENCE);
    await first.stop();
    const beside = await anotherProcess();
    await end(stores);
    stores = beside;
    const second = keep(beside, newer);
    expect(await second.waitFor(1n, PATIENCE)).toBe(true);
    await until('the older table is gone', async () => !(await tables()).includes('counters_1'));
    expect(await totals(beside, newer)).toEqual([2]);
  });

  it('have theirs in use although the server ended their connections', async () => {
    await stores.projections.open(asOpened(older));
    const beside = await anotherProcess();
    await database.cutConnections();
    await until('it is in use again', async () => {
      // The older table is there or was dropped in between; then it is made anew.
      await stores.projections.open(asOpened(older)).catch(() => undefined);
      return (await beside.projections.retire(asOpened(newer)).catch(() => true)) === false;
    });
    expect(await tables()).toEqual(['counters_1']);
  });

  it('say of a table that is gone that they are not available, and make it anew', async () => {
    await count(2);
    const first = keep(stores, older);
    await first.waitFor(1n, PATIENCE);
    await database.query(
      "drop table read_model.counters_1; delete from waarborg.read_models where name = 'counters@1'",
    );
    await expect(totals(stores, older)).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(await first.waitFor(await count(3), PATIENCE)).toBe(true);
    await until('it is there again', async () => (await totals(stores, older).catch(() => []))[0] === 5);
  });

  it('do not wait for a reader in a table that nobody needs', async () => {
    await stores.projections.open(asOpened(older));
    await stores.projections.leave(asOpened(older));
    const reader = await testClient(database.url);
    await reader.query('begin');
    await reader.query('select from read_model.counters_1');
    const beside = await anotherProcess();
    await expect(beside.projections.retire(asOpened(newer))).rejects.toMatchObject({ name: 'StoreUnavailable' });
    await reader.query('commit');
    await reader.end();
    expect(await beside.projections.retire(asOpened(newer))).toBe(true);
    expect(await tables()).toEqual([]);
  });
});

describe('a process that starts', () => {
  it('looks at all of its read models by a handful of statements, and retires what is gone by one look', async () => {
    const many = Array.from({ length: 30 }, (_, index): Projection => {
      const name = `counters-${index}`;
      return asOpened({ ...older, name, table: { ...older.table, name: `counters_of_${index}` } });
    });
    await Promise.all(many.map((projection) => stores.projections.open(projection)));
    await end(stores);
    const pool = new Pool({ connectionString: database.url, max: 20 });
    let statements = 0;
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...given: unknown[]) => unknown;
      client.query = ((...given: unknown[]) => {
        statements += 1;
        return query(...given);
      }) as never;
    });
    stores = await openPostgresStores({ database: pool });
    opened.push(stores);
    const before = statements;
    const found = await Promise.all(many.map((projection) => stores.projections.open(projection)));
    expect(found).toEqual(many.map(() => ({ checkpoint: undefined, outdated: false, earlier: [] })));
    expect(await Promise.all(many.map((projection) => stores.projections.retire(projection)))).toEqual(
      many.map(() => true),
    );
    expect(statements - before).toBeLessThan(30);
    const held = await database.query(
      `select count(*)::int as locks from pg_locks where locktype = 'advisory' and mode = 'ShareLock'
         and database = (select oid from pg_database where datname = current_database())`,
    );
    expect(held).toEqual([{ locks: 30 }]);
    await end(stores);
    await pool.end();
    stores = await anotherProcess();
  });
});

describe('a table without a version, as releases before 0.2 made it', () => {
  /** As it was: one row and one table of each read model, under its plain name. */
  async function unversioned(projection: Projection<CounterRow>): Promise<string> {
    await stores.projections.open(asOpened(projection));
    const row = { id: one, position: 1n, total: 7, counts: 1 };
    await stores.projections.commit(projection, new Map([[one, row]]), undefined, { ...identity, position: 1n });
    await stores.projections.leave(asOpened(projection));
    await database.query(`
      alter table read_model.counters_${projection.version} rename to counters;
      create table read_model.counters__shadow ();
      update waarborg.read_models set name = 'counters', table_name = 'counters'`);
    const [table] = await database.query<{ oid: string }>("select 'read_model.counters'::regclass::oid::text as oid");
    return table!.oid;
  }

  it('is taken over by its name when it is of this version, and not built again', async () => {
    const before = await unversioned(older);
    expect(await stores.projections.open(asOpened(older))).toEqual({
      ...{ checkpoint: { ...identity, position: 1n }, outdated: false, earlier: [] },
    });
    expect(await totals(stores, older)).toEqual([7]);
    expect([await tables(), await rowNames()]).toEqual([['counters_1'], ['counters@1']]);
    const [after] = await database.query<{ oid: string }>("select 'read_model.counters_1'::regclass::oid::text as oid");
    expect(after!.oid).toBe(before);
    // And again without harm.
    expect((await stores.projections.open(asOpened(older))).checkpoint).toEqual({ ...identity, position: 1n });
  });

  it('is an earlier one when it is of another version', async () => {
    await unversioned(older);
    const { checkpoint, earlier } = await stores.projections.open(asOpened(newer));
    expect([checkpoint, earlier]).toEqual([
      undefined,
      [{ version: 1, table: older.table, checkpoint: { ...identity, position: 1n } }],
    ]);
    expect(await tables()).toEqual(['counters_1', 'counters_2']);
  });

  it('goes where this version has a table already', async () => {
    await unversioned(older);
    await stores.projections.replace(older, [{ id: one, position: 1n, total: 9, counts: 1 }], {
      ...{ ...identity, position: 1n },
    });
    await stores.projections.open(asOpened(older));
    expect([await tables(), await rowNames(), await totals(stores, older)]).toEqual([
      ['counters_1'],
      ['counters@1'],
      [9],
    ]);
  });
});
