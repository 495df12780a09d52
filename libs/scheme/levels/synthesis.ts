import type { EhLevel, StorkLevel } from '../contract/classification.types.js';
import { atLeast } from './levels.js';

export type MLevel = 1 | 2 | 3 | 4;

/** The least score that each aspect needs for an M level (SYN-01). */
export type MinimumScores<Aspect extends string> = Readonly<Record<MLevel, Readonly<Record<Aspect, MLevel>>>>;

/** One row of the table of overall levels (SYN-05). */
export interface EhRow {
  readonly eh: EhLevel;
  readonly stork: StorkLevel;
  readonly m: MLevel;
}

/** What an overall level is made of. `undefined`: the column is not used. A means column of 0: there is no means. */
export interface Columns {
  readonly m: number;
  readonly stork: number | undefined;
  readonly submitter: EhLevel | undefined;
}

const HIGHEST_FIRST: readonly MLevel[] = [4, 3, 2, 1];

/** The applicable aspects that score less than their minimum. */
export function shortfall<Aspect extends string>(
  scores: Readonly<Partial<Record<Aspect, number>>>,
  minimum: Readonly<Record<Aspect, MLevel>>,
): readonly Aspect[] {
  const short: Aspect[] = [];
  for (const aspect in minimum) {
    const score = scores[aspect];
    if (score !== undefined && score < minimum[aspect]) short.push(aspect);
  }
  return short;
}

/** The highest M level of which every applicable aspect reaches the minimum; 0 when not even the first (SYN-02). */
export function synthesizeM<Aspect extends string>(
  scores: Readonly<Partial<Record<Aspect, number>>>,
  minimums: MinimumScores<Aspect>,
): 0 | MLevel {
  return HIGHEST_FIRST.find((level) => shortfall(scores, minimums[level]).length === 0) ?? 0;
}

/** The highest row whose columns are all met (SYN-05); `null` when not even the lowest is. */
export function synthesizeEh({ m, stork, submitter }: Columns, table: readonly EhRow[]): EhLevel | null {
  let reached: EhLevel | null = null;
  for (const row of table) {
    const met =
      m >= row.m &&
      (stork === undefined || stork >= row.stork) &&
      (submitter === undefined || atLeast(submitter, row.eh));
    if (met) reached = row.eh;
  }
  return reached;
}
