import type { Instant, Rejection } from '#libs/kernel';
import {
  checkNotInDossier,
  type AuthorityKind,
  type Means,
  type ReceivedApplication,
  type RecordedCheck,
  type RegisteredParty,
  type RegisteredPerson,
} from '#libs/domain';
import type { AuthorizationCheck, AuthorizationRequest, StorkLevel } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import { administrationOf, authenticatedLevel, holdsMeans } from './submitter.js';
import { translateCheck, type Roles } from './translate-check.js';

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
  const roles: Roles = {
    application: application.id,
    representedParty: representedParty.id,
    submitter: submitter.person.id,
    ...(person === undefined
      ? { authorizedParty: (authorizedParty as { party: RegisteredParty }).party.id }
      : { authorizedPerson: person.person.id, meansApplication: person.means.application }),
    ...(legalRepresentative === undefined ? {} : { legalRepresentative: legalRepresentative.id }),
  };

  const faults: Rejection[] = [];
  const checks: AuthorizationCheck[] = [];
  parts.checks.forEach((check, index) => {
    const translated = translateCheck(check.facts, roles);
    const foreignMeans = 'means' in check.facts.about && check.facts.about.means !== person?.means.id;
    if (translated === 'not-in-dossier' || foreignMeans) faults.push(checkNotInDossier(`${checksPointer}/${index}`));
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

  const administration =
    parts.registration === 'repeated'
      ? await administrationOf(backbone, submitter.person.id, representedParty.id, {
          isLegalRepresentative: submitter.role === 'legalRepresentative',
          at: assessedAt,
        })
      : undefined;
  const level = await authenticatedLevel(backbone, submitter.person.id, application.id, parts.checks);

  return {
    dossier: {
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
        ...(administration === undefined ? {} : { administration }),
      },
      authorizedParty: await authorizedPartyOf(backbone, parts),
      registerProfile: backbone.governance.registerProfileAt(assessedAt),
      // The rules ask whether there is a reason; its words stay out of the dossier, which refusal records keep.
      ...(parts.deviationReason === undefined ? {} : { deviationReason: 'given' }),
      checks,
    },
  };
}

async function authorizedPartyOf(
  backbone: Backbone,
  parts: RegistrationParts,
): Promise<AuthorizationRequest['authorizedParty']> {
  const { authorizedParty, representedParty, submitter } = parts;
  const { operators } = backbone.participant;
  if ('party' in authorizedParty) {
    const { id, register, number } = authorizedParty.party;
    return {
      kind: 'legalPerson',
      alreadyRegistered: await isRegistered(backbone, representedParty.id, 'authorizedParty', id),
      belongsToOperator: operators.parties.includes(`${register}:${number}`),
    };
  }
  const { person, means } = authorizedParty;
  const stork = meansStorkOf(means);
  return {
    kind: 'naturalPerson',
    ...(stork === undefined ? {} : { meansStork: stork }),
    sameAsSubmitter: person.id === submitter.person.id,
    alreadyRegistered: await isRegistered(backbone, representedParty.id, 'authorizedPerson', person.id),
    belongsToOperator: operators.persons.includes(person.id),
  };
}

/** STORK level of a means that has been issued and not ended; `undefined` otherwise. */
export const meansStorkOf = (means: Exclude<Means, { status: 'none' }>): StorkLevel | undefined =>
  means.status === 'issued' || means.status === 'active' ? means.stork : undefined;

async function isRegistered(
  backbone: Backbone,
  party: string,
  column: 'authorizedPerson' | 'authorizedParty',
  id: string,
): Promise<boolean> {
  await backbone.readModels.upToDate(authorizationsProjection);
  const rows = await backbone.readModels.store.search<AuthorizationRow>(authorizationsProjection, {
    where: [
      { column, is: 'equal', value: id },
      { column: 'representedParty', is: 'equal', value: party },
      { column: 'status', is: 'one-of', values: ['active', 'awaitingActivation'] },
    ],
    limit: 1,
  });
  return rows.length > 0;
}
