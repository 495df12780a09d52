import type { Instant } from '#libs/kernel';
import { currentRuleSet, isRuleSetVersion, ruleSet as ruleSetOf, type RuleSet } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { RULES_APPLIED, rulesAppliedProjection } from '../read-models/rules-applied.js';

/**
 * The rules of a moment: those that the last decision by then was judged by, whichever object it was about and whatever
 * became of that since. Before anything was judged there are none to tell, and those of this release are taken; so are
 * they where nobody knows them any more.
 */
export async function rulesOfThen({ readModels }: Pick<Backbone, 'readModels'>, at: Instant): Promise<RuleSet> {
  await readModels.upToDate(rulesAppliedProjection as never);
  const row = await readModels.store.find(rulesAppliedProjection, RULES_APPLIED);
  const version = row?.changes.findLast(({ recordedAt }) => recordedAt <= at)?.ruleSet;
  return version !== undefined && isRuleSetVersion(version) ? ruleSetOf(version) : currentRuleSet;
}
