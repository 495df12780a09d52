import type { MeansRequest, MeansResult } from '../contract/classification.types.js';
import type { Score } from '../score.js';
import type { Supposition } from '../supposition.js';

/** Identification, issuance process, issuing entity, robustness of the means, certainty of the mechanism (MEANS-01). */
export type MeansElement = keyof MeansResult['scores'];

export type MeansRowCode = 'not-unique' | 'employer-is-applicant' | 'not-identified';

export type Criteria = MeansResult['criteria'];

/** The facts about a means as its rows read them. */
export interface MeansFacts extends Supposition<MeansRowCode> {
  readonly request: MeansRequest;
  readonly criteria: Criteria;
}

export interface MeansRow {
  readonly id: string;
  readonly element: MeansElement;
  readonly score: Score;
  readonly source: string;
  readonly rule: string;
  readonly holds: (facts: MeansFacts) => boolean;
}

export interface MeansRefusal {
  readonly code: string;
  readonly rules: readonly string[];
  readonly rule: string;
  readonly found: (request: MeansRequest, scores: MeansResult['scores']) => readonly string[];
}

/** Per element the score that each STORK level asks, levels 1 to 4 in order (MEANS-02, AMB-38). */
export type SupportTable = Readonly<Record<MeansElement, readonly [number, number, number, number]>>;
