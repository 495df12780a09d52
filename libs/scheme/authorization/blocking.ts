import type { RuleSet } from '../rule-set.js';

/** The code without what it concerns: `aspect-unscored` of `aspect-unscored:IV`. */
const bare = (code: string): string => code.split(':', 1)[0] ?? code;

/** Whether a refusal in an answer stops the registration or issuance, or costs a row only (D-25). */
export const isBlocking = (code: string, ruleSet: RuleSet): boolean =>
  [...ruleSet.authorization.blocking, ...ruleSet.means.blocking].some((refusal) => refusal.code === bare(code));

export const blockingRefusals = (codes: readonly string[], ruleSet: RuleSet): readonly string[] =>
  codes.filter((code) => isBlocking(code, ruleSet));
