import type { LoginAssessment } from '#libs/application';
import {
  compareEh,
  evaluateUseAt,
  type EhLevel,
  type EvaluationResult,
  type ReasonCode,
  type RuleSet,
  type TimedLink,
  type UseQuestion,
} from '#libs/scheme';
import type { Path } from '../decision-index/decision-index.js';

/** A path, and what evaluation 5 says of it. */
export interface Candidate {
  readonly path: Path | readonly [];
  readonly question: UseQuestion;
  readonly result: EvaluationResult;
}

export interface Remedy {
  /** The level of a login with which the same question is a yes. */
  readonly stepUp?: EhLevel;
  /** No login helps, and what is in the way is in the authorization alone. */
  readonly isForAdministrator?: boolean;
}

/** What another login may change. A no with any other reason stays one. */
const OF_LOGIN: ReadonlySet<ReasonCode> = new Set([
  ...(['sso-forbidden-at-level-4', 'second-factor-required', 'chain-needs-EH2'] as const),
  ...(['level-too-low', 'level-phased-out'] as const),
]);

/** What an administrator may change of an authorization that stands. */
const OF_AUTHORIZATION: ReadonlySet<ReasonCode> = new Set([
  ...(['substitution-not-granted', 'client-not-listed', 'only-for-third-parties', 'not-independently'] as const),
  ...(['service-not-in-scope', 'outside-establishment', 'chain-needs-EH2', 'level-too-low'] as const),
  'level-phased-out',
]);

/** Where a login of the level that is asked for is all that is missing. */
const OF_LEVEL_ALONE: ReadonlySet<ReasonCode> = new Set(['sso-forbidden-at-level-4', 'level-too-low']);

/**
 * What would make a no a yes. Only a means that has an authorization at the organization, one that stands, is told: what an
 * authorization lacks is no stranger's business.
 */
export function remedyOf(
  {
    candidates,
    best,
    logins,
  }: {
    readonly candidates: readonly Candidate[];
    readonly best: Candidate;
    /** What the means supports through each service. */
    readonly logins: () => readonly LoginAssessment[];
  },
  rules: RuleSet,
): Remedy {
  if (best.result.effectiveLevel === null) return {};
  const mendable = candidates.filter(({ result }) => result.reasons.every((code) => OF_LOGIN.has(code)));
  const levels = mendable.length === 0 ? [] : mendable.flatMap((candidate) => levelsOf(candidate, logins(), rules));
  if (levels.length > 0)
    return { stepUp: levels.reduce((least, level) => (compareEh(level, least) < 0 ? level : least)) };
  return isOfAuthorization(best, logins(), rules) ? { isForAdministrator: true } : {};
}

/** The levels to log in at, of the logins with which this path is a yes. */
function levelsOf(
  { question, result }: Candidate,
  logins: readonly LoginAssessment[],
  rules: RuleSet,
): readonly EhLevel[] {
  const isOfLevel = result.reasons.every((code) => OF_LEVEL_ALONE.has(code));
  return logins.flatMap(({ stork, factors }) => {
    const mended = evaluateUseAt(loggedIn(question, stork, factors), rules);
    if (!mended.decision) return [];
    return [isOfLevel ? mended.requiredLevel : mended.effectiveLevel!];
  });
}

/** The same question after a login of its own. */
const loggedIn = (
  question: UseQuestion,
  stork: LoginAssessment['stork'],
  factors: LoginAssessment['factors'],
): UseQuestion => ({
  ...question,
  singleSignOn: false,
  means: { ...question.means, authenticationServiceStork: stork, factors },
});

/**
 * Whether the best of all logins, by the best of all means, would leave every reason where it is, and authorizations without
 * those limits would make it a yes by this means as it is, after one of the logins that it has.
 */
function isOfAuthorization(
  { question, result }: Candidate,
  logins: readonly LoginAssessment[],
  rules: RuleSet,
): boolean {
  if (!result.reasons.every((code) => OF_AUTHORIZATION.has(code))) return false;
  const ideal = loggedIn(question, 4, 2);
  const { reasons } = evaluateUseAt({ ...ideal, means: { ...ideal.means, stork: 4 } }, rules);
  const remain = reasons.length === result.reasons.length && reasons.every((code) => result.reasons.includes(code));
  const mended: UseQuestion = { ...question, links: question.links.map(unlimited) };
  return (
    remain &&
    [mended, ...logins.map(({ stork, factors }) => loggedIn(mended, stork, factors))].some(
      (asked) => evaluateUseAt(asked, rules).decision,
    )
  );
}

/** The same authorization as wide and as high as an administrator can register it. */
const unlimited = (link: TimedLink): TimedLink => {
  const { establishments: _establishments, onlyForClients: _onlyForClients, submitterLevel: _level, ...open } = link;
  return {
    ...open,
    m: 4,
    scope: { all: true },
    rightOfSubstitution: true,
    actsIndependently: true,
    forThirdParties: false,
  };
};
