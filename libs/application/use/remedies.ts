import {
  atLeast,
  compareEh,
  EH_LEVELS,
  evaluateUseAt,
  type EhLevel,
  type EvaluationResult,
  type ReasonCode,
  type RuleSet,
  type StorkLevel,
  type TimedLink,
  type UseQuestion,
} from '#libs/scheme';
import { levelOfStork } from '../dossier/logins.js';
import type { LoginAssessment } from '../governance/login-assessment.js';
import type { IndexedMeans, Path } from './decision-index.js';

/** A path, and what evaluation 5 says of it. */
export interface Candidate {
  readonly means: IndexedMeans;
  readonly path: Path | readonly [];
  readonly question: UseQuestion;
  readonly result: EvaluationResult;
}

/** A login with which the same question is a yes. */
export interface StepUp {
  readonly level: EhLevel;
  /** No login by the means that asks would do, one by another means of its holder does: this one, over this path. */
  readonly by?: { readonly means: IndexedMeans; readonly path: Path | readonly [] };
}

export interface Remedy {
  readonly stepUp?: StepUp;
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
 * authorization lacks is no stranger's business, and neither is what else its holder has.
 */
export function remedyOf(
  {
    candidates,
    best,
    others,
    logins,
  }: {
    readonly candidates: readonly Candidate[];
    readonly best: Candidate;
    /** The same question by each other means of the same person, over each of its paths. */
    readonly others: () => readonly Candidate[];
    /** What a means supports through each service. */
    readonly logins: (means: IndexedMeans) => readonly LoginAssessment[];
  },
  rules: RuleSet,
): Remedy {
  if (best.result.effectiveLevel === null) return {};
  const mendable = candidates.filter(({ result }) => result.reasons.every((code) => OF_LOGIN.has(code)));
  const own = adviceOf(mendable, isOfLevelAlone, logins(best.means), rules);
  if (own !== undefined) return { stepUp: { level: own.level } };
  // A higher login is asked for where the level was missing, whoever's means brings it: no more is said of the other one.
  const isOfLevel = isOfLevelAlone(best);
  const other = leastOf(
    byMeans(others()).flatMap((ways) => adviceOf(ways, () => isOfLevel, logins(ways[0].means), rules) ?? []),
  );
  if (other !== undefined) {
    const { level, means, path } = other;
    return { stepUp: { level, by: { means, path } } };
  }
  return isOfAuthorization(best, logins(best.means), rules) ? { isForAdministrator: true } : {};
}

const isOfLevelAlone = ({ result }: Candidate): boolean => result.reasons.every((code) => OF_LEVEL_ALONE.has(code));

type Ways = readonly [Candidate, ...Candidate[]];

/** The ways of each means together, in the order in which they came. */
function byMeans(candidates: readonly Candidate[]): readonly Ways[] {
  const ways = new Map<string, [Candidate, ...Candidate[]]>();
  for (const candidate of candidates) {
    const known = ways.get(candidate.means.pseudonym);
    if (known === undefined) ways.set(candidate.means.pseudonym, [candidate]);
    else known.push(candidate);
  }
  return [...ways.values()];
}

interface Advice extends Pick<Candidate, 'means' | 'path'> {
  /** What to log in at: with this means each login that reaches it makes the no a yes. */
  readonly level: EhLevel;
}

/** The one at the lowest level; of those at one level the first. */
const leastOf = <Of extends { readonly level: EhLevel }>(those: readonly Of[]): Of | undefined =>
  those.reduce<Of | undefined>(
    (least, one) => (least === undefined || compareEh(one.level, least.level) < 0 ? one : least),
    undefined,
  );

/**
 * The level that a login by this means has to reach. Whoever is asked to log in at a level chooses how: where another login
 * reaches it as well and leaves the no a no, a higher level is asked for, and where none tells them apart nothing is.
 */
function adviceOf(
  ways: readonly Candidate[],
  isOfLevel: (way: Candidate) => boolean,
  logins: readonly LoginAssessment[],
  rules: RuleSet,
): Advice | undefined {
  const tried = logins.map((login) => ({ login, mended: mendedBy(login, ways, isOfLevel, rules) }));
  const least = leastOf(tried.flatMap(({ mended }) => mended ?? []));
  if (least === undefined) return undefined;
  const reaching = (level: EhLevel): typeof tried =>
    tried.filter(({ login }) => atLeast(reachedBy(login, least.means), level));
  const enough = EH_LEVELS.filter((level) => atLeast(level, least.level)).find((level) => {
    const those = reaching(level);
    return those.length > 0 && those.every(({ mended }) => mended !== undefined);
  });
  if (enough === undefined) return undefined;
  const { means, path } = leastOf(reaching(enough).flatMap(({ mended }) => mended ?? []))!;
  return { level: enough, means, path };
}

/** What the network is told of a login by this means. */
const reachedBy = ({ stork }: LoginAssessment, means: IndexedMeans): EhLevel =>
  levelOfStork(Math.min(stork, means.stork ?? 1) as StorkLevel);

/** The way that is a yes with this login, with the least that it needs; absent where none is. */
const mendedBy = (
  { stork, factors }: LoginAssessment,
  ways: readonly Candidate[],
  isOfLevel: (way: Candidate) => boolean,
  rules: RuleSet,
): Advice | undefined =>
  leastOf(
    ways.flatMap((way) => {
      const mended = evaluateUseAt(loggedIn(way.question, stork, factors), rules);
      if (!mended.decision) return [];
      const { means, path } = way;
      return [{ means, path, level: isOfLevel(way) ? mended.requiredLevel : mended.effectiveLevel! }];
    }),
  );

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
