import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import {
  type AuthorizationCheck,
  type AuthorizationRequest,
  type AuthorizationResult,
  type EvaluationRequest,
  type MeansRequest,
  EH_LEVELS,
  atLeast,
  blockingRefusals,
  classifyAuthorization,
  classifyMeans,
  compareEh,
  currentRuleSet as rules,
  evaluateUse,
  minEh,
  validateRequest,
} from '#libs/scheme';
import { dossierOf, supposing } from './authorization/dossier.js';
import { judgeEvidence } from './authorization/scores.js';

/**
 * Properties over dossiers that are like real ones: a request of the acceptance vectors, with records of other vectors
 * added and some of its own taken away.
 */
function requestsOf<Request>(file: string, kind: 'authorization' | 'means' | 'evaluation'): readonly Request[] {
  const path = new URL(`../../test/vectors/${file}.json`, import.meta.url);
  const vectors = JSON.parse(readFileSync(path, 'utf8')) as readonly { request: unknown }[];
  return vectors.map(({ request }) => request).filter((request) => validateRequest(kind, request).ok) as Request[];
}

const dossiers = requestsOf<AuthorizationRequest>('authorization', 'authorization');
const checkPool = [
  ...new Map(dossiers.flatMap(({ checks }) => checks).map((check) => [JSON.stringify(check), check])).values(),
];

const check: fc.Arbitrary<AuthorizationCheck> = fc.constantFrom(...checkPool);
const dossier: fc.Arbitrary<AuthorizationRequest> = fc
  .record({
    request: fc.constantFrom(...dossiers),
    others: fc.array(check, { maxLength: 6 }),
    kept: fc.func(fc.integer({ min: 0, max: 9 })),
  })
  .map(({ request, others, kept }) => ({
    ...request,
    checks: [...request.checks.filter((_, index) => kept(index) > 0), ...others],
  }));

const classify = (request: AuthorizationRequest): AuthorizationResult => classifyAuthorization(request, rules);

const asSet = (values: readonly string[]): string[] => [...values].sort();

/** An answer with its sets sorted, to compare it with another. */
const normal = ({ rows, limitedBy, refusals, flags, ...rest }: AuthorizationResult): unknown => ({
  ...rest,
  rows: Object.fromEntries(Object.entries(rows).map(([aspect, ids]) => [aspect, asSet(ids)])),
  limitedBy: asSet(limitedBy),
  refusals: asSet(refusals),
  flags: asSet(flags),
});

const runs = { numRuns: 300 };

describe('an authorization', () => {
  test('LVL-09: more evidence never lowers a level, unless it is a finding that refuses', () => {
    fc.assert(
      fc.property(dossier, check, (request, added) => {
        const before = classify(request);
        const after = classify({ ...request, checks: [...request.checks, added] });
        const found = blockingRefusals(after.refusals, rules).filter((code) => !before.refusals.includes(code));
        // One unit only, without a scope limited to it, is such a finding too: it speaks against row IV2-b (IV2-unit).
        if (found.length > 0 || added.type === 'organizationalUnitCheck') return;
        expect(after.m).toBeGreaterThanOrEqual(before.m);
        if (before.eh !== null) expect(after.eh !== null && atLeast(after.eh, before.eh)).toBe(true);
      }),
      runs,
    );
  });

  test('no finding but special circumstances or one unit only lowers a score', () => {
    fc.assert(
      fc.property(dossier, check, (request, added) => {
        const speaksAgainst =
          added.type === 'organizationalUnitCheck' ||
          (added.type === 'specialCircumstancesCheck' && added.outcome === 'found');
        if (speaksAgainst) return;
        const before = classify(request).scores;
        const after = classify({ ...request, checks: [...request.checks, added] }).scores;
        for (const [aspect, score] of Object.entries(before)) {
          expect(after[aspect as keyof typeof after]).toBeGreaterThanOrEqual(score);
        }
      }),
      runs,
    );
  });

  test('LVL-02, LVL-08: the evidence for a level earns every lower level', () => {
    fc.assert(
      fc.property(dossier, (request) => {
        const { m, eh, scores, missingFor } = classify(request);
        for (const level of [1, 2, 3, 4] as const) {
          if (level > m) continue;
          for (const [aspect, least] of Object.entries(rules.authorization.minimumScores[level])) {
            expect(scores[aspect as keyof typeof scores] ?? 4).toBeGreaterThanOrEqual(least);
          }
        }
        const missing = Object.keys(missingFor);
        expect(asSet(missing)).toEqual(asSet(EH_LEVELS.filter((level) => eh === null || compareEh(level, eh) > 0)));
      }),
      runs,
    );
  });

  test('SCORE-01…SCORE-03: a score is that of its best row, and the rows listed are at that score', () => {
    fc.assert(
      fc.property(dossier, (request) => {
        const { scores, rows } = classify(request);
        for (const [aspect, ids] of Object.entries(rows)) {
          const score = scores[aspect as keyof typeof scores];
          expect(ids.length > 0).toBe(score !== 0);
          for (const id of ids) {
            expect(
              rules.authorization.rows.some((row) => row.id === id && row.aspect === aspect && row.score === score),
            ).toBe(true);
          }
        }
      }),
      runs,
    );
  });

  test('taking away all records that a row can rest on takes away the row; taking away all others does not', () => {
    const holding = (request: AuthorizationRequest): ReadonlySet<(typeof rules.authorization.rows)[number]> => {
      const judged = dossierOf(request, rules.authorization.maximumAge);
      const { IA, IO } = judgeEvidence(rules.authorization.rows, judged);
      const earlier = { IA: IA.score, IO: IO.score };
      return new Set(rules.authorization.rows.filter((row) => row.holds(judged, earlier)));
    };
    fc.assert(
      fc.property(dossier, (request) => {
        const withChecks = (kept: (record: AuthorizationCheck) => boolean): AuthorizationRequest => ({
          ...request,
          checks: request.checks.filter(kept),
        });
        const byRequestAlone = holding(withChecks(() => false));
        for (const row of holding(request)) {
          const rests = (record: AuthorizationCheck): boolean => row.restsOn.includes(record.type);
          expect({ row: row.id, left: holding(withChecks((record) => !rests(record))).has(row) }).toEqual({
            row: row.id,
            left: byRequestAlone.has(row),
          });
          const own = withChecks((record) => rests(record) || record.type === 'meansIssuance');
          expect({ row: row.id, left: holding(own).has(row) }).toEqual({ row: row.id, left: true });
        }
      }),
      { numRuns: 150 },
    );
  });

  test('D-25: a code is given exactly when supposing its condition, and judging everything again, lifts an aspect', () => {
    const scoresOf = (judged: ReturnType<typeof judgeEvidence>): readonly number[] =>
      Object.values(judged).map(({ score }) => score);
    fc.assert(
      fc.property(dossier, fc.boolean(), (request, withoutReason) => {
        const asked: AuthorizationRequest = withoutReason ? { ...request, deviationReason: '' } : request;
        const whole = dossierOf(asked, rules.authorization.maximumAge);
        const scores = scoresOf(judgeEvidence(rules.authorization.rows, whole));
        const lifting = rules.authorization.rowCodes.filter(({ code }) =>
          scoresOf(judgeEvidence(rules.authorization.rows, supposing(whole, code))).some(
            (score, aspect) => score > scores[aspect]!,
          ),
        );
        const { refusals } = classify(asked);
        const given = rules.authorization.rowCodes.filter(({ code }) => refusals.includes(code));
        expect(given).toEqual(lifting);
      }),
      runs,
    );
  });

  test('SYN-02, LVL-07: no level is above its weakest aspect, its means or its submitter', () => {
    fc.assert(
      fc.property(dossier, (request) => {
        const { m, eh, scores, submitterLevel, limitedBy, refusals } = classify(request);
        const party = request.authorizedParty;
        const least = Math.min(...Object.values(scores));
        if (least === 0) expect(m).toBe(0);
        if (eh !== null) {
          if (submitterLevel !== null) expect(atLeast(submitterLevel, eh)).toBe(true);
          if (party.kind === 'naturalPerson') {
            expect(party.meansStork ?? 0).toBeGreaterThanOrEqual(rules.levels.storkOf[eh]);
          }
        }
        if (m < 4 && blockingRefusals(refusals, rules).length === 0) expect(limitedBy).not.toEqual([]);
      }),
      runs,
    );
  });

  test('the order of the records is irrelevant, and a record repeated changes nothing', () => {
    fc.assert(
      fc.property(
        dossier.chain((request) =>
          fc.record({
            request: fc.constant(request),
            shuffled: fc.shuffledSubarray([...request.checks], { minLength: request.checks.length }),
            repeated: fc.subarray([...request.checks]),
          }),
        ),
        ({ request, shuffled, repeated }) => {
          const answer = normal(classify(request));
          expect(normal(classify({ ...request, checks: shuffled }))).toEqual(answer);
          expect(normal(classify({ ...request, checks: [...shuffled, ...repeated] }))).toEqual(answer);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('LVL-11: the same dossier always gets the same answer, and is left as it was', () => {
    fc.assert(
      fc.property(dossier, (request) => {
        const before = JSON.stringify(request);
        const answer = classify(request);
        expect(JSON.stringify(request)).toBe(before);
        expect(classify(JSON.parse(before) as AuthorizationRequest)).toEqual(answer);
      }),
      { numRuns: 50 },
    );
  });

  test('LVL-03: what can be registered has a level, or waits for a means only', () => {
    fc.assert(
      fc.property(dossier, (request) => {
        const { m, eh, refusals } = classify(request);
        const waits =
          request.authorizedParty.kind === 'naturalPerson' && request.authorizedParty.meansStork === undefined;
        expect(m >= 1).toBe(blockingRefusals(refusals, rules).length === 0);
        expect(eh !== null).toBe(m >= 1 && !waits);
      }),
      runs,
    );
  });
});

describe('a means', () => {
  const requests = requestsOf<MeansRequest>('means', 'means');
  const validationPool = requests.flatMap(({ identification }) => identification.validations);
  const validation = fc.constantFrom(...validationPool);
  const means = fc.constantFrom(...requests);
  const withValidations = (request: MeansRequest, validations: typeof validationPool): MeansRequest => ({
    ...request,
    identification: { ...request.identification, validations },
  });

  test('MEANS-02: never above its weakest element; another validation never lowers it, unless a document is reported', () => {
    fc.assert(
      fc.property(means, validation, (request, added) => {
        const before = classifyMeans(request, rules);
        const validations = [added, ...request.identification.validations];
        const after = classifyMeans(withValidations(request, validations), rules);
        for (const element of ['ID', 'IC', 'RC', 'AM'] as const)
          expect(before.stork).toBeLessThanOrEqual(before.scores[element]);
        expect(before.issuanceLevel).toBeGreaterThanOrEqual(before.stork);
        if (!after.refusals.includes('document-reported')) expect(after.stork).toBeGreaterThanOrEqual(before.stork);
        const turned = classifyMeans(withValidations(request, [...validations, added].reverse()), rules);
        expect({ ...turned, refusals: asSet(turned.refusals) }).toEqual({ ...after, refusals: asSet(after.refusals) });
      }),
      runs,
    );
  });

  test('every level above the one reached is accounted for', () => {
    for (const request of requests) {
      const { stork, missingFor, limitedBy } = classifyMeans(request, rules);
      expect(Object.keys(missingFor)).toEqual(['1', '2', '3', '4'].slice(stork));
      const next = missingFor[String(stork + 1) as keyof typeof missingFor];
      expect(asSet(Object.keys(next ?? {}))).toEqual(asSet(limitedBy));
    }
  });
});

describe('at use', () => {
  const question: fc.Arbitrary<EvaluationRequest> = fc.constantFrom(
    ...requestsOf<EvaluationRequest>('evaluation', 'evaluation'),
  );

  test('LVL-08, USE-03: what is granted at a level is granted when a lower one is asked for, at the same level reached', () => {
    fc.assert(
      fc.property(question, fc.constantFrom(...EH_LEVELS), (request, lower) => {
        const granted = evaluateUse(request, rules);
        const level = minEh(lower, request.requestedLevel);
        const asked = evaluateUse({ ...request, requestedLevel: level }, rules);
        if (granted.decision) {
          expect(asked.decision).toBe(true);
          expect(granted.effectiveLevel !== null && atLeast(granted.effectiveLevel, granted.requiredLevel)).toBe(true);
        }
        expect(asked.effectiveLevel).toBe(granted.effectiveLevel);
      }),
      runs,
    );
  });

  test('TFA-08: no policy about the second factor says no to a means that has one', () => {
    const entry = fc.record({
      from: fc.constantFrom('2000-01-01T00:00:00+01:00', '2026-03-02T10:00:00+01:00', '2100-01-01T00:00:00+01:00'),
      provider: fc.option(fc.constantFrom('provider-a', 'provider-b'), { nil: undefined }),
    });
    const policies = fc.array(
      entry.map(({ from, provider }) => (provider === undefined ? { from } : { from, provider })),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(
        question,
        fc.constantFrom(2 as const, 3 as const),
        policies,
        (request, factors, secondFactorPolicy) => {
          const { secondFactorPolicy: _, ...rest } = { ...request, means: { ...request.means, factors } };
          expect(evaluateUse({ ...rest, secondFactorPolicy }, rules)).toEqual(evaluateUse(rest, rules));
        },
      ),
      runs,
    );
  });

  test('SYN-11, CHAIN-02: a chain is at the level of its weakest link', () => {
    fc.assert(
      fc.property(question, (request) => {
        const whole = evaluateUse(request, rules).effectiveLevel;
        if (whole === null) return;
        const levels = request.links.map((link, index) => {
          const isLast = index === request.links.length - 1;
          const alone = { ...request, representedParty: { id: link.representedParty }, links: [link] };
          if (isLast) return evaluateUse(alone, rules).effectiveLevel;
          const means = { holder: link.authorizedParty, status: 'active' as const, stork: 4 as const };
          const carried = evaluateUse({ ...alone, means }, rules).effectiveLevel;
          return carried;
        });
        expect(levels.reduce((left, right) => (left === null || right === null ? null : minEh(left, right)))).toBe(
          whole,
        );
      }),
      runs,
    );
  });

  test('USE-01: a yes has no reason against it, a no has one', () => {
    fc.assert(
      fc.property(question, (request) => {
        const { decision, reasons, effectiveLevel, eidas } = evaluateUse(request, rules);
        expect(decision).toBe(reasons.length === 0);
        expect(new Set(reasons).size).toBe(reasons.length);
        expect(effectiveLevel === null).toBe(eidas === null);
        if (decision) expect(effectiveLevel).not.toBeNull();
        const order = rules.use.reasons.map(({ code }) => code);
        expect(reasons).toEqual(order.filter((code) => reasons.includes(code)));
      }),
      runs,
    );
  });
});
