import { later, type Instant } from '#libs/kernel';
import { standingAt } from '#libs/domain';
import { compareEh, containsAll, synthesizeEh, type AuthorizationRequest, type EhLevel } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { fewAtOnce } from '../few-at-once.js';
import { findMeans } from '../objects.js';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import { meansProjection, type MeansRow } from '../read-models/means.js';
import { recordsOf } from './humans.js';
import { ivCarriedBy, loadAuthorization } from './iv-on-record.js';
import type { Weighed } from './weighed.js';

export type Administration = NonNullable<AuthorizationRequest['submitter']['administration']>;

/** More than this many means or authorizations of one person for one party are not looked through. */
const MOST = 100;

/**
 * Whether the person already holds a means that is in use or on its way into it (IO2-c-holder); one that this very
 * application is for he does not hold already. Who is linked to a holder is that holder (MEANS-ID2-ii.b).
 */
export async function holdsMeans(backbone: Backbone, person: string, application: string): Promise<boolean> {
  const records = await recordsOf(backbone, person);
  await backbone.readModels.upToDate(meansProjection);
  const rows = await backbone.readModels.store.search<MeansRow>(meansProjection, {
    where: [
      { column: 'holder', is: 'one-of', values: records },
      { column: 'status', is: 'one-of', values: ['issued', 'active'] },
    ],
    limit: MOST,
  });
  return rows.some((row) => row.application !== application);
}

/**
 * What is on record about a person as administrator of a party, at its best (ADMIN-06, ADMIN-12): an authority that is
 * in force, with a means that is active. A legal representative who holds a means and an authority of his own is
 * treated alike (ADMIN-07).
 */
export async function administrationOf(
  backbone: Backbone,
  person: string,
  party: string,
  options: {
    readonly isLegalRepresentative: boolean;
    readonly at: Instant;
    /** The means that he logged in with: his authority is registered with that one (003 §4.5.1); absent: no such login. */
    readonly means?: string;
    /** Whether an authority for these establishments (absent: for all) covers what he acts on; one that does goes first. */
    readonly covers?: (establishments: readonly string[] | undefined) => boolean;
  },
): Promise<Administration | undefined> {
  await backbone.readModels.upToDate(authorizationsProjection);
  const rows = await backbone.readModels.store.search<AuthorizationRow>(authorizationsProjection, {
    where: [
      { column: 'authorizedPerson', is: 'one-of', values: await recordsOf(backbone, person) },
      { column: 'representedParty', is: 'equal', value: party },
      { column: 'status', is: 'equal', value: 'active' },
      { column: 'validUntil', is: 'from', value: later(options.at, 1) },
    ],
    limit: MOST,
  });
  const fitting = rows
    .filter((row) => row.authority === 'administration' || (options.isLegalRepresentative && row.scope.all))
    // One login is one person, and an authority for others is none for the party itself (CONT-05, CONT-09).
    .filter((row) => row.nature.actsIndependently)
    .filter((row) => options.means === undefined || row.means === options.means);
  const candidates = await fewAtOnce(fitting, (row) => administration(backbone, row.id, options.at));
  const standing = candidates.flatMap((one) => one ?? []);
  const { covers = () => true } = options;
  const covering = standing.filter(({ establishments }) => covers(establishments));
  return [...(covering.length > 0 ? covering : standing)].sort((a, b) => compareAdministrations(b, a)).at(0);
}

/** Everything that is limited to these establishments, each time, lies within those of an administrator (ADMIN-10). */
export const standsWithin = (
  limits: readonly (readonly string[] | undefined)[],
  his: readonly string[] | undefined,
): boolean => his === undefined || limits.every((limit) => limit !== undefined && containsAll(his, limit));

/** The higher level first; of one level the one that is not limited to establishments, then the higher IV. */
const compareAdministrations = (one: Administration, other: Administration): number =>
  compareEh(one.level, other.level) ||
  Number(one.establishments === undefined) - Number(other.establishments === undefined) ||
  one.iv - other.iv;

async function administration(backbone: Backbone, id: string, at: Instant): Promise<Administration | undefined> {
  // The list only finds it; what counts is the authorization's own stream and that of its means.
  const result = await loadAuthorization(backbone, id);
  if (result === undefined) return undefined;
  const { authorization } = result;
  if (standingAt(authorization, at) !== 'active' || !('means' in authorization.authorizedParty)) return undefined;
  if (authorization.forThirdParties) return undefined;
  const means = await findMeans(backbone, authorization.authorizedParty.means, '');
  if ('fault' in means || means.found.status !== 'active') return undefined;
  const level = synthesizeEh(
    { m: authorization.m, stork: means.found.stork, submitter: authorization.submitterLevel ?? undefined },
    backbone.rules.authorization.ehTable,
  );
  const iv = await ivCarriedBy(backbone, result);
  if (level === null || iv === 0) return undefined;
  return {
    level,
    iv,
    ...(authorization.establishments === undefined ? {} : { establishments: authorization.establishments }),
  };
}

/** The login about this human that counts for most, of those that count (ARCH-08, PROOF-06); `undefined`: not logged in. */
export function loginOf(
  evidence: readonly Weighed[],
  human: string,
): { readonly level: EhLevel; readonly means?: string } | undefined {
  return evidence
    .flatMap(({ check: { facts }, login }) => {
      if (login === undefined || facts.type !== 'authentication' || facts.about.person !== human) return [];
      return [{ level: login.level, ...(facts.means === undefined ? {} : { means: facts.means }) }];
    })
    .sort((one, other) => compareEh(one.level, other.level))
    .at(-1);
}

/**
 * The establishments that each standing authorization of this holder for this consumer is limited to; `undefined` for one
 * that is not limited (PROOF-09).
 */
export async function limitsOfHolder(
  backbone: Backbone,
  holder: string,
  party: string,
  at: Instant,
): Promise<readonly (readonly string[] | undefined)[]> {
  await backbone.readModels.upToDate(authorizationsProjection);
  const rows = await backbone.readModels.store.search<AuthorizationRow>(authorizationsProjection, {
    where: [
      { column: 'authorizedPerson', is: 'one-of', values: await recordsOf(backbone, holder) },
      { column: 'representedParty', is: 'equal', value: party },
      { column: 'status', is: 'one-of', values: ['active', 'awaitingActivation'] },
      { column: 'validUntil', is: 'from', value: later(at, 1) },
    ],
    limit: MOST,
  });
  return rows.map(({ establishments }) => establishments ?? undefined);
}
