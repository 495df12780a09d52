import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppendRefused, MAX_EVENT_BYTES, START, type RecordLog, type RecordToAppend } from '#libs/eventing';
import { canonicalJson } from '#libs/kernel';
import { follow, freshId, readAll, textOfBytes } from './harness.js';

export interface RecordLogHarness {
  readonly records: RecordLog;
  close(): Promise<void>;
}

const aRecord = (changes: Partial<RecordToAppend> = {}): RecordToAppend => ({
  id: freshId(),
  kind: 'decision',
  bytes: canonicalJson({ answer: false }),
  ...changes,
});

/** What every record log must do; `open` gives an empty one. */
export function recordLogContract(name: string, open: () => Promise<RecordLogHarness>): void {
  describe(`record log contract: ${name}`, () => {
    let harness: RecordLogHarness;
    let records: RecordLog;
    beforeAll(async () => {
      harness = await open();
      records = harness.records;
    });
    afterAll(async () => {
      await harness.close();
    });

    it('feeds nothing while it is empty', async () => {
      expect(await records.head()).toBe(START);
      expect(await records.read(START)).toEqual({ items: [], upTo: START, caughtUp: true });
      expect(await records.byId(freshId())).toBeUndefined();
    });

    it('gives back what was appended, by id and in the feed, byte for byte', async () => {
      const record = aRecord({ kind: 'reading', bytes: '{"reden":"één Żółw 👩‍👩‍👧‍👦 \u2028 \\u0000"}' });
      const { position, recordedAt } = await records.append(record);
      const stored = { ...record, position, recordedAt };
      expect(await records.byId(record.id)).toEqual(stored);
      expect(await records.at(position)).toEqual(stored);
    });

    it('numbers records from 1 without gaps, also when many arrive at once', async () => {
      const before = (await readAll(records)).length;
      const answers = await Promise.all(Array.from({ length: 500 }, () => records.append(aRecord())));
      const positions = answers.map(({ position }) => position).sort((a, b) => (a < b ? -1 : 1));
      expect(positions).toEqual(Array.from({ length: 500 }, (_, index) => BigInt(before + index + 1)));
      expect((await readAll(records)).map(({ position }) => position)).toEqual(
        Array.from({ length: Number(await records.head()) }, (_, index) => BigInt(index) + 1n),
      );
    });

    it('never lets recordedAt go back along the positions', async () => {
      const times = (await readAll(records)).map(({ recordedAt }) => recordedAt);
      expect(times).toEqual([...times].sort());
    });

    it('answers an id that is there already with the first answer and writes nothing', async () => {
      const record = aRecord();
      const first = await records.append(record);
      const head = await records.head();
      const again = await Promise.all([1, 2, 3].map(() => records.append({ ...record, bytes: '{"other":true}' })));
      expect(again).toEqual([first, first, first]);
      expect(await records.head()).toBe(head);
      expect((await records.byId(record.id))?.bytes).toBe(record.bytes);
    });

    it('writes the same id once when it comes several times at once', async () => {
      const record = aRecord();
      const head = await records.head();
      const answers = await Promise.all(Array.from({ length: 10 }, () => records.append(record)));
      expect(new Set(answers.map(({ position }) => position)).size).toBe(1);
      expect(await records.head()).toBe(head + 1n);
    });

    it('takes a record at the size limit and refuses one over it or without a UUID', async () => {
      await records.append(aRecord({ bytes: textOfBytes(MAX_EVENT_BYTES) }));
      const over = records.append(aRecord({ bytes: textOfBytes(MAX_EVENT_BYTES + 1) }));
      await expect(over).rejects.toBeInstanceOf(AppendRefused);
      await expect(records.append(aRecord({ id: 'no-uuid' }))).rejects.toBeInstanceOf(AppendRefused);
    });

    it('feeds a subscriber what comes, by kind when asked', async () => {
      const start = await records.head();
      const refusal = aRecord({ kind: 'refusal' });
      await Promise.all([records.append(aRecord()), records.append(refusal), records.append(aRecord())]);
      const head = await records.head();
      const all = await follow(records, start, (items) => items.length === 3, { what: 'three records' });
      expect(all).toHaveLength(3);
      const some = await follow(records, start, (_, page) => page.upTo >= head, {
        what: 'the refusal',
        types: ['refusal'],
      });
      expect(some).toMatchObject([refusal]);
    });

    it('replays everything that was there', async () => {
      const replayed = [];
      for await (const page of records.replay(START)) replayed.push(...page.items);
      expect(replayed).toEqual(await readAll(records));
    });
  });
}
