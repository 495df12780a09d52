import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type RequestKind,
  type RuleSet,
  classifyAuthorization,
  classifyMeans,
  currentRuleSet,
  evaluateUse,
  revocationDeadline,
  validateRequest,
  validity,
} from '#libs/scheme';

interface Vector {
  readonly id: string;
  readonly why: string;
  readonly request: unknown;
  readonly status?: number;
  readonly expected: Readonly<Record<string, unknown>>;
}

const folder = fileURLToPath(new URL('../../test/vectors/', import.meta.url));

const sorted = (value: unknown): unknown => (Array.isArray(value) ? [...value].sort() : value);

/** Sets are compared as sets (classification.md §0): their order, not their number, is free. */
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

function run<Kind extends RequestKind>(
  kind: Kind,
  file: string,
  evaluate: (request: never, ruleSet: RuleSet) => object,
): void {
  const vectors = JSON.parse(readFileSync(`${folder}${file}.json`, 'utf8')) as readonly Vector[];
  describe(`acceptance vectors of ${file} (${vectors.length})`, () => {
    test.each(vectors.map((vector) => [vector.id, vector.why, vector] as const))('%s: %s', (_id, _why, vector) => {
      const validation = validateRequest(kind, vector.request);
      if (vector.status === 400) {
        expect(validation).toMatchObject({ ok: false, code: vector.expected['code'] });
        return;
      }
      if (!validation.ok) throw new Error(JSON.stringify(validation.errors));
      const answer = evaluate(validation.value as never, currentRuleSet) as Readonly<Record<string, unknown>>;
      const members = Object.keys(vector.expected);
      expect(comparable(answer, members)).toEqual(comparable(vector.expected, members));
      expect(answer['ruleSet']).toBe('eh-1.5');
    });
  });
}

run('authorization', 'authorization', classifyAuthorization);
run('means', 'means', classifyMeans);
run('revocationDeadline', 'revocation-deadline', revocationDeadline);
run('validity', 'validity', validity);
run('evaluation', 'evaluation', evaluateUse);
