import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryLogFiles, memoryStores, type MemoryStores } from '#libs/adapters/memory';
import type { SignedCheckpoint } from '#libs/eventing';
import { canonicalJson, INSTALLATION_STREAM, type EventId } from '#libs/kernel';
import { until, uuid } from '#libs/testing';
import { checkLog, trusting } from '#libs/transparency-log';
import { memoryVault } from '#libs/vault';
import { readRecords, verifyLog } from '#libs/verifier';
import { adoptRestoredLog, demandPublished, type RestoredRanges } from './adopt-restored-log.js';
import { exportedRecords } from './exported-records.js';
import { logSignatures } from './log-signatures.js';
import { Life, live, untilPublished, write, type LogStores, type LogWorld } from './sequencer.tests.js';

/** A register whose table of the log was restored to an older state, beside events and records that are all there. */
describe('a log that was restored', () => {
  let stores: MemoryStores;
  let world: LogWorld;
  beforeEach(async () => {
    stores = memoryStores();
    const { logKeys } = await memoryVault();
    const signatures = logSignatures('waarborg.invalid/log', logKeys, Date.now);
    world = { stores, signatures, identity: { store: uuid('store'), epoch: 1 } };
  });

  const publish = async (of: LogWorld, files: MemoryLogFiles, size: number): Promise<void> => {
    const follower = await live(of, files);
    await untilPublished(files, size);
    await follower.stop();
  };
  const parts = (of: LogStores, files: MemoryLogFiles) => {
    const { log, checkpoints, feed, records } = of;
    return { table: log, files, checkpoints, feed, records, signatures: world.signatures, identity: world.identity };
  };
  /** Another table that has the beginning of the one of the world, as a backup would. */
  const restored = async (size: number, checkpoint?: SignedCheckpoint): Promise<LogStores> => {
    const older = memoryStores();
    const turn = (await older.leases.take('restore', 'test', 60_000))!;
    const begin = (await stores.feed.read(-1n, size)).items;
    const records = await Promise.all(
      begin.map(async ({ id }, index) => {
        const { entry, kept } = (await stores.log.at(index))!;
        return { id, content: Buffer.alloc(32, index), entry, ...kept! };
      }),
    );
    const { position, id, recordedAt } = begin.at(-1)!;
    const at = { ...world.identity, position, event: `${id}@${Date.parse(recordedAt)}` };
    await older.log.sequence('log-events', undefined, at, records, turn);
    if (checkpoint !== undefined) await older.log.store(checkpoint, 0, turn);
    await older.leases.leave(turn);
    const { log, checkpoints, leases } = older;
    return { ...stores, log, checkpoints, leases };
  };

  it('asks for what was published where the table knows that something was', async () => {
    const files = new MemoryLogFiles();
    const table = stores.log;
    await demandPublished({ table, files });
    await write(stores, { events: 3, records: 0 });
    await publish(world, files, 3);
    await demandPublished({ table, files });
    const empty = demandPublished({ table, files: new MemoryLogFiles() });
    await expect(empty).rejects.toThrow(
      /up to 3 entries and perhaps further, and LOG_DIR, or LOG_BUCKET, holds nothing of it/,
    );
  });

  it('goes on behind what was published, keeps its entries, and sequences again what is there', async () => {
    const files = new MemoryLogFiles();
    const ids = await write(stores, { events: 300, records: 0 });
    await publish(world, files, 300);
    const older = await restored(40);
    await expect(live({ ...world, stores: older }, files)).rejects.toThrow('npm run adopt-restored-log');
    const told: RestoredRanges[] = [];
    const ranges = await adoptRestoredLog(parts(older, files), async (each) => void told.push(each));
    expect(ranges).toEqual({ orphaned: { from: 40, until: 300 }, again: { from: 300, until: 561 } });
    expect(told).toEqual([ranges]);
    await publish({ ...world, stores: older }, files, 560);
    expect(await older.log.size()).toBe(560);
    const known = await Promise.all(Array.from({ length: 560 }, async (_, index) => (await older.log.at(index))!.id));
    expect(known.slice(0, 40)).toEqual(ids.slice(0, 40));
    expect(new Set(known.slice(40, 300))).toEqual(new Set([undefined]));
    expect(known.slice(300)).toEqual(ids.slice(40));
    const { root } = await world.signatures.judge((await files.checkpoint())!);
    await checkLog({ source: files, size: 560, root });
    await expect(adoptRestoredLog(parts(older, files), async () => undefined)).rejects.toThrow('nothing to adopt');
  });

  it('is gone on with once it is on record, and changes nothing where it can not be put there', async () => {
    const files = new MemoryLogFiles();
    await write(stores, { events: 20, records: 0 });
    await publish(world, files, 20);
    const older = await restored(5);
    const failing = adoptRestoredLog(parts(older, files), () => Promise.reject(new Error('away')));
    await expect(failing).rejects.toThrow('away');
    expect(await older.log.size()).toBe(5);
    await adoptRestoredLog(parts(older, files), async () => undefined);
    expect(await older.log.size()).toBe(20);
  });

  it('stops at tiles that were written and never signed, and goes on when they are put aside', async () => {
    const files = new MemoryLogFiles();
    await write(stores, { events: 20, records: 0 });
    await publish(world, files, 20);
    const signed = (await stores.log.newest())!;
    await write(stores, { events: 10, records: 0 });
    const life = new Life({ step: 'store', when: 'before', nth: 1 });
    const killed = await live(world, files, life);
    await until('it is dead', () => life.isOver);
    void killed.stop();

    const older = { ...world, stores: await restored(25, signed) };
    const stopped = await live(older, files);
    await until('it has stopped', () => stopped.status().stoppedBy !== undefined);
    await stopped.stop();
    const { reason } = stopped.status().stoppedBy!;
    expect(reason).toMatch(/tile\/entries\/000\.p\/30 holds other bytes .*tile\/0\/000\.p\/30 holds other bytes/);
    expect(reason).toContain('behind the 20 of the checkpoint that is published');

    const mended = new MemoryLogFiles();
    for (const path of ['tile/0/000.p/20', 'tile/entries/000.p/20'])
      await mended.write(path, (await files.read(path))!);
    await mended.publish((await files.checkpoint())!);
    await publish(older, mended, 30);
    const { root } = await world.signatures.judge((await mended.checkpoint())!);
    await checkLog({ source: mended, size: 30, root });
  });

  it('is complete for who holds it against its records, once its lost ones are on record', async () => {
    const files = new MemoryLogFiles();
    await write(stores, { events: 300, records: 3 });
    await publish(world, files, 303);
    const older = await restored(40);
    const { log } = older;
    const ranges = await adoptRestoredLog(parts(older, files), async ({ orphaned }) => {
      const indexes = [{ first: orphaned.from, last: orphaned.until - 1 }];
      const event = {
        data: { again: [], at: '2026-11-30T12:00:00.000Z', indexes, reason: 'Lost' },
        type: 'LogRestored',
      };
      const bytes = canonicalJson(event);
      await stores.events.append(INSTALLATION_STREAM, 'no-stream', [
        { id: uuid('restored') as EventId, type: event.type, bytes },
      ]);
    });
    await publish({ ...world, stores: older }, files, ranges.again.until);
    const note = (await files.checkpoint())!;
    const [key] = await world.signatures.keys();
    async function* bytes(of: AsyncIterable<string>): AsyncGenerator<Buffer> {
      for await (const piece of of) yield Buffer.from(piece);
    }
    const verified = (lines: AsyncIterable<string>) =>
      verifyLog({ source: files, policy: trusting(key), checkpoint: note, records: readRecords(bytes(lines)) });
    const { account, fault } = await verified(exportedRecords(log, ranges.again.until));
    expect([fault, account]).toEqual([
      undefined,
      {
        ...{ isComplete: true, faults: [], records: 40 + 264, wrong: 0 },
        ...{ destroyed: 0, orphaned: 263, unexplained: 0, stillThere: 0 },
      },
    ]);
    // Of the log without what says so.
    const shorter = await verified(exportedRecords(log, 303));
    expect(shorter.account).toMatchObject({ isComplete: false, records: 40 });
  });

  it('is not adopted where nothing is published, where it is no older state, or where a byte was changed', async () => {
    await write(stores, { events: 20, records: 0 });
    const files = new MemoryLogFiles();
    const never = async (): Promise<void> => Promise.reject(new Error('nothing is put on record'));
    await expect(adoptRestoredLog(parts(stores, files), never)).rejects.toThrow('Nothing is published');
    await publish(world, files, 20);
    await expect(adoptRestoredLog(parts(stores, files), never)).rejects.toThrow('nothing to adopt');
    const other = memoryStores();
    await write(other, { events: 3, records: 0 });
    const theirs = new MemoryLogFiles();
    await publish({ ...world, stores: other }, theirs, 3);
    await expect(adoptRestoredLog(parts(other, files), never)).rejects.toThrow('Entry 0 of the database is not');
    const changed = new MemoryLogFiles();
    for (const path of ['tile/0/000.p/20', 'tile/entries/000.p/20']) {
      const bytes = Buffer.from((await files.read(path))!);
      if (path.includes('entries')) bytes[100]! ^= 1;
      await changed.write(path, bytes);
    }
    await changed.publish((await files.checkpoint())!);
    await expect(adoptRestoredLog(parts(await restored(5), changed), never)).rejects.toThrow('entry 2 does not hash');
  });
});
