import type { IdentityValidation, MeansRequest } from '../contract/classification.types.js';
import { isValidSignature } from '../signature.js';
import { readInstant } from '../time/instant.js';
import { type Supposition, supposes } from '../supposition.js';
import type { Criteria, MeansRowCode } from './row.js';

type AttributeQuality = NonNullable<Criteria['attributes']>;
type ValidationStrength = NonNullable<Criteria['validation']>;

/** Weak to strong; a row that asks for one accepts every stronger one (MEANS-IDC-ii). */
const ATTRIBUTE_QUALITIES: readonly AttributeQuality[] = ['ii.a', 'ii.b', 'ii.c'];

/** Weak to strong (MEANS-IDC-iii, AMB-36). */
const VALIDATION_STRENGTHS: readonly ValidationStrength[] = [
  'iii.a',
  'iii.b',
  'iii.c',
  'iii.d',
  'iii.e',
  'iii.f',
  'iii.g',
  'iii.h',
];

export const reachesAttributes = (quality: Criteria['attributes'], least: AttributeQuality): boolean =>
  quality !== null && ATTRIBUTE_QUALITIES.indexOf(quality) >= ATTRIBUTE_QUALITIES.indexOf(least);

export const reachesValidation = (strength: Criteria['validation'], least: ValidationStrength): boolean =>
  strength !== null && VALIDATION_STRENGTHS.indexOf(strength) >= VALIDATION_STRENGTHS.indexOf(least);

function attributeQuality(
  { attributes }: MeansRequest['identification'],
  supposition: Supposition<MeansRowCode>,
): Criteria['attributes'] {
  const isUnambiguous = attributes.duplicate !== 'unresolved' || supposes(supposition, 'not-unique');
  const unique = attributes.uniquelyIdentifying && isUnambiguous;
  if (attributes.count === 0) return null;
  if (unique && attributes.officialNumberVerified) return 'ii.c';
  return unique && attributes.count >= 2 ? 'ii.b' : 'ii.a';
}

/** What one validation is worth, `null` when it failed. */
function strengthOf(
  validation: IdentityValidation,
  { issuance }: MeansRequest,
  supposition: Supposition<MeansRowCode>,
): ValidationStrength | null {
  switch (validation.method) {
    case 'emailConfirmation':
      return validation.confirmed ? 'iii.a' : null;
    case 'neutralThirdParty':
      return validation.agrees && validation.party !== 'other' ? 'iii.b' : null;
    case 'electronicSignature': {
      if (!isValidSignature(validation.signature)) return null;
      const isInTime =
        issuance.handedOutAt === undefined || readInstant(validation.verifiedAt) < readInstant(issuance.handedOutAt);
      return validation.verifiedByCsp && isInTime ? 'iii.h' : 'iii.c';
    }
    case 'employerStatement': {
      const isByAnother = !validation.employerIsApplicant || supposes(supposition, 'employer-is-applicant');
      return validation.agreementInForce && validation.documentCheckedAtHiring && isByAnother ? 'iii.d' : null;
    }
    case 'idCopyWithRegisterCheck':
      return validation.status === 'notReported' ? 'iii.e' : null;
    case 'idCopyWithBankTransaction':
      return validation.succeeded && validation.accountOpenedWithIdDocument && validation.nameAgreesWithDocument
        ? 'iii.f'
        : null;
    case 'idDocumentShown':
      return validation.original && (validation.manner === 'inPerson' || validation.manner === 'visit')
        ? 'iii.g'
        : null;
    case 'remoteIdentification':
      return validation.declaredEquivalence === 'none' ? null : validation.declaredEquivalence;
  }
}

/** The criteria of identification that the facts meet (classification.md §2.3). */
export function criteriaOf(request: MeansRequest, supposition: Supposition<MeansRowCode>): Criteria {
  const { identification } = request;
  const strengths = identification.validations.map((validation) => strengthOf(validation, request, supposition));
  return {
    appearance: identification.physicalAppearance ? 'i.b' : 'i.a',
    attributes: attributeQuality(identification, supposition),
    validation: VALIDATION_STRENGTHS.findLast((strength) => strengths.includes(strength)) ?? null,
  };
}
