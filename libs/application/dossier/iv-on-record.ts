import { epochOf, later, streamId, type AuthorizationId, type Instant } from '#libs/kernel';
import {
  authorizationDecider,
  DECIDING,
  standingAt,
  type CheckFacts,
  type ReceivedApplication,
  type RegisteredAuthorization,
} from '#libs/domain';
import { isRuleSetVersion, ruleSetVersions } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { fewAtOnce } from '../few-at-once.js';
import { findApplication, findParty } from '../objects.js';
import { allRows } from '../read-models/all-rows.js';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import { loadChecks } from './load-checks.js';
import { answeredAt, isLasting } from './question.js';
import type { Roles } from './translate-check.js';
import type { Weighed } from './weighed.js';
import { weighAsOf } from './weighing.js';

export type Iv = 0 | 1 | 2 | 3;

/** An authorization on record, with the rule set it was decided under and its place in the log. */
export interface OnRecord {
  readonly authorization: RegisteredAuthorization;
  readonly ruleSet: string | undefined;
  readonly position: bigint;
}

/** The first version under which IV3 is given only for a look that stands on record, or through one that does. */
const PROVING = 'eh-1.5.1';

export async function loadAuthorization(backbone: Backbone, id: string): Promise<OnRecord | undefined> {
  const { state, history } = await backbone.commands.load(authorizationDecider, streamId('authorization', id));
  if (state.status === 'none') return undefined;
  // The decision that it stands on: that of its registration, or the last one since.
  const decided = history.findLast(({ type }) => DECIDING.has(type))!;
  return { authorization: state, ruleSet: decided.metadata.ruleSet, position: decided.position };
}

/**
 * The IV score that an authorization carries for later ones (PROOF-12): 3 only where its own checks hold a look for
 * special circumstances of its time, or where it was exempt through one that does. What was decided under an earlier
 * rule set counts as far as its checks carry it.
 */
export async function ivCarriedBy(backbone: Backbone, record: OnRecord): Promise<Iv> {
  const iv = (record.authorization.scores.IV ?? 0) as Iv;
  if (iv < 3 || provesLooks(record.ruleSet)) return iv;
  return (await wasLooked(backbone, record)) ? 3 : 2;
}

const provesLooks = (ruleSet: string | undefined): boolean =>
  ruleSet !== undefined &&
  isRuleSetVersion(ruleSet) &&
  ruleSetVersions.indexOf(ruleSet) >= ruleSetVersions.indexOf(PROVING);

/** Its own checks, weighed as they stood when it was decided, hold a look that found nothing, or who confirmed. */
async function wasLooked(backbone: Backbone, record: OnRecord): Promise<boolean> {
  const { representedParty, decidedOn, decidedAt } = record.authorization;
  const intake = await findApplication(backbone, decidedOn, '');
  if ('fault' in intake) return false;
  const evidence = await evidenceOf(backbone, record, intake.found);
  const looks = evidence.filter(({ check: { facts }, counts }) => counts && isLook(facts, representedParty));
  const isOfItsTime = ({ check: { facts }, joined }: Weighed): boolean =>
    !joined && wasMadeFor(answeredAt(facts), intake.found, decidedAt, backbone);
  const isFound = looks.some(({ check: { facts } }) => isLasting(facts));
  return looks.some(isOfItsTime) && (!isFound || evidence.some(isConfirmed));
}

/** Nothing where no own check is a look: then there is nothing to weigh. */
async function evidenceOf(
  backbone: Backbone,
  { authorization, position }: OnRecord,
  application: ReceivedApplication,
): Promise<readonly Weighed[]> {
  const { representedParty, decidedAt } = authorization;
  const loaded = await loadChecks(backbone, authorization.checks, '');
  const party = await findParty(backbone, representedParty, '');
  if ('faults' in loaded || 'fault' in party) return [];
  if (!loaded.checks.some(({ facts }) => isLook(facts, representedParty))) return [];
  const { evidence } = await weighAsOf(
    backbone,
    { application, at: decidedAt, roles: rolesOf(authorization), party: party.found, named: loaded.checks },
    position,
  );
  return evidence;
}

const isLook = (facts: CheckFacts, party: string): boolean =>
  facts.type === 'specialCircumstancesCheck' && facts.about.party === party;

/** The window of TR-01 (PROOF-07), for a finding too: that stands in the way however old, but is no look of its time. */
const wasMadeFor = (
  asOf: Instant,
  { receivedAt }: ReceivedApplication,
  decidedAt: Instant,
  { rules }: Backbone,
): boolean =>
  asOf >= receivedAt && asOf <= decidedAt && epochOf(decidedAt) - epochOf(asOf) < rules.authorization.maximumAge;

const isConfirmed = ({ check: { facts }, counts }: Weighed): boolean =>
  counts && facts.type === 'circumstancesConfirmation' && facts.confirmed;

/** Who applied; what else it was about carries no look. */
const rolesOf = (registered: RegisteredAuthorization): Roles => {
  const { decidedOn, representedParty, submitter, legalRepresentative, authorizedParty } = registered;
  return {
    application: decidedOn,
    representedParty,
    submitter: submitter.person,
    ...('person' in authorizedParty ? { authorizedPerson: authorizedParty.person } : {}),
    ...(legalRepresentative === undefined ? {} : { legalRepresentative }),
  };
};

export interface Standing {
  readonly representedParty: string;
  readonly at: Instant;
  readonly column: 'authorizedPerson' | 'authorizedParty';
  /** The authorized party, by every record of it. */
  readonly ids: readonly string[];
}

/**
 * The highest IV that a standing authorization of this authorized party for this consumer carries; 0: there is none. One
 * that is suspended stands, where it was active before (PROOF-12).
 */
export const ivStandingFor = async (backbone: Backbone, standing: Standing): Promise<Iv> =>
  (await standingFor(backbone, standing)).iv;

/** The same, and the authorization that carries it: what is scored by it rests on that (ARCH-10). Absent of 0. */
export async function standingFor(
  backbone: Backbone,
  { representedParty, at, column, ids }: Standing,
): Promise<{ readonly iv: Iv; readonly authorization?: AuthorizationId }> {
  await backbone.readModels.upToDate(authorizationsProjection);
  const rows = await allRows<AuthorizationRow>(backbone.readModels.store, authorizationsProjection, [
    { column, is: 'one-of', values: ids },
    { column: 'representedParty', is: 'equal', value: representedParty },
    { column: 'status', is: 'one-of', values: ['active', 'suspended'] },
    { column: 'validUntil', is: 'from', value: later(at, 1) },
  ]);
  const carried = await fewAtOnce(rows, async ({ id }): Promise<Iv> => {
    const found = await loadAuthorization(backbone, id);
    return found === undefined || !stands(found.authorization, at) ? 0 : ivCarriedBy(backbone, found);
  });
  const iv = carried.reduce<Iv>((best, next) => (next > best ? next : best), 0);
  return iv === 0 ? { iv } : { iv, authorization: rows[carried.indexOf(iv)]!.id as AuthorizationId };
}

function stands(authorization: RegisteredAuthorization, at: Instant): boolean {
  const standing = standingAt(authorization, at);
  if (standing !== 'suspended') return standing === 'active';
  return 'activatedAt' in authorization && authorization.validFrom <= at;
}
