import { afterEach, describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import { PATIENCE, until } from '#libs/testing';
import {
  CannotApply,
  FeedBroken,
  START,
  follow,
  positionOf,
  type Feed,
  type Follower,
  type FollowOptions,
  type Page,
} from './index.js';

type Item = { readonly position: bigint; readonly recordedAt: Instant };
const RECORDED = '2026-03-02T10:00:00.000Z' as Instant;

/** A feed of numbers that a test fills, interrupts and breaks. */
function numbers() {
  let head = 0n;
  let trouble: Error | undefined;
  const begun: bigint[] = [];
  const page = (after: bigint): Page<Item> => ({
    items: Array.from({ length: Number(head - after) }, (_, index) => ({
      position: after + BigInt(index) + 1n,
      recordedAt: RECORDED,
    })),
    upTo: head,
    caughtUp: true,
  });
  const feed: Feed<Item> = {
    head: async () => head,
    newest: async () => (head === 0n ? undefined : { position: head, item: String(head) }),
    at: async (position) => page(position - 1n).items[0],
    read: async (after) => page(positionOf(after)),
    replay: () => {
      throw new Error('not asked for here');
    },
    async *subscribe(after, { signal }) {
      let upTo = positionOf(after);
      begun.push(upTo);
      while (!signal.aborted) {
        if (trouble !== undefined) {
          const error = trouble;
          trouble = undefined;
          throw error;
        }
        const next = page(upTo);
        upTo = next.upTo;
        yield next;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
  };
  return {
    feed,
    begun,
    grow: (by: number) => void (head += BigInt(by)),
    fail: (error: Error) => void (trouble = error),
  };
}

const running: Follower[] = [];
afterEach(() => Promise.all(running.splice(0).map((follower) => follower.stop())));

function start(feed: Feed<Item>, more: Partial<FollowOptions<Item>> = {}) {
  const applied: bigint[] = [];
  const troubles: [string, boolean][] = [];
  const follower = follow<Item>({
    name: 'reader',
    feed,
    begin: async () => applied.at(-1) ?? 0n,
    apply: async ({ items }) => void applied.push(...items.map(({ position }) => position)),
    onTrouble: (_name, error, stopped) => void troubles.push([(error as Error).message, stopped]),
    ...more,
  });
  running.push(follower);
  return { follower, applied, troubles };
}

describe('a follower', () => {
  it('lies behind while it works through what is old, and not when it has seen everything', async () => {
    const { feed, grow } = numbers();
    grow(1);
    let caughtUp = false;
    const backlog: Feed<Item> = {
      ...feed,
      async *subscribe(after, options) {
        for await (const page of feed.subscribe(after, options)) yield { ...page, caughtUp };
      },
    };
    const { follower } = start(backlog);
    expect(await follower.waitFor(1n, PATIENCE)).toBe(true);
    await until('it has been behind for a while', () => follower.status().behindFor > 50);
    const { silentFor, behindFor } = follower.status();
    expect(behindFor).toBeGreaterThan(50);
    expect(silentFor).toBeLessThan(behindFor);
    caughtUp = true;
    await until('it has caught up', () => follower.status().behindFor < 50);
  });

  it('applies every item once and in order, and says how far it is', async () => {
    const { feed, grow } = numbers();
    grow(3);
    const { follower, applied } = start(feed);
    expect(follower.status()).toMatchObject({ name: 'reader', state: 'starting', position: START });
    expect(await follower.waitFor(3n, PATIENCE)).toBe(true);
    grow(2);
    expect(await follower.waitFor(5n, PATIENCE)).toBe(true);
    expect(applied).toStrictEqual([1n, 2n, 3n, 4n, 5n]);
    await until('it runs', () => follower.status().state === 'running');
    expect(follower.status()).toMatchObject({ position: 5n });
    await until('it was fed just now', () => follower.status().silentFor < 100);
    expect(follower.status()).not.toHaveProperty('stoppedBy');
  });

  it('goes on after an interruption where it had applied, nothing lost and nothing twice', async () => {
    const { feed, grow, fail, begun } = numbers();
    grow(2);
    const { follower, applied, troubles } = start(feed);
    await follower.waitFor(2n, PATIENCE);
    fail(new Error('connection lost'));
    grow(2);
    expect(await follower.waitFor(4n, PATIENCE)).toBe(true);
    expect(applied).toStrictEqual([1n, 2n, 3n, 4n]);
    expect(troubles).toStrictEqual([['connection lost', false]]);
    expect(begun[0]).toBe(0n);
    expect(begun).toHaveLength(2);
  });

  it('applies a page again that could not be applied, and tells about every attempt', async () => {
    const { feed, grow } = numbers();
    grow(1);
    let attempts = 0;
    const { follower, troubles } = start(feed, {
      begin: async () => 0n,
      apply: async () => {
        if (++attempts < 3) throw new Error(`attempt ${attempts}`);
      },
    });
    expect(await follower.waitFor(1n, PATIENCE)).toBe(true);
    expect(troubles).toStrictEqual([
      ['attempt 1', false],
      ['attempt 2', false],
    ]);
  });

  it('stops for good at what can never be applied, and says at what', async () => {
    const { feed, grow } = numbers();
    grow(3);
    let calls = 0;
    const { follower, troubles } = start(feed, {
      apply: async () => {
        calls++;
        throw new CannotApply('the row is missing', 2n, 'Counted');
      },
    });
    // Who waits already is told at once, and who comes later as well.
    expect(await follower.waitFor(1n, 60_000)).toBe(false);
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status()).toMatchObject({
      state: 'stopped',
      position: 0n,
      stoppedBy: { reason: 'the row is missing', position: 2n, type: 'Counted' },
    });
    expect(troubles).toStrictEqual([['the row is missing', true]]);
    grow(1);
    expect(await follower.waitFor(1n, 60_000)).toBe(false);
    expect(calls).toBe(1);
  });

  it('stops at a hole in the feed', async () => {
    const { feed, grow, fail } = numbers();
    grow(1);
    const { follower } = start(feed);
    await follower.waitFor(1n, PATIENCE);
    fail(new FeedBroken('position 2 is missing'));
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy?.reason).toContain('position 2 is missing');
  });

  it('does not start on what has to be rebuilt, and says how', async () => {
    const { feed, begun } = numbers();
    const { follower } = start(feed, { begin: async () => ({ outdated: 'the table is of another store' }) });
    await until('it has looked', () => follower.status().state === 'outdated');
    expect(follower.status().stoppedBy?.reason).toBe('the table is of another store: npm run rebuild -- reader');
    expect(begun).toStrictEqual([]);
  });

  it('is building from when it says so until it has caught up, through every interruption', async () => {
    const { feed, grow } = numbers();
    grow(3);
    let failed = false;
    let caughtUp = false;
    const seen: string[] = [];
    const { follower } = start(
      {
        ...feed,
        async *subscribe(after, options) {
          for await (const page of feed.subscribe(after, options)) yield { ...page, caughtUp };
        },
      },
      {
        begin: async (_ending, building) => {
          if (!failed) building();
          return 0n;
        },
        apply: async () => {
          seen.push(follower.status().state);
          if (failed) return;
          failed = true;
          throw new Error('the connection was lost');
        },
      },
    );
    await until('it has seen a page', () => seen.length > 1);
    expect(follower.status().state).toBe('building');
    caughtUp = true;
    grow(1);
    await until('it has caught up', () => follower.status().state === 'running');
    expect(seen.slice(0, 3)).toEqual(['building', 'building', 'building']);
  });

  it('answers at once who waits for what has been applied, and false who waits in vain', async () => {
    const { feed, grow } = numbers();
    grow(1);
    const { follower } = start(feed);
    await follower.waitFor(1n, PATIENCE);
    expect(await follower.waitFor(1n, 0)).toBe(true);
    expect(await follower.waitFor(2n, 20)).toBe(false);
  });

  it('ends when told to, and then lets nobody wait', async () => {
    const { feed } = numbers();
    const { follower } = start(feed);
    const waiting = follower.waitFor(9n, 60_000);
    await follower.stop();
    expect(await waiting).toBe(false);
    expect(follower.status().state).toBe('ended');
    expect(await follower.waitFor(9n, 60_000)).toBe(false);
  });

  it('does not hold up its own end by a pause before the next attempt', async () => {
    const { feed } = numbers();
    const { follower, troubles } = start(feed, { begin: () => Promise.reject(new Error('away')) });
    await until('it has tried thrice', () => troubles.length >= 3);
    let stopped = false;
    void follower.stop().then(() => (stopped = true));
    // The next attempt is some hundred milliseconds away; this is none.
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(true);
  });
});
