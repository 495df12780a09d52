import type { EhLevel, EvaluationRequest, Link } from '../contract/classification.types.js';
import { type EpochMillis, readInstant } from '../time/instant.js';

type Moments<T, Members extends keyof T> = Omit<T, Members> & { readonly [Member in Members]: EpochMillis };
type Service = EvaluationRequest['service'];
type MinimumLevel = Service['minimumLevels'][number];
type Group = NonNullable<Service['groups']>[number];
type LevelPolicy = NonNullable<EvaluationRequest['levelPolicy']>[number];
type SecondFactorPolicy = NonNullable<EvaluationRequest['secondFactorPolicy']>[number];

/**
 * The same structures as the contract's, with moments as numbers: what an index in memory keeps, so that nothing is
 * read from text when a question comes in.
 */
export type TimedLink = Moments<Link, 'registeredAt' | 'validFrom' | 'validUntil'>;
export type TimedService = Omit<Service, 'groups' | 'minimumLevels'> & {
  readonly groups?: readonly Moments<Group, 'since'>[];
  readonly minimumLevels: readonly Moments<MinimumLevel, 'from'>[];
};
export type TimedLevelPolicy = Moments<LevelPolicy, 'usableUntil'>;
export type TimedSecondFactorPolicy = Moments<SecondFactorPolicy, 'from'>;

export type UseQuestion = Omit<EvaluationRequest, 'at' | 'service' | 'links' | 'levelPolicy' | 'secondFactorPolicy'> & {
  readonly at: EpochMillis;
  readonly service: TimedService;
  readonly links: readonly TimedLink[];
  readonly levelPolicy?: readonly TimedLevelPolicy[];
  readonly secondFactorPolicy?: readonly TimedSecondFactorPolicy[];
};

export const timedLink = (link: Link): TimedLink => ({
  ...link,
  registeredAt: readInstant(link.registeredAt),
  validFrom: readInstant(link.validFrom),
  validUntil: readInstant(link.validUntil),
});

export const timedService = ({ groups, minimumLevels, ...service }: Service): TimedService => ({
  ...service,
  ...(groups && { groups: groups.map((group) => ({ ...group, since: readInstant(group.since) })) }),
  minimumLevels: minimumLevels.map((minimum) => ({ ...minimum, from: readInstant(minimum.from) })),
});

export function timedQuestion(request: EvaluationRequest): UseQuestion {
  const { at, service, links, levelPolicy, secondFactorPolicy, ...question } = request;
  return {
    ...question,
    at: readInstant(at),
    service: timedService(service),
    links: links.map(timedLink),
    ...(levelPolicy && {
      levelPolicy: levelPolicy.map((entry) => ({ ...entry, usableUntil: readInstant(entry.usableUntil) })),
    }),
    ...(secondFactorPolicy && {
      secondFactorPolicy: secondFactorPolicy.map((entry) => ({ ...entry, from: readInstant(entry.from) })),
    }),
  };
}

/** What is worked out of a question before its reasons are judged; level reasons see `effectiveLevel`. */
export interface UseContext {
  /** The minimum level in force (LVL-04); `null`: none. */
  readonly minimumLevel: EhLevel | null;
  readonly requiredLevel: EhLevel;
}

export interface LevelContext extends UseContext {
  /** The level of each link, from the represented party to the acting person, and the lowest of them. */
  readonly lastLinkLevel: EhLevel;
  readonly effectiveLevel: EhLevel;
}
