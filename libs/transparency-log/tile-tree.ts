import { CompactRange } from './compact-range.js';
import { HASH_BYTES, nodeHash } from './hashing.js';
import { LogFault } from './log-fault.js';
import { consistencyParts, inclusionParts, nodesOf, type LeafRange, type NodePlace } from './shape.js';
import { readTile, type TileSource } from './tile-source.js';
import { TILE_HEIGHT, TILE_WIDTH, tilePath, widthIn, type TilePlace } from './tiles.js';
import { proveConsistency, proveInclusion, rootOf, type NodeReader } from './tree.js';

/** Tiles that are kept with the nodes above their hashes: of the last proofs, some megabytes. */
const KEPT = 512;

/**
 * The tree of a log of `size` entries as its tiles have it: roots and proofs, from some tiles for each level. Whether the
 * tiles are right shows when a proof of them is checked against a signed root.
 */
export class TileTree {
  /** Full and partial ones by their path: the bytes of a path never change. */
  readonly #tiles = new Map<string, Promise<TileNodes>>();

  constructor(
    readonly source: TileSource,
    readonly size: number,
  ) {}

  async root(size = this.size): Promise<Buffer> {
    const whole = { start: 0, end: size };
    return this.#with([whole], (nodeAt) => rootOf(whole, nodeAt));
  }

  /** What appending behind `size` entries needs. */
  async compactRange(size = this.size): Promise<CompactRange> {
    const whole = { start: 0, end: size };
    return this.#with([whole], (nodeAt) => CompactRange.from(size, Buffer.concat(nodesOf(whole).map(nodeAt))));
  }

  async inclusionProof(index: number, tree: LeafRange = { start: 0, end: this.size }): Promise<Buffer[]> {
    return this.#with(inclusionParts(index, tree), (nodeAt) => proveInclusion(index, tree, nodeAt));
  }

  /** From a subtree (`{ start: 0, end }`: an older tree) to the tree of `size`. */
  async consistencyProof(subtree: LeafRange, size = this.size): Promise<Buffer[]> {
    const { base, steps } = consistencyParts(subtree, size);
    const parts = [...(base === undefined ? [] : [base]), ...steps.map(({ part }) => part)];
    return this.#with(parts, (nodeAt) => proveConsistency(subtree, size, nodeAt));
  }

  /** Reads the tiles that have these parts, all at once, and then computes. */
  async #with<Result>(parts: readonly LeafRange[], compute: (nodeAt: NodeReader) => Result): Promise<Result> {
    const needed = new Map<string, TilePlace>();
    for (const part of parts) {
      if (part.end > this.size) {
        throw new LogFault('out-of-range', `a log of ${this.size} does not have the entries up to ${part.end}`);
      }
      for (const node of nodesOf(part)) {
        const place = this.#tileOf(node);
        needed.set(tilePath(place), place);
      }
    }
    const read = new Map<string, TileNodes>();
    await Promise.all(
      [...needed].map(async ([path, place]) => {
        read.set(path, await this.#read(path, place));
      }),
    );
    return compute((node) => {
      const { from, count } = within(node);
      return read.get(tilePath(this.#tileOf(node)))!.root(from, count);
    });
  }

  #tileOf(node: NodePlace): TilePlace {
    const { level, index } = within(node);
    return { level, index, width: widthIn(this.size, level, index) };
  }

  #read(path: string, place: TilePlace): Promise<TileNodes> {
    const known = this.#tiles.get(path);
    if (known !== undefined) return known;
    const reading = readTile(this.source, place).then((tile) => new TileNodes(tile));
    this.#tiles.set(path, reading);
    // What failed is read again.
    reading.catch(() => this.#tiles.delete(path));
    if (this.#tiles.size > KEPT) this.#tiles.delete(this.#tiles.keys().next().value!);
    return reading;
  }
}

/** A tile and the nodes above its hashes that were needed: each is hashed once, however many proofs it is part of. */
class TileNodes {
  readonly #above: Buffer;
  readonly #isThere: Uint8Array;

  constructor(readonly tile: Buffer) {
    this.#above = Buffer.alloc(tile.length);
    this.#isThere = new Uint8Array(tile.length / HASH_BYTES);
  }

  /** The root over `count` hashes (a power of two) from hash `from` (a multiple of it) on. */
  root(from: number, count: number): Buffer {
    if (count === 1) return this.tile.subarray(from * HASH_BYTES, (from + 1) * HASH_BYTES);
    // Each node has a middle of its own: there it is kept.
    const number = from + count / 2;
    const node = this.#above.subarray(number * HASH_BYTES, (number + 1) * HASH_BYTES);
    if (this.#isThere[number] === 0) {
      node.set(nodeHash(this.root(from, count / 2), this.root(from + count / 2, count / 2)));
      this.#isThere[number] = 1;
    }
    return node;
  }
}

/** The tile that has a node: as one of its hashes, or as the root over `count` of them. */
function within({ level, index }: NodePlace): { level: number; index: number; from: number; count: number } {
  const count = 2 ** (level % TILE_HEIGHT);
  const first = index * count;
  const tile = Math.floor(first / TILE_WIDTH);
  return { level: Math.floor(level / TILE_HEIGHT), index: tile, from: first - tile * TILE_WIDTH, count };
}
