import type { CheckFacts } from '#libs/domain';
import type { AuthorizationCheck } from '#libs/scheme';

/** Who plays which part in a dossier, by id. */
export interface Roles {
  readonly application: string;
  readonly representedParty?: string;
  readonly submitter?: string;
  readonly authorizedPerson?: string;
  readonly authorizedParty?: string;
  /** The grantor of a proxy; only then a part of its own. */
  readonly legalRepresentative?: string;
  /** The means of the authorized person, or the one that is being issued. */
  readonly means?: string;
  /** Application that the means was applied for in; its checks count only when it is this one (REG-10). */
  readonly meansApplication?: string;
}

/** The persons of a dossier. */
export const castOf = ({ submitter, authorizedPerson, legalRepresentative }: Roles): readonly string[] =>
  [submitter, authorizedPerson, legalRepresentative].flatMap((one) => one ?? []);

/** Members of the question that no check says: they are derived from what else is on record (interfaces.md §6). */
export interface Derived {
  readonly uniquelyIdentifying?: boolean;
  readonly contactSource?: 'independentParty' | 'submitter';
  readonly otherRepresentativeRegistered?: boolean;
  /** Who confirms signed along in the application, and somebody is registered who did not. */
  readonly confirmerOccurs?: boolean;
  readonly declaredValid?: boolean;
  readonly grantorIdCopyChecked?: boolean;
  /** All others whom an obstructing limitation asks for have signed too. */
  readonly isCosigned?: boolean;
  readonly meansLink?: 'issuedThroughVoucher' | 'sharedSecret' | 'fullPersonalData' | 'none';
  readonly signedWith?: 'lowerMeans';
  /** A bank transaction that proved something before, where a new one is asked for. */
  readonly isNotRepeated?: boolean;
  /** The document that it presents, or compares with, is reported. */
  readonly presentsReported?: boolean;
}

/** Evidence of one process, which another one does not take over (REG-10). Look-ups carry a moment of their own instead. */
export const LOOKUPS = [
  'tradeRegisterLookup',
  'professionalRegisterLookup',
  'restGroupRegisterLookup',
  'representationCheck',
] as const satisfies readonly CheckFacts['type'][];
export const isOfOneProcess = (type: CheckFacts['type']): boolean => !(LOOKUPS as readonly string[]).includes(type);

/** What the application for a means leaves behind for later ones: records that say `fromIssuance` (classification.md 1.5). */
const TAKEN_OVER: ReadonlySet<CheckFacts['type']> = new Set([
  'identityAttributesRecorded',
  'idCopyEnclosed',
  'idDocumentStatus',
  'physicalAppearance',
  'bankTransaction',
]);
export const isTakenOver = (type: CheckFacts['type']): boolean => TAKEN_OVER.has(type);

type Translation = readonly AuthorizationCheck[];
const NOTHING: Translation = [];

/** What a stored check becomes in the question of the rule book: its records, with the role for the person. */
export function translateCheck(check: CheckFacts, roles: Roles, derived: Derived): Translation {
  const fromIssuance = check.application !== roles.application && check.application === roles.meansApplication;
  const origin = fromIssuance ? { fromIssuance: true } : {};
  if (derived.presentsReported === true) return presentation(check, roles, origin);

  switch (check.type) {
    case 'identityAttributesRecorded': {
      const subject = subjectOf(check.about, roles);
      return subject === undefined
        ? NOTHING
        : [{ type: check.type, subject, uniquelyIdentifying: derived.uniquelyIdentifying ?? false, ...origin }];
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
      return ofRepresented(check, roles, ({ type, medium, confirmed }) => ({
        type,
        medium,
        contactSource: derived.contactSource ?? 'submitter',
        confirmed,
      }));
    case 'organizationalUnitCheck':
      return ofRepresented(check, roles, ({ type, concernsOneUnitOnly }) => ({ type, concernsOneUnitOnly }));
    case 'specialCircumstancesCheck':
      return ofRepresented(check, roles, ({ type, asOf, outcome, otherRepresentativeRegistered }) => ({
        type,
        asOf,
        outcome,
        ...(outcome === 'found' && {
          otherRepresentativeRegistered:
            otherRepresentativeRegistered === true || derived.otherRepresentativeRegistered === true,
        }),
      }));
    case 'circumstancesConfirmation':
      return ofRepresented(check, roles, ({ type, confirmed, capacity, confirmer }) => ({
        type,
        contactSource: derived.contactSource ?? 'submitter',
        confirmed,
        confirmedBy:
          capacity === 'trustee'
            ? 'trustee'
            : derived.confirmerOccurs === true || occurs(confirmer, roles)
              ? 'representativeInApplication'
              : 'otherRepresentative',
      }));

    case 'idCopyEnclosed': {
      const { type, document, presentation } = check;
      return ofAnybody(check.about.person, roles, (subject) => ({ type, subject, document, presentation, ...origin }));
    }
    case 'idDocumentStatus': {
      const { type, document, status } = check;
      return ofAnybody(check.about.person, roles, (subject) => ({ type, subject, document, status, ...origin }));
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
        nameAgreesWithDocument: nameAgreesWithDocument && derived.isNotRepeated !== true,
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
      return ofSubmitter(check, roles, ({ type, writtenAndSigned }) => ({
        type,
        writtenAndSigned,
        grantorIdCopyChecked: derived.grantorIdCopyChecked === true,
      }));
    case 'mandateDecisionCheck':
      if (check.party !== roles.representedParty) return NOTHING;
      return ofSubmitter(check, roles, ({ type, functionNamedInDecision, foundInOfficialSource, protocolVersion }) => ({
        type,
        functionNamedInDecision: functionNamedInDecision ?? false,
        foundInOfficialSource: foundInOfficialSource ?? false,
        protocolVersion,
        validityDeclaredByRepresentative: derived.declaredValid === true,
      }));
    case 'representationCheck': {
      const { type, register, via, asOf, outcome, basis, agrees, limitation, sameDataAsIdentified } = check;
      // Who is shown as trustee, or in the insolvency register, speaks beside the dossier only (PROOF-02).
      if (check.party !== roles.representedParty || check.capacity === 'trustee' || register === 'insolvencyRegister')
        return NOTHING;
      const of =
        check.about.person === roles.submitter
          ? 'submitter'
          : check.about.person === roles.legalRepresentative
            ? 'legalRepresentative'
            : undefined;
      if (of === undefined) return NOTHING;
      return [
        {
          type,
          of,
          register,
          via,
          asOf,
          outcome,
          basis,
          agrees,
          limitation: derived.isCosigned === true ? 'obstructingCosigned' : limitation,
          sameDataAsIdentified,
        },
      ];
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
      const { type, voucher, coversIdentityAndAttributes } = check;
      return [
        {
          type,
          by: voucher === roles.submitter ? 'submitter' : 'otherRepresentative',
          coversIdentityAndAttributes,
          meansLink: derived.meansLink ?? 'none',
        },
      ];
    }
    case 'privateDeed':
      return [
        {
          type: check.type,
          signedBy: check.signer === roles.submitter ? 'submitter' : 'other',
          signedWith: derived.signedWith ?? check.signedWith,
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

/**
 * A reported document is presented: by a copy or the original, and just as well by a signature compared with it or a
 * number that was verified (AMB-77).
 */
function presentation(check: CheckFacts, roles: Roles, origin: { readonly fromIssuance?: boolean }): Translation {
  if (check.type === 'physicalAppearance') return translateCheck(check, roles, {});
  if (!('document' in check) || check.document === undefined) return NOTHING;
  const { document } = check;
  const person = check.type === 'proxyCheck' ? check.grantor : check.about.person;
  const how = check.type === 'idCopyEnclosed' ? check.presentation : 'paper';
  return ofAnybody(person, roles, (subject) => ({
    type: 'idCopyEnclosed',
    subject,
    document,
    presentation: how,
    ...origin,
  }));
}

/**
 * Whether a check is about somebody or something of the dossier. `helpers` confirm, declare or cosign: they belong to it
 * for this only, and what is not about a person at all, or about another means, never does (PROOF-02).
 */
export function isInDossier(check: CheckFacts, roles: Roles, helpers: ReadonlySet<string>): boolean {
  const about: { readonly [kind: string]: string | undefined } = check.about;
  if (about['application'] !== undefined) return about['application'] === roles.application;
  if (about['means'] !== undefined) return about['means'] === roles.means;
  const subject = about['person'] ?? about['party'];
  return subject !== undefined && (occurs(subject, roles) || helpers.has(subject));
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

/** Counts for the grantor of a proxy too. */
function ofAnybody(
  person: string,
  roles: Roles,
  record: PersonRecord<'submitter' | 'authorizedParty' | 'legalRepresentative'>,
): Translation {
  if (person === roles.submitter) return [record('submitter')];
  if (person === roles.authorizedPerson) return [record('authorizedParty')];
  return person === roles.legalRepresentative ? [record('legalRepresentative')] : NOTHING;
}

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
