/** 0 = unscored. */
export type Score = 0 | 1 | 2 | 3 | 4;

/** A code that names the one condition that keeps something from a higher score, see `authorization/row-codes.ts`. */
export interface RowCode<Code extends string> {
  readonly code: Code;
  readonly rules: readonly string[];
  readonly condition: string;
}
