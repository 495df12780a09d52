import type { EhLevel, RevocationDeadlineRequest, RevocationDeadlineResult } from '../contract/classification.types.js';
import { atLeast, lowerOf } from '../levels/levels.js';
import type { Judged, RuleSet } from '../rule-set.js';
import { formatInstant } from '../time/amsterdam.js';
import { readInstant } from '../time/instant.js';
import { addWorkingDays } from '../time/working-days.js';
import { type DeadlineRule, ENDING_MUTATIONS, MEANS_ALONE, type EntitlementRules, type Mutation } from './rules.js';

type Requester = NonNullable<RevocationDeadlineRequest['requester']>;
type Refusal = RevocationDeadlineResult['refusals'][number];

const isBelow = (level: EhLevel | undefined, required: EhLevel): boolean =>
  level !== undefined && !atLeast(level, required);

/** An administrator who is logged in may not end what lies above his own level (ADMIN-03, D-42). */
function isAdministratorTooLow(
  { object, channel, level }: RevocationDeadlineRequest,
  { role, authenticatedLevel, administrationLevel }: Requester,
): boolean {
  if (role !== 'administrator' || object !== 'authorization') return false;
  if (channel !== 'electronic' || authenticatedLevel === undefined) return false;
  return isBelow(authenticatedLevel, level) || isBelow(administrationLevel, level);
}

const isLoggedIn = ({ channel }: RevocationDeadlineRequest, { authenticatedLevel }: Requester): boolean =>
  channel === 'electronic' && authenticatedLevel !== undefined;

/** The IO score of a login, for an administrator no more than his authority carries (REV-05, D-46); 0 without login. */
function ioOfLogin(
  { channel }: RevocationDeadlineRequest,
  { role, authenticatedLevel, administrationLevel }: Requester,
  rules: EntitlementRules,
): number {
  if (channel !== 'electronic' || authenticatedLevel === undefined) return 0;
  const level = role === 'administrator' ? lowerOf(authenticatedLevel, administrationLevel) : authenticatedLevel;
  return rules.ioOfLogin[level ?? authenticatedLevel];
}

/** At EH1 nobody is verified, not even a court order (D-41). */
function isIdentified(request: RevocationDeadlineRequest, requester: Requester, rules: EntitlementRules): boolean {
  const least = rules.minimumIo[request.level];
  if (requester.role === 'court') return least === 0 || requester.courtOrderVerified === true;
  return Math.max(requester.ioScore ?? 0, ioOfLogin(request, requester, rules)) >= least;
}

/** At EH1 nobody has to be identified, but who is not has to ask in writing or by e-mail (PI1). */
function isInFormOfEh1(request: RevocationDeadlineRequest, requester: Requester, rules: EntitlementRules): boolean {
  if (request.level !== 'EH1' || requester.role === 'court') return true;
  if (isLoggedIn(request, requester) || (requester.ioScore ?? 0) >= 2) return true;
  const medium = request.medium ?? (request.channel === 'nonElectronic' ? 'writing' : 'other');
  return rules.mediaAtEh1.includes(medium);
}

/** Without a requester nobody is entitled; `validateRequest` reports that earlier. */
function refusalsOf(request: RevocationDeadlineRequest, mutation: Mutation, rules: EntitlementRules): Refusal[] {
  const { requester } = request;
  if (!ENDING_MUTATIONS.includes(mutation)) return [];
  if (requester === undefined || !rules.entitledRoles.includes(requester.role)) return ['requester-not-entitled'];
  const refusals: Refusal[] = [];
  if (isAdministratorTooLow(request, requester)) refusals.push('admin-level-too-low');
  if (!isIdentified(request, requester, rules)) refusals.push('requester-not-identified');
  if (!isInFormOfEh1(request, requester, rules)) refusals.push('form-not-accepted');
  return refusals;
}

const matches = (
  rule: DeadlineRule,
  { channel, level, object }: RevocationDeadlineRequest,
  mutation: Mutation,
): boolean =>
  rule.channel === channel &&
  (rule.levels?.includes(level) ?? true) &&
  (rule.objects?.includes(object) ?? true) &&
  (rule.mutations?.includes(mutation) ?? true);

/** The later deadline that the requirements on issuing have beside the one that counts (AMB-12), in milliseconds since 1970. */
export function deadlineOfMeansAlone(
  request: Omit<RevocationDeadlineRequest, 'requester'>,
  { revocation: { holidays } }: RuleSet,
): number | undefined {
  return matches(MEANS_ALONE, request, request.mutation ?? 'revocation')
    ? addWorkingDays(readInstant(request.receivedAt), MEANS_ALONE.workingDays, holidays)
    : undefined;
}

/** Is this request accepted, and when must it be carried out? (classification.md §3.) The request is a valid one. */
export function revocationDeadline(
  request: RevocationDeadlineRequest,
  ruleSet: RuleSet,
): Judged<RevocationDeadlineResult> {
  const rules = ruleSet.revocation;
  const mutation = request.mutation ?? 'revocation';
  const refusals = refusalsOf(request, mutation, rules);
  if (refusals.length > 0) {
    return { accepted: false, immediate: false, dueAt: null, refusals, flags: [], ruleSet: ruleSet.version };
  }
  const deadline = rules.deadlines.find((rule) => matches(rule, request, mutation));
  const days = deadline?.workingDays;
  const isCertificate = mutation === 'revocation' && request.object === 'means' && request.level === 'EH4';
  return {
    accepted: true,
    immediate: deadline?.immediate ?? false,
    dueAt:
      days === undefined ? null : formatInstant(addWorkingDays(readInstant(request.receivedAt), days, rules.holidays)),
    refusals: [],
    flags: isCertificate ? ['revoke-certificate-at-csp'] : [],
    ruleSet: ruleSet.version,
  };
}
