import type { CheckFacts } from '#libs/domain';
import type { AuthorizationCheck } from '#libs/scheme';

/** Who plays which part in a registration, by id. */
export interface Roles {
  readonly representedParty: string;
  readonly submitter: string;
  readonly authorizedPerson?: string;
  readonly authorizedParty?: string;
  /** The grantor of a proxy; only then a part of its own. */
  readonly legalRepresentative?: string;
  /** Application that the means was applied for in; its checks count only when it is this one (REG-10). */
  readonly meansApplication?: string;
  readonly application: string;
}

/**
 * What a stored check becomes in the dossier: records, nothing (it counts for another question), it is about nobody in
 * the dossier (interfaces.md §6), or it is evidence of another process than this one (REG-10).
 */
export type Translation = readonly AuthorizationCheck[] | 'not-in-dossier' | 'of-another-process';

/** Look-ups carry their own moment, by which the rules judge whether they still count (TR-01, TR-02). */
const DATED: ReadonlySet<CheckFacts['type']> = new Set([
  'tradeRegisterLookup',
  'professionalRegisterLookup',
  'restGroupRegisterLookup',
  'representationCheck',
]);

const NOTHING: Translation = [];

export function translateCheck(check: CheckFacts, roles: Roles): Translation {
  if (!isAboutDossier(check, roles)) return 'not-in-dossier';
  const fromIssuance = check.application !== roles.application && check.application === roles.meansApplication;
  if (check.application !== roles.application && !fromIssuance && !DATED.has(check.type)) return 'of-another-process';
  const origin = fromIssuance ? { fromIssuance: true } : {};

  switch (check.type) {
    case 'identityAttributesRecorded': {
      const subject = subjectOf(check.about, roles);
      return subject === undefined
        ? NOTHING
        : [{ type: check.type, subject, uniquelyIdentifying: check.uniquelyIdentifying, ...origin }];
    }
    case 'tradeRegisterLookup': {
      const subject = check.about.party === roles.representedParty ? 'representedParty' : 'authorizedParty';
      const { type, via, asOf, outcome, agreesOn, currentEstablishments } = check;
      return [{ type, subject, via, asOf, outcome, agreesOn, ...(currentEstablishments && { currentEstablishments }) }];
    }
    case 'professionalRegisterLookup':
      return ofRepresented(check, roles, ({ type, asOf, outcome, registerDesignated, identifierAgrees }) => ({
        type,
        asOf,
        outcome,
        registerDesignated,
        identifierAgrees,
      }));
    case 'restGroupRegisterLookup':
      return ofRepresented(check, roles, ({ type, asOf, outcome, uniqueMatch }) => ({
        type,
        asOf,
        outcome,
        uniqueMatch,
      }));
    case 'separateChannelConfirmation':
      return ofRepresented(check, roles, ({ type, medium, contactSource, confirmed }) => ({
        type,
        medium,
        contactSource,
        confirmed,
      }));
    case 'organizationalUnitCheck':
      return ofRepresented(check, roles, ({ type, concernsOneUnitOnly }) => ({ type, concernsOneUnitOnly }));
    case 'specialCircumstancesCheck':
      return ofRepresented(check, roles, ({ type, performedAt, outcome, otherRepresentativeRegistered }) => ({
        type,
        asOf: performedAt,
        outcome,
        ...(otherRepresentativeRegistered !== undefined && { otherRepresentativeRegistered }),
      }));
    case 'circumstancesConfirmation':
      return ofRepresented(check, roles, ({ type, contactSource, confirmed, capacity, confirmer }) => ({
        type,
        contactSource,
        confirmed,
        confirmedBy:
          capacity === 'trustee'
            ? 'trustee'
            : occurs(confirmer, roles)
              ? 'representativeInApplication'
              : 'otherRepresentative',
      }));

    case 'idCopyEnclosed': {
      const { type, document, presentation } = check;
      return ofHuman(check.about.person, roles, (subject) => ({ type, subject, document, presentation, ...origin }));
    }
    case 'idDocumentStatus': {
      const { type, document, status } = check;
      return ofHuman(check.about.person, roles, (subject) => ({ type, subject, document, status, ...origin }));
    }
    case 'physicalAppearance': {
      const { type, document, mode, documentShown } = check;
      return ofHuman(check.about.person, roles, (subject) => ({
        type,
        subject,
        mode,
        document,
        documentShown,
        ...origin,
      }));
    }
    case 'bankTransaction': {
      const {
        type,
        succeeded,
        completedAt,
        accountOpenedWithIdDocument,
        nameAgreesWithDocument,
        nameAgreesWithAttributes,
      } = check;
      return ofHuman(check.about.person, roles, (subject) => ({
        type,
        subject,
        succeeded,
        completedAt,
        accountOpenedWithIdDocument,
        nameAgreesWithDocument,
        nameAgreesWithAttributes,
        ...origin,
      }));
    }

    case 'signatureComparison':
      return ofSubmitter(check, roles, ({ type, against, document, form, onTheSpot, agrees }) => ({
        type,
        against,
        document,
        form,
        onTheSpot,
        agrees,
      }));
    case 'archivedSignatureComparison':
      return ofSubmitter(check, roles, ({ type, form, agrees }) => ({ type, form, agrees }));
    case 'functionDeclaration':
      return ofSubmitter(check, roles, ({ type, declaresAppointment }) => ({ type, declaresAppointment }));
    case 'proxyCheck':
      if (check.grantor !== roles.legalRepresentative) return NOTHING;
      return ofSubmitter(check, roles, ({ type, writtenAndSigned, grantorIdCopyChecked }) => ({
        type,
        writtenAndSigned,
        grantorIdCopyChecked,
      }));
    case 'mandateDecisionCheck':
      if (check.party !== roles.representedParty) return NOTHING;
      return ofSubmitter(
        check,
        roles,
        ({ type, functionNamedInDecision, foundInOfficialSource, protocolVersion, declaredBy }) => ({
          type,
          functionNamedInDecision,
          foundInOfficialSource,
          protocolVersion,
          validityDeclaredByRepresentative: declaredBy !== undefined && declaredBy !== roles.submitter,
        }),
      );
    case 'representationCheck': {
      if (check.party !== roles.representedParty) return NOTHING;
      const of =
        check.about.person === roles.submitter
          ? 'submitter'
          : check.about.person === roles.legalRepresentative
            ? 'legalRepresentative'
            : undefined;
      if (of === undefined) return NOTHING;
      const { type, register, via, asOf, outcome, basis, agrees, limitation, sameDataAsIdentified } = check;
      return [{ type, of, register, via, asOf, outcome, basis, agrees, limitation, sameDataAsIdentified }];
    }
    case 'eSignatureValidation': {
      const signer =
        check.about.party === roles.representedParty
          ? 'representedParty'
          : check.about.person === roles.submitter
            ? 'submitter'
            : undefined;
      if (signer === undefined) return NOTHING;
      const { type, signature, pkiOverheidServices } = check;
      return [{ type, signer, signature, ...(pkiOverheidServices !== undefined && { pkiOverheidServices }) }];
    }
    case 'vouching': {
      if (check.about.person !== roles.authorizedPerson) return NOTHING;
      const { type, voucher, coversIdentityAndAttributes, meansLink } = check;
      return [
        {
          type,
          by: voucher === roles.submitter ? 'submitter' : 'otherRepresentative',
          coversIdentityAndAttributes,
          meansLink,
        },
      ];
    }
    case 'privateDeed':
      return [
        {
          type: check.type,
          signedBy: check.signer === roles.submitter ? 'submitter' : 'other',
          signedWith: check.signedWith,
        },
      ];
    case 'completenessCheck':
      return [{ type: check.type, missingItems: check.missingItems }];

    // These speak of a login or of a means; they reach the dossier through its other members.
    case 'authentication':
    case 'officialNumberVerification':
    case 'emailConfirmation':
    case 'neutralThirdParty':
    case 'employerStatement':
    case 'remoteIdentification':
    case 'meansDelivery':
    case 'courtOrderVerification':
    case 'pkiOverheidCertificate':
      return NOTHING;
  }
}

function isAboutDossier(check: CheckFacts, roles: Roles): boolean {
  const about: { readonly [kind: string]: string | undefined } = check.about;
  if (about['application'] !== undefined) return about['application'] === roles.application;
  if (about['means'] !== undefined) return roles.meansApplication !== undefined;
  const subject = about['person'] ?? about['party'];
  return subject !== undefined && occurs(subject, roles);
}

function occurs(id: string, roles: Roles): boolean {
  const { representedParty, submitter, authorizedPerson, authorizedParty, legalRepresentative } = roles;
  return [representedParty, submitter, authorizedPerson, authorizedParty, legalRepresentative].includes(id);
}

function subjectOf(about: { readonly person?: string; readonly party?: string }, roles: Roles) {
  if (about.party !== undefined) return about.party === roles.representedParty ? 'representedParty' : 'authorizedParty';
  return about.person === roles.submitter
    ? 'submitter'
    : about.person === roles.authorizedPerson
      ? 'authorizedParty'
      : about.person === roles.legalRepresentative
        ? 'legalRepresentative'
        : undefined;
}

type PersonRecord<Subject extends string> = (subject: Subject) => AuthorizationCheck;

/** Counts for the submitter and the authorized person; a grantor of a proxy has no such records. */
function ofHuman(person: string, roles: Roles, record: PersonRecord<'submitter' | 'authorizedParty'>): Translation {
  if (person === roles.submitter) return [record('submitter')];
  return person === roles.authorizedPerson ? [record('authorizedParty')] : NOTHING;
}

function ofSubmitter<C extends { readonly about: { readonly person: string } }>(
  check: C,
  roles: Roles,
  record: (check: C) => AuthorizationCheck,
): Translation {
  return check.about.person === roles.submitter ? [record(check)] : NOTHING;
}

function ofRepresented<C extends { readonly about: { readonly party: string } }>(
  check: C,
  roles: Roles,
  record: (check: C) => AuthorizationCheck,
): Translation {
  return check.about.party === roles.representedParty ? [record(check)] : NOTHING;
}
