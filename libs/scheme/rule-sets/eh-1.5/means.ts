import { count } from '../../means/rows-authentication.js';
import type { MeansFacts, MeansRefusal, MeansRow, MeansRowCode } from '../../means/row.js';
import type { RowCode } from '../../score.js';
import { isValidSignature } from '../../signature.js';
import { supposes } from '../../supposition.js';
import { readInstant } from '../../time/instant.js';

/** A secret below the guideline held the means back, whatever stood beside it. */
const hasNoWeakSecret = ({ request: { token } }: MeansFacts): boolean => token.secret?.meetsGuideline !== false;

const hasTwoFactors = ({ request }: MeansFacts): boolean => request.mechanism.factors >= 2;

/** Activated no earlier than the holder was identified in person; being handed over counted for nothing. */
function isActivatedAfterIdentification(facts: MeansFacts): boolean {
  const { issuance } = facts.request;
  if (issuance.form !== 'afterPhysicalIdentification') return false;
  const { activatedAt, identifiedAt } = issuance;
  return (
    (activatedAt !== undefined && readInstant(activatedAt) >= readInstant(identifiedAt)) ||
    supposes(facts, 'not-identified')
  );
}

export const MEANS_ROWS_OF_1_5: readonly MeansRow[] = [
  {
    id: 'MEANS-IC3',
    element: 'IC',
    score: 3,
    source: '003 Annex D level 3, b',
    rule: 'A registered letter to a validated address, a valid qualified certificate, or a password obtained in person.',
    holds: ({ request: { issuance } }) => {
      switch (issuance.form) {
        case 'registeredLetter':
          return issuance.addressValidated;
        case 'qualifiedCertificate':
          return isValidSignature(issuance.signature);
        case 'passwordObtainedInPerson':
          return true;
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
    rule: 'Activated after the holder was identified in person.',
    holds: isActivatedAfterIdentification,
  },
  {
    id: 'MEANS-RC3',
    element: 'RC',
    score: 3,
    source: '003 Annex D level 3',
    rule: 'Something possessed: certificate, one-time password or SMS code; a secret beside it meets the guideline.',
    holds: (facts) => facts.request.token.possession !== 'none' && hasNoWeakSecret(facts),
  },
  {
    id: 'MEANS-RC4',
    element: 'RC',
    score: 4,
    source: '003 Annex D level 4',
    rule: 'A qualified certificate on a secure device; a secret beside it meets the guideline.',
    holds: (facts) => facts.request.token.possession === 'qualifiedCertificateOnSecureDevice' && hasNoWeakSecret(facts),
  },
  {
    id: 'MEANS-AM3',
    element: 'AM',
    score: 3,
    source: '003 Annex D level 3, §3',
    rule: 'Two factors; protected against at least four of the five threats, and somewhat against the rest.',
    holds: (facts) => hasTwoFactors(facts) && count(facts, 'protected') >= 4 && count(facts, 'none') === 0,
  },
  {
    id: 'MEANS-AM4',
    element: 'AM',
    score: 4,
    source: '003 Annex D level 4, §3',
    rule: 'Two factors; protected against all five threats; evaluated to a degree comparable with EAL4+.',
    holds: (facts) =>
      hasTwoFactors(facts) &&
      count(facts, 'protected') === 5 &&
      facts.request.mechanism.evaluation === 'eal4PlusComparable',
  },
];

export const MEANS_REFUSALS_OF_1_5: readonly MeansRefusal[] = [
  {
    code: 'document-reported',
    rules: ['STOLEN-01', 'MEANS-ID3-e'],
    rule: 'The identity document is reported stolen or missing.',
    found: ({ identification }) =>
      identification.validations.some(
        (validation) => validation.method === 'idCopyWithRegisterCheck' && validation.status === 'reported',
      )
        ? ['document-reported']
        : [],
  },
];

export const MEANS_ROW_CODES_OF_1_5: readonly RowCode<MeansRowCode>[] = [
  {
    code: 'not-identified',
    rules: ['MEANS-IC4'],
    condition: 'the means is not activated before its holder was identified in person',
  },
];
