import type { EhLevel } from '../contract/classification.types.js';
import type { EpochMillis } from '../time/instant.js';

/**
 * How a level is phased out (TFA-03, TFA-04, LVL-10). Moments are ends of half-open periods: at `issuableUntil` the
 * level can no longer be issued. An absent moment: without end.
 */
export interface LevelPolicyEntry {
  readonly level: EhLevel;
  readonly issuableUntil?: EpochMillis;
  readonly upgradableUntil?: EpochMillis;
  readonly usableUntil?: EpochMillis;
  readonly announcedAt?: EpochMillis;
  /** Use at this provider only (TFA-04); absent: everywhere. Issuance and upgrade are not bound to a provider. */
  readonly provider?: string;
}

export type LevelPolicyRefusal = 'level-closed-for-issuance' | 'level-closed-for-upgrade';

const hasPassed = (end: EpochMillis | undefined, at: EpochMillis): boolean => end !== undefined && end <= at;

const isClosed = (
  policy: readonly LevelPolicyEntry[],
  level: EhLevel,
  at: EpochMillis,
  end: 'issuableUntil' | 'upgradableUntil',
): boolean =>
  policy.some((entry) => entry.level === level && entry.provider === undefined && hasPassed(entry[end], at));

/** Whether something may still be issued or registered at this level (TFA-03); `null`: it may. */
export const issuanceRefusal = (
  level: EhLevel,
  at: EpochMillis,
  policy: readonly LevelPolicyEntry[],
): LevelPolicyRefusal | null => (isClosed(policy, level, at, 'issuableUntil') ? 'level-closed-for-issuance' : null);

/** Whether a means may still be upgraded from this level (TFA-03); `null`: it may. */
export const upgradeRefusal = (
  level: EhLevel,
  at: EpochMillis,
  policy: readonly LevelPolicyEntry[],
): LevelPolicyRefusal | null => (isClosed(policy, level, at, 'upgradableUntil') ? 'level-closed-for-upgrade' : null);

/**
 * Whether a level, as reached, may no longer be used at this provider (TFA-03, D-63). A higher means still serves a
 * service that asks for the level that ended (TFA-07).
 */
export const isPhasedOut = (
  level: EhLevel,
  provider: string,
  at: EpochMillis,
  policy: readonly Pick<LevelPolicyEntry, 'level' | 'usableUntil' | 'provider'>[],
): boolean =>
  policy.some(
    (entry) =>
      entry.level === level &&
      hasPassed(entry.usableUntil, at) &&
      (entry.provider === undefined || entry.provider === provider),
  );
