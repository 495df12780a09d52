import { expect, it } from '@jest/globals';
import { START, type StoredEvent } from '#libs/eventing';
import type { CannotBefall, EventStoreHarness } from './event-store-harness.js';
import { unless } from '../unless.js';
import { anEvent, follow, freshStream, readAll, someEvents, textOfBytes, within } from './harness.js';

const ids = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);

/** The feed's half of the event store contract. */
export function eventFeedTests(
  harness: () => EventStoreHarness,
  open: () => Promise<EventStoreHarness>,
  cannot: CannotBefall,
): void {
  const append = (count: number): Promise<unknown> =>
    harness().events.append(freshStream(), 'no-stream', someEvents(count));

  unless(cannot.empty).it(
    'feeds nothing from an empty store: no head, an empty page, a living subscription',
    async () => {
      const empty = await open();
      try {
        expect(await empty.feed.head()).toBe(START);
        expect(await empty.feed.newest()).toBeUndefined();
        expect(await empty.feed.at(0n)).toBeUndefined();
        expect(await empty.feed.read(START)).toEqual({ items: [], upTo: START, caughtUp: true });
        const replayed = [];
        for await (const page of empty.feed.replay(START)) replayed.push(page);
        expect(replayed).toEqual([{ items: [], upTo: START, caughtUp: true }]);
        let pages = 0;
        const none = await follow(empty.feed, START, () => (pages += 1) === 3, {
          what: 'three pages of an empty store',
        });
        expect(none).toEqual([]);
      } finally {
        await empty.close();
      }
    },
  );

  it('hands over every event of every stream in one total order that agrees with each stream', async () => {
    const { events, feed, contiguous } = harness();
    const start = await feed.head();
    const streams = Array.from({ length: 20 }, freshStream);
    await Promise.all(
      streams.map(async (stream) => {
        for (let revision = -1; revision < 9; revision += 1) {
          await events.append(stream, revision < 0 ? 'no-stream' : revision, [anEvent()]);
        }
      }),
    );
    const all = await readAll(feed, start, 17);
    expect(all).toHaveLength(200);
    for (const [index, event] of all.entries()) {
      const previous = all[index - 1];
      if (previous === undefined) continue;
      expect(event.position).toBeGreaterThan(previous.position);
      if (contiguous) expect(event.position).toBe(previous.position + 1n);
    }
    for (const stream of streams) {
      const inFeed = all.filter((event) => event.stream === stream);
      expect(inFeed).toEqual(await events.readStream(stream));
      expect(inFeed.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    expect(all.at(-1)!.position).toBe(await feed.head());
  });

  it('gives the one item that stands at a position, and nothing where none does', async () => {
    const { feed } = harness();
    const start = await feed.head();
    await append(3);
    const all = await readAll(feed, start);
    for (const event of all) expect(await feed.at(event.position)).toEqual(event);
    expect(await feed.at(all.at(-1)!.position + 1n)).toBeUndefined();
    expect(await feed.at(START)).toBeUndefined();
  });

  it('has a head that is not older than any append that was answered, of whatever process', async () => {
    const { feed } = harness();
    const other = await harness().another();
    try {
      for (let round = 0; round < 20; round += 1) {
        const { position } = await other.events.append(freshStream(), 'no-stream', someEvents(2));
        const [head, newest] = await Promise.all([feed.head(), feed.newest()]);
        expect(head).toBeGreaterThanOrEqual(position);
        expect(newest!.position).toBeGreaterThanOrEqual(position);
        expect((await feed.at(head))!.position).toBe(head);
      }
    } finally {
      await other.close();
    }
  });

  it('brings a page that is caught up to the head', async () => {
    const { feed } = harness();
    const before = cannot.empty === undefined ? START : await feed.head();
    await append(2);
    const head = await feed.head();
    const start = await feed.read(head);
    expect(start).toMatchObject({ items: [], upTo: head, caughtUp: true });
    let last = await feed.read(before);
    while (!last.caughtUp) last = await feed.read(last.upTo);
    expect(last.upTo).toBe(head);
  });

  it('reads behind a position, exclusive, and says whether more is there', async () => {
    const { feed } = harness();
    const start = await feed.head();
    await append(3);
    const [first, second, third] = await readAll(feed, start);
    expect(await feed.read(start, 2)).toMatchObject({
      items: [first, second],
      upTo: second!.position,
      caughtUp: false,
    });
    const rest = await feed.read(second!.position);
    expect(rest).toMatchObject({ items: [third], upTo: third!.position, caughtUp: true });
    expect(await feed.read(third!.position)).toMatchObject({ items: [], upTo: third!.position, caughtUp: true });
  });

  unless(cannot.appendLate).it(
    'does not lose an event whose transaction began earlier and committed later',
    async () => {
      const { events, feed } = harness();
      const start = await feed.head();
      const [late, early] = [anEvent(), anEvent()];
      const transaction = await harness().appendLate!(freshStream(), late);
      const other = events.append(freshStream(), 'no-stream', [early]);
      // The other append may wait for the open transaction; what is read meanwhile must not run ahead of it.
      const seen = [...(await readAll(feed, start))];
      await transaction.commit();
      await within('the second append', other);
      seen.push(...(await readAll(feed, seen.at(-1)?.position ?? start)));
      expect(ids(seen).sort()).toEqual(ids([late, early]).sort());
    },
  );

  it('loses nothing for a reader that reads while many write', async () => {
    const { events, feed } = harness();
    const start = await feed.head();
    const writers = Array.from({ length: 16 }, async () => {
      const stream = freshStream();
      for (let revision = -1; revision < 19; revision += 1) {
        await events.append(stream, revision < 0 ? 'no-stream' : revision, [anEvent()]);
      }
    });
    const read = await follow(feed, start, (items) => items.length >= 320, { what: '320 events' });
    await Promise.all(writers);
    expect(read).toHaveLength(320);
    expect(ids(read)).toEqual(ids(await readAll(feed, start)));
  });

  it('goes on in a subscription with what comes, soon after it was appended', async () => {
    const { feed } = harness();
    const start = await feed.head();
    let appended = 0;
    const read = await follow(feed, start, (items) => items.length === 3, {
      what: 'three events one after another',
      eachPage: async (page) => {
        if (page.caughtUp && appended < 3) {
          appended += 1;
          await append(1);
        }
      },
    });
    expect(read).toHaveLength(3);
  });

  it('resumes behind any position, without loss or repetition', async () => {
    const { feed } = harness();
    const start = await feed.head();
    for (let count = 0; count < 5; count += 1) await append(2);
    const all = await readAll(feed, start);
    for (const event of all) {
      const behind = all.filter(({ position }) => position > event.position);
      const resumed = await follow(feed, event.position, (items) => items.length >= behind.length, {
        what: 'the rest of the feed',
      });
      expect(ids(resumed)).toEqual(ids(behind));
    }
  });

  it('yields a page at least once a second though nothing comes', async () => {
    const { feed } = harness();
    const times: number[] = [];
    await follow(feed, await feed.head(), () => times.push(performance.now()) === 8, {
      what: 'eight pages of a quiet store',
    });
    // The first ones come at once. A busy machine delays some of the others; a store that yields fewer delays each.
    const waits = times.slice(4).map((time, index) => time - times[index + 3]!);
    expect(Math.min(...waits)).toBeLessThan(1_000);
  });

  it('hands over the asked types only and moves past the others', async () => {
    const { events, feed } = harness();
    const start = await feed.head();
    const wanted = anEvent({ type: 'MeansRevoked' });
    await events.append(freshStream(), 'no-stream', [anEvent(), wanted, anEvent()]);
    const head = await feed.head();
    const read = await follow(feed, start, (_, page) => page.upTo >= head, {
      what: 'the end of the feed',
      types: ['MeansRevoked'],
    });
    expect(ids(read)).toEqual([wanted.id]);
    const replayed: StoredEvent[] = [];
    let upTo = start;
    for await (const page of feed.replay(start, { types: ['MeansRevoked'] })) {
      replayed.push(...page.items);
      upTo = page.upTo;
    }
    expect(ids(replayed)).toEqual([wanted.id]);
    expect(upTo).toBe(head);
  });

  it('replays everything that was there when asked, equal to what reading gives', async () => {
    const { feed } = harness();
    const start = cannot.empty === undefined ? START : await feed.head();
    await append(3);
    const head = await feed.head();
    const replayed: StoredEvent[] = [];
    let upTo = start;
    let caughtUp = false;
    for await (const page of feed.replay(start)) {
      expect(page.upTo).toBeGreaterThanOrEqual(upTo);
      replayed.push(...page.items);
      ({ upTo, caughtUp } = page);
    }
    expect({ upTo, caughtUp }).toEqual({ upTo: head, caughtUp: true });
    expect(replayed).toEqual(await readAll(feed, start));
  });

  it('lets a slow subscriber hold up nobody, and gives it everything in the end', async () => {
    const { feed } = harness();
    const start = await feed.head();
    const stopSlow = new AbortController();
    const slow = feed.subscribe(start, { signal: stopSlow.signal })[Symbol.asyncIterator]();
    await slow.next();
    for (let count = 0; count < 30; count += 1) await append(40);
    const fast = await follow(feed, start, (items) => items.length >= 1_200, { what: 'the fast subscriber' });
    const seen: StoredEvent[] = [];
    while (seen.length < 1_200) {
      const next = await within('the slow subscriber', slow.next());
      if (next.done === true) break;
      seen.push(...next.value.items);
    }
    stopSlow.abort();
    await within('the end of the slow subscription', slow.next());
    expect(ids(seen)).toEqual(ids(fast));
  });

  it('pages large events without handing over all at once', async () => {
    const { events, feed } = harness();
    const start = await feed.head();
    for (let count = 0; count < 24; count += 1) {
      await events.append(freshStream(), 'no-stream', [anEvent({ bytes: textOfBytes(500_000) })]);
    }
    const all = await readAll(feed, start);
    expect(all).toHaveLength(24);
    expect(all.every(({ bytes }) => bytes.length === 500_000)).toBe(true);
  });

  it('ends a subscription without an error when the signal aborts', async () => {
    const { feed } = harness();
    const ending = new AbortController();
    const iteration = feed.subscribe(await feed.head(), { signal: ending.signal })[Symbol.asyncIterator]();
    await iteration.next();
    const waiting = iteration.next();
    ending.abort();
    let last = await within('the page that was waited for', waiting);
    while (last.done !== true) last = await within('the end of the subscription', iteration.next());
    expect(last).toEqual({ done: true, value: undefined });
    const aborted = feed.subscribe(START, { signal: ending.signal })[Symbol.asyncIterator]();
    expect((await aborted.next()).done).toBe(true);
  });

  unless(cannot.interrupt).it('survives a cut of its connections in the middle of a subscription', async () => {
    const { feed } = harness();
    const start = await feed.head();
    let cuts = 0;
    const read = await follow(feed, start, (items) => items.length >= 100, {
      what: '100 events across two cuts',
      eachPage: async () => {
        if (cuts >= 10) return;
        cuts += 1;
        if (cuts === 3 || cuts === 6) await harness().interrupt!();
        await appendUntilWritten(10);
      },
    });
    expect(ids(read)).toEqual(ids(await readAll(feed, start)));
    expect(new Set(ids(read)).size).toBe(100);
  });

  /** Repeats the same append until its outcome is known, as a caller does. */
  async function appendUntilWritten(count: number): Promise<void> {
    const stream = freshStream();
    const events = someEvents(count);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await harness().events.append(stream, 'no-stream', events);
        return;
      } catch (error) {
        const again = ['StoreUnavailable', 'AppendOutcomeUnknown'].includes((error as Error).name);
        if (!again || attempt === 20) throw error;
      }
    }
  }
}
