import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instantFromEpoch } from '#libs/kernel';
import { instantOf } from './instants.js';

it('makes the same instants as the kernel, in any order', () => {
  const moments = fc.integer({ min: Date.UTC(1900), max: Date.UTC(2200) });
  fc.assert(
    fc.property(fc.array(fc.tuple(moments, fc.integer({ min: 0, max: 2_500 }))), (pairs) => {
      for (const [moment, step] of pairs) {
        expect(instantOf(String(moment))).toBe(instantFromEpoch(moment));
        expect(instantOf(String(moment + step))).toBe(instantFromEpoch(moment + step));
      }
    }),
  );
});
