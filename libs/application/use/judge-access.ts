import {
  compareEh,
  evaluateUseAt,
  isEhLevel,
  minimumLevelAt,
  type EhLevel,
  type EvaluationResult,
  type ReasonCode,
  type StorkLevel,
  type TimedService,
  type UseQuestion,
} from '#libs/scheme';
import { epochOf } from '#libs/kernel';
import { restrictionOf } from '#libs/domain';
import type { LoginAssessment } from '../governance/login-assessment.js';
import type { AccessRequest } from './access-request.js';
import type { DecisionIndex, IndexedMeans, IndexedParty, Path } from './decision-index.js';
import { remedyOf, type Candidate, type StepUp } from './remedies.js';
import type { UsePolicy } from './use-policy.js';

/** Codes of a no at use: those of evaluation 5, and what can't be put to it (interfaces.md §7). */
export type AccessReasonCode =
  ReasonCode | 'unknown-means' | 'unknown-action' | 'unknown-service' | 'unknown-level' | 'index-not-current';

export interface AccessReason {
  readonly code: AccessReasonCode;
  readonly have?: EhLevel;
  readonly need?: EhLevel;
  /** Who alone could mend it. */
  readonly remedy?: 'ask-administrator';
}

/** What was judged, and everything it rests on. */
export interface AccessJudgment {
  readonly decision: boolean;
  /** The level reached; `null`: there is nothing to stand on. */
  readonly level: EhLevel | null;
  /** The higher of the level asked for and the service's minimum; `null` when either is not known (USE-03). */
  readonly requiredLevel: EhLevel | null;
  readonly eidas: EvaluationResult['eidas'];
  readonly reasons: readonly AccessReason[];
  /** Of a no: a login with which the same question is a yes. */
  readonly stepUp?: StepUp;
  /** The path that counted; empty when there is none. */
  readonly path: Path | readonly [];
  /** Of a yes: when it stops by itself, in milliseconds since 1970. */
  readonly validUntil?: number;
  readonly grounds: {
    readonly means?: IndexedMeans;
    readonly party?: IndexedParty;
    readonly service?: string;
    readonly login?: LoginAssessment;
    /** Where the path had to lead through, when one does. */
    readonly via?: string;
    /** Paths that were compared. */
    readonly paths: number;
  };
}

/** A no that rests on nothing. */
export const unfounded = (
  codes: readonly AccessReasonCode[],
  grounds: AccessJudgment['grounds'] = { paths: 0 },
): AccessJudgment => ({
  decision: false,
  level: null,
  requiredLevel: null,
  eidas: null,
  reasons: codes.map((code) => ({ code })),
  path: [],
  grounds,
});

export interface JudgingOptions {
  /**
   * Ids of authorizations; only paths made of these are looked at. What a person is shown of others is judged so: by a better
   * path that he may not see he would be told of it (VIS-03).
   */
  readonly among?: ReadonlySet<string> | undefined;
  /** For who asks whether it is a yes: what would make one of a no costs several times the no. */
  readonly withoutRemedy?: boolean;
}

/**
 * May this means act for this organization here and now? Evaluation 5 over the register's own state, for every path
 * there is; the best counts (USE-05). `at` in milliseconds since 1970. Unknown is never yes, and an organization without
 * a path gets the same answer whether it is on record or not: the network is not told whom the register knows.
 */
export function judgeAccess(
  request: AccessRequest,
  index: DecisionIndex,
  policy: UsePolicy,
  at: number,
  { among, withoutRemedy = false }: JudgingOptions = {},
): AccessJudgment {
  const { subject, action, resource } = request;
  const means = subject.type === 'means' ? index.means(subject.id) : undefined;
  const party = resource.type === 'organization' ? index.party(resource.id) : undefined;
  const service = typeof request.service === 'string' ? policy.service(request.service, at) : undefined;
  // Without a level the service's own minimum is asked: every level is at least EH1.
  const level = request.level === undefined ? 'EH1' : request.level;
  const isKnownAction = action.name === 'represent';
  if (means !== undefined && isKnownAction && service !== undefined && isEhLevel(level)) {
    return judgePaths({ request, means, party, service, level, index, policy, at, among, withoutRemedy });
  }
  return unfounded(
    [
      ...(means === undefined ? (['unknown-means'] as const) : []),
      ...(isKnownAction ? [] : (['unknown-action'] as const)),
      ...(service === undefined ? (['unknown-service'] as const) : []),
      ...(isEhLevel(level) ? [] : (['unknown-level'] as const)),
    ],
    {
      ...(means === undefined ? {} : { means }),
      ...(party === undefined ? {} : { party }),
      ...(service === undefined ? {} : { service: service.id }),
      paths: 0,
    },
  );
}

interface KnownQuestion {
  readonly request: AccessRequest;
  readonly means: IndexedMeans;
  readonly party: IndexedParty | undefined;
  readonly service: TimedService;
  readonly level: EhLevel;
  readonly index: DecisionIndex;
  readonly policy: UsePolicy;
  readonly at: number;
  readonly among: ReadonlySet<string> | undefined;
  readonly withoutRemedy: boolean;
}

function judgePaths(known: KnownQuestion): AccessJudgment {
  const { request, means, party, service, index, policy, at } = known;
  const login = policy.assessment(means.product, request.authenticationService, at);
  const paths = pathsOf(known);
  const candidates = paths.map((path) => candidateOf(known, login, path));
  const best = candidates.reduce<Candidate>(
    (leader, candidate) => (leader.path.length === 0 || isBetter(candidate, leader) ? candidate : leader),
    candidateOf(known, login, []),
  );
  const { path, question, result } = best;
  const others = (): readonly Candidate[] =>
    index.otherMeans(means).flatMap((other) => {
      const asked = { ...known, means: other };
      return pathsOf(asked).map((way) => candidateOf(asked, login, way));
    });
  const logins = ({ product }: IndexedMeans): readonly LoginAssessment[] => policy.logins(product, at);
  const remedy =
    result.decision || known.withoutRemedy ? {} : remedyOf({ candidates, best, others, logins }, policy.rules);
  const hasMinimum = minimumLevelAt(service, at) !== null;
  return {
    decision: result.decision,
    level: result.effectiveLevel,
    requiredLevel: hasMinimum || request.level !== undefined ? result.requiredLevel : null,
    eidas: result.eidas,
    reasons: result.reasons.map((code) => ({
      ...reasonOf(code, result),
      ...(remedy.isForAdministrator === true ? ({ remedy: 'ask-administrator' } as const) : {}),
    })),
    ...(remedy.stepUp === undefined ? {} : { stepUp: remedy.stepUp }),
    path,
    ...(result.decision ? { validUntil: Math.min(endOfYes(question, policy), certificateEnd(means)) } : {}),
    grounds: {
      means,
      ...(party === undefined ? {} : { party }),
      service: service.id,
      login,
      ...(request.via !== undefined && request.via !== null && paths.length > 0 ? { via: request.via } : {}),
      paths: paths.length,
    },
  };
}

/** The ways from the organization to the holder of the means that the question leaves. */
function pathsOf({ request, means, party, service, index, policy, among }: KnownQuestion): readonly Path[] {
  if (party === undefined) return [];
  return index
    .paths(party.party, means.pseudonym, service.chainSupported ? policy.maxIntermediaries : 0)
    .filter((path) => leadsThrough(path, request.via, index))
    .filter((path) => among === undefined || path.every(({ authorization }) => among.has(authorization)));
}

function candidateOf(known: KnownQuestion, login: LoginAssessment, path: Path | readonly []): Candidate {
  const question = questionOf(known, login, path);
  return { means: known.means, path, question, result: evaluateUseAt(question, known.policy.rules) };
}

/** Whoever is represented by nobody who asks: what is on record about him is no answer to a stranger. */
const ANYBODY = { id: 'anybody', restGroup: false };

function questionOf(known: KnownQuestion, login: LoginAssessment, path: Path | readonly []): UseQuestion {
  const { request, means, party, service, level, policy, at } = known;
  return {
    at,
    requestedLevel: level,
    singleSignOn: request.singleSignOn,
    representedParty:
      party === undefined || path.length === 0 ? ANYBODY : { id: party.party, restGroup: party.restGroup },
    ...(request.establishment === undefined ? {} : { establishment: request.establishment }),
    service,
    means: {
      holder: means.pseudonym,
      // A means whose certificate has ended is as good as none, until it has another (SIG-01).
      status: means.status === 'active' && at >= certificateEnd(means) ? 'suspended' : means.status,
      // A means without a level is not active either, and that is what the no says.
      stork: (means.stork ?? 1) as StorkLevel,
      authenticationServiceStork: login.stork,
      factors: login.factors,
      ...restrictionOf(means),
    },
    links: path.map(({ link }) => link),
    levelPolicy: policy.levelPolicy,
    secondFactorPolicy: policy.secondFactorPolicy,
    maxIntermediaries: policy.maxIntermediaries,
  };
}

/** In milliseconds since 1970; `Infinity`: as far as known it goes on. */
const certificateEnd = ({ certificateEndsAt }: IndexedMeans): number =>
  certificateEndsAt === undefined ? Infinity : epochOf(certificateEndsAt);

const reasonOf = (code: ReasonCode, { effectiveLevel, requiredLevel }: EvaluationResult): AccessReason =>
  code === 'level-too-low' && effectiveLevel !== null ? { code, have: effectiveLevel, need: requiredLevel } : { code };

/** The caller may name the way he wants by an organization or an authorization on it (CHAIN-08). */
function leadsThrough(path: Path, via: AccessRequest['via'], index: DecisionIndex): boolean {
  if (via === undefined) return true;
  return path.some(
    ({ authorization, link }) => authorization === via || index.partyById(link.representedParty)?.organization === via,
  );
}

/** A yes before a no, then the higher level, then the shorter, then the older (USE-05); ids only to be certain. */
function isBetter(one: Candidate, other: Candidate): boolean {
  if (one.result.decision !== other.result.decision) return one.result.decision;
  const [level, otherLevel] = [one.result.effectiveLevel, other.result.effectiveLevel];
  if (level !== otherLevel) {
    if (level === null || otherLevel === null) return otherLevel === null;
    return compareEh(level, otherLevel) > 0;
  }
  if (one.path.length !== other.path.length) return one.path.length < other.path.length;
  const [since, otherSince] = [existsSince(one), existsSince(other)];
  if (since !== otherSince) return since < otherSince;
  return idsOf(one) < idsOf(other);
}

/** Whether a yes says to its reader what the other says: at what level, by which path and until when. */
export const isSameYes = (one: AccessJudgment, other: AccessJudgment): boolean =>
  one.decision &&
  other.decision &&
  one.level === other.level &&
  one.validUntil === other.validUntil &&
  idsOf(one) === idsOf(other);

/** A path is as old as the youngest authorization on it. */
const existsSince = ({ path }: Candidate): number => Math.max(...path.map(({ link }) => link.registeredAt));

const idsOf = ({ path }: Pick<Candidate, 'path'>): string => path.map(({ authorization }) => authorization).join(' ');

/**
 * The first moment at which the same question about the same path is answered with a no although nothing happens: the
 * end of an authorization, or a policy or catalogue entry that begins or ends.
 */
function endOfYes(question: UseQuestion, policy: UsePolicy): number {
  const { service } = question;
  const withdrawn = policy.withdrawnFrom(service.id);
  const moments = [
    ...question.links.map(({ validUntil }) => validUntil),
    ...policy.levelPolicy.map(({ usableUntil }) => usableUntil),
    ...policy.secondFactorPolicy.map(({ from }) => from),
    ...service.minimumLevels.map(({ from }) => from),
  ]
    .filter((moment) => moment > question.at && moment < withdrawn)
    .sort((a, b) => a - b);
  return moments.find((moment) => !evaluateUseAt({ ...question, at: moment }, policy.rules).decision) ?? withdrawn;
}
