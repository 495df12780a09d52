import { describe, expect, test } from '@jest/globals';
import { isPhasedOut, issuanceRefusal, upgradeRefusal } from './level-policy.js';
import { hasSecondFactor, isSecondFactorMandatory } from './second-factor-policy.js';

const closing = 1_000_000;

describe('TFA-03, LVL-10: levels that close', () => {
  const policy = [
    { level: 'EH2+', issuableUntil: closing, upgradableUntil: closing + 10, usableUntil: closing + 20 },
    { level: 'EH1', usableUntil: closing, provider: 'provider-a' },
    { level: 'EH2', issuableUntil: closing, upgradableUntil: closing, provider: 'provider-a' },
  ] as const;

  test('a level can be issued until its date, others for ever', () => {
    expect(issuanceRefusal('EH2+', closing - 1, policy)).toBeNull();
    expect(issuanceRefusal('EH2+', closing, policy)).toBe('level-closed-for-issuance');
    expect(issuanceRefusal('EH2+', closing + 1, policy)).toBe('level-closed-for-issuance');
    expect(issuanceRefusal('EH3', closing, policy)).toBeNull();
    expect(issuanceRefusal('EH1', closing, policy)).toBeNull();
  });

  test('and upgraded from until its date', () => {
    expect(upgradeRefusal('EH2+', closing + 9, policy)).toBeNull();
    expect(upgradeRefusal('EH2+', closing + 10, policy)).toBe('level-closed-for-upgrade');
  });

  test('TFA-04: what holds at one provider closes nothing for issuance', () => {
    expect(issuanceRefusal('EH2', closing, policy)).toBeNull();
    expect(upgradeRefusal('EH2', closing, policy)).toBeNull();
  });

  test('TFA-04: use ends by level, date and provider', () => {
    expect(isPhasedOut('EH2+', 'provider-b', closing + 19, policy)).toBe(false);
    expect(isPhasedOut('EH2+', 'provider-b', closing + 20, policy)).toBe(true);
    expect(isPhasedOut('EH1', 'provider-a', closing, policy)).toBe(true);
    expect(isPhasedOut('EH1', 'provider-b', closing, policy)).toBe(false);
    expect(isPhasedOut('EH2', 'provider-a', closing, policy)).toBe(false);
  });

  test('TFA-07: only the level reached is phased out, not the one asked for', () => {
    expect(isPhasedOut('EH3', 'provider-a', closing + 100, policy)).toBe(false);
  });
});

describe('TFA-05: two factors are a property of the mechanism', () => {
  test('one factor is not enough', () => {
    expect([1, 2, 3].map(hasSecondFactor)).toEqual([false, true, true]);
  });

  test('TFA-04: mandatory from a date, for a provider or a service', () => {
    const mandatory = (at: number, entry: { provider?: string; service?: string }): boolean =>
      isSecondFactorMandatory('provider-a', 'service-a', at, [{ from: closing, ...entry }]);
    expect(mandatory(closing - 1, {})).toBe(false);
    expect(mandatory(closing, {})).toBe(true);
    expect(mandatory(closing, { provider: 'provider-a' })).toBe(true);
    expect(mandatory(closing, { provider: 'provider-b' })).toBe(false);
    expect(mandatory(closing, { service: 'service-a' })).toBe(true);
    expect(mandatory(closing, { service: 'service-b' })).toBe(false);
    expect(mandatory(closing, { provider: 'provider-a', service: 'service-b' })).toBe(false);
    expect(isSecondFactorMandatory('provider-a', 'service-a', closing, [])).toBe(false);
  });
});
