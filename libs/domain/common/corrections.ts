import { epochOf, type Instant } from '#libs/kernel';
import type { PartyAttribute } from '../party/party.events.js';
import type { PersonAttribute } from '../person/person.events.js';

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
  representationCheck: [],
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
