import { epochOf, type Instant } from '#libs/kernel';
import { eidasOf, synthesizeEh, type EhLevel, type EidasLevel, type ReasonCode, type StorkLevel } from '#libs/scheme';
import type { AuthorizationEntry, MeansEntry } from '../decision-index/decision-index.projection.js';
import type { UsePolicy } from '../evaluate-access/use-policy.js';

export interface CurrentLevel {
  /** What it may be used at now; `null`: at nothing, for the reasons given. */
  readonly level: EhLevel | null;
  readonly eidas: EidasLevel | null;
  readonly reasons: readonly ReasonCode[];
}

/**
 * The level of an authorization now: from what was recorded when it was registered (M, the submitter's level), the means
 * as it is now and the policy (SYN-09, AMB-66). It rises with an upgraded means and falls with an ended one.
 */
export function currentLevel(
  { link, toPerson }: AuthorizationEntry,
  means: MeansEntry | undefined,
  { rules, levelPolicy }: Pick<UsePolicy, 'rules' | 'levelPolicy'>,
  now: Instant,
): CurrentLevel {
  const at = epochOf(now);
  const reasons: ReasonCode[] = [];
  if (toPerson && means?.status !== 'active') reasons.push('means-not-active');
  if (link.status === 'revoked') reasons.push('authorization-revoked');
  if (link.status === 'awaitingActivation') reasons.push('authorization-not-activated');
  if (Date.parse(link.validFrom) > at) reasons.push('authorization-not-yet-valid');
  if (Date.parse(link.validUntil) <= at) reasons.push('authorization-expired');
  if (reasons.length > 0) return { level: null, eidas: null, reasons };

  const stork = toPerson ? (means?.stork as StorkLevel) : undefined;
  const level = synthesizeEh({ m: link.m, stork, submitter: link.submitterLevel }, rules.authorization.ehTable);
  if (level === null) return { level: null, eidas: null, reasons: [] };
  const phasedOut = levelPolicy.some(
    (entry) => entry.level === level && entry.provider === undefined && entry.usableUntil <= at,
  );
  if (phasedOut) return { level: null, eidas: null, reasons: ['level-phased-out'] };
  return { level, eidas: eidasOf(level, rules.levels), reasons };
}
