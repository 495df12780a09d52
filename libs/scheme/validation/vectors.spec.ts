import { describe, expect, test } from '@jest/globals';
import { VECTOR_FILES, vectorsOf } from '../../../test/contract/scheme/vector-cases.js';
import { validateRequest } from './validate.js';

const KINDS = {
  authorization: 'authorization',
  evaluation: 'evaluation',
  means: 'means',
  'revocation-deadline': 'revocationDeadline',
  validity: 'validity',
} as const;

describe.each(VECTOR_FILES)('acceptance vectors of %s', (file) => {
  const vectors = vectorsOf(file);

  test('those that are evaluated are valid', () => {
    const evaluated = vectors.filter(({ status }) => status === undefined);
    const faulty = evaluated.filter(({ request }) => !validateRequest(KINDS[file], request).ok);
    expect(faulty.map(({ id }) => id)).toEqual([]);
  });

  const refused = vectors.filter(({ status }) => status === 400);
  test.each(refused.map((vector) => [vector.id, vector] as const))('%s is refused with its code', (_id, vector) => {
    expect(validateRequest(KINDS[file], vector.request)).toMatchObject({ ok: false, code: vector.expected['code'] });
  });
});
