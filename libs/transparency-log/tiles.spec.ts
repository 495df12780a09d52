import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBundle, encodeBundle, parseTilePath, tilePath, tilesBetween, widthIn, type TilePlace } from './index.js';

const bundle: TilePlace = { level: 'entries', index: 0, width: 3 };
const texts = ['first', '', 'the third'].map((text) => Buffer.from(text));

describe('a path of a tile', () => {
  it.each<[string, TilePlace]>([
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/0/x001/067', { level: 0, index: 1067, width: 256 }],
    ['tile/5/x001/x234/067', { level: 5, index: 1_234_067, width: 256 }],
    ['tile/63/999.p/1', { level: 63, index: 999, width: 1 }],
    ['tile/entries/x001/000.p/255', { level: 'entries', index: 1000, width: 255 }],
  ])('%s', (path, place) => {
    expect(tilePath(place)).toBe(path);
    expect(parseTilePath(path)).toEqual(place);
  });

  it.each([
    ...['tile/00/000', 'tile/64/000', 'tile/0/0', 'tile/0/x000/001', 'tile/0/001/002', 'tile/0/x001', 'tile/0/000.p/0'],
    ...['tile/0/000.p/256', 'tile/0/000.p/01', 'tile/0/000/', '/tile/0/000', 'tile/-1/000', 'tile/entries/000.p/', ''],
    ...['tile/0/../000', 'tile/0/000\n', 'tile/Entries/000', `tile/0/${'x999/'.repeat(6)}999`],
  ])('is not %j', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  it('is read as it is written, for each tile', () => {
    const tile = fc.record({
      level: fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const)),
      index: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(tile, (place) => expect(parseTilePath(tilePath(place))).toEqual(place)),
      { seed: 15, numRuns: 500 },
    );
  });
});

describe('the tiles of a log', () => {
  it('of 70,000 entries are those of the specification', () => {
    const tiles = [...tilesBetween(0, 70_000)].filter(({ level }) => level !== 'entries');
    const partial = tiles.filter(({ width }) => width < 256);
    expect(tiles.filter(({ level, width }) => level === 0 && width === 256)).toHaveLength(273);
    expect(tiles.filter(({ level, width }) => level === 1 && width === 256)).toHaveLength(1);
    expect(partial).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
    expect([...tilesBetween(0, 256)].map(tilePath)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
    expect([...tilesBetween(0, 0)]).toEqual([]);
  });

  it('that are new with a size are those that the smaller log does not have', () => {
    fc.assert(
      fc.property(fc.nat({ max: 140_000 }), fc.nat({ max: 2_000 }), (older, more) => {
        const paths = (from: number, to: number): string[] => [...tilesBetween(from, to)].map(tilePath);
        const before = new Set(paths(0, older));
        expect(paths(older, older + more)).toEqual(paths(0, older + more).filter((path) => !before.has(path)));
      }),
      { seed: 15, numRuns: 60 },
    );
  });

  it('have a width by the size of the log', () => {
    expect([0, 272, 273, 274].map((index) => widthIn(70_000, 0, index))).toEqual([256, 256, 112, 0]);
    expect([0, 1, 2].map((index) => widthIn(70_000, 1, index))).toEqual([256, 17, 0]);
    expect(widthIn(70_000, 'entries', 273)).toBe(112);
  });
});

describe('a bundle', () => {
  it('gives its entries back', () => {
    expect(encodeBundle(texts).toString('hex')).toBe(
      `0005${texts[0]!.toString('hex')}00000009${texts[2]!.toString('hex')}`,
    );
    expect(decodeBundle(encodeBundle(texts), bundle)).toEqual(texts);
    const largest = [Buffer.alloc(65_535, 7)];
    expect(decodeBundle(encodeBundle(largest), { ...bundle, width: 1 })).toEqual(largest);
    expect(decodeBundle(new Uint8Array(encodeBundle(texts)), bundle)).toEqual(texts);
  });

  it('with fewer entries than its width, with more, cut short or with bytes left over is refused', () => {
    const bytes = encodeBundle(texts);
    const read =
      (some: Uint8Array, width = 3) =>
      () =>
        decodeBundle(some, { ...bundle, index: 2, width });
    expect(read(bytes, 4)).toThrow('tile/entries/002.p/4 ends in entry 515; it has to have 4');
    expect(read(bytes, 2)).toThrow('tile/entries/002.p/2 has 11 bytes behind its 2 entries');
    expect(read(Buffer.concat([bytes, Buffer.of(0)]))).toThrow('has 1 bytes behind its 3 entries');
    for (let length = 0; length < bytes.length; length += 1) {
      expect(read(bytes.subarray(0, length))).toThrow(/ends in entry 51[234]/);
    }
    expect(() => encodeBundle([texts[0]!, Buffer.alloc(65_536)])).toThrow('an entry of 65536 bytes');
  });
});
