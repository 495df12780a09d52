import { CompactRange } from './compact-range.js';
import { EMPTY_ROOT, HASH_BYTES, nodeHash, sameBytes } from './hashing.js';
import { LogFault } from './log-fault.js';
import { consistencyParts, inclusionParts, nodesOf, type LeafRange, type NodePlace } from './shape.js';

/** Gives the root of 2^level leaves that are all there. */
export type NodeReader = (place: NodePlace) => Uint8Array;

/** The root of a subtree, or of a whole tree: `{ start: 0, end: size }`. */
export function rootOf(range: LeafRange, nodeAt: NodeReader): Buffer {
  const hashes = nodesOf(range).map(nodeAt);
  if (hashes.length === 0) return EMPTY_ROOT;
  return Buffer.from(hashes.reduceRight((right, left) => nodeHash(left, right)));
}

/** Proof that entry `index` is in a tree. */
export const proveInclusion = (index: number, tree: LeafRange, nodeAt: NodeReader): Buffer[] =>
  inclusionParts(index, tree).map((part) => rootOf(part, nodeAt));

/** Proof that a tree of `size` goes on from a subtree: from an older tree where that begins at 0. */
export function proveConsistency(subtree: LeafRange, size: number, nodeAt: NodeReader): Buffer[] {
  const { base, steps } = consistencyParts(subtree, size);
  const parts = steps.map(({ part }) => part);
  return (base === undefined ? parts : [base, ...parts]).map((part) => rootOf(part, nodeAt));
}

/** Throws unless the proof shows that the leaf is entry `index` of the tree with this root. */
export function checkInclusion(
  leaf: Uint8Array,
  index: number,
  tree: LeafRange,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): void {
  const parts = inclusionParts(index, tree);
  checkLength(proof, parts.length, `entry ${index} in a tree up to ${tree.end}`);
  if (leaf.length !== HASH_BYTES) throw new LogFault('proof-length', `a leaf's hash has ${leaf.length} bytes`, index);
  const led = parts.reduce<Uint8Array>(
    (hash, { start }, at) => (start > index ? nodeHash(hash, proof[at]!) : nodeHash(proof[at]!, hash)),
    leaf,
  );
  if (!sameBytes(led, root)) {
    throw new LogFault('proof-mismatch', `entry ${index} is not in the tree up to ${tree.end} with that root`, index);
  }
}

/** Throws unless the proof shows that the tree of `size` with `root` has the subtree with `subtreeRoot` in its place. */
export function checkSubtreeConsistency(
  subtree: LeafRange,
  subtreeRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): void {
  const { base, steps } = consistencyParts(subtree, size);
  const what = `leaves ${subtree.start} up to ${subtree.end} in a tree of ${size}`;
  checkLength(proof, steps.length + (base === undefined ? 0 : 1), what);
  if (subtree.start === subtree.end) {
    // No leaves are in every tree, and say nothing of its root.
    if (!sameBytes(subtreeRoot, EMPTY_ROOT)) throw new LogFault('proof-mismatch', 'no leaves have another root');
    return;
  }
  const rest = base === undefined ? proof : proof.slice(1);
  let older = base === undefined ? subtreeRoot : proof[0]!;
  let newer = older;
  steps.forEach(({ side }, at) => {
    const hash = rest[at]!;
    newer = side === 'right' ? nodeHash(newer, hash) : nodeHash(hash, newer);
    if (side === 'both') older = nodeHash(hash, older);
  });
  if (!sameBytes(older, subtreeRoot)) {
    throw new LogFault('proof-mismatch', `the older root is not that of ${what}`);
  }
  if (!sameBytes(newer, root)) throw new LogFault('proof-mismatch', `the newer root does not go on from ${what}`);
}

/**
 * Throws unless the proof shows that a tree of `newer` goes on from one of `older`. Every tree goes on from the one without
 * leaves: of that there is nothing to show, and a proof is refused.
 */
export function checkConsistency(
  older: { readonly size: number; readonly root: Uint8Array },
  newer: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): void {
  if (older.size === 0) throw new LogFault('out-of-range', 'from a tree without leaves nothing can be shown');
  checkSubtreeConsistency({ start: 0, end: older.size }, older.root, newer.size, newer.root, proof);
}

function checkLength(proof: readonly Uint8Array[], wanted: number, what: string): void {
  if (proof.length !== wanted) {
    throw new LogFault('proof-length', `${what} needs a proof of ${wanted} hashes, not ${proof.length}`);
  }
  const other = proof.findIndex(({ length }) => length !== HASH_BYTES);
  if (other >= 0) throw new LogFault('proof-length', `hash ${other} of the proof has ${proof[other]!.length} bytes`);
}

/** A tree whose hashes are all in memory: 64 bytes a leaf. */
export class MemoryTree {
  readonly #levels: Buffer[][] = [[]];
  readonly #range = new CompactRange();

  get size(): number {
    return this.#range.size;
  }

  append(leaf: Uint8Array): void {
    let hash: Buffer = Buffer.from(leaf);
    this.#range.append(hash);
    for (let level = 0; ; level += 1) {
      const nodes = (this.#levels[level] ??= []);
      nodes.push(hash);
      if (nodes.length % 2 === 1) return;
      hash = nodeHash(nodes.at(-2)!, hash);
    }
  }

  readonly nodeAt: NodeReader = ({ level, index }) => {
    const hash = this.#levels[level]?.[index];
    if (hash === undefined) throw new LogFault('out-of-range', `a tree of ${this.size} has no such node`);
    return hash;
  };

  root(size = this.size): Buffer {
    return rootOf({ start: 0, end: size }, this.nodeAt);
  }

  inclusionProof(index: number, size = this.size): Buffer[] {
    return proveInclusion(index, { start: 0, end: size }, this.nodeAt);
  }

  consistencyProof(older: number, size = this.size): Buffer[] {
    return proveConsistency({ start: 0, end: older }, size, this.nodeAt);
  }
}
