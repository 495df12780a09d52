import type { AuthorizationRequest } from '../contract/classification.types.js';
import { dossierOf, unique } from '../authorization/dossier.js';
import { judgeEvidence } from '../authorization/scores.js';
import type { RuleSet } from '../rule-set.js';
import type { Score } from '../score.js';
import type { RenewalEvidence, RenewalRow } from './renewal-row.js';

const identifiesAuthorization = ({ namesAuthorization, ia, authorizedPartyUnique }: RenewalEvidence): boolean =>
  namesAuthorization && ia >= 2 && authorizedPartyUnique;

const procedureAt =
  (io: number) =>
  (evidence: RenewalEvidence): boolean =>
    evidence.io >= io && evidence.iv >= 2 && identifiesAuthorization(evidence);

export const RENEWAL_ROWS: readonly RenewalRow[] = [
  {
    id: 'PV1',
    score: 1,
    source: '003 §4.5.3 row a',
    rule: 'Who renews is at IO1 and IV1; the authorization is named and its represented party at IA1.',
    holds: ({ io, iv, ia, namesAuthorization }) => io >= 1 && iv >= 1 && ia >= 1 && namesAuthorization,
  },
  {
    id: 'PV2',
    score: 2,
    source: '003 §4.5.3 row b',
    rule: 'IO2 and IV2; the authorization is named, its represented party at IA2, its authorized party unique.',
    holds: procedureAt(2),
  },
  {
    id: 'PV3',
    score: 3,
    source: '003 §4.5.3 row c',
    rule: 'As PV2 with IO3.',
    holds: procedureAt(3),
  },
  {
    id: 'PV4',
    score: 4,
    source: '003 §4.5.3 row d',
    rule: 'As PV2 with IO4.',
    holds: procedureAt(4),
  },
];

/** The PV score of a renewal as it was actually done (SCORE-05, PV1–PV4); 0 when no row is met. */
export function renewalProcedureScore(evidence: RenewalEvidence, ruleSet: RuleSet): Score {
  return ruleSet.validity.renewalRows
    .filter((row) => row.holds(evidence))
    .reduce<Score>((best, row) => (row.score > best ? row.score : best), 0);
}

/** The evidence of a renewal as its dossier shows it; the dossier's own `registerProfile.pv` plays no part. */
export function renewalEvidence(
  request: AuthorizationRequest,
  namesAuthorization: boolean,
  ruleSet: RuleSet,
): RenewalEvidence {
  const dossier = dossierOf(request, ruleSet.authorization.maximumAge);
  const { IA, IO, IV } = judgeEvidence(ruleSet.authorization.rows, dossier);
  return {
    ia: IA.score,
    io: IO.score,
    iv: IV.score,
    namesAuthorization,
    authorizedPartyUnique: unique(dossier, 'authorizedParty'),
  };
}
