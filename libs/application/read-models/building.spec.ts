import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventCodec, EventId, StreamId } from '#libs/kernel';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import {
  derivedId,
  eventSerializer,
  rebuildProjection,
  type Follower,
  type Projection,
  type ProjectionStore,
} from '#libs/eventing';
import { counterCodec, countersProjection, until, uuid, type CounterRow } from '#libs/testing';
import type { ReadModels } from '../ports.js';
import { readModels } from './read-models.js';

const identity = { store: uuid('store'), epoch: 1 };
const one = uuid('count', 1);
const serializer = eventSerializer([counterCodec] as unknown as readonly EventCodec<never>[], {
  seal: async () => 'sealed',
  open: async () => '"Jansen"',
});

type Row = CounterRow & { readonly even: boolean };
/** Version 2, with a column more and the indexes of this release. */
const named = (name: string, more: Partial<Projection<Row>> = {}): Projection<Row> => ({
  ...(countersProjection as unknown as Projection<Row>),
  name,
  version: 2,
  table: {
    ...countersProjection.table,
    name,
    columns: { ...countersProjection.table.columns, even: 'boolean' },
    indexes: [['even'], ['total'], ['counts']],
  },
  fold: (row, event, key) => {
    const counter = countersProjection.fold(row, event, key);
    return counter && { ...counter, even: counter.total % 2 === 0 };
  },
  ...more,
});
const reading = named('counters', { readsEarlier: 1 });
const asAny = (projection: Projection<Row>): Projection => projection as unknown as Projection;

let stores: MemoryStores;
let models: ReadModels;
const followers: Follower[] = [];
/** What stands at the swap, by name; and how to let it go on. */
let held: Map<string, () => void>;

beforeEach(async () => {
  stores = memoryStores();
  held = new Map();
  const { projections } = stores;
  const holding: ProjectionStore = {
    open: (of) => projections.open(of),
    checkpoint: (of) => projections.checkpoint(of),
    leave: (of) => projections.leave(of),
    retire: (of) => projections.retire(of),
    load: (of, keys) => projections.load(of, keys),
    commit: (of, changes, from, to) => projections.commit(of, changes, from, to),
    find: (of, key) => projections.find(of, key),
    search: (of, query) => projections.search(of, query),
    searchColumns: (of, columns, query) => projections.searchColumns(of, columns, query),
    snapshot: (of) => projections.snapshot(of),
    async replace(of, ...more) {
      await new Promise<void>((resolve) => held.set(of.name, resolve));
      await projections.replace(of, ...more);
    },
  };
  models = readModels(
    { projections: holding, feed: stores.feed, serializer, identity },
    (follower) => void followers.push(follower),
  );
  await count(2);
});
afterEach(async () => {
  const stopping = Promise.all(followers.splice(0).map((follower) => follower.stop()));
  for (const letGo of held.values()) letGo();
  await stopping;
});

let made = 0;
async function count(by: number): Promise<bigint> {
  const stream = `counter-${one}` as StreamId;
  const id = derivedId(stream, String((made += 1))) as EventId;
  const revision = (await stores.events.readStream(stream)).length - 1;
  const event = { type: 'Counted', data: { counter: one, by } } as const;
  const writing = await serializer.write(event, { id, stream, correlationId: 't', actor: { system: 'test' } });
  return (await stores.events.append(stream, revision < 0 ? 'no-stream' : revision, [writing])).position;
}

/** Leaves the table of version 1 behind, as an earlier release did. */
const ofTheVersionBefore = (name: string, table = countersProjection.table): Promise<unknown> =>
  rebuildProjection(
    { ...countersProjection, name, table: { ...table, name, indexes: [['total']] } },
    { projections: stores.projections, feed: stores.feed, serializer, identity },
  );
const isHeld = (name: string): Promise<void> => until(`${name} is held`, () => held.has(name));
const UNBUILT = { name: 'StoreUnavailable', message: 'read model counters is being built', retryAfterSeconds: 10 };
const unbuilt = (answering: Promise<unknown>): Promise<void> => expect(answering).rejects.toMatchObject(UNBUILT);

describe('a read model that is being built', () => {
  it('has no answer where it reads no earlier version, says when to ask again, and has one afterwards', async () => {
    await ofTheVersionBefore('counters');
    const projection = named('counters');
    models.run(projection);
    await isHeld('counters');
    expect(() => models.fed(asAny(projection))).toThrow(UNBUILT.message);
    const query = { where: [], limit: 5 };
    await unbuilt(models.store.search(projection, query));
    await unbuilt(models.store.find(projection, one));
    await unbuilt(models.store.load(projection, [one]));
    const waiting = models.upToDate(asAny(projection));
    held.get('counters')!();
    // Who waited for it has it now.
    await waiting;
    expect(await models.store.search(projection, query)).toMatchObject([{ total: 2, even: true }]);
    await until('it is fed', () => followers[0]!.status().state === 'running');
    models.fed(asAny(projection));
  });

  it('is answered from the earlier version as far as that goes', async () => {
    await ofTheVersionBefore('counters');
    models.run(reading);
    await isHeld('counters');
    await until('the earlier one answers', async () => models.waitFor(asAny(reading), 1n));
    await count(3);
    await models.upToDate(asAny(reading));
    models.fed(asAny(reading));
    const { store } = models;
    const [found] = await store.search(reading, { where: [{ column: 'total', is: 'equal', value: 5 }], limit: 5 });
    const looked = await store.find(reading, one);
    const loaded = (await store.load(reading, [one])).get(one);
    for (const row of [found, looked, loaded]) {
      expect([row!.id, row!.total, row!.counts]).toEqual([one, 5, 2]);
      // What it lacks is not shown as nothing.
      expect(() => row!.even).toThrow('is being built');
      expect(() => ({ ...row! })).toThrow('is being built');
    }
    expect(await store.find(reading, uuid('nobody'))).toBeUndefined();
    const all = { where: [], limit: 5 };
    expect(await store.searchColumns(reading, ['total', 'id'], all)).toEqual([{ total: 5, id: one }]);
    await unbuilt(store.searchColumns(reading, ['total', 'even'], all));
    // A column that it lacks, and one that it has no index for.
    for (const where of [
      { column: 'even', is: 'equal', value: true },
      { column: 'counts', is: 'equal', value: 2 },
    ] as const) {
      await unbuilt(store.search(reading, { where: [where], limit: 5 }));
      await unbuilt(store.searchColumns(reading, ['id'], { where: [where], limit: 5 }));
    }
    // What would never be answered is no matter of waiting.
    const never = [{ column: 'position', is: 'equal', value: 1n }] as const;
    await expect(store.search(reading, { where: never, limit: 5 })).rejects.toThrow('no index');

    held.get('counters')!();
    const isOwn = async (): Promise<boolean> => {
      const [row] = await store.search(reading, { where: [], limit: 5 });
      return Object.getOwnPropertyDescriptor(row, 'even')?.value === false;
    };
    await until('its own table answers', isOwn);
  });

  it('lets those go on waiting who waited for the earlier one when its own takes over', async () => {
    await ofTheVersionBefore('counters');
    models.run(reading);
    await isHeld('counters');
    await until('the earlier one answers', async () => models.waitFor(asAny(reading), 1n));
    const waiting = models.waitFor(asAny(reading), 2n);
    held.get('counters')!();
    await until(
      'the earlier one is gone',
      async () => (await stores.projections.open(asAny(reading))).earlier.length === 0,
    );
    await count(1);
    expect(await waiting).toBe(true);
  });

  it('is built when those before it are, or have failed', async () => {
    for (const name of ['first', 'second', 'third']) {
      await ofTheVersionBefore(name);
      models.run(named(name));
    }
    await isHeld('first');
    // The others had all the time that the first one had.
    await new Promise((resolve) => setImmediate(resolve));
    expect([...held.keys()]).toEqual(['first']);
    // The first fails: somebody moved a table that it knows nothing of.
    const replace = stores.projections.replace.bind(stores.projections);
    let failed = false;
    stores.projections.replace = async (of, ...more) => {
      if (of.name === 'first' && !failed) {
        failed = true;
        throw new Error('the server is away');
      }
      await replace(of, ...more);
    };
    held.get('first')!();
    await isHeld('second');
    held.get('second')!();
    await isHeld('third');
    held.delete('first');
    held.get('third')!();
    await isHeld('first');
    held.get('first')!();
    for (const name of ['first', 'second', 'third']) {
      await until(`${name} is built`, () => models.waitFor(asAny(named(name)), 1n));
      await until(`${name} answers`, () =>
        models.store.search(named(name), { where: [], limit: 1 }).then(
          (rows) => rows.length === 1,
          () => false,
        ),
      );
    }
  });

  it('is not built before the process has begun, and holds up nobody who ends before that', async () => {
    await ofTheVersionBefore('counters');
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let opened = 0;
    const kept: Follower[] = [];
    const { projections } = stores;
    const keep = (): Promise<void> => {
      const { store } = models;
      const counting: ProjectionStore = {
        ...store,
        open: (of) => ((opened += 1), projections.open(of)),
        commit: (of, changes, from, to) => projections.commit(of, changes, from, to),
        load: (of, keys) => projections.load(of, keys),
      };
      const own = readModels(
        { projections: counting, feed: stores.feed, serializer, identity },
        (follower) => void kept.push(follower),
        begun,
      );
      own.run(named('counters'));
      return until('it waits', () => opened > 0 && kept.at(-1)!.status().state === 'building');
    };
    await keep();
    await kept[0]!.stop();
    expect(kept[0]!.status().state).toBe('ended');
    opened = 0;
    await keep();
    expect([opened, held.size]).toEqual([1, 0]);
    begin();
    await isHeld('counters');
    const stopping = kept[1]!.stop();
    held.get('counters')!();
    await stopping;
  });

  it("is nobody's business in a process that does not keep it", async () => {
    await ofTheVersionBefore('counters');
    const earlier = { ...countersProjection } as unknown as Projection<Row>;
    expect(await models.store.search(earlier, { where: [], limit: 5 })).toMatchObject([{ total: 2 }]);
  });
});
