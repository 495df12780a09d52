import type { EhLevel, Reference } from '../contract/classification.types.js';
import { atLeast, minEh } from '../levels/levels.js';
import { isValidSignature } from '../signature.js';
import { amsterdamDay } from '../time/amsterdam.js';
import { readDate } from '../time/instant.js';
import { type Dossier, all, some, unique } from './dossier.js';
import { supposes } from '../supposition.js';
import { type AuthorizationRow, REPEATED } from './row.js';
import { additionalCheck, agreesWithCopy, isOriginalForm, submitterCopies } from './submitter.js';

/** The administrator's own level: the lower of his login and his authority; without either, none (R-IO-01, D-17). */
function administratorReaches(dossier: Dossier, level: EhLevel): boolean {
  const { authenticatedLevel, administration } = dossier.request.submitter;
  if (authenticatedLevel === undefined || administration === undefined) return false;
  return atLeast(minEh(authenticatedLevel, administration.level), level);
}

export const loggedInAt =
  (level: EhLevel) =>
  (dossier: Dossier): boolean =>
    dossier.request.channel === 'electronic' && administratorReaches(dossier, level);

const isPaperOnAuthority = ({ request }: Dossier): boolean =>
  request.channel === 'nonElectronic' && request.submitter.administration !== undefined;

const isPaperOfAdministrator = (dossier: Dossier): boolean =>
  isPaperOnAuthority(dossier) && unique(dossier, 'submitter');

/** The enclosed copies, and those on record whose document is still valid on the day of assessment (R-IO3-d-copy). */
function usableCopies(dossier: Dossier): readonly Reference[] {
  const today = amsterdamDay(dossier.assessedAt);
  const onRecord = all(dossier, 'idCopyOnRecord').filter(
    (check) => readDate(check.expiresOn) >= today || supposes(dossier, 'id-copy-expired'),
  );
  return [...submitterCopies(dossier), ...onRecord.map((check) => check.document)];
}

/** What row R-IO3-d asks beside the comparison of signatures. */
function isCheckedAgain(dossier: Dossier): boolean {
  const documents = usableCopies(dossier);
  return isPaperOfAdministrator(dossier) && documents.length > 0 && additionalCheck(dossier, documents);
}

const NOT_COMPARED = 'archived-signature-not-compared';

export const IO_REPEATED_ROWS: readonly AuthorizationRow[] = [
  {
    id: 'R-IO1-a',
    aspect: 'IO',
    score: 1,
    books: REPEATED,
    source: '003 §4.5.2 row a',
    rule:
      'Electronic: the administrator is at EH1 or higher, by login and authority together. Not electronic: an ' +
      'administrator with a registered authority.',
    restsOn: [],
    holds: (dossier) => loggedInAt('EH1')(dossier) || isPaperOnAuthority(dossier),
  },
  {
    id: 'R-IO2-b',
    aspect: 'IO',
    score: 2,
    books: REPEATED,
    source: '003 §4.5.2 row b',
    rule: 'On paper by a uniquely identified administrator, whose signature agrees with his archived one.',
    restsOn: ['archivedSignatureComparison', 'identityAttributesRecorded', 'idCopyEnclosed', 'signatureComparison'],
    holds: (dossier) =>
      isPaperOfAdministrator(dossier) && some(dossier, 'archivedSignatureComparison', (check) => check.agrees),
    departure: {
      flag: NOT_COMPARED,
      rule: 'The signature agrees with an enclosed copy of his identity document instead.',
      holds: (dossier) => isPaperOfAdministrator(dossier) && agreesWithCopy(dossier, submitterCopies(dossier)),
    },
  },
  {
    id: 'R-IO2-c',
    aspect: 'IO',
    score: 2,
    books: REPEATED,
    source: '003 §4.5.2 row c',
    rule: 'Electronic: the administrator is at EH2 or higher, by login and authority together.',
    restsOn: [],
    holds: loggedInAt('EH2'),
  },
  {
    id: 'R-IO3-d',
    aspect: 'IO',
    score: 3,
    books: REPEATED,
    source: '003 §4.5.2 row d',
    rule:
      'On paper by a uniquely identified administrator: the original form agrees with his archived signature, a copy ' +
      'of his document is enclosed or on record and not expired, and one further check as in IO3-d is done again.',
    restsOn: [
      'archivedSignatureComparison',
      'idCopyOnRecord',
      'identityAttributesRecorded',
      'idCopyEnclosed',
      'signatureComparison',
      'idDocumentStatus',
      'bankTransaction',
    ],
    holds: (dossier) =>
      isCheckedAgain(dossier) &&
      some(dossier, 'archivedSignatureComparison', (check) => check.agrees && isOriginalForm(dossier)(check)),
    departure: {
      flag: NOT_COMPARED,
      rule: 'The original form agrees with one of these copies of his identity document instead.',
      holds: (dossier) =>
        isCheckedAgain(dossier) && agreesWithCopy(dossier, usableCopies(dossier), isOriginalForm(dossier)),
    },
  },
  {
    id: 'R-IO3-e',
    aspect: 'IO',
    score: 3,
    books: REPEATED,
    source: '003 §4.5.2 row e',
    rule: 'Electronic: the administrator is at EH3 or higher, by login and authority together.',
    restsOn: [],
    holds: loggedInAt('EH3'),
  },
  {
    id: 'R-IO4-f',
    aspect: 'IO',
    score: 4,
    books: REPEATED,
    source: '003 §4.5.2 row f',
    rule: 'The administrator is at EH4 and signed the submission with a valid electronic signature.',
    restsOn: ['eSignatureValidation'],
    holds: (dossier) =>
      administratorReaches(dossier, 'EH4') &&
      some(
        dossier,
        'eSignatureValidation',
        (check) => check.signer === 'submitter' && isValidSignature(check.signature),
      ),
  },
];
