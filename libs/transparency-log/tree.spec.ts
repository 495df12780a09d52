import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  checkConsistency,
  checkInclusion,
  checkSubtreeConsistency,
  CompactRange,
  EMPTY_ROOT,
  leafHash,
  LogFault,
  MemoryTree,
  nodeHash,
  nodesOf,
  proveConsistency,
  rootOf,
} from './index.js';
import { flipped, leafOf, treeOf } from './log.tests.js';

/** RFC 6962 §2.1 as it is written there. */
function rootByTheBook(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0]!;
  let left = 1;
  while (left * 2 < leaves.length) left *= 2;
  return nodeHash(rootByTheBook(leaves.slice(0, left)), rootByTheBook(leaves.slice(left)));
}

const LEAVES = Array.from({ length: 70 }, (_, index) => leafOf(index));
const tree = treeOf(LEAVES.length);

describe('a tree', () => {
  it('has the root of RFC 6962 at every size, also when it is only appended to', () => {
    const range = new CompactRange();
    for (let size = 0; size <= LEAVES.length; size += 1) {
      const root = rootByTheBook(LEAVES.slice(0, size)).toString('hex');
      expect([tree.root(size).toString('hex'), range.root().toString('hex')]).toEqual([root, root]);
      expect(CompactRange.from(size, range.hashes()).root().toString('hex')).toBe(root);
      if (size < LEAVES.length) range.append(LEAVES[size]!);
    }
    expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('hashes leaves and nodes apart, so that no node is taken for an entry', () => {
    const [left, right] = [leafHash(Buffer.from('left')), leafHash(Buffer.from('right'))];
    expect(nodeHash(left, right).equals(leafHash(Buffer.concat([left, right])))).toBe(false);
    expect(leafHash(new Uint8Array()).toString('hex')).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  });

  it('proves each of its entries at each of its sizes, and no other', () => {
    for (let size = 1; size <= 33; size += 1) {
      const root = tree.root(size);
      for (let index = 0; index < size; index += 1) {
        const proof = tree.inclusionProof(index, size);
        checkInclusion(LEAVES[index]!, index, { start: 0, end: size }, proof, root);
        expect(() => checkInclusion(LEAVES[index + 1]!, index, { start: 0, end: size }, proof, root)).toThrow(LogFault);
      }
    }
  });

  it('proves that it goes on from each of its sizes', () => {
    for (let size = 1; size <= 33; size += 1) {
      for (let older = 1; older <= size; older += 1) {
        const proof = tree.consistencyProof(older, size);
        const [from, to] = [older, size].map((each) => ({ size: each, root: tree.root(each) }));
        checkConsistency(from!, to!, proof);
        if (older === size) expect(proof).toEqual([]);
      }
    }
    expect.assertions(33);
  });

  it('proves each of its subtrees, and refuses what is none', () => {
    let subtrees = 0;
    for (let end = 1; end <= 33; end += 1) {
      for (let start = 0; start < end; start += 1) {
        let width = 1;
        while (width < end - start) width *= 2;
        const part = { start, end };
        if (start % width === 0) {
          subtrees += 1;
          const root = rootOf(part, tree.nodeAt);
          expect(root.equals(rootByTheBook(LEAVES.slice(start, end)))).toBe(true);
          checkSubtreeConsistency(part, root, 33, tree.root(33), proveConsistency(part, 33, tree.nodeAt));
        } else {
          expect(() => proveConsistency(part, 33, tree.nodeAt)).toThrow('are no subtree');
        }
      }
    }
    expect(subtrees).toBeGreaterThan(100);
  });

  it('finds every byte of a proof, of a leaf and of a root that is changed', () => {
    const size = 21;
    const root = tree.root(size);
    const whole = { start: 0, end: size };
    const older = { size: 13, root: tree.root(13) };
    for (const index of [0, 13, 20]) {
      const proof = tree.inclusionProof(index, size);
      for (const bad of flipped(Buffer.concat(proof))) {
        const hashes = proof.map((_, at) => bad.subarray(at * 32, at * 32 + 32));
        expect(() => checkInclusion(LEAVES[index]!, index, whole, hashes, root)).toThrow(`entry ${index} is not in`);
      }
      for (const bad of flipped(root)) {
        expect(() => checkInclusion(LEAVES[index]!, index, whole, proof, bad)).toThrow(`entry ${index} is not in`);
      }
      for (const bad of flipped(LEAVES[index]!)) {
        expect(() => checkInclusion(bad, index, whole, proof, root)).toThrow(`entry ${index} is not in`);
      }
    }
    const proof = tree.consistencyProof(13, size);
    for (const bad of flipped(Buffer.concat(proof))) {
      const hashes = proof.map((_, at) => bad.subarray(at * 32, at * 32 + 32));
      expect(() => checkConsistency(older, { size, root }, hashes)).toThrow(/root (is not that|does not go on)/);
    }
  });

  it('refuses proofs of another length, and sizes that can not be', () => {
    const [root, whole] = [tree.root(21), { start: 0, end: 21 }];
    const proof = tree.inclusionProof(5, 21);
    const refusals: readonly (readonly [string, () => void])[] = [
      ['needs a proof of 5 hashes, not 4', () => checkInclusion(LEAVES[5]!, 5, whole, proof.slice(1), root)],
      ['needs a proof of 5 hashes, not 6', () => checkInclusion(LEAVES[5]!, 5, whole, [...proof, root], root)],
      [
        'hash 1 of the proof has 31 bytes',
        () => checkInclusion(LEAVES[5]!, 5, whole, [proof[0]!, root.subarray(1), ...proof.slice(2)], root),
      ],
      ['entry 21 is not among those', () => checkInclusion(LEAVES[5]!, 21, whole, proof, root)],
      ['entry 0.5 is not among those', () => checkInclusion(LEAVES[5]!, 0.5, whole, proof, root)],
      ['no leaves can be those', () => tree.root(-1)],
      ['no leaves can be those', () => tree.root(2 ** 53)],
      ['no such node', () => tree.root(2 ** 40)],
      ['a tree of 5 does not have the leaves up to 6', () => tree.consistencyProof(6, 5)],
      ['from a tree without leaves', () => checkConsistency({ size: 0, root: EMPTY_ROOT }, { size: 21, root }, [])],
      [
        '4 leaves can not be appended as one behind 2',
        () => {
          const range = CompactRange.from(2, tree.root(2));
          range.appendSubtree(2, root);
        },
      ],
      ['a tree of 3 is not made of 32 bytes of roots', () => CompactRange.from(3, root)],
    ];
    for (const [message, act] of refusals) expect(act).toThrow(message);
  });

  it('keeps its shape at sizes beyond 32 bits', () => {
    const size = 2 ** 52 + 2 ** 33 + 5;
    expect(nodesOf({ start: 0, end: size })).toEqual([
      { level: 52, index: 0 },
      { level: 33, index: 2 ** 19 },
      { level: 2, index: (2 ** 52 + 2 ** 33) / 4 },
      { level: 0, index: size - 1 },
    ]);
    // Nodes that say where they stand: a proof between two large sizes then leads to both roots, or to neither.
    const nodeAt = ({ level, index }: { level: number; index: number }): Buffer =>
      leafHash(Buffer.from(`${level}/${index}`));
    fc.assert(
      fc.property(fc.integer({ min: 2 ** 33, max: 2 ** 53 - 1 }), (index) => {
        const range = CompactRange.from(2 ** 33, nodeAt({ level: 33, index: 0 }));
        range.appendSubtree(33, nodeAt({ level: 33, index: 1 }));
        expect(range.size).toBe(2 ** 34);
        return nodesOf({ start: 0, end: index }).reduce((sum, { level }) => sum + 2 ** level, 0) === index;
      }),
      { seed: 15, numRuns: 200 },
    );
  });

  it('is appended to by whole subtrees as by leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 }), (levels) => {
        const range = new CompactRange();
        for (const level of levels) {
          const width = 2 ** level;
          while (range.size % width !== 0) range.append(leafOf(range.size));
          const leaves = Array.from({ length: width }, (_, at) => leafOf(range.size + at));
          range.appendSubtree(level, rootByTheBook(leaves));
        }
        return range.root().equals(treeOf(range.size).root(range.size));
      }),
      { seed: 15, numRuns: 50 },
    );
    const other = new MemoryTree();
    expect(other.root().equals(EMPTY_ROOT)).toBe(true);
  });
});
