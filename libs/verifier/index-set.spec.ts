import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IndexSet } from './index-set.js';

describe('a set of indexes', () => {
  it('has what was added, one by one or as ranges, and gives it in order', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 70 }));
    fc.assert(
      fc.property(fc.array(range), (ranges) => {
        const set = new IndexSet();
        const plain = new Set<number>();
        for (const [first, more] of ranges) {
          if (more === 0) set.add(first);
          else set.add(first, first + more);
          for (let index = first; index <= first + more; index += 1) plain.add(index);
        }
        expect([...set]).toEqual([...plain].sort((a, b) => a - b));
        for (const [first, more] of ranges) {
          for (const index of [first - 1, first, first + more, first + more + 1]) {
            expect(set.has(index)).toBe(plain.has(index));
          }
        }
      }),
      { seed: 15, numRuns: 200 },
    );
  });
});
