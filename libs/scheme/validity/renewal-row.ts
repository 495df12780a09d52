import type { Score } from '../score.js';

/** What a renewal procedure is judged on: who renews, and how surely it is known what is renewed. */
export interface RenewalEvidence {
  readonly io: number;
  readonly iv: number;
  readonly ia: number;
  /** The id of the authorization to be renewed was given (AMB-21). */
  readonly namesAuthorization: boolean;
  /** The attributes given identify the authorized party uniquely. */
  readonly authorizedPartyUnique: boolean;
}

export interface RenewalRow {
  readonly id: string;
  readonly score: Score;
  readonly source: string;
  readonly rule: string;
  readonly holds: (evidence: RenewalEvidence) => boolean;
}
