import { epochOf, type Instant } from '#libs/kernel';
import { isInUse } from '#libs/domain';
import {
  eidasOf,
  synthesizeEh,
  type EhLevel,
  type EidasLevel,
  type ReasonCode,
  type RuleSet,
  type StorkLevel,
  type TimedLevelPolicy,
} from '#libs/scheme';
import type { Governance } from '../governance/governance.js';
import type { AuthorizationRow } from '../read-models/authorizations.js';
import type { MeansRow } from '../read-models/means.js';

export interface CurrentLevel {
  /** What it may be used at now; `null`: at nothing, for the reasons given. */
  readonly level: EhLevel | null;
  readonly eidas: EidasLevel | null;
  readonly reasons: readonly ReasonCode[];
}

/**
 * The level of an authorization at a moment: from what was recorded when it was registered (M, the submitter's level),
 * the means as it is now and the policy (SYN-09, AMB-66). It rises with an upgraded means and falls with an ended one.
 */
export function currentLevel(
  authorization: Pick<AuthorizationRow, 'means' | 'm' | 'submitterLevel' | 'status' | 'validFrom' | 'validUntil'>,
  means: Pick<MeansRow, 'status' | 'stork' | 'certificateEndsAt'> | undefined,
  { rules, levelPolicy }: { readonly rules: RuleSet; readonly levelPolicy: readonly TimedLevelPolicy[] },
  moment: Instant,
): CurrentLevel {
  const at = epochOf(moment);
  const toPerson = authorization.means !== null;
  const reasons: ReasonCode[] = [];
  const isUsable = means !== undefined && isInUse(means, moment);
  if (toPerson && !isUsable) reasons.push('means-not-active');
  if (authorization.status === 'revoked') reasons.push('authorization-revoked');
  if (authorization.status === 'suspended') reasons.push('authorization-suspended');
  if (authorization.status === 'awaitingActivation') reasons.push('authorization-not-activated');
  if (epochOf(authorization.validFrom) > at) reasons.push('authorization-not-yet-valid');
  if (epochOf(authorization.validUntil) <= at) reasons.push('authorization-expired');
  if (reasons.length > 0) return { level: null, eidas: null, reasons };

  const level = synthesizeEh(
    {
      m: authorization.m as Parameters<typeof synthesizeEh>[0]['m'],
      stork: toPerson ? (means?.stork as StorkLevel) : undefined,
      submitter: authorization.submitterLevel ?? undefined,
    },
    rules.authorization.ehTable,
  );
  if (level === null) return { level: null, eidas: null, reasons: [] };
  const phasedOut = levelPolicy.some(
    (entry) => entry.level === level && entry.provider === undefined && entry.usableUntil <= at,
  );
  if (phasedOut) return { level: null, eidas: null, reasons: ['level-phased-out'] };
  return { level, eidas: eidasOf(level, rules.levels), reasons };
}

/** The policy's levels with the moment after which they are of no use, in milliseconds. */
export const timedLevelPolicy = (governance: Governance): readonly TimedLevelPolicy[] =>
  governance.levelPolicy.flatMap(({ level, usableUntil, provider }) =>
    usableUntil === undefined
      ? []
      : [{ level, usableUntil: epochOf(usableUntil), ...(provider === undefined ? {} : { provider }) }],
  );
