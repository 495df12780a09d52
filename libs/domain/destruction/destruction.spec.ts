import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DestructionId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import { destructionDecider, rangesOf, type RecordDestruction } from './index.js';

const given = specificationOf(destructionDecider);
const destroy: RecordDestruction = {
  type: 'RecordDestruction',
  destruction: uuid('destr') as DestructionId,
  reason: 'retentionOver',
  retentionYears: 7,
  objects: [{ kind: 'check', id: uuid('check') }],
  indexes: [{ first: 3, last: 4 }],
  files: [],
  destroyedAt: at('2033-03-03T00:00:00Z'),
};
const { type: _type, ...data } = destroy;

describe('a destruction', () => {
  it('is recorded once, whatever is said of it later (ARCH-11)', () => {
    given().when(destroy).then({ type: 'RecordsDestroyed', data });
    given({ type: 'RecordsDestroyed', data })
      .when({ ...destroy, destroyedAt: at('2034-01-01T00:00:00Z') })
      .thenNothing();
  });

  it('names every index and no other, in as few ranges as there can be', () => {
    expect(rangesOf([])).toEqual([]);
    expect(rangesOf([7, 3, 4, 5, 7])).toEqual([
      { first: 3, last: 5 },
      { first: 7, last: 7 },
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat(60)), (indexes) => {
        const ranges = rangesOf(indexes);
        const named = ranges.flatMap(({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, n) => first + n),
        );
        expect(named).toEqual([...new Set(indexes)].sort((one, other) => one - other));
        for (const [nth, { first }] of ranges.entries())
          if (nth > 0) expect(first).toBeGreaterThan(ranges[nth - 1]!.last + 1);
      }),
    );
  });
});
