import type { EhLevel, EidasLevel, StorkLevel } from '../contract/classification.types.js';

/** The closed, ordered set of levels (LVL-01), lowest first. */
export const EH_LEVELS: readonly EhLevel[] = ['EH1', 'EH2', 'EH2+', 'EH3', 'EH4'];

const RANK: Readonly<Record<EhLevel, number>> = { EH1: 1, EH2: 2, 'EH2+': 3, EH3: 4, EH4: 5 };

export const isEhLevel = (value: unknown): value is EhLevel => EH_LEVELS.some((level) => level === value);

/** Negative when `left` is the lower level, positive when it is the higher, 0 when they are equal. */
export const compareEh = (left: EhLevel, right: EhLevel): number => RANK[left] - RANK[right];

export const atLeast = (level: EhLevel, required: EhLevel): boolean => RANK[level] >= RANK[required];

/** The lower of two levels: the weakest link (LVL-07). */
export const minEh = (left: EhLevel, right: EhLevel): EhLevel => (RANK[left] <= RANK[right] ? left : right);

export const maxEh = (left: EhLevel, right: EhLevel): EhLevel => (RANK[left] >= RANK[right] ? left : right);

/** The lower of two levels of which either may be missing; missing when both are. */
export function lowerOf(left: EhLevel | undefined, right: EhLevel | undefined): EhLevel | undefined {
  if (left === undefined) return right;
  return right === undefined ? left : minEh(left, right);
}

/** The level that an M level carries by itself, whatever the means and the submitter allow (AMB-72). */
export const ehOfM = (m: number): EhLevel => (['EH1', 'EH1', 'EH2', 'EH3', 'EH4'] as const)[m] ?? 'EH4';

/** The tables that relate levels to STORK (LVL-15) and to eIDAS (LVL-16); data of a rule set. */
export interface LevelTables {
  readonly storkOf: Readonly<Record<EhLevel, StorkLevel>>;
  readonly eidasOf: Readonly<Record<EhLevel, EidasLevel>>;
}

/** The eIDAS level that belongs to a level under a rule set (LVL-16, LVL-17). */
export const eidasOf = (level: EhLevel, tables: Pick<LevelTables, 'eidasOf'>): EidasLevel => tables.eidasOf[level];

/** The STORK level that a means needs for a level under a rule set (LVL-15). */
export const storkOf = (level: EhLevel, tables: Pick<LevelTables, 'storkOf'>): StorkLevel => tables.storkOf[level];
