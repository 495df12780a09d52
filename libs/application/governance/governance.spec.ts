import { beforeAll, describe, expect, it } from '@jest/globals';
import { later, type Instant } from '#libs/kernel';
import { at } from '#libs/testing';
import { governance, seed, type Governance, type GovernanceData, type MeansProduct } from '../index.js';

const spring = at('2026-03-01T00:00:00Z');
const summer = at('2026-06-01T00:00:00Z');
const justBefore = (moment: Instant): Instant => later(moment, -1);

const product = (id: string, name: string): MeansProduct => ({ ...seed.meansProducts[0]!.value, id, name });
const data: GovernanceData = {
  ...seed,
  version: 'test',
  registerProfiles: [
    { from: summer, value: { im: 3, pd: 2, pv: 4, pi: 4, pt: 2 } },
    { from: spring, value: { im: 2, pd: 2, pv: 3, pi: 3, pt: 2 } },
  ],
  issuerProfiles: [
    { from: spring, value: { participant: true, supervision: 'none' } },
    { from: summer, value: { participant: true, supervision: 'mandatory' } },
  ],
  meansProducts: [
    { from: spring, value: product('sms', 'SMS code') },
    { from: summer, value: product('sms', 'SMS code, second assessment') },
    { from: summer, value: product('card', 'Card') },
  ],
  levelPolicy: [
    { level: 'EH1', issuableUntil: spring, usableUntil: summer },
    { level: 'EH2', issuableUntil: summer },
    { level: 'EH3', usableUntil: spring },
  ],
};
let governed: Governance;
beforeAll(() => {
  governed = governance(data);
});

describe('what is decided by policy', () => {
  it('is in force from its own moment on, until the next one', () => {
    expect(governed.registerProfileAt(spring).im).toBe(2);
    expect(governed.registerProfileAt(justBefore(summer)).im).toBe(2);
    expect(governed.registerProfileAt(summer).im).toBe(3);
    expect(governed.registerProfileAt(at('2036-01-01T00:00:00Z')).im).toBe(3);
    expect(governed.issuerProfileAt(justBefore(summer)).supervision).toBe('none');
    expect(governed.issuerProfileAt(summer).supervision).toBe('mandatory');
  });

  it('is nothing that can be guessed before the first one', () => {
    expect(() => governed.registerProfileAt(justBefore(spring))).toThrow('no register profile is in force');
    expect(() => governed.issuerProfileAt(justBefore(spring))).toThrow('no issuer profile is in force');
  });

  it('has each product with its assessment of the day (THR-06)', () => {
    expect(governed.productAt('sms', justBefore(spring))).toBeUndefined();
    expect(governed.productAt('sms', spring)?.name).toBe('SMS code');
    expect(governed.productAt('sms', summer)?.name).toBe('SMS code, second assessment');
    expect(governed.productAt('token', summer)).toBeUndefined();
    expect(governed.productsAt(justBefore(summer)).map(({ name }) => name)).toStrictEqual(['SMS code']);
    expect(governed.productsAt(summer).map(({ id }) => id)).toStrictEqual(['sms', 'card']);
  });

  it('takes the later of two entries of one moment', () => {
    const corrected = governance({
      ...data,
      issuerProfiles: [
        ...data.issuerProfiles,
        { from: summer, value: { participant: true, supervision: 'government' } },
      ],
    });
    expect(corrected.issuerProfileAt(summer).supervision).toBe('government');
  });

  it('closes a level for issuance at the moment it names, and no other level (TFA-03)', () => {
    expect(governed.closedForIssuance('EH1', justBefore(spring))).toBe(false);
    expect(governed.closedForIssuance('EH1', spring)).toBe(true);
    expect(governed.closedForIssuance('EH2', spring)).toBe(false);
    expect(governed.closedForIssuance('EH2', summer)).toBe(true);
    expect(governed.closedForIssuance('EH2+', summer)).toBe(false);
    // The end of use is no end of issuance: that is said apart.
    expect(governed.closedForIssuance('EH3', summer)).toBe(false);
  });

  it('knows a service by its id', () => {
    const [first] = seed.services;
    expect(governed.service(first!.id)).toBe(first);
    expect(governed.service('urn:nothing')).toBeUndefined();
  });
});

describe('the data of this release', () => {
  const now = at('2026-11-01T00:00:00Z');
  const current = governance(seed);

  it('has a profile, an issuer and products in force', () => {
    expect(current.registerProfileAt(now)).toStrictEqual({ im: 2, pd: 2, pv: 3, pi: 3, pt: 2 });
    expect(current.issuerProfileAt(now)).toStrictEqual({ participant: true, supervision: 'government' });
    expect(current.productsAt(now).map(({ id }) => id)).toStrictEqual([
      ...['password-sms', 'password', 'eh3-bd', 'certificate-card'],
    ]);
  });

  it('issues nothing at EH1 since July 2021, Amsterdam time (AMB-08)', () => {
    expect(current.closedForIssuance('EH1', at('2021-06-30T23:59:59.999+02:00'))).toBe(false);
    expect(current.closedForIssuance('EH1', at('2021-07-01T00:00:00+02:00'))).toBe(true);
    for (const level of ['EH2', 'EH2+', 'EH3', 'EH4'] as const) {
      expect(current.closedForIssuance(level, now)).toBe(false);
    }
  });

  it('has a product for the Tax Administration alone, of which every other says nothing (REST-01)', () => {
    const tax = current.services.find(({ ofTaxAdministration }) => ofTaxAdministration === true)!;
    const restricted = current.productsAt(now).filter(({ restrictedToProvider }) => restrictedToProvider !== undefined);
    expect(restricted).toMatchObject([{ id: 'eh3-bd', restrictedToProvider: tax.provider }]);
  });

  it('names services of DUO, UWV and the Tax Administration at EH3, each once', () => {
    expect(new Set(seed.services.map(({ id }) => id)).size).toBe(seed.services.length);
    expect(seed.services.map(({ providerName }) => providerName)).toStrictEqual([
      'Dienst Uitvoering Onderwijs',
      'UWV',
      'Belastingdienst',
    ]);
    for (const { minimumLevels } of seed.services)
      expect(minimumLevels.map(({ level }) => level)).toStrictEqual(['EH3']);
    expect(
      seed.services.filter(({ ofTaxAdministration }) => ofTaxAdministration).map(({ providerName }) => providerName),
    ).toStrictEqual(['Belastingdienst']);
  });
});
