import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { itemOf, LineageBroken, positionOf, StoreUnavailable, type Page, type Place } from '#libs/eventing';
import type { Instant } from '#libs/kernel';
import { until } from '#libs/testing';
import { FeedHole } from './errors.js';
import { LiveTail, type TailSource } from './live-tail.js';

interface Item {
  readonly id: string;
  readonly recordedAt: Instant;
  readonly bytes: number;
}

const MIB = 1024 * 1024;
const item = (position: number, bytes = 1): Item => ({
  ...{ id: `item-${position}`, recordedAt: '2026-03-02T09:00:00.000Z' as Instant },
  bytes,
});
const placeOf = (position: number): Place => ({ position: BigInt(position), item: itemOf(item(position)) });

/** A log in memory; `pageItems` at a look. */
class Log implements TailSource<Item> {
  items: Item[] = [];
  pageItems = 100_000;
  failWith: Error | undefined;
  readonly troubles: unknown[] = [];
  /** Positions behind which it was asked for a page, and the end of the last one that it gave. */
  readonly asked: bigint[] = [];
  handed = 0;

  add(count: number, bytes?: number): void {
    for (let added = 0; added < count; added++) this.items.push(item(this.items.length + 1, bytes));
  }
  async newest(): Promise<Place | undefined> {
    return this.items.length === 0 ? undefined : placeOf(this.items.length);
  }
  async page(after: bigint | Place): Promise<Page<Item>> {
    const begin = Number(positionOf(after));
    this.asked.push(BigInt(begin));
    if (this.failWith !== undefined) throw this.failWith;
    const items = this.items.slice(begin, begin + this.pageItems);
    const end = begin + items.length;
    this.handed = end;
    return {
      ...{ items, upTo: BigInt(end), caughtUp: end === this.items.length },
      ...(end === 0 ? {} : { upToItem: itemOf(this.items[end - 1]!) }),
    };
  }
  broken = (error: LineageBroken): LineageBroken => new LineageBroken(`seen: ${error.message}`);
  sizeOf = ({ bytes }: Item): number => bytes;
  trouble = (error: unknown): void => void this.troubles.push(error);
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the reader at the end of a log', () => {
  let log: Log;
  let tail: LiveTail<Item>;
  let leave: () => void;
  const ending = new AbortController();
  beforeEach(() => {
    log = new Log();
    tail = new LiveTail(log);
    leave = () => undefined;
  });
  afterEach(() => leave());

  const joined = async (): Promise<void> => {
    leave = tail.join();
    await tail.nextLook(ending.signal);
  };
  /** Adds them, and waits until they have been looked at. */
  const added = async (count: number, bytes?: number): Promise<void> => {
    log.add(count, bytes);
    tail.wake();
    await until('it is read', () => log.handed === log.items.length);
    await settled();
  };
  const firstKept = (): number => {
    for (let position = 0; ; position++) if (tail.covers(BigInt(position))) return position;
  };

  it('knows no place before its first look, and then keeps what comes behind the end', async () => {
    log.add(3);
    expect([tail.covers(3n), tail.behind(0n)]).toEqual([false, false]);
    await joined();
    expect([tail.covers(3n), tail.covers(2n), tail.behind(2n), tail.behind(3n)]).toEqual([true, false, true, false]);
    await added(2);
    expect(tail.page(3n)).toEqual({
      ...{ items: [item(4), item(5)], upTo: 5n, caughtUp: true, upToItem: itemOf(item(5)) },
    });
    expect(tail.page(placeOf(4))).toMatchObject({ items: [item(5)], upTo: 5n });
    expect(tail.page(5n)).toEqual({ items: [], upTo: 5n, caughtUp: true });
    expect(tail.page(placeOf(7))).toEqual({ items: [], upTo: 7n, caughtUp: true, upToItem: itemOf(item(7)) });
  });

  it('rests between two looks where it is told to, and then has all that came meanwhile', async () => {
    tail = new LiveTail(log, 200);
    await joined();
    for (let count = 1; count <= 5; count++) {
      log.add(1);
      tail.wake();
      await settled();
      expect(log.asked).toEqual([0n]);
    }
    await until('it is read', () => log.handed === 5);
    expect(log.asked).toEqual([0n, 0n]);
    // Who leaves does not wait for the end of a rest.
    leave();
  });

  it('keeps as many of the newest as fit, and goes on keeping them', async () => {
    await joined();
    await added(4, 5 * MIB);
    expect(firstKept()).toBe(1);
    await added(1, 5 * MIB);
    expect(firstKept()).toBe(2);
    await added(1, 1);
    expect(firstKept()).toBe(2);
    await added(1, 2 * MIB);
    expect(firstKept()).toBe(3);
    await added(1, 17 * MIB);
    expect(firstKept()).toBe(8);
    await added(2, 5 * MIB);
    expect(firstKept()).toBe(8);
  });

  it('keeps twenty thousand, and hands over a thousand at once', async () => {
    await joined();
    await added(20_001);
    expect(firstKept()).toBe(1);
    const page = tail.page(1n);
    expect([page.items.length, page.upTo, page.caughtUp, page.upToItem]).toEqual([
      ...[1_000, 1_001n, false, itemOf(item(1_001))],
    ]);
    expect(tail.page(19_001n)).toMatchObject({ upTo: 20_001n, caughtUp: true });
  });

  it('looks again at once while there is more', async () => {
    log.pageItems = 1;
    await joined();
    await added(3);
    expect(log.asked).toEqual(expect.arrayContaining([0n, 1n, 2n]));
    expect(tail.page(0n).items).toHaveLength(3);
  });

  it('refuses a reader whose item is another one here', async () => {
    await joined();
    await added(3);
    expect(() => tail.page({ position: 2n, item: 'another' })).toThrow(LineageBroken);
    expect(tail.page(placeOf(2)).items).toEqual([item(3)]);
  });

  it('tries again after a failure, and tells it', async () => {
    await joined();
    log.failWith = new StoreUnavailable('away');
    const look = tail.nextLook(ending.signal);
    tail.wake();
    while (log.troubles.length === 0) await settled();
    log.failWith = undefined;
    log.add(1);
    tail.wake();
    await look;
    expect(log.troubles).toEqual([expect.objectContaining({ message: 'away' })]);
  });

  it.each([
    ['is missing in the log', new FeedHole(1n, 2n), new FeedHole(1n, 2n).message],
    ['went back', new LineageBroken('gone'), 'seen: gone'],
  ])('ends for everybody where something %s, until somebody begins anew', async (_what, error, message) => {
    await joined();
    log.failWith = error;
    tail.wake();
    await expect(tail.nextLook(ending.signal)).rejects.toThrow(message);
    await expect(tail.nextLook(ending.signal)).rejects.toThrow(message);
    log.failWith = undefined;
    leave();
    await joined();
    await added(1);
    expect(tail.page(0n).items).toEqual([item(1)]);
  });

  it('reads while anybody is there, who leaves once however often he says so', async () => {
    await joined();
    const other = tail.join();
    leave();
    leave();
    await added(1);
    expect(tail.page(0n).items).toEqual([item(1)]);
    other();
    const asked = log.asked.length;
    tail.wake();
    await settled();
    expect(log.asked).toHaveLength(asked);
    // Whoever comes back begins at the end.
    log.add(1);
    await joined();
    expect([tail.covers(2n), tail.covers(1n)]).toEqual([true, false]);
  });

  it('is not woken by a head that it has seen', async () => {
    log.add(2);
    await joined();
    // Without a turn in which a timer could go off.
    const asks = async (head: bigint): Promise<number> => {
      const before = log.asked.length;
      tail.wake(head);
      for (let turn = 0; turn < 100; turn++) await Promise.resolve();
      return log.asked.length - before;
    };
    expect(await asks(2n)).toBe(0);
    log.add(1);
    expect(await asks(3n)).toBe(1);
    expect(tail.page(2n).items).toEqual([item(3)]);
  });

  it('lets a waiting reader go when he is told to', async () => {
    await joined();
    const own = new AbortController();
    log.failWith = new StoreUnavailable('away');
    const look = tail.nextLook(own.signal);
    own.abort();
    await expect(look).resolves.toBeUndefined();
  });
});
