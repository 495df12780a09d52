import type { AuthorizationId, Instant, Rejection } from '#libs/kernel';
import {
  certificateStands,
  type AuthorityKind,
  type Means,
  type ReceivedApplication,
  type RegisteredParty,
  type RegisteredPerson,
} from '#libs/domain';
import { classifyAuthorization, type AuthorizationRequest, type RuleSet, type StorkLevel } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { copiesOnRecord, copyRecords, type CopyOnRecord } from './copies-on-record.js';
import { standingFor } from './iv-on-record.js';
import { recordsOf, type Humans } from './humans.js';
import type { CheckOnRecord } from './load-checks.js';
import { administrationBy, holdsMeans, loginsOf, standsWithin, type LoginOfPerson } from './submitter.js';
import { translateCheck, type Roles } from './translate-check.js';
import type { Weighed } from './weighed.js';
import { weigh } from './weighing.js';

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
  readonly checks: readonly CheckOnRecord[];
  readonly assessedAt: Instant;
}

/** The question of evaluation 1, and how every check of it was weighed. */
export interface AuthorizationDossier {
  readonly dossier: AuthorizationRequest;
  readonly evidence: readonly Weighed[];
  /** Who plays which part there, by human, as the evidence names people. */
  readonly roles: Roles;
  /** The copies on record that it was handed (R-IO3-d-copy). */
  readonly copies: readonly CopyOnRecord[];
  /** Authorizations on record that something was scored by: the submitter's authority, and what carries an IV score (ARCH-10). */
  readonly authorities: readonly AuthorizationId[];
}

/**
 * Puts the dossier together: the request of evaluation 1, built from stored checks and the state of the register,
 * never from facts in the request (interfaces.md §6). Faults name the checks that are about nobody in it.
 */
export async function authorizationDossier(
  backbone: Backbone,
  parts: RegistrationParts,
  checksPointer: string,
): Promise<AuthorizationDossier | { readonly faults: readonly Rejection[] }> {
  const { application, representedParty, submitter, authorizedParty, assessedAt } = parts;
  const person = 'person' in authorizedParty ? authorizedParty : undefined;
  const copies = await copiesOf(backbone, parts);
  const weighing = await weigh(backbone, {
    application,
    at: assessedAt,
    roles: rolesOf(parts),
    party: representedParty,
    registration: parts.registration,
    ...(parts.establishments === undefined ? {} : { establishments: parts.establishments }),
    named: parts.checks,
    copies,
    checksPointer,
  });
  if ('faults' in weighing) return weighing;
  const { evidence, humans, roles } = weighing;
  const logins = loginsOf(evidence, humans.of(submitter.person.id));
  const [login] = logins;
  const { carriedBy, ...authorized } = await authorizedPartyOf(backbone, parts, humans);
  const claimed: AuthorizationRequest = {
    registration: parts.registration,
    authority: parts.authority,
    channel: application.channel,
    startedAt: application.receivedAt,
    assessedAt,
    ...(parts.establishments === undefined ? {} : { establishments: parts.establishments }),
    representedParty: {
      kind: representedParty.kind,
      specialCircumstancesReported: weighing.circumstancesReported,
    },
    submitter: {
      role: submitter.role,
      holdsMeans: await holdsMeans(backbone, submitter.person.id, application.id),
      ...(login === undefined ? {} : { authenticatedLevel: login.level }),
    },
    authorizedParty: authorized,
    registerProfile: backbone.governance.registerProfileAt(assessedAt),
    // The rules ask whether there is a reason; its words stay out of the dossier, which refusal records keep.
    ...(parts.deviationReason === undefined ? {} : { deviationReason: 'given' }),
    checks: [
      ...evidence.flatMap(({ check, handed, derived }) => (handed ? translateCheck(check.facts, roles, derived) : [])),
      ...copyRecords(weighing.copies, weighing.documents),
      ...issuanceOf(person?.means, application),
    ],
  };
  const { dossier, authority } =
    parts.registration === 'first'
      ? { dossier: claimed, authority: undefined }
      : await withAuthorityOnRecord(backbone, claimed, parts, logins);
  const authorities = [...new Set([authority, carriedBy].flatMap((one) => one ?? []))].sort();
  const { isValid } = weighing.documents;
  return { dossier, evidence, roles, copies: weighing.copies.filter(({ document }) => isValid(document)), authorities };
}

/** In the repeated book a copy that the register keeps need not be sent again on paper (R-IO3-d-copy). */
async function copiesOf(
  backbone: Backbone,
  { registration, application, submitter }: RegistrationParts,
): Promise<readonly CopyOnRecord[]> {
  if (registration !== 'repeated' || application.channel !== 'nonElectronic') return [];
  return copiesOnRecord(backbone, await recordsOf(backbone, submitter.person.id));
}

function rolesOf({
  application,
  representedParty,
  submitter,
  legalRepresentative,
  authorizedParty,
}: RegistrationParts): Roles {
  return {
    application: application.id,
    representedParty: representedParty.id,
    submitter: submitter.person.id,
    ...('party' in authorizedParty
      ? { authorizedParty: authorizedParty.party.id }
      : {
          authorizedPerson: authorizedParty.person.id,
          means: authorizedParty.means.id,
          meansApplication: authorizedParty.means.application,
        }),
    ...(legalRepresentative === undefined ? {} : { legalRepresentative: legalRepresentative.id }),
  };
}

/** The issuance of the means speaks for itself: it is read from the means' own stream. */
const issuanceOf = (
  means: Exclude<Means, { status: 'none' }> | undefined,
  application: ReceivedApplication,
): AuthorizationRequest['checks'] =>
  means?.status === 'issued' || means?.status === 'active'
    ? [
        {
          type: 'meansIssuance',
          issuanceLevel: means.issuanceLevel,
          sameProcess: means.judgedOn === application.id,
        },
      ]
    : [];

/** In the repeated book an authority on record speaks for the submitter, whatever role he takes (ADMIN-06, ADMIN-07). */
async function withAuthorityOnRecord(
  backbone: Backbone,
  claimed: AuthorizationRequest,
  { submitter, representedParty, assessedAt, establishments }: RegistrationParts,
  logins: readonly LoginOfPerson[],
): Promise<{ readonly dossier: AuthorizationRequest; readonly authority: AuthorizationId | undefined }> {
  const role = isShownRepresentative(claimed, backbone.rules) ? claimed.submitter.role : 'administrator';
  const onRecord = await administrationBy(backbone, submitter.person.id, representedParty.id, {
    isLegalRepresentative: role === 'legalRepresentative',
    at: assessedAt,
    // Electronically the authority is the one that is registered with the means of the login (003 §4.5.1).
    logins: claimed.channel === 'electronic' ? logins : [],
    covers: (his) => standsWithin([establishments], his),
  });
  const dossier: AuthorizationRequest = {
    ...claimed,
    submitter: {
      ...claimed.submitter,
      role,
      ...(onRecord === undefined ? {} : { administration: onRecord.administration }),
      ...(onRecord?.login === undefined ? {} : { authenticatedLevel: onRecord.login.level }),
    },
  };
  return { dossier, authority: onRecord?.authorization };
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
  humans: Humans,
): Promise<AuthorizationRequest['authorizedParty'] & { readonly carriedBy: AuthorizationId | undefined }> {
  const { authorizedParty, representedParty, submitter, assessedAt } = parts;
  const { operators } = backbone.participant;
  const among = { representedParty: representedParty.id, at: assessedAt };
  if ('party' in authorizedParty) {
    const { id, register, number } = authorizedParty.party;
    const { iv, authorization } = await standingFor(backbone, { ...among, column: 'authorizedParty', ids: [id] });
    return {
      kind: 'legalPerson',
      carriedBy: authorization,
      registeredIv: iv,
      belongsToOperator: operators.parties.includes(`${register}:${number}`),
    };
  }
  const { person, means } = authorizedParty;
  const stork = meansStorkOf(means, backbone.now());
  const ids = await recordsOf(backbone, person.id);
  const { iv, authorization } = await standingFor(backbone, { ...among, column: 'authorizedPerson', ids });
  return {
    kind: 'naturalPerson',
    carriedBy: authorization,
    ...(stork === undefined ? {} : { meansStork: stork }),
    sameAsSubmitter: humans.of(person.id) === humans.of(submitter.person.id),
    registeredIv: iv,
    belongsToOperator: ids.some((id) => operators.persons.includes(id)),
  };
}

/** STORK level of a means that has been issued and not ended, nor its certificate (SIG-01); `undefined` otherwise. */
export const meansStorkOf = (means: Exclude<Means, { status: 'none' }>, at: Instant): StorkLevel | undefined =>
  (means.status === 'issued' || means.status === 'active') && certificateStands(means, at) ? means.stork : undefined;
