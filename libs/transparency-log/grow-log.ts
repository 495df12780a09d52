import { type CompactRange } from './compact-range.js';
import { leafHash } from './hashing.js';
import { LogFault } from './log-fault.js';
import { readTile, type TileSource } from './tile-source.js';
import { TileTree } from './tile-tree.js';
import {
  decodeBundle,
  encodeBundle,
  hashesOn,
  rootOfHashes,
  TILE_HEIGHT,
  TILE_WIDTH,
  tilePath,
  tilesBetween,
  widthIn,
} from './tiles.js';

export interface LogFile {
  /** Below the log's prefix. */
  readonly path: string;
  readonly bytes: Buffer;
}

export interface GrownLog {
  /** Of the larger tree: its size, its root, and what the next entries need. */
  readonly range: CompactRange;
  /** To be there before its checkpoint is: bundles, then tiles level by level. The same entries give the same bytes. */
  readonly files: readonly LogFile[];
}

/**
 * What a log of `older` entries has to write when these are appended to it. Reads its tiles and its bundle at the right edge,
 * a few files whatever its size, and believes them: that the larger tree goes on from the one that was signed before is to be
 * shown by a proof before it is signed.
 */
export async function growLog(source: TileSource, older: number, entries: readonly Uint8Array[]): Promise<GrownLog> {
  const size = older + entries.length;
  if (!Number.isSafeInteger(size)) throw new LogFault('out-of-range', `a log of ${size} entries can not be counted`);
  const range = await new TileTree(source, older).compactRange();
  const files = new Map<string, Buffer>();
  const bundle = await OpenTile.at(source, 'entries', older, size, files);
  const levels: OpenTile[] = [];
  for (let level = 0; hashesOn(level, size) > 0; level += 1) {
    levels.push(await OpenTile.at(source, level, older, size, files));
  }
  for (const [at, entry] of entries.entries()) {
    bundle.add(encodeBundle([entry]));
    let hash = leafHash(entry);
    // Leaves of a tile that is all new are appended as one: the nodes above them are hashed for the tile anyhow.
    const first = older + at - ((older + at) % TILE_WIDTH);
    const isWhole = first >= older && first + TILE_WIDTH <= size;
    if (!isWhole) range.append(hash);
    for (let level = 0; ; level += 1) {
      const full = levels[level]!.add(hash);
      if (full === undefined) break;
      hash = rootOfHashes(full, 0, TILE_WIDTH);
      if (level === 0 && isWhole) range.appendSubtree(TILE_HEIGHT, hash);
    }
  }
  for (const open of [bundle, ...levels]) open.end();
  return {
    range,
    files: [...tilesBetween(older, size)].map((place) => ({
      path: tilePath(place),
      bytes: files.get(tilePath(place))!,
    })),
  };
}

/** The last tile or bundle of a level while it fills. */
class OpenTile {
  readonly #parts: Uint8Array[] = [];
  #count: number;

  private constructor(
    readonly level: number | 'entries',
    private index: number,
    before: Buffer | undefined,
    readonly files: Map<string, Buffer>,
    count: number,
  ) {
    if (before !== undefined) this.#parts.push(before);
    this.#count = count;
  }

  /** As the smaller log has it; nothing is read of a level on which nothing is added. */
  static async at(
    source: TileSource,
    level: number | 'entries',
    older: number,
    size: number,
    files: Map<string, Buffer>,
  ): Promise<OpenTile> {
    const index = Math.floor(hashesOn(level, older) / TILE_WIDTH);
    const width = widthIn(older, level, index);
    const isRead = width > 0 && hashesOn(level, size) > hashesOn(level, older);
    const before = isRead ? await readTile(source, { level, index, width }) : undefined;
    // Entries are added behind those that are there: as many as they have to be, or everything behind is out of place.
    if (before !== undefined && level === 'entries') decodeBundle(before, { level, index, width });
    return new OpenTile(level, index, before, files, width);
  }

  /** Answers the bytes of the tile when this makes it full. */
  add(part: Uint8Array): Buffer | undefined {
    this.#parts.push(part);
    this.#count += 1;
    if (this.#count < TILE_WIDTH) return undefined;
    const bytes = this.#write(TILE_WIDTH);
    this.index += 1;
    this.#count = 0;
    this.#parts.length = 0;
    return bytes;
  }

  end(): void {
    if (this.#parts.length > 0) this.#write(this.#count);
  }

  #write(width: number): Buffer {
    const bytes = Buffer.concat(this.#parts);
    this.files.set(tilePath({ level: this.level, index: this.index, width }), bytes);
    return bytes;
  }
}
