import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DestructionId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import { destructionDecider, rangesOf, type DestructionCommand, type DestructionEvent } from './index.js';

const given = specificationOf(destructionDecider);
const destroy = {
  type: 'RecordDestruction',
  destruction: uuid('destr') as DestructionId,
  reason: 'retentionOver',
  retentionYears: 7,
  objects: [{ kind: 'check', id: uuid('check') }],
  indexes: [{ first: 3, last: 4 }],
  files: [],
  destroyedAt: at('2033-03-03T00:00:00Z'),
} as const satisfies DestructionCommand;
const { type: _type, ...data } = destroy;
const destruction = destroy.destruction;
const intend = (attempt: number): DestructionCommand => ({
  ...{ type: 'IntendDestruction', destruction, attempt },
  objects: 1,
});
const intended = (attempt: number): DestructionEvent => ({
  type: 'DestructionIntended',
  data: { destruction, attempt, objects: 1 },
});
const abandoned = (attempt: number): DestructionEvent => ({
  type: 'DestructionAbandoned',
  data: { destruction, attempt, ground: 'legalHold' },
});

describe('a destruction', () => {
  it('is recorded once, whatever is said of it later (ARCH-11)', () => {
    given().when(destroy).then({ type: 'RecordsDestroyed', data });
    given({ type: 'RecordsDestroyed', data })
      .when({ ...destroy, destroyedAt: at('2034-01-01T00:00:00Z') })
      .thenNothing();
  });

  it('is decided only in the attempt that is under way: who ends one is not overtaken by it', () => {
    given().when(intend(1)).then(intended(1));
    given(intended(1))
      .when({ ...destroy, attempt: 1 })
      .then({ type: 'RecordsDestroyed', data });
    given(intended(1)).when({ type: 'AbandonDestruction', ground: 'legalHold' }).then(abandoned(1));
    given(intended(1), abandoned(1))
      .when({ ...destroy, attempt: 1 })
      .thenNothing();
    given(intended(1), abandoned(1)).when(intend(2)).then(intended(2));
    given(intended(1), abandoned(1), intended(2))
      .when({ ...destroy, attempt: 1 })
      .thenNothing();
    given(intended(1), intended(2)).when({ type: 'AbandonDestruction', attempt: 1, ground: 'kept' }).thenNothing();
    given(intended(1)).when(intend(2)).then(intended(2));
  });

  it('is not ended, nor begun again, once it is decided, and is complete once', () => {
    const decided: DestructionEvent = { type: 'RecordsDestroyed', data };
    const completed: DestructionEvent = { type: 'DestructionCompleted', data: { destruction } };
    given(intended(1), decided).when({ type: 'AbandonDestruction', ground: 'legalHold' }).thenNothing();
    given(intended(1), decided).when(intend(2)).thenNothing();
    given(intended(1)).when(intend(1)).thenNothing();
    given(intended(1)).when({ type: 'CompleteDestruction' }).thenNothing();
    given(intended(1), decided).when({ type: 'CompleteDestruction' }).then(completed);
    given(intended(1), decided, completed).when({ type: 'CompleteDestruction' }).thenNothing();
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
