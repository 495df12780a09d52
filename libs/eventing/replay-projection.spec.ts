import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventCodec, EventId, StreamId } from '#libs/kernel';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import {
  counterCodec,
  countersProjection,
  likeThisRun,
  until,
  uuid,
  type CounterEvent,
  type CounterRow,
} from '#libs/testing';
import {
  derivedId,
  eventSerializer,
  replayProjection,
  startProjector,
  type EventSerializer,
  type Follower,
  type Projection,
} from './index.js';

const identity = { store: uuid('store'), epoch: 1 };
const [one, two, three] = [uuid('count', 1), uuid('count', 2), uuid('count', 3)];

let stores: MemoryStores;
let serializer: EventSerializer;
let follower: Follower | undefined;

beforeEach(() => {
  stores = memoryStores(likeThisRun);
  serializer = eventSerializer([counterCodec] as unknown as readonly EventCodec<never>[], {
    seal: async () => 'sealed',
    open: async () => '"Jansen"',
  });
});
afterEach(async () => {
  await follower?.stop();
  follower = undefined;
});

const started = (counter: string): CounterEvent => ({
  type: 'CounterStarted',
  data: { counter, name: { clear: 'Jansen' } },
});
const counted = (counter: string, by: number): CounterEvent => ({ type: 'Counted', data: { counter, by } });

async function record(...events: readonly CounterEvent[]): Promise<bigint> {
  let position = 0n;
  for (const event of events) {
    const stream = `counter-${event.data.counter}` as StreamId;
    const revision = (await stores.events.readStream(stream)).length;
    const id = derivedId(stream, String(revision)) as EventId;
    const writing = await serializer.write(event, { id, stream, correlationId: 't', actor: { system: 'test' } });
    ({ position } = await stores.events.append(stream, revision === 0 ? 'no-stream' : revision - 1, [writing]));
  }
  return position;
}

/** Keeps the live table up to here, and no further. */
async function applied(position: bigint): Promise<void> {
  const { projections, feed } = stores;
  follower = startProjector(countersProjection, { projections, feed, serializer, identity });
  await until('the table is as far', () => follower!.waitFor(position, 1_000));
  await follower.stop();
}

const replayed = (more: object = {}) => {
  const { projections, feed, records } = stores;
  return replayProjection(countersProjection, { projections, feed, records, serializer, identity, ...more });
};

/** Somebody changed the live table by hand. */
async function tamper(changes: ReadonlyMap<string, CounterRow | undefined>): Promise<void> {
  const checkpoint = (await stores.projections.checkpoint(countersProjection as unknown as Projection))!;
  await stores.projections.commit(countersProjection, changes, checkpoint, checkpoint);
}

describe('a read model that is replayed (ARCH-14)', () => {
  it('is equal to what the log makes of it, also while it is behind and rows have gone', async () => {
    const place = await record(started(one), counted(one, 3), started(two), counted(two, 2), counted(two, -2));
    await applied(place);
    await record(counted(one, 4), started(three));
    expect(await replayed()).toEqual({ verdict: 'equal', events: 5, rows: 1, position: place, differences: 0 });
  });

  it.each([
    [
      'a value',
      (row: CounterRow) => new Map([[one, { ...row, total: 4 }]]),
      { key: one, column: 'total', live: '4', replayed: '3' },
    ],
    ['a row less', () => new Map([[one, undefined]]), { key: one, live: undefined, replayed: JSON.stringify(one) }],
    [
      'a row more',
      (row: CounterRow) => new Map([[three, { ...row, id: three }]]),
      { key: three, live: JSON.stringify(three), replayed: undefined },
    ],
  ])('is told to differ by %s, which is named', async (_what, changesOf, first) => {
    await applied(await record(started(one), counted(one, 3), started(two)));
    const row = (await stores.projections.find(countersProjection, one))!;
    await tamper(changesOf(row));
    expect(await replayed()).toMatchObject({ verdict: 'different', differences: 1, first });
  });

  it('names the first row of several by its key', async () => {
    await applied(await record(started(two), started(one)));
    const rows = await Promise.all([one, two].map((id) => stores.projections.find(countersProjection, id)));
    await tamper(new Map(rows.map((row) => [row!.id, { ...row!, counts: 9 }])));
    const [first] = [one, two].sort();
    expect(await replayed()).toMatchObject({ differences: 2, first: { key: first, column: 'counts', live: '9' } });
  });

  it('is no proof where there is none, or where it is of another store, epoch or log', async () => {
    await record(started(one));
    expect(await replayed()).toEqual({ verdict: 'absent' });
    await applied(await record(counted(one, 1)));
    for (const other of [
      { ...identity, epoch: 2 },
      { ...identity, store: uuid('store', 2) },
    ]) {
      expect(await replayed({ identity: other })).toEqual({ verdict: 'foreign' });
    }
    const empty = memoryStores(likeThisRun);
    expect(await replayed({ feed: empty.feed })).toEqual({ verdict: 'foreign' });
  });

  it('is only read', async () => {
    await applied(await record(started(one)));
    const before = await stores.projections.snapshot(countersProjection);
    await replayed();
    expect(await stores.projections.snapshot(countersProjection)).toEqual(before);
  });
});
