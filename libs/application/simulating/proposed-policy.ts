import { epochOf, instantFromEpoch, type Instant } from '#libs/kernel';
import type { PolicyProposal } from '#libs/domain';
import { ruleSet, type RuleSet } from '#libs/scheme';
import type { Governance, LevelPolicyEntry, Service } from '../governance/governance.js';

/** Different moments that one simulation looks at, at most. */
export const MOST_MOMENTS = 24;

type SecondFactors = Governance['secondFactorPolicy'];

const isSameLevel = (one: Pick<LevelPolicyEntry, 'level' | 'provider'>, other: typeof one): boolean =>
  one.level === other.level && one.provider === other.provider;

const isSamePlace = (one: Pick<SecondFactors[number], 'provider' | 'service'>, other: typeof one): boolean =>
  one.provider === other.provider && one.service === other.service;

/**
 * The policy in force with what is proposed in it: an end of a level takes the place of the one for the same level and
 * provider, a second factor that of the one for the same provider and service, and from the first minimum level that is
 * proposed of a service on these are all it has. Everything else stays as it is in force.
 */
export function proposedGovernance(governance: Governance, proposal: PolicyProposal): Governance {
  const { levelPolicy = [], secondFactorPolicy = [], minimumLevels = [] } = proposal;
  const services = governance.services.map((service): Service => {
    const proposed = minimumLevels.filter((entry) => entry.service === service.id);
    if (proposed.length === 0) return service;
    const first = Math.min(...proposed.map(({ from }) => epochOf(from)));
    return {
      ...service,
      minimumLevels: [
        ...service.minimumLevels.filter(({ from }) => Date.parse(from) < first),
        ...proposed.map(({ from, level }) => ({ from, level })),
      ],
    };
  });
  const byId = new Map(services.map((service) => [service.id, service]));
  return {
    ...governance,
    services,
    service: (id) => byId.get(id),
    levelPolicy: [
      ...governance.levelPolicy.flatMap((entry): readonly LevelPolicyEntry[] => {
        if (!levelPolicy.some((one) => isSameLevel(one, entry))) return [entry];
        // Of what is proposed only the end of use is known: until when it may be issued stays as it is.
        const { usableUntil: _usableUntil, ...rest } = entry;
        return [rest];
      }),
      ...levelPolicy,
    ],
    secondFactorPolicy: [
      ...governance.secondFactorPolicy.filter((entry) => !secondFactorPolicy.some((one) => isSamePlace(one, entry))),
      ...secondFactorPolicy,
    ],
  };
}

/** The rules that the proposal names; none: those in force. */
export const proposedRules = ({ ruleSet: version }: PolicyProposal, inForce: RuleSet): RuleSet =>
  version === undefined ? inForce : ruleSet(version);

/** Whether exactly this is in force already, so that it may have begun or ended before now. */
export function isInForce(
  { levelPolicy, secondFactorPolicy, service }: Governance,
  entry:
    | NonNullable<PolicyProposal['levelPolicy']>[number]
    | NonNullable<PolicyProposal['secondFactorPolicy']>[number]
    | NonNullable<PolicyProposal['minimumLevels']>[number],
): boolean {
  if ('usableUntil' in entry) {
    return levelPolicy.some((one) => isSameLevel(one, entry) && one.usableUntil === entry.usableUntil);
  }
  const from = epochOf(entry.from);
  return 'level' in entry
    ? service(entry.service)?.minimumLevels.some(
        (one) => one.level === entry.level && Date.parse(one.from) === from,
      ) === true
    : secondFactorPolicy.some((one) => isSamePlace(one, entry) && Date.parse(one.from) === from);
}

/**
 * The moments at which something is otherwise from then on, in their order, none before `now`: those of the proposal, those
 * in force of what it takes the place of, and now where something proposed holds already (other rules, or what began
 * before).
 */
export function momentsOf(governance: Governance, proposal: PolicyProposal, now: Instant): readonly Instant[] {
  const { levelPolicy = [], secondFactorPolicy = [], minimumLevels = [] } = proposal;
  const replaced = [
    ...governance.levelPolicy.flatMap((entry) =>
      entry.usableUntil !== undefined && levelPolicy.some((one) => isSameLevel(one, entry)) ? [entry.usableUntil] : [],
    ),
    ...governance.secondFactorPolicy.flatMap((entry) =>
      secondFactorPolicy.some((one) => isSamePlace(one, entry)) ? [entry.from as Instant] : [],
    ),
    ...minimumLevels.flatMap(({ service }) =>
      (governance.service(service)?.minimumLevels ?? []).map(({ from }) => from as Instant),
    ),
  ];
  const own = [
    ...levelPolicy.map(({ usableUntil }) => usableUntil),
    ...[...secondFactorPolicy, ...minimumLevels].map(({ from }) => from),
  ];
  const later = [...own, ...replaced].map((moment) => epochOf(moment)).filter((moment) => moment > epochOf(now));
  const isAtOnce = proposal.ruleSet !== undefined || own.some((moment) => epochOf(moment) <= epochOf(now));
  const moments = [...new Set([...(isAtOnce || later.length === 0 ? [epochOf(now)] : []), ...later])];
  return moments.sort((one, other) => one - other).map(instantFromEpoch);
}
