import { CompactRange } from './compact-range.js';
import { HASH_BYTES, leafHashInto, sameBytes } from './hashing.js';
import { LogFault } from './log-fault.js';
import { readTile, type TileSource } from './tile-source.js';
import { forEachEntry, rootOfHashes, TILE_HEIGHT, TILE_WIDTH, tilePath, widthIn, type TilePlace } from './tiles.js';

export interface LogToCheck {
  readonly source: TileSource;
  /** Of the checkpoint, whose signatures are judged apart. */
  readonly size: number;
  readonly root: Uint8Array;
  /** Gets every entry in order, as a view of its bundle's bytes, before the root is known to be right. */
  readonly onEntry?: (index: number, entry: Buffer) => void;
  /** Gets every bundle in order, for who makes no view of each of its entries (`forEachEntry`). */
  readonly onBundle?: (bundle: Buffer, place: TilePlace) => void;
  /** Gets how many entries were hashed so far, after each bundle. Waited for: what goes along with the entries can catch up. */
  readonly onProgress?: (entries: number) => void | Promise<void>;
  /** Bundles that are asked for before they are needed. */
  readonly ahead?: number;
  /** Does `rootOfBundle` elsewhere, with each full bundle as soon as it is there. */
  readonly rootOf?: RootOfBundle;
}

/**
 * The root over the entries of a full bundle. Throws, or rejects once it is waited for, unless they hash to what their tile of
 * leaves has. Not every one is waited for.
 */
export type RootOfBundle = (bundle: Buffer, tile: Buffer, index: number) => Buffer | PromiseLike<Buffer>;

/**
 * Reads every entry, every tile of the tree and hashes all of it. Throws with the first entry or tile that is wrong: entries
 * are held against their tile of leaves, each tile against those below it, and the whole against the root.
 */
export async function checkLog(log: LogToCheck): Promise<void> {
  const { source, size, ahead = 16, rootOf = rootOfBundle } = log;
  const bundles = Math.ceil(size / TILE_WIDTH);
  const range = new CompactRange();
  const above = new TilesAbove(source, size);
  const reading: Promise<ReadBundle>[] = [];
  for (let index = 0, asked = 0; index < bundles; index += 1) {
    for (; asked < bundles && asked <= index + ahead; asked += 1)
      reading.push(read(source, asked, widthIn(size, 0, asked), rootOf));
    const { bundle, tile, root } = await reading.shift()!;
    const width = widthIn(size, 0, index);
    if (root !== undefined) {
      const hash = await root;
      range.appendSubtree(TILE_HEIGHT, hash);
      await above.add(1, hash);
    } else {
      const leaves = leavesOf(bundle, tile, { level: 'entries', index, width });
      for (let at = 0; at < width; at += 1) range.append(leaves.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
    }
    const { onEntry } = log;
    const place = { level: 'entries', index, width } as const;
    log.onBundle?.(bundle, place);
    if (onEntry !== undefined) {
      forEachEntry(bundle, place, (entry, from, to) => onEntry(entry, bundle.subarray(from, to)));
    }
    await log.onProgress?.(index * TILE_WIDTH + width);
  }
  await above.end();
  if (!sameBytes(range.root(), log.root)) {
    throw new LogFault('root-mismatch', `the ${size} entries have another root than the checkpoint`);
  }
}

interface ReadBundle {
  readonly bundle: Buffer;
  readonly tile: Buffer;
  /** Of a full one. */
  readonly root?: Buffer | PromiseLike<Buffer>;
}

function read(source: TileSource, index: number, width: number, rootOf: RootOfBundle): Promise<ReadBundle> {
  const both = Promise.all([
    readTile(source, { level: 'entries', index, width }),
    readTile(source, { level: 0, index, width }),
  ]).then(([bundle, tile]): ReadBundle => {
    if (width < TILE_WIDTH) return { bundle, tile };
    return { bundle, tile, root: rootOf(bundle, tile, index) };
  });
  // Told when it is its turn, also where an earlier one fails first.
  both.catch(() => undefined);
  return both;
}

export const rootOfBundle = (bundle: Buffer, tile: Buffer, index: number): Buffer =>
  rootOfHashes(leavesOf(bundle, tile, { level: 'entries', index, width: TILE_WIDTH }), 0, TILE_WIDTH);

/** The leaves of a bundle's entries. Throws unless its tile has them. */
function leavesOf(bundle: Buffer, tile: Buffer, place: TilePlace): Buffer {
  const leaves = Buffer.allocUnsafe(place.width * HASH_BYTES);
  let at = 0;
  forEachEntry(bundle, place, (_, from, to) => {
    leafHashInto(leaves, at, bundle, from, to);
    at += HASH_BYTES;
  });
  compareLeaves(leaves, tile, { ...place, level: 0 });
  return leaves;
}

function compareLeaves(leaves: Buffer, tile: Buffer, place: TilePlace): void {
  if (sameBytes(leaves, tile)) return;
  const index = place.index * TILE_WIDTH + firstOther(leaves, tile);
  throw new LogFault('entry-mismatch', `entry ${index} does not hash to what ${tilePath(place)} has`, index);
}

function firstOther(computed: Buffer, tile: Buffer): number {
  let at = 0;
  while (computed[at] === tile[at]) at += 1;
  return Math.floor(at / HASH_BYTES);
}

/** The tiles above those of leaves, made again of what is below them and compared as soon as one is whole. */
class TilesAbove {
  readonly #open: { index: number; readonly hashes: Buffer; count: number }[] = [];

  constructor(
    readonly source: TileSource,
    readonly size: number,
  ) {}

  async add(level: number, hash: Buffer): Promise<void> {
    const open = (this.#open[level - 1] ??= { index: 0, hashes: Buffer.alloc(TILE_WIDTH * HASH_BYTES), count: 0 });
    open.hashes.set(hash, open.count * HASH_BYTES);
    open.count += 1;
    if (open.count < TILE_WIDTH) return;
    await this.#compare({ level, index: open.index, width: TILE_WIDTH }, open.hashes);
    open.index += 1;
    open.count = 0;
    await this.add(level + 1, rootOfHashes(open.hashes, 0, TILE_WIDTH));
  }

  async end(): Promise<void> {
    for (const [at, { index, hashes, count }] of this.#open.entries()) {
      if (count === 0) continue;
      await this.#compare({ level: at + 1, index, width: count }, hashes.subarray(0, count * HASH_BYTES));
    }
  }

  async #compare(place: TilePlace, computed: Buffer): Promise<void> {
    const tile = await readTile(this.source, place);
    if (sameBytes(computed, tile)) return;
    const hash = firstOther(computed, tile);
    const covered = TILE_WIDTH ** (place.level as number);
    const first = (place.index * TILE_WIDTH + hash) * covered;
    const message = `hash ${hash} of ${tilePath(place)} is not that of the entries ${first} to ${first + covered - 1}`;
    throw new LogFault('tile-mismatch', message, first);
  }
}
