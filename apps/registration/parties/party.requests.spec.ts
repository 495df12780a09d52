import { describe, expect, it } from '@jest/globals';
import { validate } from '#libs/platform';
import { SpecialCircumstancesRequest } from './party.requests.js';

describe('a mark of special circumstances (IV3-report, PROOF-12)', () => {
  const checks = ['0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44'];

  it.each([
    [{ reported: true }, []],
    [{ reported: false, checks }, []],
    [{ reported: false }, ['/checks required']],
    [{ reported: true, checks }, ['/checks invalid-value']],
    // Whether checks are asked is not known.
    [{}, ['/reported required']],
    [{ checks }, ['/reported required']],
    [{ reported: 'no', checks }, ['/reported wrong-type']],
  ])('by %j has the faults %j', (body, faults) => {
    expect(validate(SpecialCircumstancesRequest, body).faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(
      faults,
    );
  });
});
