import { circumstancesClear } from './circumstances.js';
import { type CheckOf, type CheckType, type Dossier, all, isCurrent, some } from './dossier.js';
import { supposes } from '../supposition.js';
import { isVerified } from './ia.js';
import { type AuthorizationRow, BOTH, REPEATED } from './row.js';
import { actsAsRepresentative, isProxyHolderInPerson } from './submitter.js';

type Representation = CheckOf<'representationCheck'>;

/** The register that shows who may represent a party of this kind (D-13). */
function isRegisterOfKind({ request }: Dossier, { register, via }: Representation): boolean {
  if (via === 'extract' && register !== 'tradeRegister') return false;
  switch (request.representedParty.kind) {
    case 'undertaking':
    case 'privateLegalPerson':
    case 'publicLegalPerson':
      return register === 'tradeRegister' || register === 'authorityService';
    case 'practitioner':
      return register === 'professionalRegister';
    case 'restGroupEntity':
      return register === 'restGroupRegister';
  }
}

export const hasAuthorityOnRecord = ({ request }: Dossier): boolean =>
  request.registration === 'repeated' && request.submitter.administration !== undefined;

/** An entry in the register says something about the submission only when this submitter may rely on it. */
const mayRelyOnRegister = (dossier: Dossier): boolean =>
  actsAsRepresentative(dossier) || isProxyHolderInPerson(dossier) || hasAuthorityOnRecord(dossier);

/** No limitation stands in the way (IV2-limits), or that is the condition supposed. */
const isUnlimited = (dossier: Dossier, check: Representation): boolean =>
  check.limitation !== 'obstructing' || supposes(dossier, 'representation-limited');

/** This entry shows the submitter, or the grantor of a proxy holder, in the register of the party, now, and as he says. */
export function showsHim(dossier: Dossier, check: Representation): boolean {
  const of = dossier.request.submitter.role === 'proxyHolder' ? 'legalRepresentative' : 'submitter';
  return (
    check.of === of &&
    isRegisterOfKind(dossier, check) &&
    check.outcome === 'found' &&
    isCurrent(dossier, check.asOf, check.via) &&
    check.agrees
  );
}

/** The register shows him as representative on this basis. */
const isShown = (dossier: Dossier, basis: 'byName' | 'byFunction'): boolean =>
  mayRelyOnRegister(dossier) &&
  some(
    dossier,
    'representationCheck',
    (check) => check.basis === basis && showsHim(dossier, check) && isUnlimited(dossier, check),
  );

/** He declares to be appointed in his function now (IV2-pub-ii, MAND-03), or that is the condition supposed. */
const declaresFunction = (dossier: Dossier): boolean =>
  some(dossier, 'functionDeclaration', (check) => check.declaresAppointment) ||
  supposes(dossier, 'function-declaration-missing');

/** An internal mandate decision names his function and is reliable (MAND-01…MAND-05). */
const holdsMandate = (dossier: Dossier): boolean =>
  dossier.request.submitter.role === 'mandateHolder' &&
  some(
    dossier,
    'mandateDecisionCheck',
    (check) =>
      check.functionNamedInDecision && (check.foundInOfficialSource || check.validityDeclaredByRepresentative === true),
  );

/** The question of one unit was asked, and one unit only goes with a scope limited to establishments (IV2-unit, D-22). */
function unitIsSettled(dossier: Dossier): boolean {
  const checks = all(dossier, 'organizationalUnitCheck');
  if (checks.length === 0) return false;
  return dossier.request.establishments !== undefined || checks.every((check) => !check.concernsOneUnitOnly);
}

/** What row IV2-b asks. */
export function isEntitled(dossier: Dossier): boolean {
  if (dossier.request.representedParty.kind !== 'publicLegalPerson') return isShown(dossier, 'byName');
  return (
    unitIsSettled(dossier) &&
    (isShown(dossier, 'byName') ||
      (declaresFunction(dossier) && (isShown(dossier, 'byFunction') || holdsMandate(dossier))))
  );
}

/** The authority on record carries this score. */
export const authorityCarries = (dossier: Dossier, iv: 2 | 3): boolean =>
  hasAuthorityOnRecord(dossier) && (dossier.request.submitter.administration?.iv ?? 0) >= iv;

/** The represented party still stands in its register, and of a public body the question of one unit is settled. */
const isConsultedAgain = (dossier: Dossier): boolean =>
  isVerified(dossier) && (dossier.request.representedParty.kind !== 'publicLegalPerson' || unitIsSettled(dossier));

export const REPRESENTATION_RECORDS: readonly CheckType[] = [
  'representationCheck',
  'functionDeclaration',
  'organizationalUnitCheck',
  'mandateDecisionCheck',
  'identityAttributesRecorded',
  'physicalAppearance',
  'signatureComparison',
  'proxyCheck',
];
export const CIRCUMSTANCES_RECORDS: readonly CheckType[] = ['specialCircumstancesCheck', 'circumstancesConfirmation'];
export const REGISTER_RECORDS: readonly CheckType[] = [
  'tradeRegisterLookup',
  'professionalRegisterLookup',
  'restGroupRegisterLookup',
];

export const IV_ROWS: readonly AuthorizationRow[] = [
  {
    id: 'IV1-a',
    aspect: 'IV',
    score: 1,
    books: BOTH,
    source: '003 §4.4.6 row a',
    rule:
      'The organization confirmed the submission through a separate channel, by an address that an independent party ' +
      'gave or verified.',
    restsOn: ['separateChannelConfirmation'],
    holds: (dossier) =>
      some(
        dossier,
        'separateChannelConfirmation',
        (check) => check.confirmed && check.contactSource === 'independentParty',
      ),
  },
  {
    id: 'IV2-b',
    aspect: 'IV',
    score: 2,
    books: BOTH,
    source: '003 §4.4.6 row b',
    rule:
      'The register that belongs to the party shows the submitter as representative by name, without a limitation ' +
      'that stands in the way. For a public body also by function with his declaration, or by an internal mandate ' +
      'decision with his declaration; and it is settled whether one organizational unit only is concerned.',
    restsOn: [...REPRESENTATION_RECORDS],
    holds: isEntitled,
  },
  {
    id: 'IV3',
    aspect: 'IV',
    score: 3,
    books: BOTH,
    source: '003 §4.4.6 third row',
    rule:
      'As IV2-b, and special circumstances are absent by a look in this process, confirmed, or need not be looked for ' +
      'again: an authorization of the authorized party at IV3 stands, and none were reported.',
    restsOn: [...REPRESENTATION_RECORDS, ...CIRCUMSTANCES_RECORDS],
    holds: (dossier) => isEntitled(dossier) && circumstancesClear(dossier),
  },
  {
    id: 'R-IV',
    aspect: 'IV',
    score: 1,
    books: REPEATED,
    source: '003 §4.5.2 last paragraph, §4.4.6',
    rule: 'The administrator has a registered authority.',
    restsOn: [],
    holds: hasAuthorityOnRecord,
  },
  {
    id: 'R-IV',
    aspect: 'IV',
    score: 2,
    books: REPEATED,
    source: '003 §4.5.2 last paragraph, §4.4.6',
    rule:
      'That authority was registered at IV2 or higher, and the represented party is verified in its register again; for ' +
      'a public body it is settled whether one organizational unit only is concerned.',
    restsOn: [...REGISTER_RECORDS, 'organizationalUnitCheck'],
    holds: (dossier) => authorityCarries(dossier, 2) && isConsultedAgain(dossier),
  },
  {
    id: 'R-IV',
    aspect: 'IV',
    score: 3,
    books: REPEATED,
    source: '003 §4.5.2 last paragraph, §4.4.6',
    rule: 'The same with an authority registered at IV3, and special circumstances as in row IV3.',
    restsOn: [...REGISTER_RECORDS, 'organizationalUnitCheck', ...CIRCUMSTANCES_RECORDS],
    holds: (dossier) => authorityCarries(dossier, 3) && isConsultedAgain(dossier) && circumstancesClear(dossier),
  },
];
