import { circumstancesConfirmed, circumstancesFound } from '../../authorization/circumstances.js';
import { type Dossier, recordsOf, some } from '../../authorization/dossier.js';
import { isVerified } from '../../authorization/ia.js';
import { loggedInAt } from '../../authorization/io-repeated.js';
import {
  CIRCUMSTANCES_RECORDS,
  REGISTER_RECORDS,
  REPRESENTATION_RECORDS,
  authorityCarries,
  isEntitled,
} from '../../authorization/iv.js';
import { type BlockingRefusal, isAppointedByOther, when } from '../../authorization/refusals.js';
import { type AuthorizationRow, BOTH, REPEATED } from '../../authorization/row.js';

/**
 * The authorized party is registered for this consumer. A dossier of eh-1.5 says so by a member of its own; of one in
 * the present form every score says it.
 */
function isRegistered({ request: { authorizedParty } }: Dossier): boolean {
  if ('alreadyRegistered' in authorizedParty) return authorizedParty.alreadyRegistered === true;
  return (authorizedParty.registeredIv ?? 0) > 0;
}

/** Looked for at some time and absent, or confirmed; at a change it need not be looked for. */
function circumstancesClear(dossier: Dossier): boolean {
  if (circumstancesFound(dossier)) return circumstancesConfirmed(dossier);
  if (some(dossier, 'specialCircumstancesCheck', (check) => check.outcome === 'none')) return true;
  return isRegistered(dossier) && dossier.request.representedParty.specialCircumstancesReported !== true;
}

/** The authority on record carries this score; the register is consulted for somebody new only. */
const carries = (dossier: Dossier, iv: 2 | 3): boolean =>
  authorityCarries(dossier, iv) && (isRegistered(dossier) || isVerified(dossier));

export const AUTHORIZATION_ROWS_OF_1_5: readonly AuthorizationRow[] = [
  {
    id: 'R-IO1-a',
    aspect: 'IO',
    score: 1,
    books: REPEATED,
    source: '003 §4.5.2 row a',
    rule: 'Electronic: the administrator is at EH1 or higher, by login and authority together.',
    restsOn: [],
    holds: loggedInAt('EH1'),
  },
  {
    id: 'IV3',
    aspect: 'IV',
    score: 3,
    books: BOTH,
    source: '003 §4.4.6 third row',
    rule: 'As IV2-b, and special circumstances are absent, confirmed, or need not be looked for at a change.',
    restsOn: [...REPRESENTATION_RECORDS, ...CIRCUMSTANCES_RECORDS],
    holds: (dossier) => isEntitled(dossier) && circumstancesClear(dossier),
  },
  {
    id: 'R-IV',
    aspect: 'IV',
    score: 2,
    books: REPEATED,
    source: '003 §4.5.2 last paragraph, §4.4.6',
    rule:
      'That authority was registered at IV2 or higher; for an authorized party that is new the represented party is ' +
      'verified in its register again.',
    restsOn: [...REGISTER_RECORDS],
    holds: (dossier) => carries(dossier, 2),
  },
  {
    id: 'R-IV',
    aspect: 'IV',
    score: 3,
    books: REPEATED,
    source: '003 §4.5.2 last paragraph, §4.4.6',
    rule: 'The same with an authority registered at IV3, and special circumstances as in row IV3.',
    restsOn: [...REGISTER_RECORDS, ...CIRCUMSTANCES_RECORDS],
    holds: (dossier) => carries(dossier, 3) && circumstancesClear(dossier),
  },
];

export const AUTHORIZATION_REFUSALS_OF_1_5: readonly BlockingRefusal[] = [
  {
    code: 'appointer-not-legal-representative',
    rules: ['ADMIN-01', 'AMB-75'],
    rule: 'An administrator is appointed by somebody who does not represent the party.',
    found: (dossier) => when(isAppointedByOther(dossier), 'appointer-not-legal-representative'),
  },
  {
    code: 'document-reported',
    rules: ['STOLEN-01', 'MEANS-ID3-e'],
    rule: 'An identity document is reported stolen or missing.',
    found: (dossier) =>
      when(
        recordsOf(dossier, 'idDocumentStatus').some((check) => check.status === 'reported'),
        'document-reported',
      ),
  },
];
