import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  classifyAuthorization,
  classifyMeans,
  evaluateUse,
  revocationDeadline,
  ruleSet,
  ruleSetVersions,
  validity,
  type RuleSet,
} from '#libs/scheme';

/** What was judged under a version when it was in force: the whole answer, as its own code gave it. */
interface Stored {
  readonly evaluation: keyof typeof EVALUATIONS;
  readonly case: string;
  readonly request: unknown;
  readonly result: { readonly ruleSet: string };
}

const EVALUATIONS = {
  authorization: classifyAuthorization,
  means: classifyMeans,
  'revocation-deadline': revocationDeadline,
  validity,
  evaluation: evaluateUse,
} as const;

const storedUnder = (version: string): readonly Stored[] => {
  const file = fileURLToPath(new URL(`./stored/${version}.json`, import.meta.url));
  return JSON.parse(readFileSync(file, 'utf8')) as readonly Stored[];
};

const judged = ({ evaluation, request }: Stored, rules: RuleSet): object =>
  (EVALUATIONS[evaluation] as (request: unknown, rules: RuleSet) => object)(request, rules);

describe.each(ruleSetVersions)('NORM-05: what was judged under %s', (version) => {
  const stored = storedUnder(version);

  test.each(stored.map((decision) => [decision.evaluation, decision.case, decision] as const))(
    '%s %s is judged the same again',
    (_evaluation, _case, decision) => {
      expect(decision.result.ruleSet).toBe(version);
      expect(judged(decision, ruleSet(version))).toEqual(decision.result);
    },
  );

  test('includes every evaluation', () => {
    expect(new Set(stored.map(({ evaluation }) => evaluation))).toEqual(new Set(Object.keys(EVALUATIONS)));
  });
});

test('the dossiers of eh-1.5 are in the form that they had: no look has a moment, registered is yes or no', () => {
  const stored = storedUnder('eh-1.5').map(({ request }) => JSON.stringify(request));
  expect(stored.some((request) => request.includes('"alreadyRegistered":true'))).toBe(true);
  expect(stored.some((request) => request.includes('"type":"specialCircumstancesCheck","outcome"'))).toBe(true);
  expect(stored.filter((request) => request.includes('registeredIv'))).toEqual([]);
});
