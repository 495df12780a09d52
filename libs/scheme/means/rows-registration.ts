import type { DateTime, MeansIssuanceForm } from '../contract/classification.types.js';
import { isValidSignature } from '../signature.js';
import { supposes } from '../supposition.js';
import { readInstant } from '../time/instant.js';
import { reachesAttributes, reachesValidation } from './criteria.js';
import type { MeansFacts, MeansRow } from './row.js';

/** Identification procedure at issuance. Evidence with an appearance also satisfies rows that need none. */
export const ID_ROWS: readonly MeansRow[] = [
  {
    id: 'MEANS-ID1',
    element: 'ID',
    score: 1,
    source: '003 Annex D level 1, a',
    rule: 'One attribute, and at least a confirmed e-mail address.',
    holds: ({ criteria }) =>
      reachesAttributes(criteria.attributes, 'ii.a') && reachesValidation(criteria.validation, 'iii.a'),
  },
  {
    id: 'MEANS-ID2',
    element: 'ID',
    score: 2,
    source: '003 Annex D level 2, a',
    rule: 'Attributes that are unique together, and at least a comparison with a neutral third party.',
    holds: ({ criteria }) =>
      reachesAttributes(criteria.attributes, 'ii.b') && reachesValidation(criteria.validation, 'iii.b'),
  },
  {
    id: 'MEANS-ID3-v1',
    element: 'ID',
    score: 3,
    source: '003 Annex D level 3, a.1',
    rule: 'Variant 1: an appearance, attributes that are unique together, and at least an electronic signature.',
    holds: ({ criteria }) =>
      criteria.appearance === 'i.b' &&
      reachesAttributes(criteria.attributes, 'ii.b') &&
      reachesValidation(criteria.validation, 'iii.c'),
  },
  {
    id: 'MEANS-ID3-v2',
    element: 'ID',
    score: 3,
    source: '003 Annex D level 3, a.2',
    rule: 'Variant 2: an official number known to the person only, and at least a statement of the employer.',
    holds: ({ criteria }) =>
      reachesAttributes(criteria.attributes, 'ii.c') && reachesValidation(criteria.validation, 'iii.d'),
  },
  {
    id: 'MEANS-ID4',
    element: 'ID',
    score: 4,
    source: '003 Annex D level 4, a',
    rule: 'An appearance, an official number known to the person only, and at least the original document shown.',
    holds: ({ criteria }) =>
      criteria.appearance === 'i.b' &&
      reachesAttributes(criteria.attributes, 'ii.c') &&
      reachesValidation(criteria.validation, 'iii.g'),
  },
];

/** Handed over or activated no earlier than the holder was identified in person (MEANS-IC4), or that is supposed. */
const isAfterIdentification = (facts: MeansFacts): boolean => {
  const { issuance } = facts.request;
  if (issuance.form !== 'afterPhysicalIdentification') return false;
  const identifiedAt = readInstant(issuance.identifiedAt);
  const isLater = (moment: DateTime | undefined): boolean =>
    moment !== undefined && readInstant(moment) >= identifiedAt;
  return isLater(issuance.activatedAt) || isLater(issuance.handedOutAt) || supposes(facts, 'not-identified');
};

/** Another form with a recorded reason why it is equivalent to this score (D-35, AMB-78). */
const isEquivalent = (issuance: Extract<MeansIssuanceForm, { form: 'other' }>, score: 2 | 3): boolean =>
  (issuance.equivalenceReason ?? '').trim() !== '' && (issuance.equivalentTo ?? 2) >= score;

/** Issuance process: how sure is it that the means reaches its holder. */
export const IC_ROWS: readonly MeansRow[] = [
  {
    id: 'MEANS-IC1',
    element: 'IC',
    score: 1,
    source: '003 Annex D level 1, b',
    rule: 'Issued without verifying who receives it.',
    holds: () => true,
  },
  {
    id: 'MEANS-IC2',
    element: 'IC',
    score: 2,
    source: '003 Annex D level 2, b',
    rule:
      'Two dispatches, one by post to the officially registered address; or a single-use link that expires; or ' +
      'another form with a recorded reason why it is equivalent.',
    holds: ({ request: { issuance } }) => {
      switch (issuance.form) {
        case 'twoDispatches':
          return issuance.oneByPostToOfficialAddress;
        case 'oneTimeLink':
          return issuance.singleUse && issuance.expires;
        case 'other':
          return isEquivalent(issuance, 2);
        default:
          return false;
      }
    },
  },
  {
    id: 'MEANS-IC3',
    element: 'IC',
    score: 3,
    source: '003 Annex D level 3, b',
    rule:
      'A registered letter to a validated address; a valid qualified certificate; a password obtained in person; or ' +
      'another form with a recorded reason why it is equivalent to these.',
    holds: ({ request: { issuance } }) => {
      switch (issuance.form) {
        case 'registeredLetter':
          return issuance.addressValidated;
        case 'qualifiedCertificate':
          return isValidSignature(issuance.signature);
        case 'passwordObtainedInPerson':
          return true;
        case 'other':
          return isEquivalent(issuance, 3);
        default:
          return false;
      }
    },
  },
  {
    id: 'MEANS-IC4',
    element: 'IC',
    score: 4,
    source: '003 Annex D level 4, b',
    rule: 'Handed over or activated after the holder was identified in person.',
    holds: isAfterIdentification,
  },
];

/** Issuing entity. */
export const IE_ROWS: readonly MeansRow[] = [
  {
    id: 'MEANS-IE1',
    element: 'IE',
    score: 1,
    source: '003 Annex D level 1, c',
    rule: 'No supervision is asked.',
    holds: () => true,
  },
  {
    id: 'MEANS-IE2',
    element: 'IE',
    score: 2,
    source: '003 Annex D levels 2 and 3, c',
    rule: 'A participant of the scheme, or under supervision for which the government is responsible.',
    holds: ({ request: { issuer } }) => issuer.participant || issuer.supervision !== 'none',
  },
  {
    id: 'MEANS-IE4',
    element: 'IE',
    score: 3,
    source: '003 Annex D level 4, c',
    rule: 'Under mandatory supervision as the e-signature directive means it.',
    holds: ({ request: { issuer } }) => issuer.supervision === 'mandatory',
  },
];
