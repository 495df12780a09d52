import { describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import { instantFromEpoch } from '#libs/kernel';
import { START } from '#libs/eventing';
import { isBeyond, placeBefore, readBack } from './read-back.js';

const DAY = 86_400_000;
const FROM = Date.parse('2026-03-02T12:00:00.000Z');

/** A log whose items stand at these positions, one a day, and how often it was read. */
function logOf(positions: readonly bigint[], most = Infinity) {
  const items = positions.map((position, place) => ({ position, recordedAt: instantFromEpoch(FROM + place * DAY) }));
  let reads = 0;
  const feed = {
    head: async () => positions.at(-1) ?? START,
    read: async (after: unknown, limit = 1_000) => {
      reads += 1;
      const behind = items.filter(({ position }) => position > (after as bigint));
      // A page ends where its items have come to so many bytes, here to so many of them.
      const found = behind.slice(0, Math.min(limit, most));
      return {
        items: found,
        upTo: found.at(-1)?.position ?? (after as bigint),
        caughtUp: found.length === behind.length,
      };
    },
  };
  return { feed, items, reads: () => reads };
}
const numbers = (count: number, step: (place: number) => bigint): readonly bigint[] =>
  Array.from({ length: count }, (_, place) => step(place));

describe('a log that is read back', () => {
  it.each([
    ['dense', numbers(1_700, (place) => BigInt(place))],
    ['sparse', numbers(1_700, (place) => BigInt(place) * 1_000_003n)],
    ['dense in places', [...numbers(900, BigInt), ...numbers(3, (place) => 10n ** 12n + BigInt(place)), 10n ** 15n]],
    ['of one item', [0n]],
    ['without any', []],
  ] as const)('hands over everything once, the newest first: %s', async (_form, positions) => {
    const { feed, reads } = logOf(positions);
    const found: bigint[] = [];
    for await (const piece of readBack(feed, (await feed.head()) + 1n)) {
      expect(piece.length).toBeLessThanOrEqual(500);
      found.push(...piece.map(({ position }) => position));
    }
    expect(found).toEqual([...positions].reverse());
    expect(reads()).toBeLessThan(200);
  });

  it.each([
    ['dense', 1n],
    ['sparse', 1_000_003n],
  ])('passes over nothing where pages end early, as items are large: %s', async (_form, step) => {
    const positions = numbers(1_700, (place) => BigInt(place) * step);
    const { feed } = logOf(positions, 7);
    const found: bigint[] = [];
    for await (const piece of readBack(feed, (await feed.head()) + 1n)) {
      found.push(...piece.map(({ position }) => position));
    }
    expect(found).toEqual([...positions].reverse());
  });

  it('goes on where it ended', async () => {
    const { feed } = logOf(numbers(10, (place) => BigInt(place) * 7n));
    const pieces: bigint[] = [];
    for await (const piece of readBack(feed, 35n)) pieces.push(...piece.map(({ position }) => position));
    expect(pieces).toEqual([28n, 21n, 14n, 7n, 0n]);
  });

  it.each([
    ['dense', 1n],
    ['sparse', 9_999_991n],
  ])('is begun near a moment, by few reads, and passes over nothing from before it: %s', async (_form, step) => {
    const { feed, items, reads } = logOf(numbers(20_000, (place) => BigInt(place) * step));
    const before = instantFromEpoch(FROM + 7_000 * DAY);
    const place = await placeBefore(feed, before);
    expect(reads()).toBeLessThan(60);
    const passed = items.filter(({ position, recordedAt }) => position >= place && recordedAt < before);
    expect(passed).toEqual([]);
    expect(items.filter(({ position }) => position < place).length).toBeLessThan(7_600);
    expect(await placeBefore(feed, '2300-01-01T00:00:00.000Z' as Instant)).toBe((await feed.head()) + 1n);
  });

  it('knows moments of the first and last hour that there are', async () => {
    const { feed } = logOf(numbers(3, BigInt));
    expect(await placeBefore(feed, '9999-12-31T23:59:59.999Z' as Instant)).toBe(3n);
    const first = '0000-01-01T00:00:00.000Z' as Instant;
    expect(isBeyond({ position: 1n, recordedAt: first }, first)).toBe(false);
  });

  it('ends where clocks can not have been so far apart', () => {
    const from = '2026-03-02T12:00:00.000Z' as Instant;
    const at = (recordedAt: string) => ({ position: 1n, recordedAt: recordedAt as Instant });
    expect(isBeyond(at('2026-03-02T11:30:00.000Z'), from)).toBe(false);
    expect(isBeyond(at('2026-03-02T10:59:00.000Z'), from)).toBe(true);
  });
});
