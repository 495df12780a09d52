import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AppendRefused,
  MAX_APPEND_BYTES,
  MAX_EVENT_BYTES,
  RevisionConflict,
  type Appended,
  type EventToAppend,
  type StoredEvent,
} from '#libs/eventing';
import { canonicalJson, type StreamId } from '#libs/kernel';
import { eventFeedTests } from './event-feed.tests.js';
import type { CannotBefall, EventStoreHarness, OtherProcess } from './event-store-harness.js';
import { lineageTests } from './lineage.tests.js';
import { unless } from '../unless.js';
import { anEvent, freshId, freshStream, someEvents, textOfBytes } from './harness.js';

export type { EventStoreHarness } from './event-store-harness.js';

/** What a store says of an append that it has taken before: the same, and that it has, where it says so at all. */
const again = (first: Appended): Appended => (first.repeated === undefined ? first : { ...first, repeated: true });

/** Where the last event of an append stands, as far as the answer says. */
const placeOfAnswer = ({ revision, position, recordedAt }: Appended): Partial<StoredEvent> => ({
  ...{ revision, position },
  ...(recordedAt === undefined ? {} : { recordedAt }),
});

/**
 * What every event store must do. An adapter is whatever passes this; `open` gives an empty store, where one can be had.
 * What `cannot` befall it is not asked of it.
 */
export function eventStoreContract(
  name: string,
  open: () => Promise<EventStoreHarness>,
  cannot: CannotBefall = {},
): void {
  describe(`event store contract: ${name}`, () => {
    let harness: EventStoreHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(async () => {
      await harness.close();
    });
    const append = (
      stream: StreamId,
      expected: number | 'no-stream',
      events: readonly EventToAppend[],
    ): Promise<Appended> => harness.events.append(stream, expected, events);

    it('gives an empty list for a stream that does not exist', async () => {
      expect(await harness.events.readStream(freshStream())).toEqual([]);
    });

    it('gives back what was appended: place, revision, type and the exact bytes', async () => {
      const stream = freshStream();
      const [first, second] = [anEvent({ type: 'MeansIssued' }), anEvent({ type: 'MeansActivated' })];
      const appended = await append(stream, 'no-stream', [first, second]);
      expect(appended.revision).toBe(1);
      expect([false, undefined]).toContain(appended.repeated);
      const read = await harness.events.readStream(stream);
      expect(read).toMatchObject([
        { ...first, stream, revision: 0 },
        { ...second, stream, revision: 1 },
      ]);
      expect(read[1]).toMatchObject(placeOfAnswer(appended));
      expect(read[0]!.position).toBeLessThan(read[1]!.position);
      expect(read[0]!.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    it('reads a stream from a revision on, inclusive', async () => {
      const stream = freshStream();
      const events = someEvents(5);
      await append(stream, 'no-stream', events);
      const read = await harness.events.readStream(stream, 3);
      expect(read.map((event) => event.id)).toEqual(events.slice(3).map((event) => event.id));
      expect(await harness.events.readStream(stream, 5)).toEqual([]);
    });

    it('reads many streams at once, each whole and in the order asked for, whatever they were written in', async () => {
      const [one, other, nowhere] = [freshStream(), freshStream(), freshStream()];
      await append(one, 'no-stream', someEvents(2));
      await append(other, 'no-stream', someEvents(1));
      await append(one, 1, someEvents(1));
      const asked = [other, nowhere, one, other];
      const read = await harness.events.readStreams(asked);
      expect(read).toEqual(await Promise.all(asked.map((stream) => harness.events.readStream(stream))));
      expect(read.map((events) => events.length)).toEqual([1, 0, 3, 1]);
      expect(await harness.events.readStreams([])).toEqual([]);
    });

    it('keeps text byte for byte: other scripts, emoji, U+2028, escapes, SQL, and the largest event', async () => {
      const texts = [
        '{"naam":"Żółw Ünïcøde 名前 العربية"}',
        '{"emoji":"👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿"}',
        '{"lines":"a\u2028b\u2029c","nul":"\\u0000","back":"\\\\","quote":"\\""}',
        '{"sql":"\'); drop table events; --","copy":"\\\\.","tab":"\\t","null":"\\\\N","array":"{1,2}"}',
        '{"number":1e+21,"zero":0,"small":1e-7}',
        `"${'é'.repeat((MAX_EVENT_BYTES - 2) / 2)}"`,
      ];
      const stream = freshStream();
      let expected: number | 'no-stream' = 'no-stream';
      for (const bytes of texts) expected = (await append(stream, expected, [anEvent({ bytes })])).revision;
      const read = await harness.events.readStream(stream);
      expect(read.map((event) => event.bytes)).toEqual(texts);
    });

    it('refuses an append that expects another revision, and writes nothing', async () => {
      const stream = freshStream();
      await append(stream, 'no-stream', someEvents(2));
      for (const [expected, actual] of [
        ['no-stream', 1],
        [0, 1],
        [2, 1],
      ] as const) {
        const refused = append(stream, expected, someEvents(1));
        await expect(refused).rejects.toBeInstanceOf(RevisionConflict);
        await expect(refused).rejects.toMatchObject({ name: 'RevisionConflict', stream, expected, actual });
      }
      const nowhere = freshStream();
      await expect(append(nowhere, 0, someEvents(1))).rejects.toMatchObject({ expected: 0, actual: 'no-stream' });
      expect(await harness.events.readStream(stream)).toHaveLength(2);
      expect(await harness.events.readStream(nowhere)).toEqual([]);
    });

    it('lets one of 32 concurrent appends with the same expectation win, twenty times', async () => {
      for (let round = 0; round < 20; round += 1) {
        const stream = freshStream();
        const results = await Promise.allSettled(
          Array.from({ length: 32 }, () => append(stream, 'no-stream', [anEvent()])),
        );
        const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
        expect(lost).toHaveLength(31);
        expect(lost.every((error) => error instanceof RevisionConflict)).toBe(true);
        expect(await harness.events.readStream(stream)).toHaveLength(1);
      }
    });

    it('writes every one of many concurrent appends to different streams once', async () => {
      const streams = Array.from({ length: 300 }, freshStream);
      const appended = await Promise.all(streams.map((stream) => append(stream, 'no-stream', someEvents(2))));
      expect(new Set(appended.map(({ position }) => position)).size).toBe(300);
      for (const stream of streams) expect(await harness.events.readStream(stream)).toHaveLength(2);
    });

    it('answers the same event ids with the same expectation with the first answer', async () => {
      const stream = freshStream();
      const events = someEvents(3);
      const first = await append(stream, 'no-stream', events);
      expect(await append(stream, 'no-stream', events)).toEqual(again(first));
      expect(await harness.events.readStream(stream)).toHaveLength(3);
    });

    it('answers a repeat with the first answer also after the stream has moved on', async () => {
      const stream = freshStream();
      await append(stream, 'no-stream', someEvents(1));
      const events = someEvents(2);
      const first = await append(stream, 0, events);
      await append(stream, 2, someEvents(4));
      expect(await append(stream, 0, events)).toEqual(again(first));
      expect(await harness.events.readStream(stream)).toHaveLength(7);
    });

    it('refuses a repeat of which only a part is there', async () => {
      const stream = freshStream();
      const events = someEvents(2);
      await append(stream, 'no-stream', events);
      const longer = append(stream, 'no-stream', [...events, anEvent()]);
      await expect(longer).rejects.toBeInstanceOf(RevisionConflict);
      const other = append(stream, 'no-stream', [events[0]!, anEvent()]);
      await expect(other).rejects.toBeInstanceOf(RevisionConflict);
      const swapped = append(stream, 'no-stream', [events[1]!, events[0]!]);
      await expect(swapped).rejects.toBeInstanceOf(RevisionConflict);
      expect(await harness.events.readStream(stream)).toHaveLength(2);
    });

    it('writes a repeat that is in flight at the same time once', async () => {
      const stream = freshStream();
      const events = someEvents(2);
      const answers = await Promise.all(Array.from({ length: 8 }, () => append(stream, 'no-stream', events)));
      expect(new Set(answers.map(({ position }) => position)).size).toBe(1);
      if (answers[0]!.repeated !== undefined) expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
      expect(await harness.events.readStream(stream)).toHaveLength(2);
    });

    unless(cannot.loseAppend).describe('whose append is lost while another writer appends', () => {
      /** Loses `own`, lets the other writer write, and lets the adapter find out what became of it. */
      const lose = async (
        stream: StreamId,
        own: readonly EventToAppend[],
        write: (other: OtherProcess) => Promise<unknown>,
      ): Promise<PromiseSettledResult<Appended>> => {
        const other = await harness.another();
        try {
          await append(freshStream(), 'no-stream', someEvents(1));
          const { lost, reopen } = harness.loseAppend!();
          const appending = Promise.allSettled([append(stream, 'no-stream', own)]);
          await lost;
          await write(other);
          reopen();
          return (await appending)[0]!;
        } finally {
          await other.close();
        }
      };

      it.each([1, 3])('answers from what stands there: %d events with the same ids and other words', async (count) => {
        const stream = freshStream();
        const own = someEvents(count);
        const others = own.map(({ id }) => anEvent({ id, bytes: canonicalJson({ note: 'of the other writer' }) }));
        let first: Appended | undefined;
        const result = await lose(stream, own, async ({ events }) => {
          first = await events.append(stream, 'no-stream', others);
          await events.append(stream, count - 1, someEvents(2));
        });
        expect(result).toEqual({ status: 'fulfilled', value: again(first!) });
        expect((await harness.events.readStream(stream)).slice(0, count)).toMatchObject(others);
      });

      it('says that it was not repeated when what stands there is what it was given', async () => {
        const stream = freshStream();
        const own = someEvents(2);
        let first: Appended | undefined;
        const result = await lose(stream, own, async ({ events }) => {
          first = await events.append(stream, 'no-stream', own);
        });
        expect(result).toEqual({ status: 'fulfilled', value: first });
      });

      /** What the others write, to which stream. Only where ours stays free may the append come about after all. */
      type Written = (stream: StreamId, own: readonly EventToAppend[]) => [StreamId, EventToAppend[]][];
      it.each<readonly [string, Written]>([
        ['nothing of it is there', () => []],
        ['its ids stand in another stream', (_, own) => [[freshStream(), [...own]]]],
        ['its ids stand at other revisions', (stream, own) => [[stream, [anEvent(), ...own]]]],
        ['the first of its ids is there', (stream, own) => [[stream, [own[0]!]]]],
        ['the last of its ids is there, behind another event', (stream, own) => [[stream, [anEvent(), own[1]!]]]],
        ['other events stand in its place', (stream) => [[stream, someEvents(2)]]],
      ])('writes it whole or says that it did not, when %s', async (_name, writes) => {
        const stream = freshStream();
        const own = someEvents(2);
        const others = writes(stream, own);
        const result = await lose(stream, own, async ({ events }) => {
          for (const [to, written] of others) await events.append(to, 'no-stream', written);
        });
        const inItsPlace = others.flatMap(([to, written]) => (to === stream ? written : []));
        const isWritten = result.status === 'fulfilled' && inItsPlace.length === 0;
        if (!isWritten) {
          const names = inItsPlace.length === 0 ? ['StoreUnavailable'] : ['StoreUnavailable', 'RevisionConflict'];
          expect(result).toMatchObject({
            status: 'rejected',
            reason: { name: expect.stringMatching(names.join('|')) },
          });
        }
        const there = await harness.events.readStream(stream);
        expect(there.map(({ id, bytes }) => ({ id, bytes }))).toEqual(
          (isWritten ? own : inItsPlace).map(({ id, bytes }) => ({ id, bytes })),
        );
      });
    });

    it('refuses an append without events', async () => {
      const stream = freshStream();
      const refused = append(stream, 'no-stream', []);
      await expect(refused).rejects.toBeInstanceOf(AppendRefused);
      await expect(refused).rejects.toThrow('without events');
      expect(await harness.events.readStream(stream)).toEqual([]);
    });

    it('takes an event at the size limit and refuses one over it', async () => {
      const stream = freshStream();
      await append(stream, 'no-stream', [anEvent({ bytes: textOfBytes(MAX_EVENT_BYTES) })]);
      const over = append(stream, 0, [anEvent({ bytes: textOfBytes(MAX_EVENT_BYTES + 1) })]);
      await expect(over).rejects.toBeInstanceOf(AppendRefused);
      const overInBytes = append(stream, 0, [anEvent({ bytes: `"${'é'.repeat(MAX_EVENT_BYTES / 2)}"` })]);
      await expect(overInBytes).rejects.toBeInstanceOf(AppendRefused);
      expect(await harness.events.readStream(stream)).toHaveLength(1);
    });

    it('takes an append at the total limit and refuses one over it', async () => {
      const stream = freshStream();
      const half = MAX_APPEND_BYTES / 2;
      await append(stream, 'no-stream', [anEvent({ bytes: textOfBytes(half) }), anEvent({ bytes: textOfBytes(half) })]);
      const over = [anEvent({ bytes: textOfBytes(half) }), anEvent({ bytes: textOfBytes(half + 1) })];
      const refused = append(stream, 1, over);
      await expect(refused).rejects.toBeInstanceOf(AppendRefused);
      await expect(refused).rejects.toThrow(`${MAX_APPEND_BYTES + 1} bytes, at most ${MAX_APPEND_BYTES}`);
      expect(await harness.events.readStream(stream)).toHaveLength(2);
    });

    it('keeps the failure of one append from touching the others in flight', async () => {
      const taken = anEvent();
      const held = freshStream();
      await append(held, 'no-stream', [taken]);
      const good = Array.from({ length: 40 }, freshStream);
      const faults = Array.from({ length: 20 }, (_, index) => [
        append(held, index % 2 === 0 ? 'no-stream' : 7, [anEvent()]),
        append(freshStream(), 'no-stream', [anEvent({ bytes: textOfBytes(MAX_EVENT_BYTES + 1) })]),
        append(freshStream(), 'no-stream', [anEvent({ id: 'no-uuid' as never })]),
        append(freshStream(), 'no-stream', []),
      ]).flat();
      const [, ...results] = await Promise.all([
        Promise.allSettled(faults),
        ...good.map((stream) => append(stream, 'no-stream', [anEvent({ id: freshId() })])),
      ]);
      expect(results).toHaveLength(40);
      for (const fault of await Promise.allSettled(faults)) expect(fault.status).toBe('rejected');
      for (const stream of good) expect(await harness.events.readStream(stream)).toHaveLength(1);
      expect(await harness.events.readStream(held)).toHaveLength(1);
    });

    eventFeedTests(() => harness, open, cannot);
    lineageTests(open, cannot);
  });
}
