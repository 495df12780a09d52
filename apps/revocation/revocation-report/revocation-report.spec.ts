import { expect, it } from '@jest/globals';
import { durationsOf } from './revocation-report.js';

it('tells the least that half, nine of ten and all of them do not exceed', () => {
  expect(durationsOf([])).toBeNull();
  expect(durationsOf([4])).toEqual({ median: 4, p90: 4, longest: 4 });
  expect(durationsOf([9, 1])).toEqual({ median: 1, p90: 9, longest: 9 });
  expect(durationsOf(Array.from({ length: 100 }, (_, index) => 100 - index))).toEqual({
    ...{ median: 50, p90: 90, longest: 100 },
  });
});
