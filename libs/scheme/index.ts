export type * from './contract/classification.types.js';
/** The contract of the five evaluations itself (JSON Schema), for whoever documents it. */
export { default as classificationSchema } from './contract/classification.schema.json' with { type: 'json' };
export {
  EH_LEVELS,
  atLeast,
  compareEh,
  ehOfM,
  eidasOf,
  isEhLevel,
  lowerOf,
  maxEh,
  minEh,
  storkOf,
} from './levels/levels.js';
export {
  type Columns,
  type EhRow,
  type MLevel,
  type MinimumScores,
  synthesizeEh,
  synthesizeM,
} from './levels/synthesis.js';

export type { Judged, RuleSet, RuleSetVersion } from './rule-set.js';
export { currentRuleSet, isRuleSetVersion, ruleSet, ruleSetVersions } from './rule-sets/rule-sets.js';
export type { RowCode, Score } from './score.js';

export { classifyAuthorization } from './authorization/classify.js';
export type {
  Aspect,
  AuthorizationRow,
  Book,
  DepartureFlag,
  EvidenceAspect,
  ProfileAspect,
} from './authorization/row.js';
export type { AuthorizationRowCode } from './authorization/row-codes.js';
export type { ProfileRow } from './authorization/profile.js';
export type { BlockingRefusal } from './authorization/refusals.js';
export { blockingRefusals, isBlocking } from './authorization/blocking.js';
export { containsAll } from './authorization/ia.js';

export { classifyMeans } from './means/classify.js';
export type { MeansElement, MeansRow, MeansRowCode } from './means/row.js';
export {
  type EnforcedPassword,
  type EnforcedPin,
  type EnforcedSecret,
  type PasswordContext,
  type PasswordPolicy,
  type PinPolicy,
  type SecretFault,
  type SecretPolicies,
  enforcementFaults,
  passwordFaults,
  passwordPolicyAt,
  pinFaults,
  pinPolicyAt,
} from './means/secret.js';

export { deadlineOfMeansAlone, revocationDeadline } from './revocation/deadline.js';
export type { DeadlineRule, Mutation, RequesterRole, RevocationObject } from './revocation/rules.js';
export { type RequesterEvidence, type RequesterIdentification, requesterIoScore } from './revocation/requester.js';

export { nonUsePeriods, type NonUsePeriods, validity } from './validity/validity.js';
export { RETENTION_YEARS, retainedUntil } from './validity/retention.js';
export { RIGHTS_MONTHS, RIGHTS_MONTHS_PROLONGED, rightsTerm } from './validity/rights-term.js';
export { renewalEvidence, renewalProcedureScore } from './validity/renewal.js';
export type { RenewalEvidence, RenewalRow } from './validity/renewal-row.js';

export { evaluateUse, evaluateUseAt, minimumLevelAt } from './use/evaluate.js';
export { covers } from './use/reasons.js';
export {
  type TimedLevelPolicy,
  type TimedLink,
  type TimedSecondFactorPolicy,
  type TimedService,
  type UseQuestion,
  timedLink,
  timedQuestion,
  timedService,
} from './use/question.js';
export type { ReasonCode, UseReason } from './use/reasons.js';

export {
  type LevelPolicyEntry,
  type LevelPolicyRefusal,
  isPhasedOut,
  issuanceRefusal,
  upgradeRefusal,
} from './policy/level-policy.js';
export {
  type SecondFactorPolicyEntry,
  hasSecondFactor,
  isSecondFactorMandatory,
} from './policy/second-factor-policy.js';

export { amsterdamDay, endOfAmsterdamDay, formatInstant } from './time/amsterdam.js';
export { addDays, addMonths, addYears } from './time/calendar.js';
export { type EpochMillis, readDate, readInstant } from './time/instant.js';
export { DUTCH_HOLIDAYS, type Holiday, addWorkingDays, isWorkingDay, workingTimeBetween } from './time/working-days.js';

export {
  type RequestKind,
  type Requests,
  type StructureName,
  type Validation,
  type ValidationCode,
  structureFaults,
  validateRequest,
} from './validation/validate.js';
export { bounded, enough } from './validation/bounded.js';
export { FAULT_CODES } from './validation/faults.js';
export type { Fault, FaultCode } from './validation/faults.js';
