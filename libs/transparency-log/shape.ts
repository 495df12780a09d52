import { LogFault } from './log-fault.js';

// Which hashes a root or a proof is made of: arithmetic over places, without a hash. Sizes are whole numbers up to 2^53 - 1,
// beyond the 32 bits of JavaScript's bit operators.

/** The leaves from `start` up to, and without, `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** The root of 2^level leaves, the `index`th of its level from the left. */
export interface NodePlace {
  readonly level: number;
  readonly index: number;
}

const bits = (n: number): number => {
  const high = Math.floor(n / 2 ** 32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(n);
};

/** How many of `n` (at least 2) stand on the left: the largest power of two below it (RFC 6962 §2.1). */
const leftOf = (n: number): number => 2 ** (bits(n - 1) - 1);

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/**
 * A part of a tree that stands in every later tree (Merkle Tree Certificates §4.1): it begins at a multiple of the smallest
 * power of two that is not below its length. Tree of any size: `{ start: 0, end: size }`.
 */
export function checkSubtree({ start, end }: LeafRange): void {
  if (!isCount(start) || !isCount(end) || start > end) {
    throw new LogFault('out-of-range', `no leaves can be those from ${start} up to ${end}`);
  }
  const length = end - start;
  if (length > 0 && start % (length === 1 ? 1 : 2 * leftOf(length)) !== 0) {
    throw new LogFault('out-of-range', `the leaves from ${start} up to ${end} are no subtree`);
  }
}

/** The roots that, hashed together from the right, are the root of a subtree; from left to right, each half or less. */
export function nodesOf(subtree: LeafRange): NodePlace[] {
  checkSubtree(subtree);
  const { start, end } = subtree;
  const nodes: NodePlace[] = [];
  for (let at = start; at < end;) {
    const level = bits(end - at) - 1;
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

/** What an inclusion proof has, from the leaf's sibling to the child of the root (RFC 6962 §2.1.1). */
export function inclusionParts(index: number, tree: LeafRange): LeafRange[] {
  checkSubtree(tree);
  if (!isCount(index) || index < tree.start || index >= tree.end) {
    throw new LogFault('out-of-range', `entry ${index} is not among those from ${tree.start} up to ${tree.end}`);
  }
  const parts: LeafRange[] = [];
  let { start, end } = tree;
  while (end - start > 1) {
    const middle = start + leftOf(end - start);
    if (index < middle) {
      parts.push({ start: middle, end });
      end = middle;
    } else {
      parts.push({ start, end: middle });
      start = middle;
    }
  }
  return parts.reverse();
}

/** What a consistency proof has, in its order. */
export interface ConsistencyParts {
  /** What both trees have in common at the bottom; absent where that is the older tree as a whole, whose root is known. */
  readonly base?: LeafRange;
  /** From the bottom up: `right` of what came before, `left` of it in the newer tree, or left of it in `both`. */
  readonly steps: readonly { readonly part: LeafRange; readonly side: 'right' | 'left' | 'both' }[];
}

/**
 * From a subtree to a tree of `size` leaves (Merkle Tree Certificates §4.4); where it begins at 0 the proof between two sizes
 * of RFC 6962 §2.1.2.
 */
export function consistencyParts(subtree: LeafRange, size: number): ConsistencyParts {
  checkSubtree(subtree);
  if (!isCount(size) || subtree.end > size) {
    throw new LogFault('out-of-range', `a tree of ${size} does not have the leaves up to ${subtree.end}`);
  }
  const steps: { part: LeafRange; side: 'right' | 'left' | 'both' }[] = [];
  if (subtree.start === subtree.end) return { steps };
  let { start: from } = subtree;
  let [start, end] = [0, size];
  while (start !== from || end !== subtree.end) {
    const middle = start + leftOf(end - start);
    if (subtree.end <= middle) {
      steps.push({ part: { start: middle, end }, side: 'right' });
      end = middle;
    } else {
      // A subtree that lies on both sides begins where this part of the tree does: all that is left of the middle is in both.
      const side = from < middle ? 'both' : 'left';
      steps.push({ part: { start, end: middle }, side });
      start = middle;
      if (side === 'both') from = middle;
    }
  }
  steps.reverse();
  return from === subtree.start ? { steps } : { base: { start, end }, steps };
}
