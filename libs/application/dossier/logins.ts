import { epochOf, later, streamId, type Instant } from '#libs/kernel';
import { isInUse, meansDecider, type Means } from '#libs/domain';
import { minEh, type EhLevel, type StorkLevel } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { assessmentThrough, loginAssessments } from '../governance/login-assessment.js';
import { stateAsOf } from '../state-as-of.js';
import type { CheckOnRecord } from './load-checks.js';
import { isGoodSignature, isLater, isVerifiedDuring, type Process } from './question.js';
import { isValidationOf } from './superseding.js';
import type { Why } from './why.js';

/** The level that a login proves for the act it was made for, or why it proves none (PROOF-06). */
export type Login = { readonly level: EhLevel; readonly why?: never } | { readonly why: Why };

export interface LoginParts {
  readonly application: Process;
  /** Every record of the human who logged in. */
  readonly records: readonly string[];
  /** What stands beside the login in the dossier: the validation of an outside assertion has to be there. */
  readonly checks: readonly CheckOnRecord[];
  /** The means counts as it stood on record at that moment; absent: as it is now. */
  readonly asOf?: Instant;
}

type Authentication = Extract<CheckOnRecord['facts'], { readonly type: 'authentication' }>;

/**
 * A login proves the act it was made for: not earlier than a session before the intake, with a means that was active
 * then and is now, never for more than that means carries through that service (PROOF-06, MEANS-03, ADMIN-05).
 */
export async function judgeLogin(backbone: Backbone, facts: Authentication, parts: LoginParts): Promise<Login> {
  const { application, records, checks, asOf } = parts;
  const rules = backbone.governance.loginRulesAt(application.receivedAt);
  const at = facts.at as Instant;
  if (at < later(application.receivedAt, -rules.session) || at > (facts.performedAt as Instant)) {
    return { why: 'login-outside-session' };
  }
  if (facts.means !== undefined) {
    const means = await meansAsOf(backbone, facts.means, asOf);
    if (means === undefined || !records.includes(means.holder)) return { why: 'means-of-another-person' };
    if (!wasActive(means, facts, { checks, session: rules.session, now: asOf ?? backbone.now() }))
      return { why: 'means-not-active' };
    const level = levelThrough(backbone, means, facts.authenticationService, at);
    return { level: minEh(facts.level, level) };
  }
  if (facts.facility === true) {
    const { ownFacility } = rules;
    return ownFacility === undefined ? { why: 'facility-without-level' } : { level: minEh(facts.level, ownFacility) };
  }
  return isValidated(facts, application, checks) ? { level: facts.level } : { why: 'assertion-not-validated' };
}

async function meansAsOf(
  { commands }: Backbone,
  id: string,
  asOf: Instant | undefined,
): Promise<Exclude<Means, { status: 'none' }> | undefined> {
  const { state: now, history } = await commands.load(meansDecider, streamId('means', id));
  const state = asOf === undefined ? now : stateAsOf(meansDecider, history, asOf);
  return state.status === 'none' ? undefined : state;
}

/** Active at the login, or taken into use by it; neither suspended then nor ended since. */
function wasActive(
  means: Exclude<Means, { status: 'none' }>,
  login: Authentication,
  {
    checks,
    session,
    now,
  }: { readonly checks: readonly CheckOnRecord[]; readonly session: number; readonly now: Instant },
): means is Extract<Means, { status: 'active' }> {
  if (!isInUse(means, now)) return false;
  const { activatedAt, issuedAt, paused } = means;
  const at = login.at as Instant;
  if (paused.some(({ from, until }) => at >= from && at < until)) return false;
  if (at >= activatedAt) return true;
  // One login activates: the last before it, and not longer before it than a session lasts.
  const isLast = !checks.some(
    ({ facts }) =>
      facts.type === 'authentication' && facts.means === means.id && facts.at > at && facts.at <= activatedAt,
  );
  return issuedAt <= at && epochOf(activatedAt) - epochOf(at) <= session && isLast;
}

/** What the means carried then through an authentication service: never more than that service's assessment (MEANS-03). */
function levelThrough(
  backbone: Backbone,
  means: Extract<Means, { status: 'active' }>,
  service: string | undefined,
  at: Instant,
): EhLevel {
  const then = means.before.find(({ until }) => at < until) ?? means;
  const product = backbone.governance.productAt(then.product, at);
  // A product that nobody knows any more supports nothing but the lowest level.
  if (product === undefined) return levelOfStork(1);
  const { stork } = assessmentThrough(loginAssessments(product, backbone.rules), service);
  return levelOfStork(Math.min(then.stork, stork) as StorkLevel);
}

/** A valid signature of that very assertion, verified in the same application, that no later validation takes back. */
function isValidated(login: Authentication, application: Process, checks: readonly CheckOnRecord[]): boolean {
  const validations = checks.filter(
    ({ facts }) =>
      facts.application === application.id && isValidationOf(login, facts) && isVerifiedDuring(facts, application),
  );
  const validation = validations.find(({ id }) => id === login.assertion?.signatureValidation);
  return (
    validation !== undefined &&
    isGoodSignature(validation.facts) &&
    !validations.some((other) => !isGoodSignature(other.facts) && isLater(other, validation))
  );
}

/** The EH level that a means of this STORK level can carry at most (LVL-15). */
export const levelOfStork = (stork: StorkLevel): EhLevel => (['EH1', 'EH2', 'EH3', 'EH4'] as const)[stork - 1]!;
