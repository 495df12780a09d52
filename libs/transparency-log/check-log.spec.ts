import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  checkConsistency,
  checkInclusion,
  checkLog,
  checkSubtreeConsistency,
  EMPTY_ROOT,
  encodeBundle,
  LogFault,
  rootOf,
  TileTree,
  type LogToCheck,
} from './index.js';
import { entryOf, flipped, leafOf, MemoryFiles, treeOf } from './log.tests.js';

const SIZE = 66_000;
const tree = treeOf(SIZE);

const check = (source: MemoryFiles, size: number, more: Partial<LogToCheck> = {}): Promise<void> =>
  checkLog({ source, size, root: tree.root(size), ...more });

/** Why a log is refused; nothing when it is not. */
const refusal = (source: MemoryFiles, size: number, more?: Partial<LogToCheck>): Promise<LogFault | undefined> =>
  check(source, size, more).then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof LogFault)) throw error;
      return error;
    },
  );

describe('a log that is read from its tiles', () => {
  const files = new MemoryFiles(300, SIZE);
  const tiles = new TileTree(files, SIZE);

  it('has the roots, proofs and compact ranges of the tree in memory', async () => {
    expect((await tiles.root()).equals(tree.root(SIZE))).toBe(true);
    const size = fc.integer({ min: 1, max: SIZE });
    await fc.assert(
      fc.asyncProperty(size, size, async (a, b) => {
        const [older, newer] = [Math.min(a, b), Math.max(a, b)];
        const root = tree.root(newer);
        const whole = { start: 0, end: newer };
        checkInclusion(leafOf(older - 1), older - 1, whole, await tiles.inclusionProof(older - 1, whole), root);
        const proof = await tiles.consistencyProof({ start: 0, end: older }, newer);
        checkConsistency({ size: older, root: tree.root(older) }, { size: newer, root }, proof);
        const range = await tiles.compactRange(older);
        expect(range.root().equals(tree.root(older))).toBe(true);
      }),
      { seed: 15, numRuns: 60 },
    );
  });

  it('proves subtrees', async () => {
    for (const part of [
      { start: 512, end: 700 },
      { start: 65_536, end: 65_600 },
      { start: 7, end: 8 },
    ]) {
      const proof = await tiles.consistencyProof(part);
      checkSubtreeConsistency(part, rootOf(part, tree.nodeAt), SIZE, tree.root(SIZE), proof);
      const inclusion = await tiles.inclusionProof(part.start, part);
      checkInclusion(leafOf(part.start), part.start, part, inclusion, rootOf(part, tree.nodeAt));
    }
    await expect(tiles.consistencyProof({ start: 1, end: 3 })).rejects.toThrow('are no subtree');
  });

  it('asks for a few tiles of each level, and for none twice', async () => {
    const source = new MemoryFiles(SIZE);
    const fresh = new TileTree(source, SIZE);
    await Promise.all([fresh.inclusionProof(777), fresh.inclusionProof(778), fresh.root()]);
    expect(source.asked.sort()).toEqual([
      ...['tile/0/003', 'tile/0/257.p/208', 'tile/1/000', 'tile/1/001.p/1', 'tile/2/000.p/1'],
    ]);
  });

  it('cuts what is partial out of the full tile where that is all there is, and says what is not there', async () => {
    const source = new MemoryFiles(300, 512);
    for (const path of ['tile/0/001.p/44', 'tile/entries/001.p/44']) source.files.delete(path);
    expect(await refusal(source, 300)).toBeUndefined();
    expect((await new TileTree(source, 300).root()).equals(tree.root(300))).toBe(true);
    for (const path of ['tile/0/001', 'tile/entries/001']) {
      const short = new MemoryFiles(512);
      short.files.delete(path);
      short.files.set('tile/1/000.p/1', source.files.get('tile/1/000.p/1')!);
      expect(await refusal(short, 512)).toMatchObject({ code: 'tile-missing', message: `${path} is not there` });
      expect(await refusal(short, 300)).toMatchObject({ code: 'tile-missing', message: `${path}.p/44 is not there` });
    }
    await expect(new TileTree(source, 300).root(301)).rejects.toThrow(
      'a log of 300 does not have the entries up to 301',
    );
  });

  it('asks again for what could not be read', async () => {
    const source = new MemoryFiles(300);
    const kept = source.files.get('tile/0/000')!;
    const later = new TileTree(source, 300);
    source.files.delete('tile/0/000');
    await expect(later.root(200)).rejects.toThrow('tile/0/000 is not there');
    source.files.set('tile/0/000', kept);
    expect((await later.root(200)).equals(tree.root(200))).toBe(true);
  });
});

describe('checking a whole log', () => {
  it('reads every entry once, in order, and tells how far it is', async () => {
    const seen: string[] = [];
    const progress: number[] = [];
    await check(new MemoryFiles(600), 600, {
      onEntry: (index, entry) => seen.push(`${index} ${entry.toString('hex')}`),
      onProgress: (entries) => void progress.push(entries),
    });
    expect(seen).toEqual(Array.from({ length: 600 }, (_, index) => `${index} ${entryOf(index).toString('hex')}`));
    expect(progress).toEqual([256, 512, 600]);
  });

  it.each([0, 1, 255, 256, 257, 512, SIZE])('finds nothing wrong with %i entries', async (size) => {
    expect(await refusal(new MemoryFiles(size), size)).toBeUndefined();
    expect(await refusal(new MemoryFiles(size), size, { root: tree.root(5) })).toMatchObject({ code: 'root-mismatch' });
  });

  it('finds every byte of a bundle that is changed, and names its entry', async () => {
    const source = new MemoryFiles(259);
    const path = 'tile/entries/001.p/3';
    const bundle = source.files.get(path)!;
    let at = 0;
    for (const bad of flipped(bundle)) {
      source.files.set(path, bad);
      const fault = await refusal(source, 259);
      // An entry and its length have 34 bytes; a length that is another shows at its entry, or where the bytes end.
      const entry = 256 + Math.floor(Math.floor(at / 2) / 34);
      expect(['entry-mismatch', 'bundle-malformed']).toContain(fault?.code);
      if (fault?.code === 'entry-mismatch') expect(fault.index).toBe(entry);
      else expect(fault?.index).toBeGreaterThanOrEqual(entry);
      at += 1;
    }
    expect(at).toBe(2 * bundle.length);
  });

  it('finds every byte of a tile that is changed, on each level, and names the entries below it', async () => {
    const source = new MemoryFiles(515);
    let changes = 0;
    for (const [path, code, entries] of [
      ['tile/0/002.p/3', 'entry-mismatch', 1],
      ['tile/1/000.p/2', 'tile-mismatch', 256],
    ] as const) {
      const tile = source.files.get(path)!;
      let at = 0;
      for (const bad of flipped(tile)) {
        source.files.set(path, bad);
        const first = (path.startsWith('tile/0') ? 512 : 0) + Math.floor(Math.floor(at / 2) / 32) * entries;
        expect(await refusal(source, 515)).toMatchObject({
          code,
          index: first,
          message: expect.stringContaining(path),
        });
        at += 1;
      }
      changes += at;
      source.files.set(path, tile);
    }
    expect(changes).toBe(2 * 5 * 32);
    expect(await refusal(source, 515)).toBeUndefined();
  });

  it('finds a tile two levels above the entries that is changed', async () => {
    const source = new MemoryFiles(SIZE);
    for (const path of ['tile/1/000', 'tile/1/001.p/1', 'tile/2/000.p/1']) {
      const tile = source.files.get(path)!;
      source.files.set(path, Buffer.from(tile).fill(0, tile.length - 1));
      expect(await refusal(source, SIZE)).toMatchObject({
        code: 'tile-mismatch',
        message: expect.stringContaining(path),
      });
      source.files.set(path, tile);
    }
  });

  it('finds an entry that was exchanged together with its leaf', async () => {
    const source = new MemoryFiles(257);
    const entries = Array.from({ length: 256 }, (_, index) => (index === 200 ? entryOf(7000) : entryOf(index)));
    const leaves = source.files.get('tile/0/000')!;
    leafOf(7000).copy(leaves, 200 * 32);
    source.files.set('tile/entries/000', encodeBundle(entries));
    expect(await refusal(source, 257)).toMatchObject({
      code: 'tile-mismatch',
      message: 'hash 0 of tile/1/000.p/1 is not that of the entries 0 to 255',
      index: 0,
    });
  });

  it('finds tiles and bundles of another length', async () => {
    for (const [path, code] of [
      ['tile/0/000', 'tile-length'],
      ['tile/1/000.p/1', 'tile-length'],
      ['tile/entries/000', 'bundle-malformed'],
    ] as const) {
      for (const change of [
        (bytes: Buffer) => bytes.subarray(0, bytes.length - 1),
        (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)]),
        () => Buffer.alloc(0),
      ]) {
        const source = new MemoryFiles(257);
        source.files.set(path, change(source.files.get(path)!));
        expect(await refusal(source, 257)).toMatchObject({ code, message: expect.stringContaining(path) });
      }
    }
  });

  it('lets an error of reading through as it is', async () => {
    const source = { read: () => Promise.reject(new Error('no answer')) };
    await expect(checkLog({ source, size: 700, root: EMPTY_ROOT })).rejects.toThrow('no answer');
  });
});
