import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AppendRefused,
  MAX_EVENT_BYTES,
  RevisionConflict,
  type EventFeed,
  type EventImport,
  type EventStore,
  type MovedEvent,
} from '#libs/eventing';
import { canonicalJson, instantFromEpoch, type StreamId } from '#libs/kernel';
import { anEvent, freshStream, readAll, someEvents, textOfBytes } from './harness.js';

export interface EventImportHarness {
  readonly events: EventStore;
  readonly feed: EventFeed;
  readonly imports: EventImport;
  close(): Promise<void>;
}

/** Long before any test: no store would give such a time itself. */
const LONG_AGO = Date.parse('2019-05-06T07:08:09.123Z');

const moved = (stream: StreamId, revision: number, changes: Partial<MovedEvent> = {}): MovedEvent => ({
  ...anEvent(),
  stream,
  revision,
  origin: { recordedAt: instantFromEpoch(LONG_AGO + revision), position: BigInt(revision) * 100n, epoch: 3 },
  ...changes,
});

/** What every store must do that events can be moved to. `open` gives an empty one. */
export function eventImportContract(name: string, open: () => Promise<EventImportHarness>): void {
  describe(`event import contract: ${name}`, () => {
    let harness: EventImportHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    it('writes events of several streams in their order, byte for byte, with the time and place that they had', async () => {
      const { events, feed, imports } = harness;
      const before = await feed.head();
      const [one, other] = [freshStream(), freshStream()];
      const all = [
        moved(one, 0, { type: 'MeansIssued', bytes: '{"naam":"Żółw 👩‍👩‍👧‍👦 \u2028 \\u0000"}' }),
        moved(other, 0),
        moved(one, 1, { origin: { recordedAt: instantFromEpoch(LONG_AGO), position: 2n ** 62n + 1n, epoch: 1 } }),
        moved(one, 2),
        moved(other, 1),
      ];
      await imports.write(all);
      const there = await readAll(feed, before);
      expect(there).toMatchObject(all.map(({ origin, ...event }) => ({ ...event, recordedAt: origin.recordedAt })));
      for (const [index, event] of there.entries()) {
        if (index > 0) expect(event.position).toBeGreaterThan(there[index - 1]!.position);
      }
      expect(await events.readStream(one)).toEqual(there.filter(({ stream }) => stream === one));
      const replayed = [];
      for await (const page of feed.replay(before)) replayed.push(...page.items);
      expect(replayed).toEqual(there);
      expect(await imports.originsOf(there)).toEqual(new Map(all.map(({ id, origin }) => [id, origin])));
    });

    it('goes on behind what is there, and what is appended later goes on behind that', async () => {
      const { events, feed, imports } = harness;
      const stream = freshStream();
      await imports.write([moved(stream, 0)]);
      await imports.write([moved(stream, 1), moved(stream, 2)]);
      const [own] = someEvents(1);
      expect((await events.append(stream, 2, [own!])).revision).toBe(3);
      const read = await events.readStream(stream);
      expect(read.map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
      expect(Date.parse(read[3]!.recordedAt)).toBeGreaterThan(LONG_AGO + 10_000);
      expect((await imports.originsOf(read)).has(own!.id)).toBe(false);
      expect((await readAll(feed)).at(-1)!.id).toBe(own!.id);
    });

    it.each<readonly [string, number]>([
      ['is there already', 0],
      ['has one before it that is missing', 3],
    ])('rejects an event whose revision %s, and writes none that follow it', async (_what, revision) => {
      const { events, imports } = harness;
      const [stream, other] = [freshStream(), freshStream()];
      await imports.write([moved(stream, 0), moved(stream, 1)]);
      await expect(imports.write([moved(stream, revision), moved(other, 0)])).rejects.toBeInstanceOf(RevisionConflict);
      expect(await events.readStream(stream)).toHaveLength(2);
      expect(await events.readStream(other)).toEqual([]);
    });

    it('takes more at once than one append may hold, and refuses an event over the limit', async () => {
      const { events, imports } = harness;
      const stream = freshStream();
      const bytes = textOfBytes(MAX_EVENT_BYTES);
      await imports.write([0, 1, 2].map((revision) => moved(stream, revision, { bytes })));
      expect((await events.readStream(stream)).map((event) => event.bytes.length)).toEqual(
        [0, 1, 2].map(() => bytes.length),
      );
      const over = moved(stream, 3, { bytes: textOfBytes(MAX_EVENT_BYTES + 1) });
      await expect(imports.write([over])).rejects.toBeInstanceOf(AppendRefused);
      await imports.write([]);
      expect(await events.readStream(stream)).toHaveLength(3);
    });

    it('lets an append of the same ids and revisions find what was moved', async () => {
      const { events, imports } = harness;
      const stream = freshStream();
      const event = moved(stream, 0, { bytes: canonicalJson({ note: 'moved' }) });
      await imports.write([event]);
      const { id, type, bytes } = event;
      const again = await events.append(stream, 'no-stream', [{ id, type, bytes }]);
      expect(again.revision).toBe(0);
      expect(await events.readStream(stream)).toHaveLength(1);
    });
  });
}
