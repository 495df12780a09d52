import { later, type Instant, type Rejection } from '#libs/kernel';
import {
  checkNotInDossier,
  evidenceNotReusable,
  type AuthorityKind,
  type Means,
  type ReceivedApplication,
  type RecordedCheck,
  type RegisteredParty,
  type RegisteredPerson,
} from '#libs/domain';
import {
  classifyAuthorization,
  type AuthorizationCheck,
  type AuthorizationRequest,
  type RuleSet,
  type StorkLevel,
} from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { findAuthorization } from '../objects.js';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import { aboutHumans, humansOf, recordsOf, type Humans } from './humans.js';
import { administrationOf, authenticatedLevel, holdsMeans } from './submitter.js';
import { translateCheck, type Roles } from './translate-check.js';

/** More than this many authorizations of one party for another are not looked through. */
const MOST = 100;

/** The objects that a registration names, as they are on record. */
export interface RegistrationParts {
  readonly application: ReceivedApplication;
  readonly registration: AuthorizationRequest['registration'];
  readonly authority: AuthorityKind;
  readonly representedParty: RegisteredParty;
  readonly submitter: { readonly person: RegisteredPerson; readonly role: AuthorizationRequest['submitter']['role'] };
  readonly legalRepresentative?: RegisteredPerson;
  readonly authorizedParty:
    | { readonly person: RegisteredPerson; readonly means: Exclude<Means, { status: 'none' }> }
    | { readonly party: RegisteredParty };
  readonly establishments?: readonly string[];
  readonly deviationReason?: string;
  readonly checks: readonly RecordedCheck[];
  readonly assessedAt: Instant;
}

/**
 * Puts the dossier together: the request of evaluation 1, built from stored checks and the state of the register,
 * never from facts in the request (interfaces.md §6). Faults name the checks that are about nobody in it.
 */
export async function authorizationDossier(
  backbone: Backbone,
  parts: RegistrationParts,
  checksPointer: string,
): Promise<{ readonly dossier: AuthorizationRequest } | { readonly faults: readonly Rejection[] }> {
  const { application, representedParty, submitter, legalRepresentative, authorizedParty, assessedAt } = parts;
  const person = 'person' in authorizedParty ? authorizedParty : undefined;
  const persons = [submitter.person, legalRepresentative, person?.person].flatMap((one) =>
    one === undefined ? [] : [one.id],
  );
  const human = await humansOf(backbone, persons, parts.checks);
  const roles: Roles = {
    application: application.id,
    representedParty: representedParty.id,
    submitter: human(submitter.person.id),
    ...(person === undefined
      ? { authorizedParty: (authorizedParty as { party: RegisteredParty }).party.id }
      : { authorizedPerson: human(person.person.id), meansApplication: person.means.application }),
    ...(legalRepresentative === undefined ? {} : { legalRepresentative: human(legalRepresentative.id) }),
  };

  const faults: Rejection[] = [];
  const checks: AuthorizationCheck[] = [];
  parts.checks.forEach((check, index) => {
    const pointer = `${checksPointer}/${index}`;
    const foreignMeans = 'means' in check.facts.about && check.facts.about.means !== person?.means.id;
    const translated = foreignMeans ? 'not-in-dossier' : translateCheck(aboutHumans(check.facts, human), roles);
    if (translated === 'not-in-dossier') faults.push(checkNotInDossier(pointer));
    else if (translated === 'of-another-process') faults.push(evidenceNotReusable(pointer));
    else checks.push(...translated);
  });
  if (faults.length > 0) return { faults };

  // The issuance of the means speaks for itself: it is read from the means' own stream.
  if (person?.means.status === 'issued' || person?.means.status === 'active') {
    checks.push({
      type: 'meansIssuance',
      issuanceLevel: person.means.issuanceLevel,
      sameProcess: person.means.application === application.id,
    });
  }

  const level = await authenticatedLevel(backbone, submitter.person.id, application.id, parts.checks);
  const claimed: AuthorizationRequest = {
    registration: parts.registration,
    authority: parts.authority,
    channel: application.channel,
    startedAt: application.receivedAt,
    assessedAt,
    ...(parts.establishments === undefined ? {} : { establishments: parts.establishments }),
    representedParty: {
      kind: representedParty.kind,
      specialCircumstancesReported: representedParty.specialCircumstances,
    },
    submitter: {
      role: submitter.role,
      holdsMeans: await holdsMeans(backbone, submitter.person.id),
      ...(level === undefined ? {} : { authenticatedLevel: level }),
    },
    authorizedParty: await authorizedPartyOf(backbone, parts, human),
    registerProfile: backbone.governance.registerProfileAt(assessedAt),
    // The rules ask whether there is a reason; its words stay out of the dossier, which refusal records keep.
    ...(parts.deviationReason === undefined ? {} : { deviationReason: 'given' }),
    checks,
  };
  return {
    dossier: parts.registration === 'first' ? claimed : await withAuthorityOnRecord(backbone, claimed, parts),
  };
}

/** In the repeated book an authority on record speaks for the submitter, whatever role he takes (ADMIN-06, ADMIN-07). */
async function withAuthorityOnRecord(
  backbone: Backbone,
  claimed: AuthorizationRequest,
  { submitter, representedParty, assessedAt }: RegistrationParts,
): Promise<AuthorizationRequest> {
  const role = isShownRepresentative(claimed, backbone.rules) ? claimed.submitter.role : 'administrator';
  const administration = await administrationOf(backbone, submitter.person.id, representedParty.id, {
    isLegalRepresentative: role === 'legalRepresentative',
    at: assessedAt,
  });
  return {
    ...claimed,
    submitter: { ...claimed.submitter, role, ...(administration === undefined ? {} : { administration }) },
  };
}

/**
 * The role of a representative would let him appoint administrators (ADMIN-01, ADMIN-07), so it stands only where the
 * register or a mandate entitles him now and without limits: what IV2-b asks, with no authority on record to help.
 */
const isShownRepresentative = (claimed: AuthorizationRequest, rules: RuleSet): boolean =>
  (claimed.submitter.role === 'legalRepresentative' || claimed.submitter.role === 'mandateHolder') &&
  (classifyAuthorization(claimed, rules).scores['IV'] ?? 0) >= 2;

async function authorizedPartyOf(
  backbone: Backbone,
  parts: RegistrationParts,
  human: Humans,
): Promise<AuthorizationRequest['authorizedParty']> {
  const { authorizedParty, representedParty, submitter, assessedAt } = parts;
  const { operators } = backbone.participant;
  const among = { representedParty: representedParty.id, at: assessedAt };
  if ('party' in authorizedParty) {
    const { id, register, number } = authorizedParty.party;
    return {
      kind: 'legalPerson',
      registeredIv: await registeredIv(backbone, among, 'authorizedParty', [id]),
      belongsToOperator: operators.parties.includes(`${register}:${number}`),
    };
  }
  const { person, means } = authorizedParty;
  const stork = meansStorkOf(means);
  const ids = await recordsOf(backbone, person.id);
  return {
    kind: 'naturalPerson',
    ...(stork === undefined ? {} : { meansStork: stork }),
    sameAsSubmitter: human(person.id) === human(submitter.person.id),
    registeredIv: await registeredIv(backbone, among, 'authorizedPerson', ids),
    belongsToOperator: ids.some((id) => operators.persons.includes(id)),
  };
}

/** STORK level of a means that has been issued and not ended; `undefined` otherwise. */
export const meansStorkOf = (means: Exclude<Means, { status: 'none' }>): StorkLevel | undefined =>
  means.status === 'issued' || means.status === 'active' ? means.stork : undefined;

/** The highest IV score of an authorization for this party that stands; revoked or expired counts for nothing. */
async function registeredIv(
  backbone: Backbone,
  among: { readonly representedParty: string; readonly at: Instant },
  column: 'authorizedPerson' | 'authorizedParty',
  ids: readonly string[],
): Promise<0 | 1 | 2> {
  await backbone.readModels.upToDate(authorizationsProjection);
  const rows = await backbone.readModels.store.search<AuthorizationRow>(authorizationsProjection, {
    where: [
      { column, is: 'one-of', values: ids },
      { column: 'representedParty', is: 'equal', value: among.representedParty },
      { column: 'status', is: 'equal', value: 'active' },
      { column: 'validUntil', is: 'from', value: later(among.at, 1) },
    ],
    limit: MOST,
  });
  const scores = await Promise.all(
    rows.map(async ({ id }) => {
      const authorization = await findAuthorization(backbone, id, '');
      return 'fault' in authorization ? 0 : (authorization.found.scores.IV ?? 0);
    }),
  );
  return Math.min(2, Math.max(0, ...scores)) as 0 | 1 | 2;
}
