import { createHash, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CheckpointLost,
  CheckpointMoved,
  Fenced,
  type Checkpoint,
  type CheckpointStore,
  type Leases,
  type RecordToSequence,
  type SequencedLog,
  type Turn,
} from '#libs/eventing';

export interface SequencedLogHarness {
  readonly log: SequencedLog;
  readonly checkpoints: CheckpointStore;
  readonly leases: Leases;
  close(): Promise<void>;
}

const FEED = 'log-events';
const TURN = 'transparency-log';
const at = (position: bigint): Checkpoint => ({ store: randomStore, epoch: 1, position, event: `event@${position}` });
const randomStore = randomUUID();

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
const recordOf = (text: string, id: string = randomUUID()): RecordToSequence => ({
  ...{ id, content: hash(text), salt: hash(`salt ${id}`), record: `{"text":"${text}"}` },
  entry: hash(`entry ${id} ${text}`),
});

/** What every table of the transparency log must do. */
export function sequencedLogContract(name: string, open: () => Promise<SequencedLogHarness>): void {
  describe(`sequenced log contract: ${name}`, () => {
    let harness: SequencedLogHarness;
    let log: SequencedLog;
    let turn: Turn;
    beforeEach(async () => {
      harness = await open();
      log = harness.log;
      turn = (await harness.leases.take(TURN, 'one', 60_000))!;
    });
    afterEach(() => harness.close());

    const read = async (from: number, to: number): Promise<Buffer[]> =>
      (await log.entries(from, to)).map((entry) => Buffer.from(entry));

    const keptOf = async (from: number, to: number): Promise<unknown[]> =>
      (await log.kept(from, to)).map(({ index, salt, record }) => [index, Buffer.from(salt), record]);

    it('is empty at first', async () => {
      expect(await log.size()).toBe(0);
      expect(await log.entries(0, 10)).toEqual([]);
      expect(await log.at(0)).toBeUndefined();
      expect(await log.indexOf(randomUUID())).toBeUndefined();
      expect(await log.kept(0, 10)).toEqual([]);
      expect(await log.newest()).toBeUndefined();
    });

    it('gives indexes from 0 on in the order of the records, and moves the feed’s checkpoint with them', async () => {
      const records = ['one', 'two', 'three — ünïcode'].map((text) => recordOf(text));
      expect(await log.sequence(FEED, undefined, at(3n), records.slice(0, 2), turn)).toBe(2);
      expect(await harness.checkpoints.read(FEED)).toEqual(at(3n));
      expect(await log.sequence(FEED, at(3n), at(9n), records.slice(2), turn)).toBe(3);
      expect(await log.size()).toBe(3);
      expect(await read(0, 3)).toEqual(records.map(({ entry }) => entry));
      expect(await read(1, 2)).toEqual([records[1]!.entry]);
      expect(await read(2, 99)).toEqual([records[2]!.entry]);
      const { id, entry, kept } = (await log.at(2))!;
      expect({ id, entry: Buffer.from(entry), salt: Buffer.from(kept!.salt), record: kept!.record }).toEqual({
        ...{ id: records[2]!.id, entry: records[2]!.entry, salt: records[2]!.salt, record: records[2]!.record },
      });
    });

    it('sequences a record once, from wherever it comes again, and another content under its id as another', async () => {
      const first = recordOf('one');
      await log.sequence(FEED, undefined, at(1n), [first], turn);
      const again = {
        ...first,
        salt: hash('another salt'),
        entry: hash('another entry'),
        record: '{"elsewhere":true}',
      };
      const other = recordOf('another content', first.id);
      expect(await log.sequence(FEED, at(1n), at(2n), [again, other, again, other], turn)).toBe(2);
      expect(await log.sequence('log-records', undefined, at(2n), [first, other], turn)).toBe(2);
      expect(await read(0, 9)).toEqual([first.entry, other.entry]);
      expect(Buffer.from((await log.at(0))!.kept!.salt)).toEqual(first.salt);
    });

    it('moves a checkpoint with nothing to sequence, and to a lower place', async () => {
      expect(await log.sequence(FEED, undefined, at(5n), [], turn)).toBe(0);
      expect(await log.sequence(FEED, at(5n), at(1n), [], turn)).toBe(0);
      expect(await harness.checkpoints.read(FEED)).toEqual(at(1n));
    });

    it('writes nothing where the checkpoint is not where it was said to be', async () => {
      await log.sequence(FEED, undefined, at(1n), [recordOf('one')], turn);
      for (const from of [undefined, at(2n), { ...at(1n), event: 'other@1' }, { ...at(1n), epoch: 2 }]) {
        await expect(log.sequence(FEED, from, at(3n), [recordOf('two')], turn)).rejects.toBeInstanceOf(CheckpointMoved);
      }
      expect(await log.size()).toBe(1);
      expect(await harness.checkpoints.read(FEED)).toEqual(at(1n));
    });

    it('writes nothing for a turn that is over', async () => {
      await log.sequence(FEED, undefined, at(1n), [recordOf('one')], turn);
      await log.store({ size: 1, root: hash('root'), note: 'first' }, 0, turn);
      await harness.leases.leave(turn);
      const second = (await harness.leases.take(TURN, 'two', 60_000))!;
      await expect(log.sequence(FEED, at(1n), at(2n), [recordOf('two')], turn)).rejects.toBeInstanceOf(Fenced);
      const newer = { size: 2, root: hash('root 2'), note: 'second' };
      expect(await log.sequence(FEED, at(1n), at(2n), [recordOf('two')], second)).toBe(2);
      await expect(log.store(newer, 1, turn)).rejects.toBeInstanceOf(Fenced);
      expect((await log.newest())!.size).toBe(1);
      await log.store(newer, 1, second);
      expect((await log.newest())!.size).toBe(2);
    });

    it('writes nothing where a checkpoint that was signed is none of its own, and goes on behind each that is', async () => {
      await log.sequence(FEED, undefined, at(1n), [recordOf('one'), recordOf('two')], turn);
      const [first, second] = [1, 2].map((size) => ({ size, root: hash(`root ${size}`), note: `note ${size}` }));
      const signed = (size: number, root: Buffer) =>
        log.sequence(FEED, at(1n), at(2n), [recordOf('x')], turn, { size, root });
      await expect(signed(1, first!.root)).rejects.toEqual(new CheckpointLost(1));
      await log.store(first!, 0, turn);
      await log.store(second!, 1, turn);
      for (const [size, root] of [
        [1, second!.root],
        [2, first!.root],
        [3, hash('root 3')],
      ] as const) {
        await expect(signed(size, root)).rejects.toEqual(new CheckpointLost(size));
      }
      expect(await log.size()).toBe(2);
      expect(await harness.checkpoints.read(FEED)).toEqual(at(1n));
      expect(await signed(2, second!.root)).toBe(3);
      expect(await log.sequence(FEED, at(2n), at(3n), [recordOf('y')], turn, first)).toBe(4);
    });

    it('lets one of several win who sequence the same at once', async () => {
      const record = recordOf('one');
      const outcomes = await Promise.allSettled(
        Array.from({ length: 6 }, () => log.sequence(FEED, undefined, at(1n), [record], turn)),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await log.size()).toBe(1);
    });

    it('gives each index once to two feeds that are sequenced at the same time', async () => {
      const batch = (): RecordToSequence[] => Array.from({ length: 20 }, (_, nth) => recordOf(`record ${nth}`));
      await Promise.all(
        ['log-events', 'log-records'].map(async (feed) => {
          for (let round = 0n; round < 5n; round += 1n) {
            await log.sequence(feed, round === 0n ? undefined : at(round), at(round + 1n), batch(), turn);
          }
        }),
      );
      expect(await log.size()).toBe(200);
      expect(new Set((await read(0, 200)).map((entry) => entry.toString('hex'))).size).toBe(200);
    });

    it('destroys records and salts of some indexes, and nothing of the entries', async () => {
      const [one, two, three] = ['one', 'two', 'three'].map((text) => recordOf(text)) as [
        RecordToSequence,
        RecordToSequence,
        RecordToSequence,
      ];
      const another = recordOf('another content', one.id);
      await log.sequence(FEED, undefined, at(1n), [one, two, another, three], turn);
      const ofOne = [
        { index: 0, id: one.id, kept: true },
        { index: 2, id: one.id, kept: true },
      ];
      expect(await log.indexesOf([one.id, randomUUID()])).toEqual(ofOne);
      await log.destroy([0, 2, 99]);
      await log.destroy([0]);
      expect(await log.indexesOf([three.id, one.id])).toEqual([
        ...ofOne.map((place) => ({ ...place, kept: false })),
        { index: 3, id: three.id, kept: true },
      ]);
      expect(await keptOf(0, 9)).toEqual([
        [1, two.salt, two.record],
        [3, three.salt, three.record],
      ]);
      expect(await read(0, 9)).toEqual([one, two, another, three].map(({ entry }) => entry));
      expect((await log.at(0))!.kept).toBeUndefined();
      expect(await log.indexOf(one.id)).toBeUndefined();
      // Read again from the first one on, after a move or a restore: it is not brought back.
      expect(await log.sequence(FEED, at(1n), at(2n), [one, recordOf('third content', one.id)], turn)).toBe(4);
      expect(await log.destroy([])).toBeUndefined();
    });

    it('keeps the newest checkpoint, each of more entries than the one before and of no more than there are', async () => {
      await log.sequence(
        FEED,
        undefined,
        at(1n),
        ['a', 'b', 'c'].map((text) => recordOf(text)),
        turn,
      );
      const first = { size: 2, root: hash('root 2'), note: 'origin\n2\nroot\n\n— signed\n' };
      await log.store(first, 0, turn);
      const newest = (await log.newest())!;
      expect({ ...newest, root: Buffer.from(newest.root) }).toEqual(first);
      const of = (size: number) => ({ size, root: hash(`root ${size}`), note: `note ${size}` });
      for (const [size, from] of [
        [3, 0],
        [3, 1],
        [2, 2],
        [1, 2],
        [4, 2],
      ] as const) {
        await expect(log.store(of(size), from, turn)).rejects.toBeInstanceOf(CheckpointMoved);
      }
      expect((await log.newest())!.size).toBe(2);
      await log.store(of(3), 2, turn);
      expect((await log.newest())!.note).toBe('note 3');
    });

    it('keeps of what witnesses have cosigned the checkpoint of the most entries, and none that it did not store', async () => {
      expect(await log.cosigned()).toBeUndefined();
      await log.sequence(
        FEED,
        undefined,
        at(1n),
        ['a', 'b', 'c'].map((text) => recordOf(text)),
        turn,
      );
      const of = (size: number) => ({ size, note: `note ${size}, cosigned` });
      expect(await log.keepCosigned(of(1))).toBe(false);
      expect(await log.cosigned()).toBeUndefined();
      for (const size of [1, 2, 3]) await log.store({ ...of(size), root: hash(`root ${size}`) }, size - 1, turn);
      expect(await log.keepCosigned(of(2))).toBe(true);
      for (const size of [1, 4]) expect(await log.keepCosigned({ size, note: 'another' })).toBe(false);
      expect(await log.cosigned()).toEqual(of(2));
      // By other witnesses, where the policy asks for others by now.
      expect(await log.keepCosigned({ size: 2, note: 'by others' })).toBe(true);
      expect(await log.cosigned()).toEqual({ size: 2, note: 'by others' });
      await Promise.all([of(3), of(1), of(2)].map((each) => log.keepCosigned(each)));
      expect(await log.cosigned()).toEqual(of(3));
    });

    it('takes over what was published and it has not, without records, and goes on behind it', async () => {
      const own = recordOf('own');
      await log.sequence(FEED, undefined, at(1n), [own], turn);
      const published = [hash('published 1'), hash('published 2')];
      const checkpoint = { size: 3, root: hash('root 3'), note: 'note 3' };
      for (const [from, entries, size] of [
        [0, 2, 2],
        [2, 2, 3],
        [1, 1, 3],
        [1, 2, 0],
      ] as const) {
        const adopting = log.adopt(published.slice(0, entries), from, { ...checkpoint, size });
        await expect(adopting).rejects.toBeInstanceOf(CheckpointMoved);
      }
      expect(await log.size()).toBe(1);
      await log.adopt(published, 1, checkpoint);
      expect((await log.newest())!.note).toBe('note 3');
      expect(await read(0, 9)).toEqual([own.entry, ...published]);
      const orphan = (await log.at(1))!;
      expect([Buffer.from(orphan.entry), orphan.id, orphan.kept]).toEqual([published[0], undefined, undefined]);
      // The records that they were of come again, with other salts.
      const again = recordOf('lost');
      expect(await log.sequence(FEED, at(1n), at(2n), [own, again], turn)).toBe(4);
      expect(await read(3, 4)).toEqual([again.entry]);
      expect(await keptOf(0, 9)).toEqual([
        [0, own.salt, own.record],
        [3, again.salt, again.record],
      ]);
    });

    it('says what is kept, and where a record is', async () => {
      const records = ['one', 'two', 'three — ünïcode'].map((text) => recordOf(text));
      const otherContent = recordOf('another two', records[1]!.id);
      await log.sequence(FEED, undefined, at(3n), [...records, otherContent], turn);
      expect(await keptOf(1, 3)).toEqual(records.slice(1).map(({ salt, record }, nth) => [nth + 1, salt, record]));
      expect(await Promise.all(records.map(({ id }) => log.indexOf(id)))).toEqual([0, 3, 2]);
    });
  });
}
