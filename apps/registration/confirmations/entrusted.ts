import { epochOf } from '#libs/kernel';
import type { Service } from '#libs/application';
import { registeredLevel, type RegisteredAuthorization } from '#libs/domain';
import { covers, minEh, timedService, type TimedService } from '#libs/scheme';

/**
 * Of an authorization that an intermediary gave, what its client may be told (CHAIN-04, VIS-05): what lies within that which
 * the client entrusted to it. What somebody may do for the intermediary and for others of its clients, until when, and at
 * which level that was asked for, is none of the client's.
 */
export function entrusted(
  link: RegisteredAuthorization,
  given: RegisteredAuthorization,
  services: readonly Service[],
): RegisteredAuthorization {
  const { establishments: _its, onlyForClients: _clients, nextLinkRegister: _next, ...its } = given;
  const { periodFrom: _renewed, nonUse: _notice, ...rest } = its;
  // No chain is stronger than its weakest link (CHAIN-02).
  const level = minEh(registeredLevel(link), registeredLevel(given));
  return {
    ...(rest as RegisteredAuthorization),
    ...{ scope: commonScope(link, given, services), ...commonPeriod(link, given), capped: false },
    // Only that of the client binds a chain (CHAIN-06).
    ...(link.establishments === undefined ? {} : { establishments: link.establishments }),
    forThirdParties: false,
    nature: {
      rightOfSubstitution: given.nature.rightOfSubstitution,
      actsIndependently: link.nature.actsIndependently && given.nature.actsIndependently,
    },
    ...{ eh: level, aimedLevel: level },
  };
}

/** What somebody was given, as far as it says for which services. */
export type Granted = Pick<RegisteredAuthorization, 'scope' | 'registeredAt'>;

/**
 * Whether there is a service for which a chain of both can be used, by the rule of use (CHAIN-12, CHAIN-13): now, perhaps
 * later (a service joins a group, or comes to take chains), or never as the two stand.
 */
export function meeting(link: Granted, given: Granted, catalogue: readonly Service[]): 'now' | 'later' | 'never' {
  const both = coveredByBoth(link, given, catalogue);
  if (both.some(({ chainSupported }) => chainSupported)) return 'now';
  return both.length > 0 || mayCome(link.scope, given.scope) || mayCome(given.scope, link.scope) ? 'later' : 'never';
}

type Covered = RegisteredAuthorization['scope'];

/** Whether `one` may come to cover something of `other` that it does not cover now, or that the catalogue does not have. */
const mayCome = (one: Covered, other: Covered): boolean =>
  (one.groups.some(({ includesLaterServices }) => includesLaterServices) && !isNone(other)) ||
  (one.all && (other.all || other.services.length > 0)) ||
  one.services.some((service) => other.services.includes(service));

export const isNone = ({ all, services, groups }: Covered): boolean =>
  !all && services.length === 0 && groups.length === 0;

function coveredByBoth(link: Granted, given: Granted, catalogue: readonly Service[]): readonly TimedService[] {
  const [one, other] = [link, given].map(({ scope, registeredAt }) => ({ scope, registeredAt: epochOf(registeredAt) }));
  return catalogue.map(timedService).filter((service) => covers(one!, service) && covers(other!, service));
}

/** Services and groups of both, as far as a chain can be used there; none, where it can't be used anywhere. */
function commonScope(link: Granted, given: Granted, catalogue: readonly Service[]): Covered {
  const used = coveredByBoth(link, given, catalogue).filter(({ chainSupported }) => chainSupported);
  const all = link.scope.all && given.scope.all && used.length > 0;
  if (all) return { all, services: [], groups: [] };
  const isIn = ({ groups = [] }: TimedService, id: string): boolean => groups.some((group) => group.id === id);
  const groups = commonGroups(link.scope, given.scope).filter(({ id }) => used.some((service) => isIn(service, id)));
  const others = used.filter((service) => !groups.some(({ id }) => isIn(service, id)));
  return { all, services: others.map(({ id }) => id), groups };
}

function commonGroups(link: Covered, given: Covered): Covered['groups'] {
  if (link.all) return given.groups;
  if (given.all) return link.groups;
  return link.groups.flatMap(({ id, includesLaterServices }) => {
    const other = given.groups.find((group) => group.id === id);
    if (other === undefined) return [];
    return [{ id, includesLaterServices: includesLaterServices && other.includesLaterServices }];
  });
}

type Period = Pick<RegisteredAuthorization, 'validFrom' | 'validUntil'>;

/** While both are valid. */
export const commonPeriod = (link: Period, given: Period): Period => ({
  validFrom: link.validFrom > given.validFrom ? link.validFrom : given.validFrom,
  validUntil: link.validUntil < given.validUntil ? link.validUntil : given.validUntil,
});
