import type { MeansRequest, MeansResult, StorkLevel } from '../contract/classification.types.js';
import type { Judged, RuleSet } from '../rule-set.js';
import { criteriaOf } from './criteria.js';
import type { Criteria, MeansElement, MeansFacts, MeansRowCode, SupportTable } from './row.js';
import type { Score } from '../score.js';
import { supposition } from '../supposition.js';

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

interface Judgment {
  readonly scores: Scores;
  readonly rows: Rows;
  readonly criteria: Criteria;
  readonly asked: ReadonlySet<MeansRowCode>;
}

/** The score of an element is that of its best satisfied row (SCORE-01…SCORE-03). */
function judge(request: MeansRequest, rules: MeansRules, supposed: MeansRowCode | null): Judgment {
  const own = supposition(supposed);
  const facts: MeansFacts = { request, criteria: criteriaOf(request, own), ...own };
  const scores = byElement<Score>(() => 0);
  const rows = byElement<string[]>(() => []);
  for (const row of rules.rows) {
    const best = scores[row.element];
    if (row.score < best || !row.holds(facts)) continue;
    scores[row.element] = row.score;
    if (row.score > best) rows[row.element] = [row.id];
    else rows[row.element].push(row.id);
  }
  return { scores: scores as Scores, rows, criteria: facts.criteria, asked: own.asked };
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
  const missing: Record<string, Partial<Record<MeansElement, number>>> = {};
  for (const stork of STORK_LEVELS) {
    if (stork <= reached) continue;
    const elements: Partial<Record<MeansElement, number>> = {};
    for (const element of fallsShort(scores, supports, stork)) elements[element] = needed(supports, element, stork);
    missing[stork] = elements;
  }
  return missing as MeansResult['missingFor'];
}

/** Which STORK level does this means reach? (classification.md §2.) The request is a valid one. */
export function classifyMeans(request: MeansRequest, ruleSet: RuleSet): Judged<MeansResult> {
  const rules = ruleSet.means;
  const { scores, rows, criteria, asked } = judge(request, rules, null);
  const blocking = rules.blocking.flatMap((refusal) => refusal.found(request, scores));
  const stork = blocking.length > 0 ? 0 : supported(ELEMENTS, scores, rules.supports);
  const isReported = blocking.includes('document-reported');
  const lifting = rules.rowCodes.filter(({ code }) => {
    if (!asked.has(code)) return false;
    const supposed = judge(request, rules, code).scores;
    return ELEMENTS.some((element) => supposed[element] > scores[element]);
  });
  return {
    scores,
    rows,
    criteria,
    stork,
    issuanceLevel: isReported ? 0 : supported(ISSUANCE_ELEMENTS, scores, rules.supports),
    limitedBy: stork === 4 ? [] : fallsShort(scores, rules.supports, (stork + 1) as StorkLevel),
    missingFor: missingFor(scores, stork, rules.supports),
    refusals: [...blocking, ...lifting.map(({ code }) => code)],
    ruleSet: ruleSet.version,
  };
}
