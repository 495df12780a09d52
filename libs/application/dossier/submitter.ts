import { later, type Instant } from '#libs/kernel';
import { standingAt, type RecordedCheck } from '#libs/domain';
import {
  compareEh,
  lowerOf,
  maxEh,
  synthesizeEh,
  type AuthorizationRequest,
  type EhLevel,
  type StorkLevel,
} from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { findAuthorization, findMeans } from '../objects.js';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import { meansProjection, type MeansRow } from '../read-models/means.js';
import { recordsOf } from './humans.js';

export type Administration = NonNullable<AuthorizationRequest['submitter']['administration']>;

/** More than this many means or authorizations of one person for one party are not looked through. */
const MOST = 100;

/**
 * Whether the person holds a means that is in use or on its way into it (IO2-c-holder). Who is linked to a holder is
 * that holder (MEANS-ID2-ii.b).
 */
export async function holdsMeans(backbone: Backbone, person: string): Promise<boolean> {
  const records = await recordsOf(backbone, person);
  await backbone.readModels.upToDate(meansProjection);
  const rows = await backbone.readModels.store.search<MeansRow>(meansProjection, {
    where: [
      { column: 'holder', is: 'one-of', values: records },
      { column: 'status', is: 'one-of', values: ['issued', 'active'] },
    ],
    limit: 1,
  });
  return rows.length > 0;
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
  options: { readonly isLegalRepresentative: boolean; readonly at: Instant },
): Promise<Administration | undefined> {
  await backbone.readModels.upToDate(authorizationsProjection);
  const rows = await backbone.readModels.store.search<AuthorizationRow>(authorizationsProjection, {
    where: [
      { column: 'authorizedPerson', is: 'equal', value: person },
      { column: 'representedParty', is: 'equal', value: party },
      { column: 'status', is: 'equal', value: 'active' },
      { column: 'validUntil', is: 'from', value: later(options.at, 1) },
    ],
    limit: MOST,
  });
  const candidates = await Promise.all(
    rows
      .filter((row) => row.authority === 'administration' || (options.isLegalRepresentative && row.scope.all))
      // One login is one person, and an authority for others is none for the party itself (CONT-05, CONT-09).
      .filter((row) => row.nature.actsIndependently)
      .map((row) => administration(backbone, row.id, options.at)),
  );
  return candidates.reduce((best, next) => {
    if (best === undefined || next === undefined) return best ?? next;
    return compareAdministrations(best, next) >= 0 ? best : next;
  }, undefined);
}

/** The higher level first; of one level the one that is not limited to establishments, then the higher IV. */
const compareAdministrations = (one: Administration, other: Administration): number =>
  compareEh(one.level, other.level) ||
  Number(one.establishments === undefined) - Number(other.establishments === undefined) ||
  one.iv - other.iv;

async function administration(backbone: Backbone, id: string, at: Instant): Promise<Administration | undefined> {
  // The list only finds it; what counts is the authorization's own stream and that of its means.
  const result = await findAuthorization(backbone, id, '');
  if ('fault' in result) return undefined;
  const authorization = result.found;
  if (standingAt(authorization, at) !== 'active' || !('means' in authorization.authorizedParty)) return undefined;
  if (authorization.forThirdParties) return undefined;
  const means = await findMeans(backbone, authorization.authorizedParty.means, '');
  if ('fault' in means || means.found.status !== 'active') return undefined;
  const level = synthesizeEh(
    { m: authorization.m, stork: means.found.stork, submitter: authorization.submitterLevel ?? undefined },
    backbone.rules.authorization.ehTable,
  );
  const iv = authorization.scores.IV;
  if (level === null || iv === undefined || iv < 1) return undefined;
  return {
    level,
    iv: iv as 1 | 2 | 3,
    ...(authorization.establishments === undefined ? {} : { establishments: authorization.establishments }),
  };
}

/**
 * The level at which a person was logged in when he submitted: the highest of the named `authentication` checks about
 * him in this application (ARCH-08). With a means of ours it is never more than that means carries.
 */
export async function authenticatedLevel(
  backbone: Backbone,
  person: string,
  application: string,
  checks: readonly RecordedCheck[],
): Promise<EhLevel | undefined> {
  const levels = await Promise.all(
    checks.map(async ({ facts }): Promise<EhLevel | undefined> => {
      if (facts.type !== 'authentication' || facts.about.person !== person || facts.application !== application)
        return undefined;
      if (facts.means === undefined) return facts.level;
      const means = await findMeans(backbone, facts.means, '');
      if ('fault' in means || means.found.status !== 'active' || means.found.holder !== person) return undefined;
      return lowerOf(facts.level, levelOfStork(means.found.stork));
    }),
  );
  return levels.reduce(
    (best, next) => (best === undefined || next === undefined ? (best ?? next) : maxEh(best, next)),
    undefined,
  );
}

/** The EH level that a means of this STORK level can carry at most (LVL-15). */
export const levelOfStork = (stork: StorkLevel): EhLevel => (['EH1', 'EH2', 'EH3', 'EH4'] as const)[stork - 1]!;
