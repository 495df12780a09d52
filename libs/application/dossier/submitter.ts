import { later, type AuthorizationId, type Instant } from '#libs/kernel';
import { isInUse, standingAt } from '#libs/domain';
import { compareEh, containsAll, minEh, synthesizeEh, type AuthorizationRequest, type EhLevel } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { fewAtOnce } from '../few-at-once.js';
import { findMeans } from '../objects.js';
import { allRows } from '../read-models/all-rows.js';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import { meansProjection, type MeansRow } from '../read-models/means.js';
import { recordsOf } from './humans.js';
import { ivCarriedBy, loadAuthorization } from './iv-on-record.js';
import type { Weighed } from './weighed.js';

export type Administration = NonNullable<AuthorizationRequest['submitter']['administration']>;

/**
 * Whether the person already holds a means that is in use or on its way into it (IO2-c-holder); one that this very
 * application is for he does not hold already. Who is linked to a holder is that holder (MEANS-ID2-ii.b).
 */
export async function holdsMeans(backbone: Backbone, person: string, application: string): Promise<boolean> {
  const records = await recordsOf(backbone, person);
  await backbone.readModels.upToDate(meansProjection);
  const rows = await allRows<MeansRow>(backbone.readModels.store, meansProjection, [
    { column: 'holder', is: 'one-of', values: records },
    { column: 'status', is: 'one-of', values: ['issued', 'active', 'suspended'] },
  ]);
  return rows.some((row) => row.application !== application);
}

/** An administrator's authority, and the authorization that it is: what rests on the one rests on the other (ARCH-10). */
export interface AuthorityOnRecord {
  readonly administration: Administration;
  readonly authorization: AuthorizationId;
}

/** Of whom, when and by which means authorities are looked for. */
interface AskedAdministration {
  readonly isLegalRepresentative: boolean;
  readonly at: Instant;
  /** The means that he logged in with: his authority is registered with that one (003 §4.5.1); absent: no such login. */
  readonly means?: string;
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
  options: AskedAdministration & {
    /** Whether an authority for these establishments (absent: for all) covers what he acts on; one that does goes first. */
    readonly covers?: (establishments: readonly string[] | undefined) => boolean;
  },
): Promise<Administration | undefined> {
  return (await authorityOf(backbone, person, party, options))?.administration;
}

async function authorityOf(
  backbone: Backbone,
  person: string,
  party: string,
  options: Parameters<typeof administrationOf>[3],
): Promise<AuthorityOnRecord | undefined> {
  const standing = await authoritiesOf(backbone, person, party, options);
  const { covers = () => true } = options;
  const covering = standing.filter(({ administration: { establishments } }) => covers(establishments));
  return [...(covering.length > 0 ? covering : standing)]
    .sort((a, b) => compareAdministrations(b.administration, a.administration))
    .at(0);
}

/** The same, every authority of his. */
export async function administrationsOf(
  backbone: Backbone,
  person: string,
  party: string,
  options: AskedAdministration,
): Promise<readonly Administration[]> {
  return (await authoritiesOf(backbone, person, party, options)).map(({ administration }) => administration);
}

async function authoritiesOf(
  backbone: Backbone,
  person: string,
  party: string,
  options: AskedAdministration,
): Promise<readonly AuthorityOnRecord[]> {
  await backbone.readModels.upToDate(authorizationsProjection);
  const rows = await allRows<AuthorizationRow>(backbone.readModels.store, authorizationsProjection, [
    { column: 'authorizedPerson', is: 'one-of', values: await recordsOf(backbone, person) },
    { column: 'representedParty', is: 'equal', value: party },
    { column: 'status', is: 'equal', value: 'active' },
    { column: 'validUntil', is: 'from', value: later(options.at, 1) },
    ...(options.means === undefined ? [] : [{ column: 'means', is: 'equal', value: options.means } as const]),
  ]);
  const fitting = rows
    .filter((row) => row.authority === 'administration' || (options.isLegalRepresentative && row.scope.all))
    // One login is one person, and an authority for others is none for the party itself (CONT-05, CONT-09).
    .filter((row) => row.nature.actsIndependently);
  const candidates = await fewAtOnce(fitting, (row) => administration(backbone, row.id, options.at));
  return candidates.flatMap((one) => one ?? []);
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

async function administration(backbone: Backbone, id: string, at: Instant): Promise<AuthorityOnRecord | undefined> {
  // The list only finds it; what counts is the authorization's own stream and that of its means.
  const result = await loadAuthorization(backbone, id);
  if (result === undefined) return undefined;
  const { authorization } = result;
  if (standingAt(authorization, at) !== 'active' || !('means' in authorization.authorizedParty)) return undefined;
  if (authorization.forThirdParties) return undefined;
  const means = await findMeans(backbone, authorization.authorizedParty.means, '');
  if ('fault' in means || !isInUse(means.found, at)) return undefined;
  const level = synthesizeEh(
    { m: authorization.m, stork: means.found.stork, submitter: authorization.submitterLevel ?? undefined },
    backbone.rules.authorization.ehTable,
  );
  const iv = await ivCarriedBy(backbone, result);
  if (level === null || iv === 0) return undefined;
  const { establishments } = authorization;
  return {
    administration: { level, iv, ...(establishments === undefined ? {} : { establishments }) },
    authorization: id as AuthorizationId,
  };
}

/** A login that counts: what it proves, and the means it was made with. */
export interface LoginOfPerson {
  readonly level: EhLevel;
  readonly means?: string;
}

/** The logins about this human that count, the one that counts for most first (ARCH-08, PROOF-06). */
export const loginsOf = (evidence: readonly Weighed[], human: string): readonly LoginOfPerson[] =>
  evidence
    .flatMap(({ check: { facts }, login }) => {
      if (login === undefined || facts.type !== 'authentication' || facts.about.person !== human) return [];
      return [{ level: login.level, ...(facts.means === undefined ? {} : { means: facts.means }) }];
    })
    .sort((one, other) => compareEh(other.level, one.level));

/**
 * What is on record about a person as administrator, by the login that it is registered with the means of (003 §4.5.1):
 * of several the one that carries most, in whatever order they are named. Without a login any authority is looked at.
 */
export async function administrationBy(
  backbone: Backbone,
  person: string,
  party: string,
  options: Omit<Parameters<typeof administrationOf>[3], 'means'> & { readonly logins: readonly LoginOfPerson[] },
): Promise<(AuthorityOnRecord & { readonly login?: LoginOfPerson }) | undefined> {
  const { logins, ...asked } = options;
  if (logins.length === 0) return authorityOf(backbone, person, party, asked);
  const found = await fewAtOnce(logins, async (login) => {
    const means = login.means === undefined ? {} : { means: login.means };
    const authority = await authorityOf(backbone, person, party, { ...asked, ...means });
    return authority === undefined ? [] : [{ ...authority, login }];
  });
  const covers = (one: Administration): number => Number(asked.covers?.(one.establishments) ?? true);
  return found
    .flat()
    .sort(
      (one, other) =>
        covers(other.administration) - covers(one.administration) ||
        compareEh(carriedBy(other), carriedBy(one)) ||
        compareAdministrations(other.administration, one.administration) ||
        compareEh(other.login.level, one.login.level),
    )
    .at(0);
}

const carriedBy = ({ administration, login }: AuthorityOnRecord & { readonly login: LoginOfPerson }): EhLevel =>
  minEh(administration.level, login.level);

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
  // All of them: one that is not looked at might be the one that reaches beyond an administrator's establishments.
  const rows = await allRows<AuthorizationRow>(backbone.readModels.store, authorizationsProjection, [
    { column: 'authorizedPerson', is: 'one-of', values: await recordsOf(backbone, holder) },
    { column: 'representedParty', is: 'equal', value: party },
    { column: 'status', is: 'one-of', values: ['active', 'awaitingActivation', 'suspended'] },
    { column: 'validUntil', is: 'from', value: later(at, 1) },
  ]);
  return rows.map(({ establishments }) => establishments ?? undefined);
}
