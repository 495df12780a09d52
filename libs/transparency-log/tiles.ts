import { foldHashes, HASH_BYTES } from './hashing.js';
import { LogFault } from './log-fault.js';

// c2sp.org/tlog-tiles: where the hashes and entries of a log stand, and as which bytes.

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;
/** Levels of the tree in one tile. */
export const TILE_HEIGHT = 8;
/** An entry's length has 16 bits. */
export const MAX_ENTRY_BYTES = 0xffff;

export interface TilePlace {
  /** Of the tiles of hashes, 0 for those of leaves; `entries` for bundles. */
  readonly level: number | 'entries';
  readonly index: number;
  /** 256, or fewer in the last one of a level. */
  readonly width: number;
}

/** Below the log's prefix: `tile/0/x001/x234/067`, `tile/entries/000.p/17`. */
export function tilePath({ level, index, width }: TilePlace): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.../g)!;
  const number = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${number}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const TILE_PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** The tile that a path names; `undefined` for a path that names none, or one by another name than its own. */
export function parseTilePath(path: string): TilePlace | undefined {
  const [, level, number, width] = TILE_PATH.exec(path) ?? [];
  if (level === undefined || number === undefined) return undefined;
  const place: TilePlace = {
    level: level === 'entries' ? level : Number(level),
    index: Number(number.replace(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const isTile = place.level === 'entries' || place.level < 64;
  return isTile && Number.isSafeInteger(place.index) && tilePath(place) === path ? place : undefined;
}

/** Hashes that a tree of `size` has on a level of tiles; those of partial tiles are not on the level above. */
export const hashesOn = (level: number | 'entries', size: number): number =>
  level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level);

/** How wide tile `index` of a level is in a tree of `size`; 0 where there is none. */
export const widthIn = (size: number, level: number | 'entries', index: number): number =>
  Math.max(0, Math.min(TILE_WIDTH, hashesOn(level, size) - index * TILE_WIDTH));

/**
 * The tiles and bundles of a tree of `size` that one of `older` does not have, bundles first and then level by level, each
 * from the left: what a log writes before it publishes the larger tree. With `older` 0: all of a tree.
 */
export function* tilesBetween(older: number, size: number): Generator<TilePlace> {
  yield* newOn('entries', older, size);
  for (let level = 0; hashesOn(level, size) > 0; level += 1) yield* newOn(level, older, size);
}

function* newOn(level: number | 'entries', older: number, size: number): Generator<TilePlace> {
  const hashes = hashesOn(level, size);
  if (hashes === hashesOn(level, older)) return;
  for (let index = Math.floor(hashesOn(level, older) / TILE_WIDTH); index * TILE_WIDTH < hashes; index += 1) {
    yield { level, index, width: widthIn(size, level, index) };
  }
}

/** Throws unless these can be the bytes of a tile of hashes of that width. */
export function checkTileLength(bytes: Uint8Array, place: TilePlace): void {
  if (bytes.length !== place.width * HASH_BYTES) {
    const wanted = place.width * HASH_BYTES;
    throw new LogFault('tile-length', `${tilePath(place)} has ${bytes.length} bytes where ${wanted} belong`);
  }
}

/** The root over `count` hashes (a power of two) that stand in `tile` from hash `from` on. */
export function rootOfHashes(tile: Uint8Array, from: number, count: number): Buffer {
  // Memory of its own, so that its hashes begin at a word.
  const hashes = Buffer.alloc(count * HASH_BYTES);
  hashes.set(tile.subarray(from * HASH_BYTES, (from + count) * HASH_BYTES));
  return foldHashes(hashes, count);
}

/** Entries one behind the other, each behind its length in two bytes. */
export function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  const large = entries.findIndex(({ length }) => length > MAX_ENTRY_BYTES);
  if (large >= 0) throw new LogFault('entry-too-large', `an entry of ${entries[large]!.length} bytes`, large);
  const bundle = Buffer.allocUnsafe(entries.reduce((sum, { length }) => sum + 2 + length, 0));
  let at = 0;
  for (const entry of entries) {
    at = bundle.writeUInt16BE(entry.length, at);
    bundle.set(entry, at);
    at += entry.length;
  }
  return bundle;
}

/**
 * Calls `each` with the place of each entry among the bytes of a bundle. Throws unless they are just as many entries as the
 * bundle is wide: what is left over stands in no leaf, and would be covered by no root.
 */
export function forEachEntry(
  bundle: Buffer,
  place: TilePlace,
  each: (index: number, from: number, to: number) => void,
): void {
  const first = place.index * TILE_WIDTH;
  let at = 0;
  for (let entry = 0; entry < place.width; entry += 1) {
    const from = at + 2;
    const to = from <= bundle.length ? from + bundle.readUInt16BE(at) : Infinity;
    if (to > bundle.length) {
      const message = `${tilePath(place)} ends in entry ${first + entry}; it has to have ${place.width}`;
      throw new LogFault('bundle-malformed', message, first + entry);
    }
    each(first + entry, from, to);
    at = to;
  }
  if (at < bundle.length) {
    const message = `${tilePath(place)} has ${bundle.length - at} bytes behind its ${place.width} entries`;
    throw new LogFault('bundle-malformed', message, first + place.width);
  }
}

/** The entries of a bundle, as views of its bytes. */
export function decodeBundle(bytes: Uint8Array, place: TilePlace): Buffer[] {
  const bundle = bufferOf(bytes);
  const entries: Buffer[] = [];
  forEachEntry(bundle, place, (_, from, to) => entries.push(bundle.subarray(from, to)));
  return entries;
}

/** The same bytes with the methods of a Buffer. */
export const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
