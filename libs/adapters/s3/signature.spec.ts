import { describe, expect, it } from '@jest/globals';
import { EMPTY_HASH, signed, type SignedParts } from './signature.js';

/** The examples of AWS's own page on signatures in the header of a request. */
const credentials = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const moment = new Date('2013-05-24T00:00:00Z');
const host = 'examplebucket.s3.amazonaws.com';

describe('a signature of version 4', () => {
  it.each<[string, Partial<SignedParts>, string]>([
    [
      'an object, in part',
      { path: '/test.txt', headers: { host, range: 'bytes=0-9' } },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'a word of the query without a value',
      { query: [['lifecycle', '']] },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'a list',
      {
        query: [
          ['prefix', 'J'],
          ['max-keys', '2'],
        ],
      },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('is that of the published example: %s', (_what, parts, signature) => {
    const whole = { method: 'GET', path: '/', query: [], headers: { host }, contentHash: EMPTY_HASH, ...parts };
    const { authorization } = signed(whole, credentials, 'us-east-1', moment);
    expect(authorization).toContain(`Credential=${credentials.id}/20130524/us-east-1/s3/aws4_request,`);
    expect(authorization).toContain(`Signature=${signature}`);
  });
});
