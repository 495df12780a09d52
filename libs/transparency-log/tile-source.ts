import { HASH_BYTES } from './hashing.js';
import { LogFault } from './log-fault.js';
import { checkTileLength, forEachEntry, bufferOf, TILE_WIDTH, tilePath, type TilePlace } from './tiles.js';

/** Where the files of a log are: a folder, a bucket, an address. What comes from it is believed in nothing. */
export interface TileSource {
  /**
   * The bytes of a file by its path below the log's prefix. MUST answer `undefined` where it is not there, and MUST throw
   * where that is not known (no answer, no permission): a file that can't be read is no file that is missing. MUST bound what
   * it reads: a tile has at most 8,192 bytes, a bundle at most 16,777,472.
   */
  read(path: string): Promise<Uint8Array | undefined>;
}

/**
 * The bytes of a tile or bundle, of just its width. A partial one may be gone once the full one is there: then it is cut out
 * of that.
 */
export async function readTile(source: TileSource, place: TilePlace): Promise<Buffer> {
  const partial = await source.read(tilePath(place));
  if (partial !== undefined) return checked(bufferOf(partial), place);
  const full = { ...place, width: TILE_WIDTH };
  const bytes = place.width === TILE_WIDTH ? undefined : await source.read(tilePath(full));
  if (bytes === undefined) {
    const first = place.level === 'entries' ? place.index * TILE_WIDTH : undefined;
    throw new LogFault('tile-missing', `${tilePath(place)} is not there`, first);
  }
  return cutTile(checked(bufferOf(bytes), full), full, place.width);
}

/** The tile or bundle of the first `width` hashes or entries of this one: what it was when it had no more. */
export function cutTile(bytes: Buffer, place: TilePlace, width: number): Buffer {
  if (width === place.width) return bytes;
  if (place.level !== 'entries') return bytes.subarray(0, width * HASH_BYTES);
  let end = 0;
  forEachEntry(bytes, place, (index, _, to) => {
    if (index < place.index * TILE_WIDTH + width) end = to;
  });
  return bytes.subarray(0, end);
}

function checked(bytes: Buffer, place: TilePlace): Buffer {
  if (place.level !== 'entries') checkTileLength(bytes, place);
  return bytes;
}
