import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { LineageBroken, START, type EventFeed, type Page, type Place, type StoredEvent } from '#libs/eventing';
import type { CannotBefall, EventStoreHarness, OtherProcess } from './event-store-harness.js';
import { unless } from '../unless.js';
import { until } from '../until.js';
import { anEvent, freshStream, readAll, someEvents, within } from './harness.js';

/** What becomes of a subscription: what it handed over, and how it ended. */
function following(feed: EventFeed, after: bigint | Place) {
  const ending = new AbortController();
  const items: StoredEvent[] = [];
  let pages = 0;
  const ended = (async (): Promise<unknown> => {
    try {
      for await (const page of feed.subscribe(after, { signal: ending.signal })) {
        items.push(...page.items);
        pages += 1;
      }
      return undefined;
    } catch (error) {
      return error;
    }
  })();
  return {
    items,
    ended: within('the end of the subscription', ended),
    async fed(): Promise<void> {
      const seen = pages;
      await until('it was fed again and again', () => pages >= seen + 2);
    },
    async stop(): Promise<void> {
      ending.abort();
      await ended;
    },
  };
}

const placeOf = async (feed: EventFeed): Promise<Place> => (await feed.newest())!;

/** The store goes back under its adapter: restored, failed over to a copy that lagged, a reverted disk. */
export function lineageTests(open: () => Promise<EventStoreHarness>, cannot: CannotBefall): void {
  unless(cannot.putBack).describe('a store that goes back', () => {
    let harness: EventStoreHarness;
    let other: OtherProcess;
    /** What stays. */
    let kept: Place;
    /** The newest place, which is lost when the store goes back. */
    let lost: Place;
    beforeEach(async () => {
      harness = await open();
      await harness.events.append(freshStream(), 'no-stream', someEvents(3));
      kept = await placeOf(harness.feed);
      // Has seen nothing of what will be lost.
      other = await harness.another();
      expect(await other.feed.newest()).toEqual(kept);
      await harness.events.append(freshStream(), 'no-stream', someEvents(2));
      lost = await placeOf(harness.feed);
    });
    afterEach(async () => {
      await other.close();
      await harness.close();
    });

    /** What comes in place of what was lost, written by a process that knows nothing of it. */
    const growTo = async (events: number): Promise<void> => {
      for (let count = 0; count < events; count += 1)
        await other.events.append(freshStream(), 'no-stream', [anEvent()]);
    };
    const broken = (work: Promise<unknown>): Promise<void> => expect(work).rejects.toBeInstanceOf(LineageBroken);
    const drained = async (pages: AsyncIterable<Page<StoredEvent>>): Promise<void> => {
      for await (const page of pages) void page;
    };

    it('names the item at the end of every page, and goes on behind it', async () => {
      const { feed } = harness;
      const all = await readAll(feed);
      expect((await feed.read(START, 2)).upToItem).toMatch(all[1]!.id);
      expect((await feed.read(kept)).items).toEqual(all.slice(3));
      expect(await feed.read(lost)).toMatchObject({ items: [], upTo: lost.position, upToItem: lost.item });
      const pages: Page<StoredEvent>[] = [];
      for await (const page of feed.replay(kept, { types: ['Nothing'] })) pages.push(page);
      expect(pages.at(-1)).toMatchObject({ upTo: lost.position, upToItem: lost.item, caughtUp: true });
      const reader = following(feed, kept);
      await reader.fed();
      await reader.stop();
      expect(reader.items).toEqual(all.slice(3));
    });

    it.each<readonly [string, () => Place]>([
      ['is not there', () => ({ ...lost, position: lost.position + 5n })],
      ['is another one', () => ({ position: lost.position, item: kept.item })],
      ['was recorded at another moment', () => ({ ...lost, item: `${lost.item.split('@')[0]}@1` })],
    ])('gives nothing behind an item that %s, and goes on for others', async (_what, place) => {
      const { events, feed } = harness;
      await broken(feed.read(place()));
      await broken(drained(feed.replay(place())));
      const reader = following(feed, place());
      expect(await reader.ended).toBeInstanceOf(LineageBroken);
      expect(reader.items).toEqual([]);
      // It was the caller's word against the store's: the store itself has lost nothing.
      await events.append(freshStream(), 'no-stream', [anEvent()]);
      expect((await feed.read(lost)).items).toHaveLength(1);
      expect(harness.lineage.broken).toBeUndefined();
    });

    it.each([
      ['before anything else was written', 0],
      ['after others wrote as much', 2],
      ['after others wrote more', 4],
    ])('ends a subscription at its end, %s, and hands over nothing of the other lineage', async (_when, more) => {
      const reader = following(harness.feed, kept);
      await reader.fed();
      const seen = reader.items.map(({ id }) => id);
      expect(seen).toHaveLength(2);
      await harness.putBack!(kept.position);
      await growTo(more);
      expect(await reader.ended).toBeInstanceOf(LineageBroken);
      expect(reader.items.map(({ id }) => id)).toEqual(seen);
      await expect(within('the report', harness.lineage.lost)).resolves.toBeInstanceOf(LineageBroken);
    });

    it('ends a subscription of a reader that had not come to what was lost', async () => {
      const reader = following(harness.feed, lost);
      await reader.fed();
      await harness.putBack!(kept.position);
      await growTo(3);
      expect(await reader.ended).toBeInstanceOf(LineageBroken);
      const late = following(harness.feed, kept);
      expect(await late.ended).toBeInstanceOf(LineageBroken);
    });

    it.each([
      ['before anything else was written', 0],
      ['after others wrote as much', 2],
      ['after others wrote more', 4],
    ])('takes no append, %s, and nothing of it is written', async (_when, more) => {
      await harness.putBack!(kept.position);
      await growTo(more);
      const stream = freshStream();
      await broken(harness.events.append(stream, 'no-stream', someEvents(2)));
      expect(await other.events.readStream(stream)).toEqual([]);
      expect(await other.feed.head()).toBe((await readAll(other.feed)).at(-1)!.position);
      await expect(within('the report', harness.lineage.lost)).resolves.toBeInstanceOf(LineageBroken);
    });

    it.each([0, 2, 4])(
      'is noticed by whoever asks for its end, with %d events in place of what was lost',
      async (more) => {
        await harness.putBack!(kept.position);
        await growTo(more);
        await broken(harness.feed.head());
        await broken(harness.feed.newest());
      },
    );

    it('is noticed also when the same ids come again at the same positions', async () => {
      const again = (await readAll(harness.feed)).slice(3);
      await harness.putBack!(kept.position);
      const tick = Date.now();
      while (Date.now() === tick);
      await other.events.append(
        again[0]!.stream,
        'no-stream',
        again.map(({ id, type, bytes }) => ({ id, type, bytes })),
      );
      await broken(harness.events.append(freshStream(), 'no-stream', someEvents(1)));
    });

    it('answers nothing any more from then on, whatever it holds by then', async () => {
      await harness.putBack!(kept.position);
      await broken(harness.feed.head());
      await growTo(6);
      const { events, feed } = harness;
      await broken(feed.read(START));
      await broken(feed.newest());
      await broken(drained(feed.replay(START)));
      await broken(drained(feed.subscribe(START, { signal: new AbortController().signal })));
      await broken(events.readStream(freshStream()));
      await broken(events.readStreams([freshStream()]));
      await broken(events.append(freshStream(), 'no-stream', someEvents(1)));
      // Also as "not available now", for whoever knows no better.
      await expect(feed.head()).rejects.toMatchObject({ name: 'LineageBroken', retryAfterSeconds: expect.any(Number) });
    });

    it('goes on for a process that has seen nothing of what was lost', async () => {
      await harness.putBack!(kept.position);
      const reader = following(other.feed, kept);
      await growTo(3);
      await reader.fed();
      await reader.stop();
      expect(await reader.ended).toBeUndefined();
      expect(reader.items).toHaveLength(3);
      expect((await other.feed.read(kept)).items).toHaveLength(3);
    });

    it('loses nothing for anybody where it is put back to all that it had', async () => {
      const reader = following(harness.feed, kept);
      await harness.putBack!(lost.position);
      await growTo(2);
      await harness.events.append(freshStream(), 'no-stream', someEvents(2));
      await reader.fed();
      await reader.stop();
      expect(await reader.ended).toBeUndefined();
      expect(harness.lineage.broken).toBeUndefined();
      expect(await harness.feed.head()).toBeGreaterThan(lost.position);
    });
  });
}
