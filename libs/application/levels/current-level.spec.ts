import { describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import { at, paperRegistration } from '#libs/testing';
import { currentRuleSet } from '#libs/scheme';
import { governance, seed, type GovernanceData } from '../index.js';
import { currentLevel, timedLevelPolicy } from './current-level.js';

const now = at('2026-03-02T09:00:00Z');
const authorization: Parameters<typeof currentLevel>[0] = {
  means: paperRegistration.ids.means,
  m: 3,
  submitterLevel: null,
  status: 'active',
  validFrom: at('2026-01-01T00:00:00Z'),
  validUntil: at('2029-01-01T00:00:00Z'),
};
const means = { status: 'active', stork: 3 } as const;

type Policy = GovernanceData['levelPolicy'];
const levelOf = (
  more: Partial<Parameters<typeof currentLevel>[0]> = {},
  holds: Parameters<typeof currentLevel>[1] | 'none' = means,
  moment = now,
  levelPolicy: Policy = [],
) =>
  currentLevel(
    { ...authorization, ...more },
    holds === 'none' ? undefined : holds,
    { rules: currentRuleSet, levelPolicy: timedLevelPolicy(governance({ ...seed, levelPolicy })) },
    moment,
  );

describe('SYN-09: the level of an authorization as it is now', () => {
  it('is that of M with the means, no higher than the submitter’s', () => {
    expect(levelOf()).toEqual({ level: 'EH3', eidas: 'substantial', reasons: [] });
    expect(levelOf({}, { ...means, stork: 2 }).level).toBe('EH2');
    expect(levelOf({ m: 4 }, { ...means, stork: 4 })).toEqual({ level: 'EH4', eidas: 'high', reasons: [] });
    expect(levelOf({ submitterLevel: 'EH2' }).level).toBe('EH2');
  });

  it('is that of M alone where a party is authorized, which has no means', () => {
    expect(levelOf({ means: null }, 'none')).toMatchObject({ level: 'EH3', reasons: [] });
  });

  it.each<[string, Parameters<typeof levelOf>, string]>([
    ['the means was revoked', [{}, { ...means, status: 'revoked' }], 'means-not-active'],
    ['the means is not on record', [{}, 'none'], 'means-not-active'],
    ['it was revoked', [{ status: 'revoked' }], 'authorization-revoked'],
    ['nobody has activated it', [{ status: 'awaitingActivation' }], 'authorization-not-activated'],
    ['it is not valid yet', [{ validFrom: later(now, 1) }], 'authorization-not-yet-valid'],
    ['it has expired at this moment', [{ validUntil: now }], 'authorization-expired'],
  ])('is none where %s, and says so', (_, given, reason) => {
    expect(levelOf(...given)).toEqual({ level: null, eidas: null, reasons: [reason] });
  });

  it('says everything that stands in the way', () => {
    expect(levelOf({ status: 'revoked', validUntil: now }, { ...means, status: 'revoked' }).reasons).toEqual([
      ...['means-not-active', 'authorization-revoked', 'authorization-expired'],
    ]);
  });

  it('is there from the first moment of its period to the last before its end', () => {
    expect(levelOf({ validFrom: now, validUntil: later(now, 1) }).level).toBe('EH3');
  });

  it('is none from the moment on after which the level is of no use, for everybody (TFA-03)', () => {
    const until = (usableUntil = now): Policy => [{ level: 'EH3', usableUntil }];
    expect(levelOf({}, means, now, until())).toEqual({ level: null, eidas: null, reasons: ['level-phased-out'] });
    expect(levelOf({}, means, later(now, -1), until()).level).toBe('EH3');
    expect(levelOf({}, { ...means, stork: 2 }, now, until()).level).toBe('EH2');
    // What holds for one provider's services, or for issuing, is no end of the level.
    expect(levelOf({}, means, now, [{ level: 'EH3', usableUntil: now, provider: '1' }]).level).toBe('EH3');
    expect(levelOf({}, means, now, [{ level: 'EH3', issuableUntil: now }]).level).toBe('EH3');
  });
});
