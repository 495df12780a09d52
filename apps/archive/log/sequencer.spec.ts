import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryLogFiles, memoryStores, type MemoryStores } from '#libs/adapters/memory';
import type { Follower, LogFiles, SequencedLog } from '#libs/eventing';
import { streamId, type EventId, type Instant } from '#libs/kernel';
import { until, uuid } from '#libs/testing';
import {
  encodeBundle,
  growLog,
  leafHash,
  MemoryTree,
  parseNote,
  parsePolicy,
  parseVerifierKey,
  recordEntry,
  trusting,
  verifyNote,
  verifyReceipt,
} from '#libs/transparency-log';
import { memoryVault } from '#libs/vault';
import { LogRefused } from './log-fault-for-people.js';
import { logFile } from './log-file.js';
import { logSignatures, publishedKey } from './log-signatures.js';
import { receiptExample, receiptOf } from './receipt-of.js';
import { eventsToSequence, recordOfEvent, recordOfRecord } from './records-to-sequence.js';
import { expectWhole, Life, live, sizeOf, untilPublished, write, type LogWorld } from './sequencer.tests.js';

const ORIGIN = 'waarborg.invalid/log';
const EXAMPLE_KEY = 'register.example/log+50408b24+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs';
const recordedAt = '2026-03-02T09:00:00.000Z' as Instant;

describe('a record of the log', () => {
  it('is the canonical text of what was stored, with its place', () => {
    const event = { bytes: '{"data":{},"type":"CheckRecorded"}', position: 2n ** 60n, recordedAt, revision: 4 };
    expect(recordOfEvent(event)).toBe(
      '{"event":{"data":{},"type":"CheckRecorded"},"position":"1152921504606846976",' +
        '"recordedAt":"2026-03-02T09:00:00.000Z","revision":4}',
    );
    expect(recordOfRecord({ bytes: '{"decision":true}', position: 7n, recordedAt })).toBe(
      '{"position":"7","record":{"decision":true},"recordedAt":"2026-03-02T09:00:00.000Z"}',
    );
  });

  it('has an entry of its own salt, and a content that its place does not change', () => {
    const event = {
      ...{ id: uuid('event') as EventId, type: 'CheckRecorded', stream: streamId('check', 'a') },
      ...{ bytes: '{}', position: 1n, recordedAt, revision: 0 },
    };
    const [one, again, moved, other] = eventsToSequence([
      ...[event, event, { ...event, position: 9n, recordedAt: '2027-01-01T00:00:00.000Z' as Instant }],
      { ...event, bytes: '{"a":1}' },
    ]);
    expect(recordEntry(one!.salt, Buffer.from(one!.record)).equals(one!.entry)).toBe(true);
    expect(Buffer.from(one!.salt).equals(again!.salt)).toBe(false);
    expect([again, moved].map((each) => Buffer.from(each!.content).equals(one!.content))).toEqual([true, true]);
    expect(Buffer.from(other!.content).equals(one!.content)).toBe(false);
  });
});

describe('the sequencer', () => {
  let stores: MemoryStores;
  let files: LogFiles;
  let world: LogWorld;
  let now: number;
  const running: Follower[] = [];
  beforeEach(async () => {
    stores = memoryStores({ positions: 'sparse' });
    files = stores.logFiles;
    now = Date.now();
    const { logKeys } = await memoryVault();
    const signatures = logSignatures(ORIGIN, logKeys, () => now);
    world = { stores, signatures, identity: { store: uuid('store'), epoch: 1 } };
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
    await stores.close();
  });
  const start = async (...given: Parameters<typeof live>): Promise<Follower> => {
    const follower = await live(...given);
    running.push(follower);
    return follower;
  };
  const refused = (of: LogWorld, at: LogFiles): Promise<LogRefused> =>
    live(of, at).then(
      () => Promise.reject(new Error('it began')),
      (error: LogRefused) => error,
    );
  const stop = (): Promise<unknown> => Promise.all(running.splice(0).map((each) => each.stop()));

  it('brings every event and every record into the log, once', async () => {
    const ids = await write(stores, { events: 300, records: 40 });
    const life = new Life();
    const follower = await start(world, files, life);
    await untilPublished(files, ids.length);
    ids.push(...(await write(stores, { events: 1, records: 1 })));
    await untilPublished(files, ids.length);
    await until('it says so', () => follower.status().position > 0n);
    expect(follower.status()).toMatchObject({ name: 'transparency-log', state: 'running', mayLag: true });
    await expectWhole(world, files, ids, life.published);
  });

  it('publishes nothing while there is nothing', async () => {
    await start(world, files);
    await until('it has looked', async () => (await stores.leases.take('transparency-log', 'x', 1)) === undefined);
    expect(await files.checkpoint()).toBeUndefined();
  });

  it('is done by one of two processes, and published by both; the other one goes on when the first ends', async () => {
    const ids = await write(stores, { events: 20, records: 2 });
    const [own, lives] = [new MemoryLogFiles(), [new Life(), new Life()] as const];
    const one = await start(world, files, lives[0]);
    await untilPublished(files, ids.length);
    const other = await start(world, own, lives[1]);
    await untilPublished(own, ids.length);
    expect([one.status().state, other.status().state]).toEqual(['running', 'standing-by']);
    expect(await own.checkpoint()).toBe(await files.checkpoint());
    await one.stop();
    ids.push(...(await write(stores, { events: 500, records: 2 })));
    await untilPublished(own, ids.length);
    expect(other.status().state).toBe('running');
    await expectWhole(
      world,
      own,
      ids,
      lives.flatMap(({ published }) => published),
    );
  });

  it('keeps partial tiles until the full one is published, and no longer', async () => {
    const ids = await write(stores, { events: 200, records: 0 });
    await start(world, files);
    await untilPublished(files, 200);
    expect(await files.read('tile/0/000.p/200')).toBeDefined();
    ids.push(...(await write(stores, { events: 100, records: 0 })));
    await untilPublished(files, 300);
    await until('the partial one is gone', async () => (await files.read('tile/0/000.p/200')) === undefined);
    expect(await files.read('tile/0/000')).toBeDefined();
    expect(await files.read('tile/entries/001.p/44')).toBeDefined();
    await expectWhole(world, files, ids, []);
  });

  it('knows what it has sequenced when the feeds are read from the first event again', async () => {
    const ids = await write(stores, { events: 30, records: 5 });
    await start(world, files);
    await untilPublished(files, ids.length);
    await stop();
    // As after a move: positions and moments are others, in another epoch.
    const moved = memoryStores({ positions: 'dense' });
    for (const item of (await stores.feed.read(-1n, 1_000)).items) {
      await moved.imports.write([
        { ...item, origin: { recordedAt: item.recordedAt, position: item.position, epoch: 1 } },
      ]);
    }
    const elsewhere = { ...stores, events: moved.events, feed: moved.feed };
    const later = { ...world, stores: elsewhere, identity: { ...world.identity, epoch: 2 } };
    ids.push(...(await write(elsewhere, { events: 3, records: 1 })));
    await start(later, files);
    await untilPublished(files, ids.length);
    await expectWhole(world, files, ids, []);
    await moved.close();
  });

  it('does not begin where more was published than the table knows', async () => {
    await write(stores, { events: 10, records: 0 });
    await start(world, files);
    await untilPublished(files, 10);
    await stop();
    const restored = memoryStores();
    const error = await refused({ ...world, stores: restored }, files);
    expect(error).toBeInstanceOf(LogRefused);
    expect(error.message).toContain('published up to 10 entries, and the database knows none');
    await write(restored, { events: 4, records: 0 });
    await start({ ...world, stores: restored }, new MemoryLogFiles());
    await until('it has begun anew', async () => (await restored.log.newest())?.size === 4);
    await stop();
    expect((await refused({ ...world, stores: restored }, files)).message).toContain('and the database knows 4');
    await restored.close();
  });

  it('does not begin where another history of as many entries was published, or of fewer', async () => {
    await write(stores, { events: 10, records: 0 });
    await start(world, files);
    await untilPublished(files, 10);
    await stop();
    const other = memoryStores();
    await write(other, { events: 10, records: 0 });
    const theirs = { ...world, stores: other };
    await start(theirs, other.logFiles);
    await untilPublished(other.logFiles, 10);
    await stop();
    expect((await refused(theirs, files)).message).toContain('another checkpoint of 10 entries than was published');
    await write(other, { events: 5, records: 0 });
    await start(theirs, other.logFiles);
    await untilPublished(other.logFiles, 15);
    await stop();
    expect((await refused(theirs, files)).message).toContain('tile/entries/000.p/10 holds other bytes');
    await other.close();
  });

  it('does not begin on files of another log, of other keys, or that were changed', async () => {
    await write(stores, { events: 10, records: 0 });
    await start(world, files);
    await untilPublished(files, 10);
    await stop();
    const vault = await memoryVault();
    const renamed = { ...world, signatures: logSignatures('other.invalid/log', vault.logKeys, Date.now) };
    expect((await refused(renamed, files)).message).toContain(`a checkpoint of ${ORIGIN}, not of other.invalid/log`);
    const rekeyed = { ...world, signatures: logSignatures(ORIGIN, vault.logKeys, Date.now) };
    expect((await refused(rekeyed, files)).message).toContain('no trusted key');
    const changed = new MemoryLogFiles();
    const tile = Buffer.from((await files.read('tile/0/000.p/10'))!);
    tile[33]! ^= 1;
    await changed.write('tile/0/000.p/10', tile);
    await changed.publish((await files.checkpoint())!);
    expect((await refused(world, changed)).message).toContain('are not those of its checkpoint of 10 entries');
    const lost = new MemoryLogFiles();
    await lost.publish((await files.checkpoint())!);
    expect((await refused(world, lost)).message).toContain('tile/0/000.p/10 is not there');
  });

  /**
   * The world's stores until `failOver`: from then on those of a server that has only its first entries, with the turn of
   * this holder or without. The facts are all there.
   */
  const takenOver = async (kept: number, checkpoint: number, hasTurn: boolean) => {
    const other = memoryStores({ positions: 'sparse' });
    let isOver = false;
    const first = stores;
    const either = <Name extends 'log' | 'checkpoints' | 'leases'>(name: Name): MemoryStores[Name] =>
      new Proxy(first[name], {
        get(_, member) {
          const target: object = isOver ? other[name] : first[name];
          const value: unknown = Reflect.get(target, member);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    const failOver = async (): Promise<void> => {
      const turn = (await other.leases.take('transparency-log', hasTurn ? 'this' : 'gone', hasTurn ? 60_000 : 1))!;
      const { items } = await first.feed.read(-1n, kept);
      const rows = await Promise.all(
        items.map(async ({ id }, index) => {
          const { entry, kept: own } = (await first.log.at(index))!;
          return { id, content: Buffer.alloc(32, index), entry, ...own! };
        }),
      );
      const { position, id, recordedAt } = items.at(-1)!;
      const place = { ...world.identity, position, event: `${id}@${Date.parse(recordedAt)}` };
      await other.log.sequence('log-events', undefined, place, rows, turn);
      const tree = new MemoryTree();
      for (const { entry } of rows.slice(0, checkpoint)) tree.append(leafHash(entry));
      const signed = { size: checkpoint, root: tree.root() };
      await other.log.store({ ...signed, note: await world.signatures.sign(signed) }, 0, turn);
      isOver = true;
    };
    const log = either('log');
    return {
      other,
      failOver,
      stores: { ...stores, log, checkpoints: either('checkpoints'), leases: either('leases') },
    };
  };

  it.each([
    { published: 256, more: 300, hasTurn: true },
    { published: 256, more: 300, hasTurn: false },
    { published: 300, more: 0, hasTurn: true },
    { published: 300, more: 5, hasTurn: false },
  ])(
    'stops when a server without its last rows takes over: $published published, $more after it, turn kept: $hasTurn',
    async ({ published, more, hasTurn }) => {
      await write(stores, { events: published, records: 0 });
      const { other, failOver, stores: either } = await takenOver(200, 150, hasTurn);
      const life = new Life();
      const follower = await start({ ...world, stores: either }, files, life, { holder: 'this' });
      await untilPublished(files, published);
      await failOver();
      await write(stores, { events: more, records: 1 });
      await until('it has stopped', () => follower.status().state === 'stopped');
      const { reason } = follower.status().stoppedBy!;
      expect(reason).toMatch(
        new RegExp(`was (signed|published) up to ${published} entries, and the database knows 150`),
      );
      expect(reason).toContain('npm run adopt-restored-log -- --reason');
      // No index was given out again, and nothing was signed or shown.
      expect([await other.log.size(), (await other.log.newest())!.size]).toEqual([200, 150]);
      expect(await sizeOf(files)).toBe(published);
    },
  );

  it('signs the rows that there are, not those whose tiles it wrote before they were lost', async () => {
    await write(stores, { events: 20, records: 0 });
    await start(world, files);
    await untilPublished(files, 20);
    await stop();
    await write(stores, { events: 236, records: 0 });
    const { other, failOver, stores: either } = await takenOver(20, 20, false);
    let isLost = false;
    const { log } = either;
    const failing = new Proxy(log, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (name !== 'store') return member;
        return async (...given: Parameters<SequencedLog['store']>) => {
          if (!isLost) {
            isLost = true;
            await failOver();
            throw new Error('the connection was lost');
          }
          return target.store(...given);
        };
      },
    });
    const follower = await start({ ...world, stores: { ...either, log: failing } }, files, new Life(), {
      holder: 'this',
    });
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy!.reason).toMatch(
      /tile\/0\/000 holds other bytes .*behind the 20 of the checkpoint/,
    );
    expect([(await other.log.newest())!.size, await sizeOf(files)]).toEqual([20, 20]);
  });

  it('stops where other bytes stand at the path of a tile, and publishes nothing more', async () => {
    await write(stores, { events: 5, records: 0 });
    const troubles: unknown[] = [];
    const follower = await start(world, files, new Life(), {
      onTrouble: (name, error, isStopped) => void troubles.push([name, error, isStopped]),
    });
    await untilPublished(files, 5);
    await files.write('tile/0/000.p/8', Buffer.alloc(256, 7));
    await write(stores, { events: 3, records: 0 });
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy!.reason).toContain('tile/0/000.p/8 holds other bytes');
    expect(troubles).toEqual([['transparency-log', expect.any(LogRefused), true]]);
    expect(await sizeOf(files)).toBe(5);
    expect((await stores.log.newest())!.size).toBe(5);
  });

  it('does not go on with a bundle that somebody has changed', async () => {
    await write(stores, { events: 5, records: 0 });
    const changed = new MemoryLogFiles();
    const other: LogFiles = new Proxy(files, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (name !== 'read') return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        return async (path: string) => (await changed.read(path)) ?? (await target.read(path));
      },
    });
    const follower = await start(world, other);
    await untilPublished(files, 5);
    const bundle = Buffer.from((await files.read('tile/entries/000.p/5'))!);
    bundle[40]! ^= 1;
    await changed.write('tile/entries/000.p/5', bundle);
    await write(stores, { events: 3, records: 0 });
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy!.reason).toContain('tile/entries/000.p/5 holds other bytes');
    expect([await files.read('tile/entries/000.p/8'), await sizeOf(files)]).toEqual([undefined, 5]);
  });

  it('gives a receipt of what is published, and none before', async () => {
    const ids = await write(stores, { events: 3, records: 1 });
    const receipt = (id: string) => receiptOf(id, stores.log, files, world.signatures);
    expect(await receipt(ids[1]!)).toBeUndefined();
    await start(world, files);
    await untilPublished(files, 4);
    const policy = trusting(...(await world.signatures.keys()));
    for (const id of ids) expect(verifyReceipt((await receipt(id))!, policy).record.toString()).toContain(id);
    expect(await receipt(uuid('unknown'))).toBeUndefined();
    expect(verifyReceipt(receiptExample, trusting(parseVerifierKey(EXAMPLE_KEY))).index).toBe(1);
  });

  const changing = (change: Partial<SequencedLog>): LogWorld => ({
    ...world,
    stores: {
      ...stores,
      log: new Proxy(stores.log, {
        get(target, name) {
          const member: unknown = Reflect.get(change, name) ?? Reflect.get(target, name);
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        },
      }),
    },
  });

  it('stops where an entry of the database is another by now, or its checkpoint is', async () => {
    await write(stores, { events: 10, records: 0 });
    await start(world, files);
    await untilPublished(files, 10);
    await stop();
    const entries = (await stores.log.entries(0, 10)).map((entry, index) =>
      index === 4 ? Buffer.alloc(32, 1) : entry,
    );
    const follower = await start(
      changing({ entries: async (from, to) => entries.slice(from, to) }),
      new MemoryLogFiles(),
    );
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy!.reason).toContain('are not those of the checkpoint of 10 entries');
    const newest = (await stores.log.newest())!;
    for (const [checkpoint, reason] of [
      [{ ...newest, size: 9 }, 'is not the one that was signed'],
      [{ ...newest, root: Buffer.alloc(32, 3) }, 'is not the one that was signed'],
      [{ ...newest, note: newest.note.replace('\n10\n', '\n11\n') }, 'is not over this text'],
    ] as const) {
      const stopped = await start(changing({ newest: async () => checkpoint }), new MemoryLogFiles());
      await until('it has stopped', () => stopped.status().state === 'stopped');
      expect(stopped.status().stoppedBy!.reason).toContain(reason);
    }
    const short = await start(changing({ entries: async () => entries.slice(0, 3) }), new MemoryLogFiles());
    await until('it has stopped', () => short.status().state === 'stopped');
    expect(short.status().stoppedBy!.reason).toContain('has 3 entries from 0 on, where 10 were');
  });

  it('goes on after the store was away, and after an answer that was lost', async () => {
    await write(stores, { events: 10, records: 0 });
    let failures = 0;
    const sequence = stores.log.sequence.bind(stores.log);
    const flaky = changing({
      async sequence(...given) {
        failures += 1;
        if (failures === 1) throw new Error('away');
        const size = await sequence(...given);
        if (failures === 2) throw new Error('the answer was lost');
        return size;
      },
    });
    const ids = (await stores.feed.read(-1n, 100)).items.map(({ id }) => id as string);
    await start(flaky, files);
    await untilPublished(files, 10);
    expect(failures).toBeGreaterThanOrEqual(2);
    await expectWhole(world, files, ids, []);
  });
});

describe('what the log is served with', () => {
  const entries = Array.from({ length: 300 }, (_, index) => Buffer.alloc(32, index % 251));
  /** Files of the first `size` entries, behind those of the first `older`. */
  const written = async (files: LogFiles, older: number, size: number): Promise<Buffer> => {
    const { files: made, range } = await growLog(files, older, entries.slice(older, size));
    for (const { path, bytes } of made) await files.write(path, bytes);
    return range.root();
  };

  it('is its tiles for ever, its checkpoint and keys as they are now, and nothing else of the folder', async () => {
    const [files, vault] = [new MemoryLogFiles(), await memoryVault()];
    const signatures = logSignatures(ORIGIN, vault.logKeys, Date.now);
    const get = (path: string) => logFile(path, files, signatures);
    const root = await written(files, 0, 300);
    for (const path of ['checkpoint', 'tile/0/000']) expect(await get(path)).toBeUndefined();
    await files.write('secret', Buffer.from('secret'));
    const note = await signatures.sign({ size: 300, root });
    await files.publish(note);
    expect(await get('checkpoint')).toEqual({
      ...{ bytes: note, contentType: 'text/plain; charset=utf-8', cacheControl: 'no-cache' },
    });
    expect(await get('tile/0/000')).toEqual({
      bytes: await files.read('tile/0/000'),
      contentType: 'application/octet-stream',
      cacheControl: 'public, max-age=31536000, immutable',
    });
    for (const path of ['secret', '', 'tile', 'tile/0/00', 'tile/0/002', '../keys', 'tile/0/../0/000']) {
      expect([path, await get(path)]).toEqual([path, undefined]);
    }
    const key = parseVerifierKey(String((await get('vkey'))!.bytes).trimEnd());
    expect(key.name).toBe(ORIGIN);
    expect(String((await get('key.pem'))!.bytes)).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    // A key that has signed nothing that is published is not given beside it.
    const [made] = await logSignatures(ORIGIN, (await memoryVault()).logKeys, Date.now).keys();
    const next = { keys: async () => [made, ...(await signatures.keys())] as const };
    expect((await publishedKey(next, note)).id).toBe(key.id);
    expect((await publishedKey(next, undefined)).id).not.toBe(key.id);
    const { logs } = parsePolicy(Buffer.from((await get('policy'))!.bytes));
    expect(logs.map(({ key: { id } }) => id)).toEqual([key.id]);
    expect(verifyNote(parseNote(note), [key])).toHaveLength(1);
  });

  it('has of a tile what the published checkpoint covers, also where more is written already', async () => {
    const [files, vault] = [new MemoryLogFiles(), await memoryVault()];
    const signatures = logSignatures(ORIGIN, vault.logKeys, Date.now);
    const get = async (path: string) => (await logFile(path, files, signatures))?.bytes;
    const root = await written(files, 0, 7);
    await files.publish(await signatures.sign({ size: 7, root }));
    const [tile, bundle] = [await files.read('tile/0/000.p/7'), await files.read('tile/entries/000.p/7')];
    await written(files, 7, 300);
    for (const path of ['0/000.p/8', '0/000', '0/001.p/44', '1/000.p/1', 'entries/000', 'entries/001.p/44']) {
      expect([path, await get(`tile/${path}`)]).toEqual([path, undefined]);
    }
    expect([await get('tile/0/000.p/7'), await get('tile/entries/000.p/7')]).toEqual([tile, bundle]);
    // What stands under a smaller width may be of rows that were lost: it is given as the published one begins.
    await files.write('tile/0/000.p/3', Buffer.alloc(96, 9));
    expect(await get('tile/0/000.p/3')).toEqual(Buffer.from(tile!).subarray(0, 96));
    expect(await get('tile/entries/000.p/3')).toEqual(encodeBundle(entries.slice(0, 3)));
    await files.tidy('tile/entries/000');
    expect(await get('tile/entries/000.p/3')).toEqual(encodeBundle(entries.slice(0, 3)));
  });

  it('looks its keys up once a second, however often it is asked, and believes a new one at once', async () => {
    const vault = await memoryVault();
    let lookedUp = 0;
    let now = 1_000_000;
    const others: (typeof vault.logKeys)[] = [];
    const keys: Omit<typeof vault.logKeys, 'begin'> = {
      signing: (at) => vault.logKeys.signing(at),
      async verification() {
        lookedUp += 1;
        const added = await Promise.all(others.map(async (each) => (await each.verification())[0]));
        const [first, ...older] = await vault.logKeys.verification();
        return added.length === 0 ? [first, ...older] : [added[0]!, ...added.slice(1), first, ...older];
      },
    };
    const files = new MemoryLogFiles();
    const signatures = logSignatures(ORIGIN, keys, () => now);
    const policy = async () =>
      parsePolicy(Buffer.from((await logFile('policy', files, signatures))!.bytes)).logs.length;
    for (const path of ['vkey', 'policy', 'key.pem', 'vkey', 'policy', 'key.pem']) {
      expect(await logFile(path, files, signatures)).toBeDefined();
    }
    expect(lookedUp).toBe(1);
    const made = await memoryVault();
    others.push(made.logKeys);
    expect([await policy(), lookedUp]).toEqual([1, 1]);
    // Signed by a process that knows the new key already.
    const note = await logSignatures(ORIGIN, made.logKeys, () => now).sign({ size: 1, root: Buffer.alloc(32, 1) });
    expect((await signatures.judge(note)).size).toBe(1);
    expect([await policy(), lookedUp]).toEqual([2, 2]);
    now += 1_000;
    expect([await policy(), lookedUp]).toEqual([2, 3]);
    now -= 500;
    expect([await policy(), lookedUp]).toEqual([2, 4]);
    const stranger = (await memoryVault()).logKeys;
    const forged = await logSignatures(ORIGIN, stranger, () => now).sign({ size: 1, root: Buffer.alloc(32, 1) });
    await expect(signatures.judge(forged)).rejects.toMatchObject({ code: 'signature-missing' });
  });
});
