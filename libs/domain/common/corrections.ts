import { epochOf, type Instant, type Rejection } from '#libs/kernel';
import type { PartyAttribute, PartyKind } from '../party/party.events.js';
import type { PersonAttribute } from '../person/person.events.js';
import { refused, rejecting } from './rejections.js';

/**
 * What each kind of check compares or identifies somebody by, in the attributes on record (PROOF-13). A kind that is not
 * here compared all of them: better one look too many. One that rests on a document's number or on a means alone
 * compares none.
 */
const PERSON_COMPARED: { readonly [check: string]: readonly PersonAttribute[] } = {
  idDocumentStatus: [],
  signatureComparison: [],
  archivedSignatureComparison: [],
  authentication: [],
  emailConfirmation: ['email'],
  bankTransaction: ['familyName', 'givenNames'],
  eSignatureValidation: ['familyName', 'givenNames'],
  pkiOverheidCertificate: ['familyName', 'givenNames'],
  functionDeclaration: ['familyName', 'givenNames'],
  mandateDecisionCheck: ['familyName', 'givenNames'],
  privateDeed: ['familyName', 'givenNames'],
};
const PARTY_COMPARED: { readonly [check: string]: readonly PartyAttribute[] } = {
  tradeRegisterLookup: ['name', 'address'],
  professionalRegisterLookup: ['name'],
  restGroupRegisterLookup: ['name'],
  identityAttributesRecorded: ['name', 'address'],
  organizationalUnitCheck: [],
  specialCircumstancesCheck: [],
  separateChannelConfirmation: ['address', 'email', 'telephone'],
  circumstancesConfirmation: [],
  representationCheck: ['name', 'address'],
  mandateDecisionCheck: [],
};
const PERSON_DEFAULT: readonly PersonAttribute[] = ['familyName', 'givenNames', 'birthDate', 'birthPlace'];
const PARTY_DEFAULT: readonly PartyAttribute[] = ['name', 'address', 'email', 'telephone'];

export const comparedOfPerson = (check: string): readonly PersonAttribute[] =>
  Object.hasOwn(PERSON_COMPARED, check) ? PERSON_COMPARED[check]! : PERSON_DEFAULT;
export const comparedOfParty = (check: string): readonly PartyAttribute[] =>
  Object.hasOwn(PARTY_COMPARED, check) ? PARTY_COMPARED[check]! : PARTY_DEFAULT;

/** When a check was made: as the caller says, and as the store recorded it. The earlier of the two counts. */
export interface CheckMade {
  /** Its type (`tradeRegisterLookup`). */
  readonly type: string;
  readonly performedAt: Instant;
  readonly recordedAt: Instant;
}

const corrected = <Name extends string>(
  correctedAt: { readonly [name in Name]?: Instant },
  names: readonly Name[],
  { performedAt, recordedAt }: CheckMade,
): boolean => {
  const made = Math.min(epochOf(performedAt), epochOf(recordedAt));
  return names.some((name) => {
    const at = correctedAt[name];
    return at !== undefined && epochOf(at) >= made;
  });
};

/** Whether an attribute of the person that the check compared was corrected since: then it counts for no new dossier. */
export const personCorrectedSince = (
  person: { readonly correctedAt: { readonly [name in PersonAttribute]?: Instant } },
  check: CheckMade,
): boolean => corrected(person.correctedAt, comparedOfPerson(check.type), check);

/** The same of a party. */
export const partyCorrectedSince = (
  party: { readonly correctedAt: { readonly [name in PartyAttribute]?: Instant } },
  check: CheckMade,
): boolean => corrected(party.correctedAt, comparedOfParty(check.type), check);

export const correctionRejections = {
  'correction-not-shown': refused(
    'No check shows what is to be corrected',
    'Geen controle toont wat gecorrigeerd moet worden',
    {
      en: 'What was verified is verified again: a check of this application, of a kind that can show this attribute, has to say so now. `aspects` tells how each check stood.',
      nl: 'Wat geverifieerd was, wordt opnieuw geverifieerd: een controle van deze aanvraag, van een soort die dit kenmerk kan tonen, moet het nu zeggen. `aspects` vertelt hoe elke controle ervoor stond.',
    },
    'RIGHTS-06',
  ),
};

const rejectWith = rejecting(correctionRejections);

/** Why these members can't be corrected: each that no check shows. */
export const judgeCorrection = <Name extends string>(
  corrected: readonly Name[],
  shown: readonly Name[],
): readonly Rejection[] =>
  corrected
    .filter((name) => !shown.includes(name))
    .map((name) => rejectWith('correction-not-shown', { pointer: `/set/${name}` }));

/** Whatever shows who somebody is shows that he says himself where he is reached. */
const OF_PERSON: readonly PersonAttribute[] = [...PERSON_DEFAULT, 'address', 'email', 'telephone'];
const REACHED: readonly PersonAttribute[] = ['address', 'email', 'telephone'];

/**
 * What a favorable check of each kind shows of the person it is about, when his attributes are corrected (RIGHTS-06). A
 * kind that is not here shows nothing: it speaks of a document's number, of another human or of an act.
 */
const PERSON_SHOWN: { readonly [check: string]: readonly PersonAttribute[] } = {
  // As submitted and recorded anew, or as a document says that is enclosed or shown (MEANS-IDC-ii, MEANS-ID3-g).
  identityAttributesRecorded: OF_PERSON,
  idCopyEnclosed: OF_PERSON,
  physicalAppearance: OF_PERSON,
  // As an official register or a neutral third party has them (AMB-37, MEANS-ID2-iii.b).
  officialNumberVerification: OF_PERSON,
  neutralThirdParty: OF_PERSON,
  // Asked for by himself (RIGHTS-03): a signature or a login names nobody.
  signatureComparison: REACHED,
  eSignatureValidation: REACHED,
  authentication: REACHED,
  emailConfirmation: ['email'],
};

/** What can be corrected of a party. */
export type PartyMember = PartyAttribute | 'person';

/** The same of a party. What a look in the trade register shows is bounded by what it agrees on. */
const PARTY_SHOWN: { readonly [check: string]: readonly PartyMember[] } = {
  identityAttributesRecorded: ['name', 'address', 'email', 'telephone'],
  tradeRegisterLookup: ['name', 'address', 'email', 'telephone'],
  // The register of the profession shows the practitioner himself, and nobody else (AMB-76).
  professionalRegisterLookup: ['name', 'address', 'email', 'telephone', 'person'],
  representationCheck: ['person'],
  restGroupRegisterLookup: ['name', 'address', 'email', 'telephone'],
  separateChannelConfirmation: ['address', 'email', 'telephone'],
};

/** The look-up in the register that numbers parties of a kind (PARTY-01, PROF-01, REST-05). */
const LOOKUPS: { readonly [kind in PartyKind]: string } = {
  undertaking: 'tradeRegisterLookup',
  privateLegalPerson: 'tradeRegisterLookup',
  publicLegalPerson: 'tradeRegisterLookup',
  practitioner: 'professionalRegisterLookup',
  restGroupEntity: 'restGroupRegisterLookup',
};

export const shownOfPerson = (check: string): readonly PersonAttribute[] =>
  Object.hasOwn(PERSON_SHOWN, check) ? PERSON_SHOWN[check]! : [];
export function shownOfParty(check: string, kind: PartyKind): readonly PartyMember[] {
  const isOfAnother = Object.values(LOOKUPS).includes(check) && LOOKUPS[kind] !== check;
  return !isOfAnother && Object.hasOwn(PARTY_SHOWN, check) ? PARTY_SHOWN[check]! : [];
}
