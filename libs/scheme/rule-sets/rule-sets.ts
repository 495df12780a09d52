import type { RuleSet, RuleSetVersion } from '../rule-set.js';
import { EH_1_5_1 } from './eh-1.5.1.js';
import { EH_1_5 } from './eh-1.5.js';

/** Every version ever released, oldest first: a decision is replayed under the one it records (NORM-05). */
const RULE_SETS: Readonly<Record<RuleSetVersion, RuleSet>> = { 'eh-1.5': EH_1_5, 'eh-1.5.1': EH_1_5_1 };

/** The rules by which new decisions are taken. */
export const currentRuleSet: RuleSet = EH_1_5_1;

export const ruleSetVersions: readonly RuleSetVersion[] = ['eh-1.5', 'eh-1.5.1'];

export const isRuleSetVersion = (version: string): version is RuleSetVersion => Object.hasOwn(RULE_SETS, version);

export const ruleSet = (version: RuleSetVersion): RuleSet => RULE_SETS[version];
