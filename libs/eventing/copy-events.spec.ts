import { beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import type { EventId, StreamId } from '#libs/kernel';
import { uuid } from '#libs/testing';
import {
  compareEvents,
  copyEvents,
  NotACopy,
  START,
  type CopyTo,
  type EventToAppend,
  type MovedEvent,
} from './index.js';

let time = Date.parse('2026-03-02T09:00:00.000Z');
const clock = () => (time += 1);
let from: MemoryStores;
let to: MemoryStores;
let count = 0;
beforeEach(() => {
  from = memoryStores({ clock });
  to = memoryStores({ clock, positions: 'sparse' });
  count = 0;
});

const anEvent = (changes: Partial<EventToAppend> = {}): EventToAppend => ({
  id: uuid('event', (count += 1)) as EventId,
  type: 'Counted',
  bytes: `{"count":${count}}`,
  ...changes,
});
const stream = (number: number): StreamId => `counter-${uuid('count', number)}` as StreamId;

/** Appends so many events, to three streams in turn. */
async function fill(stores: MemoryStores, events: number): Promise<void> {
  for (let nr = 0; nr < events; nr += 1) {
    const on = stream(nr % 3);
    const there = (await stores.events.readStream(on)).length;
    await stores.events.append(on, there === 0 ? 'no-stream' : there - 1, [anEvent()]);
  }
}

const all = async (stores: MemoryStores) => {
  const items = [];
  for await (const page of stores.feed.replay(START)) items.push(...page.items);
  return items;
};
const source = (epoch = 1) => ({ feed: from.feed, imports: from.imports, epoch });

/** The copy is killed at its write of this number: some of that batch is there. */
const killedAt = (number: number): CopyTo => {
  let writes = 0;
  return {
    feed: to.feed,
    imports: {
      async write(events) {
        writes += 1;
        if (writes < number) return to.imports.write(events);
        await to.imports.write(events.slice(0, 7));
        throw new Error('killed');
      },
    },
  };
};

describe('copying events', () => {
  it('leaves the same events in the same order, with the time they had, and says where they stood first', async () => {
    await fill(from, 10);
    expect(await copyEvents(source(4), to)).toMatchObject({ events: 10, written: 10 });
    const [old, copied] = [await all(from), await all(to)];
    const withoutPlace = (items: typeof old) => items.map(({ position: _, ...event }) => event);
    expect(withoutPlace(copied)).toEqual(withoutPlace(old));
    expect(await to.imports.originsOf(copied)).toEqual(
      new Map(old.map(({ id, position, recordedAt }) => [id, { position, recordedAt, epoch: 4 }])),
    );
    expect(await compareEvents(from, to)).toBe(10);
  });

  it('copies an empty store', async () => {
    expect(await copyEvents(source(), to)).toEqual({ events: 0, written: 0, upTo: { from: START, to: START } });
    expect(await compareEvents(from, to)).toBe(0);
  });

  it.each([1, 2, 3])('goes on where it was killed, at its write %d, and copies nothing twice', async (number) => {
    await fill(from, 1_203);
    await expect(copyEvents(source(), killedAt(number))).rejects.toThrow('killed');
    const there = (await all(to)).length;
    expect(there).toBe((number - 1) * 500 + 7);
    expect(await copyEvents(source(), to)).toMatchObject({ events: 1_203, written: 1_203 - there });
    expect(await compareEvents(from, to)).toBe(1_203);
    expect(await copyEvents(source(), to)).toMatchObject({ events: 1_203, written: 0 });
  });

  it('goes on behind what was copied before, without reading that again', async () => {
    await fill(from, 5);
    const { upTo } = await copyEvents(source(), to);
    await fill(from, 4);
    expect(await copyEvents(source(), to, undefined, upTo)).toMatchObject({ events: 4, written: 4 });
    expect(await compareEvents(from, to, undefined, upTo)).toBe(4);
    expect(await compareEvents(from, to)).toBe(9);
  });

  it('keeps the first place of an event that is moved a second time', async () => {
    await fill(from, 3);
    await copyEvents(source(1), to);
    await fill(to, 2);
    const [third, old] = [memoryStores({ clock }), await all(from)];
    await copyEvents({ feed: to.feed, imports: to.imports, epoch: 2 }, third);
    const origins = await third.imports.originsOf(await all(third));
    expect([...origins.values()].map(({ epoch, position }) => [epoch, position])).toEqual([
      ...old.map(({ position }) => [1, position]),
      ...(await all(to)).slice(3).map(({ position }) => [2, position]),
    ]);
  });

  it.each<readonly [string, (event: MovedEvent) => MovedEvent]>([
    ['id', (event) => ({ ...event, id: uuid('another') as EventId })],
    ['type', (event) => ({ ...event, type: 'Recounted' })],
    ['bytes', (event) => ({ ...event, bytes: '{"count":99}' })],
    ['recordedAt', (event) => ({ ...event, origin: { ...event.origin, recordedAt: uuid('x') as never } })],
    ['stream', (event) => ({ ...event, stream: stream(9), revision: 0 })],
  ])('refuses what is no copy, because the %s of an event differs, and writes nothing', async (member, change) => {
    await fill(from, 6);
    const changed: MovedEvent[] = [];
    const catching: CopyTo = { feed: to.feed, imports: { write: async (events) => void changed.push(...events) } };
    await copyEvents(source(), catching);
    await to.imports.write(changed.slice(0, 3).map((event, index) => (index === 2 ? change(event) : event)));
    for (const attempt of [copyEvents(source(), to), compareEvents(from, to)]) {
      await expect(attempt).rejects.toBeInstanceOf(NotACopy);
      await expect(attempt).rejects.toThrow(`its ${member} differs`);
    }
    expect(await all(to)).toHaveLength(3);
  });

  it('refuses a copy that holds more, or the same in another order, and finds what is missing', async () => {
    await fill(from, 4);
    await copyEvents(source(), to);
    await fill(to, 1);
    await expect(copyEvents(source(), to)).rejects.toThrow('is in the copy only');
    await expect(compareEvents(from, to)).rejects.toThrow('is in the copy only');
    await expect(compareEvents(to, from)).rejects.toThrow('is missing');
    const other = memoryStores({ clock });
    const moved: MovedEvent[] = [];
    await copyEvents(source(), { feed: other.feed, imports: { write: async (events) => void moved.push(...events) } });
    const [one, two, three, four] = moved as [MovedEvent, MovedEvent, MovedEvent, MovedEvent];
    await other.imports.write([two, one, three, four]);
    await expect(compareEvents(from, other)).rejects.toThrow('its stream differs');
  });

  it('says how far it is', async () => {
    await fill(from, 1_100);
    const told: number[] = [];
    await copyEvents(source(), to, (events) => void told.push(events));
    expect(told).toEqual([500, 1_000]);
    await compareEvents(from, to, (events) => void told.push(events));
    expect(told.at(-1)).toBe(1_100);
  });
});
