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

const M_LEVELS: readonly MLevel[] = [1, 2, 3, 4];

export function shortfall<Aspect extends string>(
  scores: Readonly<Partial<Record<Aspect, number>>>,
  minimum: Readonly<Record<Aspect, MLevel>>,
): readonly Aspect[] {
  return (Object.keys(minimum) as Aspect[]).filter((aspect) => {
    const score = scores[aspect];
    return score !== undefined && score < minimum[aspect];
  });
}

/** The highest M level of which every applicable aspect reaches the minimum; 0 when not even the first (SYN-02). */
export function synthesizeM<Aspect extends string>(
  scores: Readonly<Partial<Record<Aspect, number>>>,
  minimums: MinimumScores<Aspect>,
): 0 | MLevel {
  return M_LEVELS.reduce<0 | MLevel>((m, level) => (shortfall(scores, minimums[level]).length === 0 ? level : m), 0);
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
