import { EMPTY_ROOT, HASH_BYTES, nodeHash, nodeHashInto } from './hashing.js';
import { LogFault } from './log-fault.js';
import { nodesOf } from './shape.js';

/** Sizes end at 2^53: a tree has at most so many roots of full subtrees, and one more while it is appended to. */
const MOST = 54;

/**
 * As much of a tree as appending and its root need: the roots of the full subtrees that it is made of, at most 53 hashes
 * whatever its size. Appending costs one hash on average.
 */
export class CompactRange {
  #size = 0;
  /** The larger ones first, one behind the other: the last two are what is hashed into the node above them. */
  readonly #roots = Buffer.alloc(MOST * HASH_BYTES);
  #end = 0;

  /** From what `hashes()` gave for a tree of this size. */
  static from(size: number, hashes: Uint8Array): CompactRange {
    const range = new CompactRange();
    if (nodesOf({ start: 0, end: size }).length * HASH_BYTES !== hashes.length) {
      throw new LogFault('out-of-range', `a tree of ${size} is not made of ${hashes.length} bytes of roots`);
    }
    range.#size = size;
    range.#roots.set(hashes);
    range.#end = hashes.length;
    return range;
  }

  get size(): number {
    return this.#size;
  }

  /** The roots of the full subtrees, the larger first, as one. */
  hashes(): Buffer {
    return Buffer.from(this.#roots.subarray(0, this.#end));
  }

  append(leaf: Uint8Array): void {
    this.appendSubtree(0, leaf);
  }

  /** Appends 2^level leaves by their root. Only behind a multiple of as many. */
  appendSubtree(level: number, root: Uint8Array): void {
    let before = this.#size / 2 ** level;
    if (!Number.isInteger(before)) {
      throw new LogFault('out-of-range', `${2 ** level} leaves can not be appended as one behind ${this.#size}`);
    }
    this.#roots.set(root, this.#end);
    this.#end += HASH_BYTES;
    this.#size += 2 ** level;
    for (; before % 2 === 1; before = (before - 1) / 2) {
      this.#end -= HASH_BYTES;
      const pair = this.#end - HASH_BYTES;
      nodeHashInto(this.#roots, pair, this.#roots, pair);
    }
  }

  root(): Buffer {
    if (this.#end === 0) return EMPTY_ROOT;
    const hash = (at: number): Buffer => this.#roots.subarray(at, at + HASH_BYTES);
    let root: Buffer = Buffer.from(hash(this.#end - HASH_BYTES));
    for (let at = this.#end - 2 * HASH_BYTES; at >= 0; at -= HASH_BYTES) root = nodeHash(hash(at), root);
    return root;
  }
}
