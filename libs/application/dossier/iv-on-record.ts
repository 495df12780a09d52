import { epochOf, later, streamId, type Instant } from '#libs/kernel';
import { authorizationDecider, standingAt, type RegisteredAuthorization } from '#libs/domain';
import { isRuleSetVersion, ruleSetVersions, type RuleSet } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import { loadChecks } from './load-checks.js';

export type Iv = 0 | 1 | 2 | 3;

/** An authorization on record with the rule set it was decided under. */
export interface OnRecord {
  readonly authorization: RegisteredAuthorization;
  readonly ruleSet: string | undefined;
}

/** The first version under which IV3 is given only for a look that stands on record, or through one that does. */
const PROVING = 'eh-1.5.1';

export async function loadAuthorization(backbone: Backbone, id: string): Promise<OnRecord | undefined> {
  const { state, history } = await backbone.commands.load(authorizationDecider, streamId('authorization', id));
  if (state.status === 'none') return undefined;
  return { authorization: state, ruleSet: history[0]!.metadata.ruleSet };
}

/**
 * The IV score that an authorization carries for later ones (PROOF-12): 3 only where its own checks hold a look for
 * special circumstances of its time, or where it was exempt through one that does. What was decided under an earlier
 * rule set counts as far as its checks carry it.
 */
export async function ivCarriedBy(backbone: Backbone, { authorization, ruleSet }: OnRecord): Promise<Iv> {
  const iv = (authorization.scores.IV ?? 0) as Iv;
  if (iv < 3 || provesLooks(ruleSet)) return iv;
  const loaded = await loadChecks(backbone, authorization.checks, '');
  const wasLooked =
    'checks' in loaded &&
    loaded.checks.some(
      ({ facts }) =>
        facts.type === 'specialCircumstancesCheck' &&
        facts.outcome === 'none' &&
        facts.about.party === authorization.representedParty &&
        facts.application === authorization.application &&
        isOfItsTime(facts.asOf as Instant, authorization.registeredAt, backbone.rules),
    );
  return wasLooked ? 3 : 2;
}

const provesLooks = (ruleSet: string | undefined): boolean =>
  ruleSet !== undefined &&
  isRuleSetVersion(ruleSet) &&
  ruleSetVersions.indexOf(ruleSet) >= ruleSetVersions.indexOf(PROVING);

const isOfItsTime = (asOf: Instant, registeredAt: Instant, rules: RuleSet): boolean =>
  asOf <= registeredAt && epochOf(registeredAt) - epochOf(asOf) < rules.authorization.maximumAge;

export interface Standing {
  readonly representedParty: string;
  readonly at: Instant;
  readonly column: 'authorizedPerson' | 'authorizedParty';
  /** The authorized party, by every record of it. */
  readonly ids: readonly string[];
}

/** The highest IV that a standing authorization of this authorized party for this consumer carries; 0: there is none. */
export async function ivStandingFor(backbone: Backbone, { representedParty, at, column, ids }: Standing): Promise<Iv> {
  await backbone.readModels.upToDate(authorizationsProjection);
  const rows = await backbone.readModels.store.search<AuthorizationRow>(authorizationsProjection, {
    where: [
      { column, is: 'one-of', values: ids },
      { column: 'representedParty', is: 'equal', value: representedParty },
      { column: 'status', is: 'equal', value: 'active' },
      { column: 'validUntil', is: 'from', value: later(at, 1) },
    ],
    limit: MOST,
  });
  const carried = await Promise.all(
    rows.map(async ({ id }): Promise<Iv> => {
      const found = await loadAuthorization(backbone, id);
      return found === undefined || standingAt(found.authorization, at) !== 'active' ? 0 : ivCarriedBy(backbone, found);
    }),
  );
  return carried.reduce<Iv>((best, next) => (next > best ? next : best), 0);
}

/** More than this many authorizations of one party for one consumer are not looked through; the newest are. */
const MOST = 100;
