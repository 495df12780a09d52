import { isValidSignature } from '../signature.js';
import { type Dossier, copies, some, unique } from './dossier.js';
import { type AuthorizationRow, FIRST } from './row.js';
import {
  actsAsRepresentative,
  additionalCheck,
  agreesWithCopy,
  isOriginalForm,
  isPaperOfRepresentative,
  isProxyHolderInPerson,
  signedOnTheSpot,
  submitterCopies,
} from './submitter.js';

/** The scanned form agrees with the scanned document (IO2-c, AMB-26). */
const scansAgree = (dossier: Dossier): boolean =>
  agreesWithCopy(dossier, copies(dossier, 'submitter', 'scan'), (check) => check.form === 'scan');

/** The organization itself signed, with a PKIoverheid services certificate (IO2-c-pki). */
const organizationSigned = (dossier: Dossier): boolean =>
  some(
    dossier,
    'eSignatureValidation',
    (check) =>
      check.signer === 'representedParty' &&
      check.pkiOverheidServices === true &&
      check.signature.technology === 'pki' &&
      isValidSignature(check.signature),
  );

/** He has no means with which he could have logged in (IO2-c-holder). */
const hasNoMeans = ({ request }: Dossier): boolean =>
  !request.submitter.holdsMeans && request.submitter.authenticatedLevel === undefined;

export const IO_ROWS: readonly AuthorizationRow[] = [
  {
    id: 'IO1-a',
    aspect: 'IO',
    score: 1,
    books: FIRST,
    source: '003 §4.4.3 row a',
    rule: 'Nothing about the submitter is checked.',
    restsOn: [],
    holds: () => true,
  },
  {
    id: 'IO2-b',
    aspect: 'IO',
    score: 2,
    books: FIRST,
    source: '003 §4.4.3 row b',
    rule:
      'On paper by a uniquely identified representative, whose handwritten signature agrees with the enclosed copy ' +
      'of his identity document.',
    restsOn: ['identityAttributesRecorded', 'idCopyEnclosed', 'signatureComparison'],
    holds: (dossier) => isPaperOfRepresentative(dossier) && agreesWithCopy(dossier, submitterCopies(dossier)),
  },
  {
    id: 'IO2-c',
    aspect: 'IO',
    score: 2,
    books: FIRST,
    source: '003 §4.4.3 row c',
    rule:
      'Electronically by a uniquely identified representative without a means: the scans of form and document agree, ' +
      'or the organization (identified at IA2) signed with a PKIoverheid services certificate.',
    restsOn: [
      'identityAttributesRecorded',
      'tradeRegisterLookup',
      'professionalRegisterLookup',
      'restGroupRegisterLookup',
      'idCopyEnclosed',
      'signatureComparison',
      'eSignatureValidation',
    ],
    holds: (dossier, earlier) =>
      dossier.request.channel === 'electronic' &&
      actsAsRepresentative(dossier) &&
      hasNoMeans(dossier) &&
      unique(dossier, 'submitter') &&
      (scansAgree(dossier) || (earlier.IA >= 2 && organizationSigned(dossier))),
  },
  {
    id: 'IO3-d',
    aspect: 'IO',
    score: 3,
    books: FIRST,
    source: '003 §4.4.3 row d',
    rule:
      'As IO2-b with the paper original of the form, and one further check: his document is not reported stolen or ' +
      'missing, or he paid from an account that took a physical document to open.',
    restsOn: [
      'identityAttributesRecorded',
      'idCopyEnclosed',
      'signatureComparison',
      'idDocumentStatus',
      'bankTransaction',
    ],
    holds: (dossier) => {
      const documents = submitterCopies(dossier);
      return (
        isPaperOfRepresentative(dossier) &&
        agreesWithCopy(dossier, documents, isOriginalForm(dossier)) &&
        additionalCheck(dossier, documents)
      );
    },
  },
  {
    id: 'IO3-e',
    aspect: 'IO',
    score: 3,
    books: FIRST,
    source: '003 §4.4.3 row e',
    rule:
      'In any channel: the uniquely identified representative appears or is visited and signs on the spot, in ' +
      'agreement with the original document shown. A proxy holder may do so instead when his grantor is uniquely ' +
      "identified and the written proxy and a copy of the grantor's document are checked.",
    restsOn: ['identityAttributesRecorded', 'physicalAppearance', 'signatureComparison', 'proxyCheck'],
    holds: (dossier) => (actsAsRepresentative(dossier) && signedOnTheSpot(dossier)) || isProxyHolderInPerson(dossier),
  },
  {
    id: 'IO4-f',
    aspect: 'IO',
    score: 4,
    books: FIRST,
    source: '003 §4.4.3 row f',
    rule: 'As IO3-e by the representative himself, who appears; neither a visit nor a proxy will do.',
    restsOn: ['identityAttributesRecorded', 'physicalAppearance', 'signatureComparison'],
    holds: (dossier) => actsAsRepresentative(dossier) && signedOnTheSpot(dossier, ['appeared']),
  },
];
