import type { EpochMillis } from '../time/instant.js';

/** Where and from when two factors are mandatory (TFA-04); an absent member narrows nothing. */
export interface SecondFactorPolicyEntry {
  readonly from: EpochMillis;
  readonly provider?: string;
  readonly service?: string;
}

/** Two factors are a property of the mechanism, never read off a level (TFA-05). */
export const hasSecondFactor = (factors: number): boolean => factors >= 2;

/** Whether two factors are mandatory for this service at this moment (TFA-04). */
export const isSecondFactorMandatory = (
  provider: string,
  service: string,
  at: EpochMillis,
  policy: readonly SecondFactorPolicyEntry[],
): boolean =>
  policy.some(
    (entry) =>
      entry.from <= at &&
      (entry.provider === undefined || entry.provider === provider) &&
      (entry.service === undefined || entry.service === service),
  );
