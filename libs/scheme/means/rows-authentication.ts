import type { MeansRequest, ThreatProtection } from '../contract/classification.types.js';
import type { Score } from '../score.js';
import type { MeansElement, MeansFacts, MeansRow } from './row.js';

/** Type and robustness of the means. */
export const RC_ROWS: readonly MeansRow[] = [
  {
    id: 'MEANS-RC1',
    element: 'RC',
    score: 1,
    source: '003 Annex D level 1',
    rule: 'A password or PIN, however weak.',
    holds: ({ request: { token } }) => token.secret !== undefined,
  },
  {
    id: 'MEANS-RC2',
    element: 'RC',
    score: 2,
    source: '003 Annex D level 2',
    rule: 'A password or PIN by the guideline in force.',
    holds: ({ request: { token } }) => token.secret?.meetsGuideline === true,
  },
  {
    id: 'MEANS-RC3',
    element: 'RC',
    score: 3,
    source: '003 Annex D level 3',
    rule: 'Something possessed: certificate, one-time password or SMS code.',
    holds: ({ request: { token } }) => token.possession !== 'none',
  },
  {
    id: 'MEANS-RC4',
    element: 'RC',
    score: 4,
    source: '003 Annex D level 4',
    rule: 'A qualified certificate on a secure device.',
    holds: ({ request: { token } }) => token.possession === 'qualifiedCertificateOnSecureDevice',
  },
];

/** The threats a mechanism is judged on (THR-01…THR-05). */
export const THREATS: Readonly<Record<keyof MeansRequest['mechanism']['protection'], string>> = {
  guessing: 'THR-01',
  eavesdropping: 'THR-02',
  hijacking: 'THR-03',
  replay: 'THR-04',
  manInTheMiddle: 'THR-05',
};

/** How many of the threats have this protection. */
export const count = ({ request }: MeansFacts, wanted: ThreatProtection): number =>
  Object.values(request.mechanism.protection).filter((protection) => protection === wanted).length;

/** A password or PIN below the guideline is no factor (PW-01, AMB-79, D-32). */
const hasTwoFactors = ({ request: { mechanism, token } }: MeansFacts): boolean =>
  mechanism.factors - (token.secret?.meetsGuideline === false ? 1 : 0) >= 2;

/** Certainty of the authentication mechanism (THR-06). */
export const AM_ROWS: readonly MeansRow[] = [
  {
    id: 'MEANS-AM1',
    element: 'AM',
    score: 1,
    source: '003 Annex D level 1',
    rule: 'Any mechanism.',
    holds: () => true,
  },
  {
    id: 'MEANS-AM2',
    element: 'AM',
    score: 2,
    source: '003 Annex D level 2, §3',
    rule: 'Some protection against every threat.',
    holds: (facts) => count(facts, 'none') === 0,
  },
  {
    id: 'MEANS-AM3',
    element: 'AM',
    score: 3,
    source: '003 Annex D level 3, §3',
    rule: 'Two factors that count; protected against at least four of the five threats, and somewhat against the rest.',
    holds: (facts) => hasTwoFactors(facts) && count(facts, 'protected') >= 4 && count(facts, 'none') === 0,
  },
  {
    id: 'MEANS-AM4',
    element: 'AM',
    score: 4,
    source: '003 Annex D level 4, §3',
    rule: 'Two factors that count; protected against all five threats; evaluated to a degree comparable with EAL4+.',
    holds: (facts) =>
      hasTwoFactors(facts) &&
      count(facts, 'protected') === 5 &&
      facts.request.mechanism.evaluation === 'eal4PlusComparable',
  },
];

const isValidPkiOverheid = ({ request: { pkiOverheid } }: MeansFacts): boolean =>
  pkiOverheid !== undefined &&
  pkiOverheid.personal &&
  pkiOverheid.qualified &&
  pkiOverheid.chainComplete &&
  pkiOverheid.revocationStatus === 'good';

const pkiOverheidRow = (element: MeansElement, score: Score): MeansRow => ({
  id: 'MEANS-PKIO',
  element,
  score,
  source: '003 Annex D, PKIoverheid',
  rule: 'A valid personal, qualified PKIoverheid certificate is the means.',
  holds: isValidPkiOverheid,
});

/** What a PKIoverheid certificate settles: all but the mechanism (MEANS-PKIO, D-33). */
export const PKI_OVERHEID_ROWS: readonly MeansRow[] = [
  pkiOverheidRow('ID', 4),
  pkiOverheidRow('IC', 4),
  pkiOverheidRow('IE', 3),
  pkiOverheidRow('RC', 4),
];
