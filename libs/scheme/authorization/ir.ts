import { some, unique } from './dossier.js';
import { agreeingLookups } from './ia.js';
import { type AuthorizationRow, BOTH } from './row.js';

export const IR_ROWS: readonly AuthorizationRow[] = [
  {
    id: 'IR1-a',
    aspect: 'IR',
    score: 1,
    books: BOTH,
    source: '003 §4.4.5 row a',
    rule: 'Attributes of the intermediary were submitted; nobody verified them.',
    restsOn: ['identityAttributesRecorded'],
    holds: (dossier) => some(dossier, 'identityAttributesRecorded', (check) => check.subject === 'authorizedParty'),
  },
  {
    id: 'IR2-b',
    aspect: 'IR',
    score: 2,
    books: BOTH,
    source: '003 §4.4.5 row b',
    rule: 'The attributes identify the intermediary uniquely and agree with the trade register, and no other.',
    restsOn: ['identityAttributesRecorded', 'tradeRegisterLookup'],
    holds: (dossier) => unique(dossier, 'authorizedParty') && agreeingLookups(dossier, 'authorizedParty').length > 0,
  },
];
