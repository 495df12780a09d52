import type { EhLevel, EvaluationRequest, EvaluationResult } from '../contract/classification.types.js';
import { eidasOf, maxEh, minEh } from '../levels/levels.js';
import { synthesizeEh } from '../levels/synthesis.js';
import type { Judged, RuleSet } from '../rule-set.js';
import type { EpochMillis } from '../time/instant.js';
import { type LevelContext, type TimedService, type UseContext, type UseQuestion, timedQuestion } from './question.js';
import type { ReasonCode } from './reasons.js';

/** The minimum level in force: the latest that has begun, the highest of those that began together (LVL-04). */
export function minimumLevelAt(
  { minimumLevels }: Pick<TimedService, 'minimumLevels'>,
  at: EpochMillis,
): EhLevel | null {
  let from = -Infinity;
  let level: EhLevel | null = null;
  for (const minimum of minimumLevels) {
    if (minimum.from > at || minimum.from < from) continue;
    level = minimum.from > from || level === null ? minimum.level : maxEh(level, minimum.level);
    from = minimum.from;
  }
  return level;
}

/**
 * The levels that the links carry: the last with the means of the acting person, the others without a means, so that
 * M2 carries EH2+ (SYN-05, SYN-11, CHAIN-02, D-27). `null` when a link carries none.
 */
function linkLevels({ links, means }: UseQuestion, ruleSet: RuleSet): Omit<LevelContext, keyof UseContext> | null {
  const stork = Math.min(means.stork, means.authenticationServiceStork ?? means.stork);
  const last = links.length - 1;
  let lastLinkLevel: EhLevel | null = null;
  let effectiveLevel: EhLevel | null = null;
  for (let index = 0; index <= last; index += 1) {
    const link = links[index];
    if (link === undefined) return null;
    const columns = { m: link.m, stork: index === last ? stork : undefined, submitter: link.submitterLevel };
    lastLinkLevel = synthesizeEh(columns, ruleSet.authorization.ehTable);
    if (lastLinkLevel === null) return null;
    effectiveLevel = effectiveLevel === null ? lastLinkLevel : minEh(effectiveLevel, lastLinkLevel);
  }
  return lastLinkLevel === null || effectiveLevel === null ? null : { lastLinkLevel, effectiveLevel };
}

/**
 * May this person act here and now, and at which level? For a question whose moments have been read already; allocates
 * little, for an index that answers many questions a second. Never a yes without a level (USE-01).
 */
export function evaluateUseAt(question: UseQuestion, ruleSet: RuleSet): Judged<EvaluationResult> {
  const minimumLevel = minimumLevelAt(question.service, question.at);
  const requiredLevel = minimumLevel === null ? question.requestedLevel : maxEh(question.requestedLevel, minimumLevel);
  const context: UseContext = { minimumLevel, requiredLevel };
  const reasons: ReasonCode[] = [];
  let isFounded = true;
  for (const reason of ruleSet.use.reasons) {
    if (reason.judges === 'level' || !reason.applies(question, context)) continue;
    reasons.push(reason.code);
    if (reason.judges === 'unfounded') isFounded = false;
  }
  const levels = isFounded ? linkLevels(question, ruleSet) : null;
  if (levels === null) {
    return { decision: false, requiredLevel, effectiveLevel: null, eidas: null, reasons, ruleSet: ruleSet.version };
  }
  const { lastLinkLevel, effectiveLevel } = levels;
  const levelContext: LevelContext = { minimumLevel, requiredLevel, lastLinkLevel, effectiveLevel };
  for (const reason of ruleSet.use.reasons) {
    if (reason.judges === 'level' && reason.applies(question, levelContext)) reasons.push(reason.code);
  }
  return {
    decision: reasons.length === 0,
    requiredLevel,
    effectiveLevel,
    eidas: eidasOf(effectiveLevel, ruleSet.levels),
    reasons,
    ruleSet: ruleSet.version,
  };
}

/** Evaluation at use (classification.md §5). The request is a valid one. */
export const evaluateUse = (request: EvaluationRequest, ruleSet: RuleSet): Judged<EvaluationResult> =>
  evaluateUseAt(timedQuestion(request), ruleSet);
