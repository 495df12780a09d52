import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkLog, growLog, sha256, tilesBetween, tilePath } from './index.js';
import { entryOf, MemoryFiles, treeOf } from './log.tests.js';

const entries = (from: number, to: number): Buffer[] =>
  Array.from({ length: to - from }, (_, at) => entryOf(from + at));

const digests = ({ files }: MemoryFiles): ReadonlyMap<string, string> =>
  new Map([...files].map(([path, bytes]) => [path, sha256(bytes).toString('hex')]));

describe('a log that grows', () => {
  it('writes what its tree has, however its entries come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 5 }), async (steps) => {
        const files = new MemoryFiles();
        let size = 0;
        for (const step of steps) {
          const { files: written, range } = await growLog(files, size, entries(size, size + step));
          expect(written.map(({ path }) => path)).toEqual([...tilesBetween(size, size + step)].map(tilePath));
          for (const { path, bytes } of written) files.files.set(path, bytes);
          size += step;
          expect(range.size).toBe(size);
          expect(range.root().equals(treeOf(size).root(size))).toBe(true);
        }
        await checkLog({ source: files, size, root: treeOf(size).root(size) });
        const sizes = steps.map((_, at) => steps.slice(0, at + 1).reduce((sum, step) => sum + step, 0));
        expect(digests(files)).toEqual(digests(new MemoryFiles(...sizes)));
      }),
      { seed: 15, numRuns: 25 },
    );
  });

  it('goes over the edge of a tile of tiles, and reads only its right edge', async () => {
    const size = 65_400;
    const files = new MemoryFiles(size);
    const { files: written } = await growLog(files, size, entries(size, size + 300));
    expect(written.map(({ path }) => path)).toEqual([
      ...[
        'tile/entries/255',
        'tile/entries/256.p/164',
        'tile/0/255',
        'tile/0/256.p/164',
        'tile/1/000',
        'tile/2/000.p/1',
      ],
    ]);
    const grown = new MemoryFiles(size + 300);
    for (const { path, bytes } of written) expect(bytes.equals(grown.files.get(path)!)).toBe(true);
    expect(new Set(files.asked)).toEqual(new Set(['tile/entries/255.p/120', 'tile/0/255.p/120', 'tile/1/000.p/255']));
  });

  it('writes the same bytes when it does it again, and nothing where nothing is added', async () => {
    const files = new MemoryFiles(300);
    const once = await growLog(files, 300, entries(300, 900));
    expect(await growLog(files, 300, entries(300, 900))).toEqual(once);
    expect((await growLog(files, 300, [])).files).toEqual([]);
  });

  it('refuses to go on where a tile of its edge is not there, is of another length, or holds another number', async () => {
    for (const path of ['tile/0/001.p/44', 'tile/entries/001.p/44']) {
      const files = new MemoryFiles(300);
      files.files.delete(path);
      await expect(growLog(files, 300, entries(300, 301))).rejects.toThrow(`${path} is not there`);
    }
    for (const path of ['tile/0/001.p/44', 'tile/entries/001.p/44']) {
      const files = new MemoryFiles(300);
      files.files.set(path, files.files.get(path)!.subarray(1));
      await expect(growLog(files, 300, entries(300, 301))).rejects.toThrow(path);
    }
    await expect(growLog(new MemoryFiles(), 2 ** 53, [entryOf(0)])).rejects.toThrow('can not be counted');
    await expect(growLog(new MemoryFiles(), 0, [Buffer.alloc(65_536)])).rejects.toThrow('an entry of 65536 bytes');
  });
});
