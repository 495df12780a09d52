import { describe, expect, test } from '@jest/globals';
import type { MeansRequest } from '../contract/classification.types.js';
import { classifyMeans } from './classify.js';
import { currentRuleSet as rules } from '../rule-sets/rule-sets.js';
import { THREATS } from './rows-authentication.js';

const everywhere = (protection: 'none' | 'some' | 'protected'): MeansRequest['mechanism']['protection'] => ({
  guessing: protection,
  eavesdropping: protection,
  hijacking: protection,
  replay: protection,
  manInTheMiddle: protection,
});

const mechanism = (changed: Partial<MeansRequest['mechanism']>): number =>
  classifyMeans(
    {
      identification: {
        physicalAppearance: false,
        attributes: { count: 1, uniquelyIdentifying: false, officialNumberVerified: false },
        validations: [],
      },
      issuance: { form: 'unverified' },
      issuer: { participant: true, supervision: 'none' },
      token: { possession: 'none' },
      mechanism: { factors: 2, protection: everywhere('protected'), evaluation: 'eal4PlusComparable', ...changed },
    },
    rules,
  ).scores.AM;

describe('THR-06: the mechanism', () => {
  test.each(Object.entries(THREATS))('the threat of %s (%s) counts like every other', (threat) => {
    const but = (rest: 'some' | 'protected', one: 'none' | 'some' | 'protected') => ({
      ...everywhere(rest),
      [threat]: one,
    });
    expect(mechanism({ protection: but('protected', 'none') })).toBe(1);
    expect(mechanism({ protection: but('protected', 'some') })).toBe(3);
    expect(mechanism({ protection: but('some', 'protected') })).toBe(2);
    expect(mechanism({ protection: but('some', 'none') })).toBe(1);
  });

  test('THR-01, THR-02, THR-03, THR-04, THR-05: those are the five', () => {
    expect(Object.values(THREATS)).toEqual(['THR-01', 'THR-02', 'THR-03', 'THR-04', 'THR-05']);
  });

  test('MEANS-AM3, MEANS-AM4: two factors, and an evaluation for the highest', () => {
    expect(mechanism({})).toBe(4);
    expect(mechanism({ factors: 3 })).toBe(4);
    expect(mechanism({ factors: 1 })).toBe(2);
    expect(mechanism({ evaluation: 'none' })).toBe(3);
    const two = { ...everywhere('protected'), replay: 'some', hijacking: 'some' } as const;
    expect(mechanism({ protection: two })).toBe(2);
  });
});

describe('what fails', () => {
  const means = (changed: Partial<MeansRequest>) =>
    classifyMeans(
      {
        identification: {
          physicalAppearance: true,
          attributes: { count: 2, uniquelyIdentifying: true, officialNumberVerified: true },
          validations: [],
        },
        issuance: { form: 'unverified' },
        issuer: { participant: true, supervision: 'none' },
        token: { possession: 'hardwareCertificate' },
        mechanism: { factors: 2, protection: everywhere('protected'), evaluation: 'none' },
        ...changed,
      },
      rules,
    );
  const validated = (...validations: MeansRequest['identification']['validations']) =>
    means({
      identification: {
        physicalAppearance: true,
        attributes: { count: 2, uniquelyIdentifying: true, officialNumberVerified: true },
        validations,
      },
    });

  test('MEANS-ID1: without any validation that succeeded the means is unscored', () => {
    expect(validated()).toMatchObject({ scores: { ID: 0 }, criteria: { validation: null }, stork: 0 });
    expect(validated({ method: 'remoteIdentification', declaredEquivalence: 'none' })).toMatchObject({
      scores: { ID: 0 },
      criteria: { validation: null },
    });
    expect(validated({ method: 'remoteIdentification', declaredEquivalence: 'iii.f' }).criteria.validation).toBe(
      'iii.f',
    );
    expect(validated({ method: 'emailConfirmation', confirmed: false }).criteria.validation).toBeNull();
  });

  test('MEANS-ID1: nor without any attribute', () => {
    const identification = {
      physicalAppearance: true,
      attributes: { count: 0, uniquelyIdentifying: true, officialNumberVerified: true },
      validations: [{ method: 'idDocumentShown', original: true, manner: 'inPerson' }],
    } as const;
    expect(means({ identification })).toMatchObject({
      scores: { ID: 0 },
      criteria: { attributes: null },
      refusals: ['aspect-unscored:ID'],
    });
  });

  test('MEANS-IC2: another form needs a reason that is one', () => {
    const ic = (issuance: MeansRequest['issuance']) => means({ issuance }).scores.IC;
    expect(ic({ form: 'other' })).toBe(1);
    expect(ic({ form: 'other', equivalenceReason: ' \n' })).toBe(1);
    expect(ic({ form: 'other', equivalenceReason: 'handed over by the notary' })).toBe(2);
    expect(ic({ form: 'unverified' })).toBe(1);
    expect(ic({ form: 'passwordObtainedInPerson' })).toBe(3);
  });

  test('MEANS-ID3-e: only a check of the copy reports a document', () => {
    const reported = validated(
      { method: 'idCopyWithRegisterCheck', status: 'reported' },
      { method: 'idDocumentShown', original: true, manner: 'visit' },
    );
    expect(reported).toMatchObject({ scores: { ID: 4 }, stork: 0, issuanceLevel: 0, refusals: ['document-reported'] });
  });
});

test('NORM-04: the version of STORK is data of the rule set', () => {
  expect(rules.stork).toBe('1.7');
  const stricter = {
    ...rules,
    means: { ...rules.means, supports: { ...rules.means.supports, AM: [1, 3, 3, 4] } },
  } as const;
  const request: MeansRequest = {
    identification: {
      physicalAppearance: true,
      attributes: { count: 2, uniquelyIdentifying: true, officialNumberVerified: true },
      validations: [{ method: 'idDocumentShown', original: true, manner: 'visit' }],
    },
    issuance: { form: 'registeredLetter', addressValidated: true },
    issuer: { participant: true, supervision: 'none' },
    token: { possession: 'smsCode', secret: { kind: 'pin', meetsGuideline: true } },
    mechanism: { factors: 2, protection: everywhere('some'), evaluation: 'none' },
  };
  expect(classifyMeans(request, rules)).toMatchObject({ stork: 2, limitedBy: ['AM'], missingFor: { 3: { AM: 3 } } });
  expect(classifyMeans(request, stricter)).toMatchObject({ stork: 1, limitedBy: ['AM'], missingFor: { 2: { AM: 3 } } });
});
