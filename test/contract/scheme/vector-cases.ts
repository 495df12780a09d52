import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One acceptance vector. With `status` 400 the request is not evaluated and `expected` holds the code. */
export interface Vector {
  readonly id: string;
  readonly why: string;
  readonly rules: readonly string[];
  readonly request: unknown;
  readonly status?: number;
  readonly expected: Readonly<Record<string, unknown>>;
}

export const VECTOR_FILES = ['authorization', 'evaluation', 'means', 'revocation-deadline', 'validity'] as const;

const folder = fileURLToPath(new URL('../../vectors/', import.meta.url));

export const vectorsOf = (file: (typeof VECTOR_FILES)[number]): readonly Vector[] =>
  JSON.parse(readFileSync(`${folder}${file}.json`, 'utf8')) as readonly Vector[];

const sorted = (value: unknown): unknown => (Array.isArray(value) ? [...value].sort() : value);

/** The members that are expected, sets as sets (classification.md §0): their order, not their number, is free. */
function comparable(answer: Readonly<Record<string, unknown>>, members: readonly string[]): unknown {
  return Object.fromEntries(
    members.map((member) => {
      const value = answer[member];
      if (member === 'rows') {
        return [member, Object.fromEntries(Object.entries(value as object).map(([key, rows]) => [key, sorted(rows)]))];
      }
      return [member, ['limitedBy', 'refusals', 'flags'].includes(member) ? sorted(value) : value];
    }),
  );
}

/** Every vector of a file that is to be evaluated gets the answer that it expects. */
export function evaluateVectors(file: (typeof VECTOR_FILES)[number], evaluate: (request: never) => object): void {
  const vectors = vectorsOf(file).filter(({ status }) => status === undefined);
  describe(`acceptance vectors of ${file} (${vectors.length} evaluated)`, () => {
    test.each(vectors.map((vector) => [vector.id, vector.why, vector] as const))('%s: %s', (_id, _why, vector) => {
      const answer = evaluate(vector.request as never) as Readonly<Record<string, unknown>>;
      const members = Object.keys(vector.expected);
      expect(comparable(answer, members)).toEqual(comparable(vector.expected, members));
      expect(answer['ruleSet']).toBe('eh-1.5.1');
    });
  });
}
