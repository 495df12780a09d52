import type { MeansRequest, MeansResult, StorkLevel } from '../contract/classification.types.js';
import type { Judged, RuleSet } from '../rule-set.js';
import { criteriaOf } from './criteria.js';
import type { MeansElement, MeansFacts, MeansRowCode, SupportTable } from './row.js';

type MeansRules = RuleSet['means'];
type Scores = MeansResult['scores'];
type Rows = MeansResult['rows'];

const ELEMENTS: readonly MeansElement[] = ['ID', 'IC', 'IE', 'RC', 'AM'];
const ISSUANCE_ELEMENTS: readonly MeansElement[] = ['ID', 'IC', 'IE'];
const STORK_LEVELS: readonly StorkLevel[] = [1, 2, 3, 4];

const byElement = <Value>(valueOf: (element: MeansElement) => Value): Record<MeansElement, Value> => ({
  ID: valueOf('ID'),
  IC: valueOf('IC'),
  IE: valueOf('IE'),
  RC: valueOf('RC'),
  AM: valueOf('AM'),
});

function judge(
  request: MeansRequest,
  rules: MeansRules,
  supposed: MeansRowCode | null,
): { scores: Scores; rows: Rows } {
  const facts: MeansFacts = { request, criteria: criteriaOf(request, supposed), supposed };
  const met = rules.rows.filter((row) => row.holds(facts));
  const scores = byElement((element) =>
    Math.max(0, ...met.filter((row) => row.element === element).map((row) => row.score)),
  ) as Scores;
  const rows = byElement((element) =>
    met.filter((row) => row.element === element && row.score === scores[element]).map((row) => row.id),
  );
  return { scores, rows };
}

const needed = (supports: SupportTable, element: MeansElement, stork: StorkLevel): number =>
  supports[element][stork - 1] ?? Infinity;

/** The highest STORK level that all of these elements support (MEANS-02). */
const supported = (elements: readonly MeansElement[], scores: Scores, supports: SupportTable): 0 | StorkLevel =>
  STORK_LEVELS.findLast((stork) => elements.every((element) => scores[element] >= needed(supports, element, stork))) ??
  0;

const fallsShort = (scores: Scores, supports: SupportTable, stork: StorkLevel): readonly MeansElement[] =>
  ELEMENTS.filter((element) => scores[element] < needed(supports, element, stork));

function missingFor(scores: Scores, reached: number, supports: SupportTable): MeansResult['missingFor'] {
  return Object.fromEntries(
    STORK_LEVELS.filter((stork) => stork > reached).map((stork) => [
      String(stork),
      Object.fromEntries(
        fallsShort(scores, supports, stork).map((element) => [element, needed(supports, element, stork)]),
      ),
    ]),
  ) as MeansResult['missingFor'];
}

/** Which STORK level does this means reach? (classification.md §2.) The request is a valid one. */
export function classifyMeans(request: MeansRequest, ruleSet: RuleSet): Judged<MeansResult> {
  const rules = ruleSet.means;
  const { scores, rows } = judge(request, rules, null);
  const blocking = rules.blocking.flatMap((refusal) => refusal.found(request, scores));
  const stork = blocking.length > 0 ? 0 : supported(ELEMENTS, scores, rules.supports);
  const isReported = blocking.includes('document-reported');
  const lifting = rules.rowCodes.filter(({ code }) => {
    const supposed = judge(request, rules, code).scores;
    return ELEMENTS.some((element) => supposed[element] > scores[element]);
  });
  return {
    scores,
    rows,
    criteria: criteriaOf(request, null),
    stork,
    issuanceLevel: isReported ? 0 : supported(ISSUANCE_ELEMENTS, scores, rules.supports),
    limitedBy: stork === 4 ? [] : fallsShort(scores, rules.supports, (stork + 1) as StorkLevel),
    missingFor: missingFor(scores, stork, rules.supports),
    refusals: [...blocking, ...lifting.map(({ code }) => code)],
    ruleSet: ruleSet.version,
  };
}
