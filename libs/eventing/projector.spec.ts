import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventCodec, EventId, StreamId } from '#libs/kernel';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import {
  counterCodec,
  countersProjection,
  PATIENCE,
  UNLUCKY,
  until,
  likeThisRun,
  nth,
  uuid,
  type CounterEvent,
  type CounterRow,
} from '#libs/testing';
import {
  CheckpointMoved,
  LineageBroken,
  derivedId,
  eventSerializer,
  itemOf,
  rebuildProjection,
  START,
  startProjector,
  UnreadableEvent,
  type EventFeed,
  type Checkpoint,
  type EventSerializer,
  type Follower,
  type Projection,
  type ProjectionStore,
  type ProjectorParts,
} from './index.js';

const identity = { store: uuid('store'), epoch: 1 };
const one = uuid('count', 1);
const two = uuid('count', 2);

let stores: MemoryStores;
let serializer: EventSerializer;
const running: Follower[] = [];

beforeEach(() => {
  stores = memoryStores(likeThisRun);
  serializer = serializerOf(stores);
});
afterEach(() => Promise.all(running.splice(0).map((follower) => follower.stop())));

const serializerOf = (_stores: MemoryStores): EventSerializer =>
  eventSerializer([counterCodec] as unknown as readonly EventCodec<never>[], {
    seal: async () => 'sealed',
    open: async () => '"Jansen"',
  });

/** Puts facts on the streams of their counters. */
async function record(events: readonly CounterEvent[], into: MemoryStores = stores): Promise<bigint> {
  let position = START;
  for (const event of events) {
    const stream = `counter-${event.data.counter}` as StreamId;
    const revision = (await into.events.readStream(stream)).length;
    const id = derivedId(stream, String(revision)) as EventId;
    const writing = await serializer.write(event, { id, stream, correlationId: 't', actor: { system: 'test' } });
    ({ position } = await into.events.append(stream, revision === 0 ? 'no-stream' : revision - 1, [writing]));
  }
  return position;
}

const started = (counter: string): CounterEvent => ({
  type: 'CounterStarted',
  data: { counter, name: { clear: 'Jansen' } },
});
const counted = (counter: string, by: number): CounterEvent => ({ type: 'Counted', data: { counter, by } });

/** An event of a type that no codec declares, on a stream of its own. */
async function recordUnknown(nr = 1): Promise<bigint> {
  const [id, type, stream] = [uuid('unknown', nr) as EventId, 'CounterBurnt', `counter-x${nr}` as StreamId];
  const bytes = JSON.stringify({ id, type, stream, schemaVersion: 1, data: {} });
  return (await stores.events.append(stream, 'no-stream', [{ id, type, bytes }])).position;
}

function start(more: Partial<ProjectorParts> = {}, projection = countersProjection) {
  const follower = startProjector(projection, {
    projections: stores.projections,
    feed: stores.feed,
    serializer,
    identity,
    ...more,
  });
  running.push(follower);
  return { follower };
}

const feedOf = (feed: EventFeed): EventFeed => ({
  head: () => feed.head(),
  newest: () => feed.newest(),
  at: (position) => feed.at(position),
  read: (...parts) => feed.read(...parts),
  subscribe: (...parts) => feed.subscribe(...parts),
  replay: (...parts) => feed.replay(...parts),
});

const snapshot = async (of: MemoryStores = stores, projection = countersProjection) => {
  const { rows, checkpoint } = await of.projections.snapshot<CounterRow>(projection);
  return { rows: [...rows].sort((a, b) => (a.id < b.id ? -1 : 1)), checkpoint };
};
const rowsOf = async (of: MemoryStores = stores) => (await snapshot(of)).rows;

describe('a projector', () => {
  it('keeps rows up to date and moves its checkpoint with them', async () => {
    const position = await record([started(one), counted(one, 2), started(two), counted(one, 3)]);
    const { follower } = start();
    expect(await follower.waitFor(position, PATIENCE)).toBe(true);
    expect(await snapshot()).toStrictEqual({
      rows: [
        { id: one, position: nth(1), total: 5, counts: 2 },
        { id: two, position: nth(3), total: 0, counts: 0 },
      ],
      checkpoint: { ...identity, position: nth(4), event: (await stores.feed.newest())!.item },
    });
  });

  it('goes on from its checkpoint in the next process', async () => {
    await record([started(one), counted(one, 2)]);
    const first = start();
    await first.follower.waitFor(nth(2), PATIENCE);
    await first.follower.stop();
    await record([counted(one, 3)]);
    const second = start();
    expect(await second.follower.waitFor(nth(3), PATIENCE)).toBe(true);
    expect(await rowsOf()).toMatchObject([{ total: 5, counts: 2 }]);
  });

  it('counts nothing twice when a page was applied but its process ended before it knew', async () => {
    await record([started(one), counted(one, 2)]);
    let lost = true;
    const projections = storeWith({
      async commit(...parts) {
        await stores.projections.commit(...parts);
        if (lost) {
          lost = false;
          throw new Error('the answer was lost');
        }
      },
    });
    const { follower } = start({ projections });
    await until('it went on', () => follower.status().state === 'running');
    await follower.waitFor(await record([counted(one, 3)]), PATIENCE);
    expect(await rowsOf()).toMatchObject([{ total: 5, counts: 2 }]);
  });

  it('reads its checkpoint again when somebody else moved it', async () => {
    await record([started(one), counted(one, 2)]);
    const { follower } = start();
    await follower.waitFor(nth(2), PATIENCE);
    // Another process has applied the third event already.
    await record([counted(two, 1)]);
    await follower.waitFor(nth(3), PATIENCE);
    const { checkpoint } = await snapshot();
    await stores.projections.commit(
      countersProjection,
      new Map([[one, { id: one, position: nth(1), total: 7, counts: 2 }]]),
      checkpoint,
      { ...identity, position: nth(4) },
    );
    await record([counted(one, 5), counted(one, 1)]);
    expect(await follower.waitFor(nth(5), PATIENCE)).toBe(true);
    expect(await rowsOf()).toMatchObject([{ total: 8, counts: 3 }, { total: 1 }]);
  });

  it('goes on after its table was rebuilt under it', async () => {
    await record([started(one), counted(one, 2)]);
    const { follower } = start();
    await follower.waitFor(nth(2), PATIENCE);
    await record([counted(one, 3)]);
    await rebuildProjection(countersProjection, {
      projections: stores.projections,
      feed: stores.feed,
      serializer,
      identity,
    });
    expect(await follower.waitFor(await record([counted(one, 4)]), PATIENCE)).toBe(true);
    expect(await rowsOf()).toMatchObject([{ total: 9, counts: 3 }]);
  });

  it('stops at an event that its fold can not apply, says so, and never skips it', async () => {
    await record([started(one), counted(one, 2)]);
    const { follower } = start();
    await follower.waitFor(nth(2), PATIENCE);
    await record([counted(one, UNLUCKY), counted(one, 1)]);
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status()).toMatchObject({
      state: 'stopped',
      position: nth(2),
      stoppedBy: { reason: "counters can't apply Counted: thirteen is not counted", position: nth(3), type: 'Counted' },
    });
    expect(await snapshot()).toMatchObject({ rows: [{ total: 2 }], checkpoint: { position: nth(2) } });
    // Nor does the next process.
    const next = start();
    await until('the next one has stopped', () => next.follower.status().state === 'stopped');
    expect(await rowsOf()).toMatchObject([{ total: 2 }]);
  });

  it('stops at an event that it can not read', async () => {
    await record([started(one)]);
    const bytes = JSON.stringify({
      id: uuid('event'),
      type: 'Counted',
      stream: 'counter-x',
      schemaVersion: 9,
      data: {},
    });
    await stores.events.append('counter-x' as StreamId, 'no-stream', [
      { id: uuid('event') as EventId, type: 'Counted', bytes },
    ]);
    const troubles: unknown[] = [];
    const { follower } = start({ onTrouble: (_name, error) => void troubles.push(error) });
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy).toMatchObject({ position: nth(2), type: 'Counted' });
    expect(follower.status().stoppedBy?.reason).toContain('version 9');
    expect(troubles).toEqual([expect.objectContaining({ cause: expect.any(UnreadableEvent) })]);
  });

  it('lets types pass by that it does not handle, also unknown ones', async () => {
    await recordUnknown();
    const { follower } = start();
    expect(await follower.waitFor(await record([started(one)]), PATIENCE)).toBe(true);
    expect(await rowsOf()).toHaveLength(1);
  });

  it('writes no checkpoint where nothing has passed, and for what it does not handle at most one a second', async () => {
    const first = await record([started(one)]);
    for (let nr = 0; nr < 20; nr++) await recordUnknown(nr);
    const { items } = await stores.feed.read(START);
    const pageUpTo = (position: bigint, of: typeof items = []) => ({
      ...{
        items: of,
        upTo: position,
        upToItem: itemOf(items.find((item) => item.position === position)!),
        caughtUp: true,
      },
    });
    const commits: bigint[] = [];
    const projections = storeWith({
      async commit(projection, changes, from, to) {
        commits.push(to.position);
        await stores.projections.commit(projection, changes, from, to);
      },
    });
    const counts: number[] = [];
    const began = performance.now();
    const feed: EventFeed = {
      ...feedOf(stores.feed),
      async *subscribe(_after, { signal }) {
        yield pageUpTo(first, items.slice(0, 1));
        await until('a second has passed', () => performance.now() > began + 1_100);
        yield pageUpTo(first);
        counts.push(commits.length);
        for (const { position } of items.slice(1)) yield pageUpTo(position);
        counts.push(commits.length);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    };
    start({ projections, feed });
    await until('every page has been applied', () => counts.length === 2);
    expect(counts[0]).toBe(1);
    expect(counts[1]).toBeGreaterThan(1);
    expect(counts[1]).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - began) / 1_000));
  });

  it.each([
    ['another declaration', { ...countersProjection, table: { ...countersProjection.table, selective: [] } }, identity],
    ['an earlier epoch', countersProjection, { ...identity, epoch: 2 }],
  ])('makes a table of %s anew, and goes on', async (_what, projection, now) => {
    await record([started(one), counted(one, 2)]);
    const before = start();
    await before.follower.waitFor(nth(2), PATIENCE);
    await before.follower.stop();
    await record([counted(one, 3)]);

    const { follower } = start({ identity: now }, projection);
    expect(await follower.waitFor(await record([counted(one, 4)]), PATIENCE)).toBe(true);
    expect((await snapshot(stores, projection)).rows).toMatchObject([{ total: 9 }]);
  });

  it.each([
    ['another store', countersProjection, { ...identity, store: uuid('store', 2) }],
    ['a later epoch', countersProjection, { ...identity, epoch: 0 }],
  ])('leaves a table of %s to those that made it', async (_what, projection, now) => {
    await record([started(one), counted(one, 2)]);
    const before = start();
    await before.follower.waitFor(nth(2), PATIENCE);
    await before.follower.stop();
    const kept = await snapshot();
    await record([counted(one, 3)]);

    const { follower } = start({ identity: now }, projection);
    await until('it has looked', () => follower.status().state === 'outdated');
    expect(follower.status().stoppedBy).toEqual({
      reason: 'the table of counters is of another store or a later epoch: npm run rebuild -- counters',
    });
    expect(await snapshot()).toStrictEqual(kept);
  });

  it.each([
    ['lies beyond the head', (): Checkpoint => ({ ...identity, position: nth(9) })],
    ['names an event that is not there', (): Checkpoint => ({ ...identity, position: nth(9), event: uuid('lost') })],
    ['names another event than is there', (): Checkpoint => ({ ...identity, position: nth(2), event: uuid('lost') })],
  ])('does not go on from a checkpoint that %s, until its table is rebuilt', async (_what, checkpoint) => {
    await record([started(one), counted(one, 2)]);
    await stores.projections.open(countersProjection as never);
    const lost: CounterRow = { id: two, position: nth(2), total: 7, counts: 1 };
    await stores.projections.commit(countersProjection, new Map([[two, lost]]), undefined, checkpoint());

    const { follower } = start();
    await until('it has looked', () => follower.status().state === 'outdated');
    expect(follower.status().stoppedBy?.reason).toBe(
      'the table of counters holds what the store does not: npm run rebuild -- counters',
    );
    // From a rebuild of a later position than the store has, `replace` alone would not come down.
    await record(Array.from({ length: 9 }, () => counted(one, 1)));
    const parts = { projections: stores.projections, feed: stores.feed, serializer, identity };
    await rebuildProjection(countersProjection, parts);
    const after = start();
    expect(await after.follower.waitFor(await record([counted(one, 1)]), PATIENCE)).toBe(true);
    expect(await rowsOf()).toMatchObject([{ id: one, total: 12 }]);
  });

  it('goes on from a checkpoint of the version before, which names no event, and names one from then on', async () => {
    await record([started(one), counted(one, 2)]);
    await stores.projections.open(countersProjection as never);
    const known: CounterRow = { id: one, position: nth(1), total: 2, counts: 1 };
    await stores.projections.commit(countersProjection, new Map([[one, known]]), undefined, {
      ...identity,
      position: nth(2),
    });
    const { follower } = start();
    expect(await follower.waitFor(await record([counted(one, 3)]), PATIENCE)).toBe(true);
    expect(await snapshot()).toMatchObject({
      rows: [{ total: 5 }],
      checkpoint: { position: nth(3), event: (await stores.feed.newest())!.item },
    });
  });

  it('stops when the store goes back under it, and applies nothing of what comes instead', async () => {
    await record([started(one), counted(one, 2), counted(one, 3)]);
    const { follower } = start();
    await follower.waitFor(nth(3), PATIENCE);
    const other = stores.another();
    stores.putBack({ events: nth(1) });
    // The same ids come again at the same positions, at another moment.
    const lostAt = Date.now();
    await until('time has passed', () => Date.now() > lostAt);
    await record([counted(one, 50), counted(one, 20), counted(one, 20)], other);
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy?.reason).toContain('put back to an older state');
    expect(await rowsOf()).toMatchObject([{ total: 5 }]);
    await expect(stores.events.readStream(`counter-${one}` as StreamId)).rejects.toBeInstanceOf(LineageBroken);

    // The next process finds a table of what is not there.
    const next = start({ feed: stores.another().feed });
    await until('the next one has looked', () => next.follower.status().state === 'outdated');
  });

  it('goes on behind the event of its checkpoint, not behind whatever stands there by then', async () => {
    await record([started(one), counted(one, 2), counted(one, 3)]);
    const { follower } = start();
    await follower.waitFor(nth(3), 5_000);
    await follower.stop();
    const [fresh, other] = [stores.another(), stores.another()];
    const next = start({
      feed: {
        ...feedOf(fresh.feed),
        // The store goes back, and grows again, between the look at the checkpoint and the first page behind it.
        async read(...parts) {
          const page = await fresh.feed.read(...parts);
          stores.putBack({ events: nth(1) });
          // The same ids come again at the same positions, at another moment.
          const lostAt = Date.now();
          await until('time has passed', () => Date.now() > lostAt);
          await record([counted(one, 50), counted(one, 20), counted(one, 20)], other);
          return page;
        },
      },
    });
    await until('it has stopped', () => next.follower.status().state === 'stopped');
    expect(next.follower.status().stoppedBy?.reason).toContain('put back to an older state');
    expect(await rowsOf()).toMatchObject([{ total: 5 }]);
  });

  it('sees a commit from another expectation as CheckpointMoved', async () => {
    await record([started(one)]);
    const { follower } = start();
    await follower.waitFor(nth(1), PATIENCE);
    await expect(
      stores.projections.commit(countersProjection, new Map(), undefined, { ...identity, position: nth(9) }),
    ).rejects.toThrow(CheckpointMoved);
  });
});

describe('a rebuild', () => {
  it('equals the live rows, whatever was recorded', async () => {
    const fact = fc.oneof(
      fc.constantFrom(one, two).map(started),
      fc.tuple(fc.constantFrom(one, two), fc.integer({ min: -3, max: 3 })).map(([id, by]) => counted(id, by)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fact, { maxLength: 30 }), fc.nat(30), async (facts, split) => {
        const live = memoryStores(likeThisRun);
        const parts = { projections: live.projections, feed: live.feed, serializer, identity };
        // Two pages at least, so that rows are loaded and not only folded.
        await record(facts.slice(0, split), live);
        const follower = startProjector(countersProjection, parts);
        await follower.waitFor(await live.feed.head(), PATIENCE);
        await record(facts.slice(split), live);
        expect(await follower.waitFor(await live.feed.head(), PATIENCE)).toBe(true);
        await follower.stop();
        const rows = await rowsOf(live);
        const result = await rebuildProjection(countersProjection, parts);
        expect(await snapshot(live)).toStrictEqual({
          rows,
          checkpoint:
            facts.length === 0
              ? { ...identity, position: START }
              : { ...identity, position: nth(facts.length), event: (await live.feed.newest())!.item },
        });
        expect(result).toStrictEqual({ events: facts.length, rows: rows.length });
      }),
      { numRuns: 30 },
    );
  });

  it('tells how far it is, and leaves the live table alone when it fails', async () => {
    await record([started(one), counted(one, 2)]);
    const { follower } = start();
    await follower.waitFor(nth(2), PATIENCE);
    await follower.stop();
    const kept = await snapshot();
    await record([counted(one, UNLUCKY)]);
    const parts = { projections: stores.projections, feed: stores.feed, serializer, identity };
    await expect(rebuildProjection(countersProjection, parts)).rejects.toThrow("counters can't apply Counted");
    expect(await snapshot()).toStrictEqual(kept);

    const lucky = { ...countersProjection, fold: () => undefined };
    const told: [number, bigint][] = [];
    await rebuildProjection(lucky, parts, (events, position) => void told.push([events, position]));
    expect(told.at(-1)).toStrictEqual([3, nth(3)]);
  });

  it('lets types pass by that it does not handle, also those that come while it catches up', async () => {
    await record([started(one)]);
    const { follower } = start();
    const { projections } = stores;
    const busy: ProjectionStore = {
      open: (...asked) => projections.open(...asked),
      checkpoint: (...asked) => projections.checkpoint(...asked),
      leave: (...asked) => projections.leave(...asked),
      retire: (...asked) => projections.retire(...asked),
      load: (...asked) => projections.load(...asked),
      commit: (...asked) => projections.commit(...asked),
      find: (...asked) => projections.find(...asked),
      search: (...asked) => projections.search(...asked),
      searchColumns: (...asked) => projections.searchColumns(...asked),
      snapshot: (...asked) => projections.snapshot(...asked),
      async replace(...asked) {
        // The live table moves on before the new one takes its place.
        const unknown = { id: derivedId('foreign') as EventId, type: 'Foreign', bytes: '{}' };
        await stores.events.append('foreign-1' as StreamId, 'no-stream', [unknown]);
        await follower.waitFor(await record([counted(one, 2)]), 5_000);
        await projections.replace(...asked);
      },
    };
    const parts = { projections: busy, feed: stores.feed, serializer, identity };
    expect(await rebuildProjection(countersProjection, parts)).toStrictEqual({ events: 2, rows: 1 });
    expect(await snapshot()).toMatchObject({ rows: [{ id: one, total: 2 }], checkpoint: { position: nth(3) } });
  });

  it('ends at the end of the log, also where the live table claims to be beyond it', async () => {
    const head = await record([started(one), counted(one, 2)]);
    const beyond = { ...identity, position: head + 1_000n };
    await stores.projections.open(countersProjection as unknown as Projection);
    const ofNoEvent = new Map([[two, { id: two, position: nth(900), total: 7, counts: 1 }]]);
    await stores.projections.commit(countersProjection, ofNoEvent, undefined, beyond);
    let reads = 0;
    const feed: EventFeed = {
      ...feedOf(stores.feed),
      read: async (after) => {
        if ((reads += 1) > 10) throw new Error('it reads for ever');
        return stores.feed.read(after);
      },
    };
    const parts = { projections: stores.projections, feed, serializer, identity };
    expect(await rebuildProjection(countersProjection, parts)).toStrictEqual({ events: 2, rows: 1 });
    expect(await snapshot()).toMatchObject({
      rows: [{ id: one, total: 2 }],
      checkpoint: { ...identity, position: head },
    });
    // And what is recorded then is shown.
    const { follower } = start();
    expect(await follower.waitFor(await record([counted(one, 3)]), PATIENCE)).toBe(true);
    expect(await rowsOf()).toMatchObject([{ total: 5 }]);
  });

  it('folds what the live table has applied meanwhile, and lets types pass by that it does not handle', async () => {
    await record([started(one), counted(one, 2), started(two)]);
    await recordUnknown();
    const { follower } = start();
    await follower.waitFor(await stores.feed.head(), 5_000);
    const projections = storeWith({
      async replace(...parts) {
        await recordUnknown(2);
        const head = await record([counted(one, 3), counted(two, 4), counted(two, -4)]);
        await follower.waitFor(head, 5_000);
        await stores.projections.replace(...parts);
      },
    });
    const parts = { projections, feed: stores.feed, serializer, identity };
    // A counter that is counted down to zero leaves the table.
    expect(await rebuildProjection(countersProjection, parts)).toStrictEqual({ events: 6, rows: 1 });
    expect(await snapshot()).toMatchObject({
      rows: [{ id: one, total: 5, counts: 2 }],
      checkpoint: { position: await stores.feed.head() },
    });
  });

  it('of an older release leaves the table of a newer one alone', async () => {
    await record([started(one), counted(one, 2)]);
    const parts = { projections: stores.projections, feed: stores.feed, serializer, identity };
    const newer = { ...countersProjection, version: countersProjection.version + 1 };
    await rebuildProjection(newer, parts);
    const kept = await snapshot(stores, newer);
    await record([counted(one, 3)]);
    await rebuildProjection(countersProjection, parts);
    expect(await rowsOf()).toMatchObject([{ total: 5 }]);
    expect(await snapshot(stores, newer)).toStrictEqual(kept);
  });
});

describe('a version that has no table yet', () => {
  /** The next release's: it counts nothing that is new, and can go on with the table before. */
  const next: Projection<CounterRow> = { ...countersProjection, version: 2, readsEarlier: 1 };
  type Named = CounterRow & { readonly name: string };
  const wider: Projection<Named> = {
    ...next,
    table: { ...next.table, columns: { ...next.table.columns, name: 'text' }, indexes: [['name']] },
    fold: (row, event, key) => {
      const counter = countersProjection.fold(row, event, key);
      return counter && { ...counter, name: 'a counter' };
    },
  } as Projection<Named>;

  /** Holds a table up at the moment in which it would take its place; answers how to let it go. */
  function held(of: MemoryStores = stores) {
    let letGo = (): void => undefined;
    const isFree = new Promise<void>((resolve) => (letGo = resolve));
    let isThere = false;
    const projections: ProjectionStore = {
      ...storeWith({}, of),
      async replace(...parts) {
        isThere = true;
        await isFree;
        await of.projections.replace(...parts);
      },
    };
    return { projections, letGo, reached: () => until('it is held', () => isThere) };
  }
  const projector = <R extends CounterRow>(projection: Projection<R>, more: Partial<ProjectorParts> = {}) => {
    const parts = { projections: stores.projections, feed: stores.feed, serializer, identity, ...more };
    const made = startProjector(projection, parts);
    running.push(made);
    return made;
  };
  const isAt = async (position: bigint, made: ReturnType<typeof projector>): Promise<void> =>
    until('it answers from its own table, and has seen everything', async () => {
      const answering = made.answering();
      return answering?.projection.version === 2 && answering.follower.waitFor(position, PATIENCE);
    });

  it('is built beside an older release that goes on with its own, whose table goes when that ends', async () => {
    await record([started(one), counted(one, 2)]);
    const there = stores.another();
    const older = projector(countersProjection, { projections: there.projections, feed: there.feed });
    await older.waitFor(nth(2), PATIENCE);
    const hold = held();
    const newer = projector({ ...countersProjection, version: 2 }, hold);
    await hold.reached();
    // It reads no other version, so that nobody is answered here; there everybody is.
    expect(newer.status().state).toBe('building');
    expect(newer.answering()).toBeUndefined();
    expect(await older.waitFor(await record([counted(one, 3)]), PATIENCE)).toBe(true);
    expect(await rowsOf()).toMatchObject([{ total: 5 }]);

    hold.letGo();
    await isAt(nth(3), newer);
    await older.waitFor(await record([counted(one, 4)]), PATIENCE);
    await isAt(nth(4), newer);
    // Both have the same, each its own.
    for (const projection of [countersProjection, next]) {
      expect((await snapshot(stores, projection)).rows).toMatchObject([{ total: 9 }]);
    }
    expect(older.status().state).toBe('running');
    await older.stop();
    await there.close();
    const third = projector({ ...countersProjection, version: 2 });
    await third.waitFor(nth(4), PATIENCE);
    await until('the older table is gone', async () => (await stores.projections.open(next)).earlier.length === 0);
  });

  it('is answered from the earlier one that it reads, which it keeps up to date itself, until it shows as much', async () => {
    await record([started(one), counted(one, 2)]);
    const older = projector(countersProjection);
    await older.waitFor(nth(2), PATIENCE);
    await older.stop();
    await stores.projections.leave(countersProjection as never);

    const hold = held();
    const newer = projector(wider, hold);
    await hold.reached();
    await until('the earlier one answers', () => newer.answering()?.projection.version === 1);
    const position = await record([counted(one, 3), started(two), counted(two, 1)]);
    const earlier = newer.answering()!;
    expect(await earlier.follower.waitFor(position, PATIENCE)).toBe(true);
    // With the columns that it has.
    expect(await rowsOf()).toStrictEqual([
      { id: one, position: nth(1), total: 5, counts: 2 },
      { id: two, position: nth(4), total: 1, counts: 1 },
    ]);
    // Nobody else drops what is read.
    expect(await stores.another().projections.retire(wider as never)).toBe(false);

    hold.letGo();
    await isAt(position, newer);
    expect((await stores.projections.snapshot(wider)).rows).toMatchObject([
      { total: 5, name: 'a counter' },
      { total: 1 },
    ]);
    expect(earlier.follower.status().state).toBe('ended');
    await until('the earlier table is gone', async () => (await stores.projections.open(next)).earlier.length === 0);
  });

  it('never shows less than the earlier one that it was answered from', async () => {
    await record([started(one)]);
    const older = projector(countersProjection);
    await older.waitFor(nth(1), PATIENCE);
    await older.stop();
    // Its own reader is let on place by place, and thinks each time that there is nothing more.
    let released = nth(2);
    let subscriptions = 0;
    const slow = async function* (...parts: Parameters<EventFeed['subscribe']>): ReturnType<EventFeed['subscribe']> {
      for await (const page of stores.feed.subscribe(...parts)) {
        for (const item of page.items) {
          await until('it is let on', () => released >= item.position || parts[1].signal.aborted);
          yield { items: [item], upTo: item.position, upToItem: itemOf(item), caughtUp: true };
        }
      }
    };
    const feed: EventFeed = {
      ...feedOf(stores.feed),
      subscribe: (...parts) => ((subscriptions += 1) === 1 ? stores.feed.subscribe(...parts) : slow(...parts)),
    };
    const hold = held();
    const newer = projector(next, { ...hold, feed });
    await hold.reached();
    await until('the earlier one answers', () => newer.answering()?.projection.version === 1);
    await record([counted(one, 2), counted(one, 3)]);
    await newer.answering()!.follower.waitFor(nth(3), PATIENCE);
    hold.letGo();
    await until('its own table is there and lies behind', () => newer.status().position === nth(2));
    expect([newer.status().state, newer.answering()?.projection.version]).toEqual(['running', 1]);
    released = nth(3);
    await isAt(nth(3), newer);
  });

  it.each<[string, Projection<CounterRow>]>([
    ['it does not read that version', { ...countersProjection, version: 3, readsEarlier: 2 }],
    [
      'that has a column of another type',
      { ...next, table: { ...next.table, columns: { ...next.table.columns, total: 'bigint' } } },
    ],
    ['that is ordered otherwise', { ...next, table: { ...next.table, newestFirst: 'counts' } }],
  ])('is answered by nobody where there is an earlier table, and %s', async (_what, projection) => {
    await record([started(one)]);
    const older = projector(countersProjection);
    await older.waitFor(nth(1), PATIENCE);
    await older.stop();
    const hold = held();
    const newer = projector(projection, hold);
    await hold.reached();
    expect([newer.status().state, newer.answering()]).toEqual(['building', undefined]);
    hold.letGo();
  });

  it('is answered by nobody where the earlier table is of another epoch', async () => {
    await record([started(one)]);
    const older = projector(countersProjection);
    await older.waitFor(nth(1), PATIENCE);
    await older.stop();
    const hold = held();
    const newer = projector(next, { ...hold, identity: { ...identity, epoch: 2 } });
    await hold.reached();
    expect(newer.answering()).toBeUndefined();
    hold.letGo();
  });

  it('is not built a second time when another process has built it while it waited for its turn', async () => {
    await record([started(one)]);
    await stores.projections.open(countersProjection as never);
    await stores.projections.commit(countersProjection, new Map(), undefined, { ...identity, position: nth(1) });
    let builds = 0;
    const newer = projector(next, {
      projections: {
        ...storeWith({}),
        async replace(...parts) {
          builds += 1;
          await stores.projections.replace(...parts);
        },
      },
      async inTurn(work) {
        await rebuildProjection(next, { projections: stores.projections, feed: stores.feed, serializer, identity });
        return work();
      },
    });
    await isAt(nth(1), newer);
    expect(builds).toBe(0);
  });

  it('is read from the first event on, page by page, where there is little to read and nothing to stand beside', async () => {
    await record([started(one), counted(one, 2)]);
    const made = projector(next, {
      projections: storeWith({ replace: () => Promise.reject(new Error('it is built')) }),
    });
    expect(await made.waitFor(nth(2), PATIENCE)).toBe(true);
    expect((await snapshot(stores, next)).rows).toMatchObject([{ total: 2 }]);
  });

  it.each([
    [1_000, false],
    [1_001, true],
  ])('is read so of %d events that come a few at a time: it is built %s', async (events, isBuilt) => {
    const facts = Array.from({ length: events - 1 }, () => counted(one, 1));
    const position = await record([started(one), ...facts]);
    let built = 0;
    const made = projector(next, {
      feed: { ...feedOf(stores.feed), read: (after, limit = 500) => stores.feed.read(after, Math.min(limit, 300)) },
      projections: storeWith({
        async replace(...parts) {
          built += 1;
          await stores.projections.replace(...parts);
        },
      }),
    });
    expect(await made.waitFor(position, PATIENCE)).toBe(true);
    expect(built > 0).toBe(isBuilt);
  });

  it('stops with what stands in for it', async () => {
    await record([started(one)]);
    const older = projector(countersProjection);
    await older.waitFor(nth(1), PATIENCE);
    await older.stop();
    const hold = held();
    const newer = projector(next, hold);
    await hold.reached();
    await until('the earlier one answers', () => newer.answering()?.projection.version === 1);
    const { follower } = newer.answering()!;
    hold.letGo();
    await newer.stop();
    expect([newer.status().state, follower.status().state]).toEqual(['ended', 'ended']);
  });
});

describe('several processes that keep one read model up to date', () => {
  interface Race {
    commits: number;
    lost: number;
  }
  /** Projectors on the same tables, and how often one of them wrote or was not the first. */
  function several(count: number, changes: (nr: number) => Partial<ProjectionStore> = () => ({})) {
    const race: Race = { commits: 0, lost: 0 };
    const projectors = Array.from({ length: count }, (_, nr) => {
      const own = changes(nr);
      const commit: ProjectionStore['commit'] = own.commit ?? ((...parts) => stores.projections.commit(...parts));
      return start({
        projections: storeWith({
          ...own,
          async commit(...parts) {
            try {
              await commit(...parts);
              race.commits += 1;
            } catch (error) {
              if (error instanceof CheckpointMoved) race.lost += 1;
              throw error;
            }
          },
        }),
      }).follower;
    });
    return { race, projectors };
  }
  const seenBy = async (projectors: readonly Follower[], position: bigint): Promise<void> => {
    for (const projector of projectors) expect(await projector.waitFor(position, PATIENCE)).toBe(true);
  };
  const rows = async (): Promise<readonly CounterRow[]> => (await stores.projections.snapshot(countersProjection)).rows;

  it('write each page once: who was not the first once stands back, and knows what the other wrote', async () => {
    const { race, projectors } = several(4);
    await seenBy(projectors, await record([started(one)]));
    for (let nr = 0; nr < 40; nr++) await seenBy(projectors, await record([counted(one, 1)]));
    expect(await rows()).toMatchObject([{ id: one, total: 40, counts: 40 }]);
    // One race for the first page at most, and one more where a page was long in coming.
    expect(race.lost).toBeLessThan(8);
    expect(race.commits).toBeLessThanOrEqual(41);
  });

  it('apply nothing twice when one is further than the page of another', async () => {
    const { projectors } = several(3);
    let last = await record([started(one), started(two)]);
    for (let nr = 0; nr < 60; nr++) last = await record([counted(one, 1), counted(two, 2)]);
    await seenBy(projectors, last);
    const found = (await rows()).map(({ id, total, counts }) => [id, total, counts]);
    expect(found.sort()).toEqual(
      [
        [one, 60, 60],
        [two, 120, 60],
      ].sort(),
    );
  });

  it('leave out of a page what another one applied beyond the page before, when it ends', async () => {
    const cuts: bigint[] = [];
    /** Gives pages that end where they are told to. */
    const inPieces: EventFeed = {
      head: () => stores.feed.head(),
      newest: () => stores.feed.newest(),
      at: (position) => stores.feed.at(position),
      read: (...parts) => stores.feed.read(...parts),
      replay: (...parts) => stores.feed.replay(...parts),
      async *subscribe(after, { signal }) {
        for (let from = after; ;) {
          await until('the next page is asked for', () => cuts.length > 0 || signal.aborted);
          if (signal.aborted) return;
          const upTo = cuts.shift()!;
          const items = (await stores.feed.read(from, 100)).items.filter(({ position }) => position <= upTo);
          const upToItem = itemOf(items.at(-1)!);
          yield { items, upTo, upToItem, caughtUp: true };
          from = { position: upTo, item: upToItem };
        }
      },
    };
    const end = await record([started(one)]);
    const { follower: behind } = start({ feed: inPieces });
    cuts.push(end);
    await seenBy([behind], end);
    const ahead = start().follower;
    const [lost, page, beyond] = [
      await record([counted(one, 1)]),
      await record([counted(one, 1)]),
      await record([counted(one, 1)]),
    ];
    await seenBy([ahead], lost);
    await seenBy([ahead], beyond);
    await ahead.stop();
    // It loses its first race and begins anew; what it read then is where the other one had come to.
    cuts.push(page);
    await seenBy([behind], beyond);
    const other = start().follower;
    const [short, further] = [await record([counted(one, 1)]), await record([counted(one, 1)])];
    await seenBy([other], further);
    await other.stop();
    cuts.push(short);
    await seenBy([behind], short);
    const last = await record([counted(one, 1)]);
    cuts.push(last);
    await seenBy([behind], last);
    expect(await rows()).toMatchObject([{ total: 6, counts: 6 }]);
  });

  it('go on when the one who writes hangs, and it does no harm when it goes on', async () => {
    let hang: Promise<void> | undefined = undefined;
    let letGo!: () => void;
    let hanging = 0;
    const { projectors } = several(2, (nr) =>
      nr === 1
        ? {}
        : {
            async commit(...parts) {
              if (hang !== undefined) hanging += 1;
              await hang;
              await stores.projections.commit(...parts);
            },
          },
    );
    await seenBy(projectors, await record([started(one)]));
    hang = new Promise((resolve) => (letGo = resolve));
    const second = projectors[1]!;
    for (let nr = 0; nr < 5; nr++) await seenBy([second], await record([counted(one, 1)]));
    letGo();
    const last = await record([counted(one, 1)]);
    await seenBy(projectors, last);
    expect(await rows()).toMatchObject([{ id: one, total: 6, counts: 6 }]);
    expect(hanging).toBeLessThanOrEqual(2);
  });

  it('go on when the one who writes has ended', async () => {
    const { projectors } = several(3);
    await seenBy(projectors, await record([started(one)]));
    for (const [nr, gone] of projectors.entries()) {
      await seenBy(projectors.slice(nr), await record([counted(one, 1)]));
      await gone.stop();
    }
    expect(await rows()).toMatchObject([{ total: 3, counts: 3 }]);
  });
});

const storeWith = (changes: Partial<ProjectionStore>, of: MemoryStores = stores): ProjectionStore => ({
  open: (...parts) => of.projections.open(...parts),
  checkpoint: (...parts) => of.projections.checkpoint(...parts),
  leave: (...parts) => of.projections.leave(...parts),
  retire: (...parts) => of.projections.retire(...parts),
  load: (...parts) => of.projections.load(...parts),
  commit: (...parts) => of.projections.commit(...parts),
  replace: (...parts) => of.projections.replace(...parts),
  find: (...parts) => of.projections.find(...parts),
  search: (...parts) => of.projections.search(...parts),
  searchColumns: (...parts) => of.projections.searchColumns(...parts),
  snapshot: (...parts) => of.projections.snapshot(...parts),
  ...changes,
});
