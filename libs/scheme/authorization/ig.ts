import type { Reference, StorkLevel } from '../contract/classification.types.js';
import { readInstant } from '../time/instant.js';
import {
  type CheckOf,
  type CheckType,
  type Dossier,
  copies,
  isAbout,
  isOnePerson,
  notReported,
  originalsShown,
  provesDocument,
  some,
  unique,
} from './dossier.js';
import { supposes } from '../supposition.js';
import { IO_REPEATED_ROWS } from './io-repeated.js';
import { IO_ROWS } from './io.js';
import { type AuthorizationRow, BOTH } from './row.js';

/** His means was issued by the requirements of this STORK level (D-19), and he is uniquely identified. */
const isRecordedAt = (dossier: Dossier, stork: StorkLevel): boolean =>
  some(dossier, 'meansIssuance', (check) => check.issuanceLevel >= stork) && unique(dossier, 'authorizedParty');

/** The documents that came as a copy or were shown as original; one shown in person counts as enclosed (D-18). */
const documents = (dossier: Dossier): readonly Reference[] => [
  ...copies(dossier, 'authorizedParty'),
  ...originalsShown(dossier, 'authorizedParty'),
];

/** Voucher and authorized person are two people (IG2-d-other), or that is the condition supposed. */
const areTwoPeople = (dossier: Dossier): boolean =>
  !isOnePerson(dossier) || supposes(dossier, 'voucher-is-authorized-person');

/** A legal representative who submits vouches for the person, and the means is tied to that person (IG2-d, AMB-31). */
const isVouchedFor = (dossier: Dossier): boolean =>
  isRecordedAt(dossier, 2) &&
  dossier.request.submitter.role === 'legalRepresentative' &&
  areTwoPeople(dossier) &&
  some(
    dossier,
    'vouching',
    (check) => check.by === 'submitter' && check.coversIdentityAndAttributes && check.meansLink !== 'none',
  );

const isHis = (dossier: Dossier, check: CheckOf<'bankTransaction'>): boolean =>
  isAbout(dossier, check, 'authorizedParty');

/** Paid before the authorization was activated, if it was (BANK-02). */
function isBeforeActivation({ request }: Dossier, check: CheckOf<'bankTransaction'>): boolean {
  return request.activatedAt === undefined || readInstant(check.completedAt) < readInstant(request.activatedAt);
}

const isPrivateDeed = (dossier: Dossier): boolean =>
  some(
    dossier,
    'privateDeed',
    (check) => check.signedBy === 'submitter' && (check.signedWith === 'hand' || check.signedWith === 'level4Means'),
  );

const NOT_ENCLOSED = 'id-copy-not-enclosed';

/** Whoever vouches is first scored as submitter: a row that rests on his score rests on his records. */
const IO_RECORDS: readonly CheckType[] = [...IO_ROWS, ...IO_REPEATED_ROWS].flatMap((row) => row.restsOn);

export const IG_ROWS: readonly AuthorizationRow[] = [
  {
    id: 'IG1-a',
    aspect: 'IG',
    score: 1,
    books: BOTH,
    source: '003 §4.4.4 row a',
    rule: 'A means was issued to the person, and the submission was found complete.',
    restsOn: ['meansIssuance', 'completenessCheck'],
    holds: (dossier) =>
      some(dossier, 'meansIssuance') && some(dossier, 'completenessCheck', (check) => check.missingItems.length === 0),
  },
  {
    id: 'IG2-b',
    aspect: 'IG',
    score: 2,
    books: BOTH,
    source: '003 §4.4.4 row b',
    rule:
      'Means issued as STORK 2 asks, person uniquely identified, a copy of his document enclosed on paper or the ' +
      'original shown.',
    restsOn: ['meansIssuance', 'identityAttributesRecorded', 'idCopyEnclosed', 'physicalAppearance'],
    holds: (dossier) =>
      isRecordedAt(dossier, 2) &&
      (copies(dossier, 'authorizedParty', 'paper').length > 0 || originalsShown(dossier, 'authorizedParty').length > 0),
    departure: {
      flag: NOT_ENCLOSED,
      rule: 'Neither copy nor original.',
      holds: (dossier) => isRecordedAt(dossier, 2),
    },
  },
  {
    id: 'IG2-c',
    aspect: 'IG',
    score: 2,
    books: BOTH,
    source: '003 §4.4.4 row c',
    rule:
      'Means issued as STORK 2 asks, person uniquely identified, a scan of his document enclosed or a bank ' +
      'transaction in his own name.',
    restsOn: ['meansIssuance', 'identityAttributesRecorded', 'idCopyEnclosed', 'bankTransaction'],
    holds: (dossier) =>
      isRecordedAt(dossier, 2) &&
      (copies(dossier, 'authorizedParty', 'scan').length > 0 ||
        some(
          dossier,
          'bankTransaction',
          (check) => isHis(dossier, check) && check.succeeded && check.nameAgreesWithAttributes,
        )),
  },
  {
    id: 'IG2-d',
    aspect: 'IG',
    score: 2,
    books: BOTH,
    source: '003 §4.4.4 row d',
    rule:
      'Means issued as STORK 2 asks, person uniquely identified; the legal representative who submits, himself at ' +
      'IO2, vouches for somebody else, whose means is tied to that person.',
    restsOn: ['meansIssuance', 'identityAttributesRecorded', 'vouching', ...IO_RECORDS],
    holds: (dossier, earlier) => earlier.IO >= 2 && isVouchedFor(dossier),
  },
  {
    id: 'IG3-e',
    aspect: 'IG',
    score: 3,
    books: BOTH,
    source: '003 §4.4.4 row e',
    rule: 'As IG2-d with the vouching representative at IO3.',
    restsOn: ['meansIssuance', 'identityAttributesRecorded', 'vouching', ...IO_RECORDS],
    holds: (dossier, earlier) => earlier.IO >= 3 && isVouchedFor(dossier),
  },
  {
    id: 'IG3-f',
    aspect: 'IG',
    score: 3,
    books: BOTH,
    source: '003 §4.4.4 row f',
    rule:
      'Means issued as STORK 3 asks, person uniquely identified, a document copied or shown; it is not reported ' +
      'stolen or missing, or before activation he paid from an account that took a physical document to open.',
    restsOn: [
      'meansIssuance',
      'identityAttributesRecorded',
      'idCopyEnclosed',
      'physicalAppearance',
      'idDocumentStatus',
      'bankTransaction',
    ],
    holds: (dossier) => {
      const presented = documents(dossier);
      return (
        isRecordedAt(dossier, 3) &&
        presented.length > 0 &&
        (notReported(dossier, 'authorizedParty', presented) ||
          some(
            dossier,
            'bankTransaction',
            (check) => isHis(dossier, check) && provesDocument(check) && isBeforeActivation(dossier, check),
          ))
      );
    },
  },
  {
    id: 'IG4-g',
    aspect: 'IG',
    score: 4,
    books: BOTH,
    source: '003 §4.4.4 row g',
    rule:
      'Means issued as STORK 4 asks, person uniquely identified; the submission is a private deed that the submitter ' +
      'signed by hand or with a level 4 means, and a document was copied or shown.',
    restsOn: ['meansIssuance', 'identityAttributesRecorded', 'privateDeed', 'idCopyEnclosed', 'physicalAppearance'],
    holds: (dossier) => isRecordedAt(dossier, 4) && isPrivateDeed(dossier) && documents(dossier).length > 0,
    departure: {
      flag: NOT_ENCLOSED,
      rule: 'Neither copy nor original.',
      holds: (dossier) => isRecordedAt(dossier, 4) && isPrivateDeed(dossier),
    },
  },
];
