import type { AuthorizationCheck, AuthorizationRequest, Channel, DateTime } from '../contract/classification.types.js';
import { dossierOf } from '../authorization/dossier.js';
import { judgeEvidence } from '../authorization/scores.js';
import type { RuleSet } from '../rule-set.js';
import type { Score } from '../score.js';

/** What is known of somebody who asks for a revocation or suspension, beside his login. */
export interface RequesterEvidence {
  readonly channel: Channel;
  /** Begin and end of the handling: arrival of the request, and the moment for which it is judged. */
  readonly startedAt: DateTime;
  readonly assessedAt: DateTime;
  readonly holdsMeans: boolean;
  /** An administrator's authority on record; the rows of the repeated book are then open to him as well. */
  readonly administration?: NonNullable<AuthorizationRequest['submitter']['administration']>;
  /** Records about him, with subject `submitter`. */
  readonly checks: readonly AuthorizationCheck[];
}

export interface RequesterIdentification {
  readonly io: Score;
  readonly rows: readonly string[];
}

/**
 * The IO rows applied to whoever asks (REV-05, AMB-17): the rows speak of the legal representative, here each
 * permitted requester stands in his place. A login is no part of it; `revocationDeadline` weighs that itself.
 */
export function requesterIoScore(evidence: RequesterEvidence, ruleSet: RuleSet): RequesterIdentification {
  const { channel, startedAt, assessedAt, holdsMeans, administration, checks } = evidence;
  const judge = (registration: 'first' | 'repeated'): RequesterIdentification => {
    const request: AuthorizationRequest = {
      registration,
      channel,
      startedAt,
      assessedAt,
      representedParty: { kind: 'undertaking' },
      submitter: { role: 'legalRepresentative', holdsMeans, ...(administration && { administration }) },
      authorizedParty: { kind: 'naturalPerson' },
      registerProfile: { im: 0, pd: 0, pv: 0, pi: 0, pt: 0 },
      checks,
    };
    const { IO } = judgeEvidence(ruleSet.authorization.rows, dossierOf(request, ruleSet.authorization.maximumAge));
    return { io: IO.score, rows: IO.rows };
  };
  const first = judge('first');
  const repeated = judge('repeated');
  return repeated.io > first.io ? repeated : first;
}
