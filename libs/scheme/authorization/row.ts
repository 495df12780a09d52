import type { Score } from '../score.js';
import type { CheckType, Dossier } from './dossier.js';

export type EvidenceAspect = 'IA' | 'IO' | 'IG' | 'IR' | 'IV';
export type ProfileAspect = 'IM' | 'PD' | 'PV' | 'PI' | 'PT';
export type Aspect = EvidenceAspect | ProfileAspect;
export type Book = 'first' | 'repeated';

/** Scores of the aspects judged earlier, on which a row of a later aspect may rest. */
export interface EarlierScores {
  readonly IA: Score;
  readonly IO: Score;
}

/** A recommendation that may be departed from for a recorded reason (NORM-03); the row then stands on `holds`. */
export interface Departure {
  readonly flag: DepartureFlag;
  readonly rule: string;
  readonly holds: (dossier: Dossier, earlier: EarlierScores) => boolean;
}

export type DepartureFlag = 'id-copy-not-enclosed' | 'archived-signature-not-compared';

/** One row of a score table: a closed bullet of the scheme document and the facts that earn it. */
export interface AuthorizationRow {
  readonly id: string;
  readonly aspect: EvidenceAspect;
  readonly score: Score;
  /** The rule books in which the row counts (NORM-06, D-10). */
  readonly books: readonly Book[];
  readonly source: string;
  readonly rule: string;
  /**
   * The types of record that the row can rest on: of any other type none is looked at. A decision that names the row
   * rests on records of these types (and on the issuance of the means, which makes records taken over from it count).
   */
  readonly restsOn: readonly CheckType[];
  readonly holds: (dossier: Dossier, earlier: EarlierScores) => boolean;
  readonly departure?: Departure;
}

export const FIRST: readonly Book[] = ['first'];
export const REPEATED: readonly Book[] = ['repeated'];
export const BOTH: readonly Book[] = ['first', 'repeated'];
