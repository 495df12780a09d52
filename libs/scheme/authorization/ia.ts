import type { Reference } from '../contract/classification.types.js';
import { atLeast } from '../levels/levels.js';
import { type CheckOf, type Dossier, all, isCurrent, some, unique } from './dossier.js';
import { type AuthorizationRow, FIRST, REPEATED } from './row.js';

const agreesFully = (check: CheckOf<'tradeRegisterLookup'>): boolean =>
  check.agreesOn.includes('number') && check.agreesOn.includes('name') && check.agreesOn.includes('address');

/** Found in the trade register, current, and agreeing on number, name and address (TR-01…TR-05). */
export function agreeingLookups(
  dossier: Dossier,
  subject: 'representedParty' | 'authorizedParty',
): readonly CheckOf<'tradeRegisterLookup'>[] {
  return all(dossier, 'tradeRegisterLookup').filter(
    (check) =>
      check.subject === subject &&
      check.outcome === 'found' &&
      isCurrent(dossier, check.asOf, check.via) &&
      agreesFully(check),
  );
}

/** The represented party stands in the one register that its kind is verified in (PARTY-01, PROF-01, REST-05, D-13). */
export function isVerified(dossier: Dossier): boolean {
  switch (dossier.request.representedParty.kind) {
    case 'undertaking':
    case 'privateLegalPerson':
    case 'publicLegalPerson':
      return agreeingLookups(dossier, 'representedParty').length > 0;
    case 'practitioner':
      return some(
        dossier,
        'professionalRegisterLookup',
        (check) =>
          check.outcome === 'found' &&
          isCurrent(dossier, check.asOf, 'online') &&
          check.registerDesignated &&
          check.identifierAgrees,
      );
    case 'restGroupEntity':
      return some(
        dossier,
        'restGroupRegisterLookup',
        (check) => check.outcome === 'found' && isCurrent(dossier, check.asOf, 'online') && check.uniqueMatch,
      );
  }
}

/** A thousand asked for in a list of ten thousand are not ten million comparisons. */
export function containsAll(list: readonly Reference[] | undefined, wanted: readonly Reference[]): boolean {
  if (list === undefined) return false;
  const listed = new Set(list);
  return wanted.every((item) => listed.has(item));
}

/** Every establishment of the scope is a current one by the trade register (IA2-b-est, D-14); so is no limit at all. */
function establishmentsAreCurrent(dossier: Dossier): boolean {
  const { establishments } = dossier.request;
  if (establishments === undefined) return true;
  return agreeingLookups(dossier, 'representedParty').some((check) =>
    containsAll(check.currentEstablishments, establishments),
  );
}

/** What row IA2-b asks of the represented party, whoever submits. */
const isIdentifiedAndVerified = (dossier: Dossier): boolean =>
  unique(dossier, 'representedParty') && isVerified(dossier) && establishmentsAreCurrent(dossier);

/** His administration authority is limited to establishments among which are all those of the scope (ADMIN-10, D-15). */
function scopeIsOfHisEstablishments(dossier: Dossier): boolean {
  const { establishments, submitter } = dossier.request;
  return establishments === undefined || containsAll(submitter.administration?.establishments, establishments);
}

export const IA_ROWS: readonly AuthorizationRow[] = [
  {
    id: 'IA1-a',
    aspect: 'IA',
    score: 1,
    books: FIRST,
    source: '003 §4.4.2 row a',
    rule: 'Attributes of the represented party were submitted; nobody verified them.',
    restsOn: ['identityAttributesRecorded'],
    holds: (dossier) => some(dossier, 'identityAttributesRecorded', (check) => check.subject === 'representedParty'),
  },
  {
    id: 'IA2-b',
    aspect: 'IA',
    score: 2,
    books: FIRST,
    source: '003 §4.4.2 row b',
    rule:
      'The attributes identify the represented party uniquely and agree with the register of its kind; ' +
      'establishments of the scope are current ones by the trade register.',
    restsOn: [
      'identityAttributesRecorded',
      'tradeRegisterLookup',
      'professionalRegisterLookup',
      'restGroupRegisterLookup',
    ],
    holds: isIdentifiedAndVerified,
  },
  {
    id: 'R-IA1-a',
    aspect: 'IA',
    score: 1,
    books: REPEATED,
    source: '003 §4.5.1 row a',
    rule: 'Electronic: the represented party follows from the registered authority of the administrator.',
    restsOn: [],
    holds: ({ request }) => request.channel === 'electronic' && request.submitter.administration !== undefined,
  },
  {
    id: 'R-IA2-b',
    aspect: 'IA',
    score: 2,
    books: REPEATED,
    source: '003 §4.5.1 row b',
    rule: 'Not electronic: an administrator with a registered authority, and all that row IA2-b asks.',
    restsOn: [
      'identityAttributesRecorded',
      'tradeRegisterLookup',
      'professionalRegisterLookup',
      'restGroupRegisterLookup',
    ],
    holds: (dossier) =>
      dossier.request.channel === 'nonElectronic' &&
      dossier.request.submitter.administration !== undefined &&
      isIdentifiedAndVerified(dossier),
  },
  {
    id: 'R-IA2-c',
    aspect: 'IA',
    score: 2,
    books: REPEATED,
    source: '003 §4.5.1 third row',
    rule:
      'Electronic: the authority of the administrator is at EH2 or higher. A scope limited to establishments needs ' +
      'an administrator limited to those establishments, or all that row IA2-b asks.',
    restsOn: [
      'identityAttributesRecorded',
      'tradeRegisterLookup',
      'professionalRegisterLookup',
      'restGroupRegisterLookup',
    ],
    holds: (dossier) => {
      const { channel, submitter } = dossier.request;
      return (
        channel === 'electronic' &&
        submitter.administration !== undefined &&
        atLeast(submitter.administration.level, 'EH2') &&
        (scopeIsOfHisEstablishments(dossier) || isIdentifiedAndVerified(dossier))
      );
    },
  },
];
