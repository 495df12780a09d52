import { covers, type EhLevel, type StorkLevel } from '#libs/scheme';
import type { SimulatedRemedy } from '#libs/domain';
import type { LoginAssessment } from '../governance/login-assessment.js';
import type { DecisionIndex, IndexedMeans, Path } from '../use/decision-index.js';
import { judgeAccess, type AccessJudgment, type JudgingOptions } from '../use/judge-access.js';
import type { UsePolicy } from '../use/use-policy.js';

/** That a means may act for an organization at a service: what a policy leaves or takes. */
export interface Right {
  readonly means: IndexedMeans;
  /** As callers name it, `kvk:69599084`. */
  readonly organization: string;
  readonly service: string;
  /** For which establishments it is asked, one after the other. */
  readonly establishments: readonly AskedEstablishment[];
}

interface AskedEstablishment {
  /** `undefined`: none in particular. */
  readonly id: string | undefined;
  /** Authorizations on the ways to it: of others no answer about it is a yes, and a chain of shops has very many. */
  readonly among: ReadonlySet<string> | undefined;
}

/** Waited for again and again while something takes long; whoever shares the process goes first. */
export type Pace = () => Promise<void>;

/** What a right rests on is asked in either policy. */
interface Policies {
  readonly inForce: UsePolicy;
  readonly proposed: UsePolicy;
}

/**
 * The rights of a means that a policy may leave it, from `at` on. What never is a yes is not among them: by evaluation 5 a
 * means or an authorization that is not active, one that has ended, and one that covers another service, stay a no by any
 * policy; a service at EH1 needs no scope (CONT-08).
 */
export function* rightsOf(
  means: IndexedMeans,
  index: DecisionIndex,
  { inForce, proposed }: Policies,
  at: number,
): Generator<Right, void, undefined> {
  if (means.status !== 'active') return;
  const intermediaries = inForce.maxIntermediaries;
  for (const party of index.represented(means.pseudonym, intermediaries)) {
    const organization = index.partyById(party)?.organization;
    if (organization === undefined) continue;
    const paths = index
      .paths(party, means.pseudonym, intermediaries)
      .filter((path) => path.every(({ link }) => link.status === 'active' && link.validUntil > at));
    if (paths.length === 0) continue;
    for (const service of inForce.serviceIds) {
      const covering = paths.filter((path) => isCovered(path, service, { inForce, proposed }, at));
      if (covering.length > 0) yield { means, organization, service, establishments: establishmentsOf(covering) };
    }
  }
}

function isCovered(path: Path, id: string, { inForce, proposed }: Policies, at: number): boolean {
  return [inForce, proposed].some((policy) => {
    const service = policy.service(id, at);
    if (service === undefined) return false;
    return (
      service.minimumLevels.some(({ level }) => level === 'EH1') || path.every(({ link }) => covers(link, service))
    );
  });
}

/** One of each authorization that is limited to some, and none in particular. */
function establishmentsOf(paths: readonly Path[]): readonly AskedEstablishment[] {
  const everywhere = paths.filter(([first]) => first.link.establishments === undefined);
  const limited = new Map<string, Path[]>();
  for (const path of paths) {
    for (const id of path[0].link.establishments ?? []) limited.set(id, [...(limited.get(id) ?? []), path]);
  }
  const asked = new Set(paths.flatMap(([first]) => first.link.establishments?.[0] ?? []));
  return [
    { id: undefined, among: undefined },
    ...[...asked].map((id) => ({ id, among: authorizationsOf([...everywhere, ...limited.get(id)!]) })),
  ];
}

const authorizationsOf = (paths: readonly Path[]): ReadonlySet<string> =>
  new Set(paths.flatMap((path) => path.map(({ authorization }) => authorization)));

/** The answer at use to whoever logs in as strongly as the means can: a yes where any login of it makes one (USE-05). */
export async function judgeRight(
  { means, organization, service, establishments }: Right,
  index: DecisionIndex,
  policy: UsePolicy,
  at: number,
  pace: Pace,
  looking: JudgingOptions = { withoutRemedy: true },
): Promise<AccessJudgment> {
  let no: AccessJudgment | undefined;
  for (const authenticationService of loginsOf(means, policy, at)) {
    for (const { id: establishment, among } of establishments) {
      await pace();
      const request = {
        subject: { type: 'means', id: means.pseudonym },
        action: { name: 'represent' },
        resource: { type: 'organization', id: organization },
        ...{ service, level: undefined, singleSignOn: false, establishment, authenticationService },
        ...{ via: undefined, time: undefined, traceparent: undefined, supportsStepUp: true },
      };
      const judgment = judgeAccess(request, index, policy, at, { ...looking, among });
      if (judgment.decision) return judgment;
      if (no === undefined || isNearer(judgment, no)) no = judgment;
    }
  }
  return no!;
}

/** The authentication services that a means is offered through, the strongest login first. */
function loginsOf({ product }: IndexedMeans, policy: UsePolicy, at: number): readonly (string | undefined)[] {
  const logins = [...policy.logins(product, at)].sort(
    (one, other) => other.stork - one.stork || other.factors - one.factors,
  );
  return logins.length === 0
    ? [undefined]
    : logins.map(({ authenticationService }) => authenticationService ?? undefined);
}

/** Of two times no the one that says more of what is missing: fewer reasons. */
const isNearer = (one: AccessJudgment, other: AccessJudgment): boolean => one.reasons.length < other.reasons.length;

export interface SimulatedWayBack {
  readonly remedy: SimulatedRemedy;
  /** The level that the answer then has; `null`: there is none. */
  readonly level: EhLevel | null;
}

/** Both factors, at any level. */
const strong = (stork: StorkLevel): LoginAssessment => ({ stork, factors: 2, authenticationService: null });

/**
 * What would make a lost right stand by the proposal: what the answer at use would say of another means, else found by asking
 * again with a better means, then with authorizations at the highest level too.
 */
export async function wayBack(
  right: Right,
  index: DecisionIndex,
  policy: UsePolicy,
  at: number,
  pace: Pace,
): Promise<SimulatedWayBack> {
  const lost = await judgeRight(right, index, policy, at, pace, {});
  if (lost.stepUp?.by !== undefined) return { remedy: 'another-means', level: lost.stepUp.level };
  const current = Math.max(1, right.means.stork ?? 1);
  for (let stork = current; stork <= 4; stork++) {
    const level = await levelWith(stork as StorkLevel, right, index, policy, at, pace);
    if (level !== null) return { remedy: 'upgrade-means', level };
  }
  const raised = raisedIndex(index);
  for (let stork = current; stork <= 4; stork++) {
    const level = await levelWith(stork as StorkLevel, right, raised, policy, at, pace);
    if (level !== null) return { remedy: 'raise-authorization', level };
  }
  return { remedy: 'none', level: null };
}

async function levelWith(
  stork: StorkLevel,
  right: Right,
  index: DecisionIndex,
  policy: UsePolicy,
  at: number,
  pace: Pace,
): Promise<EhLevel | null> {
  const means: IndexedMeans = { ...right.means, stork };
  const better: DecisionIndex = {
    ...index,
    means: (pseudonym) => (pseudonym === means.pseudonym ? means : index.means(pseudonym)),
  };
  const login = strong(stork);
  const asked: UsePolicy = { ...policy, assessment: () => login, logins: () => [login] };
  const { decision, level } = await judgeRight({ ...right, means }, better, asked, at, pace);
  return decision ? level : null;
}

/** The same authorizations, each as high as it can be registered. */
const raisedIndex = (index: DecisionIndex): DecisionIndex => ({
  ...index,
  paths: (party, pseudonym, intermediaries) =>
    index.paths(party, pseudonym, intermediaries).map(
      (path) =>
        path.map((indexed) => {
          const { submitterLevel: _submitterLevel, ...link } = indexed.link;
          return { ...indexed, link: { ...link, m: 4 as const } };
        }) as unknown as Path,
    ),
});
