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

describe('THR-06, MEANS-AM2: the mechanism', () => {
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

type Validation = MeansRequest['identification']['validations'][number];

describe('the identification of the holder', () => {
  const verifiedAt = '2026-03-02T10:00:00+01:00';
  const signature = { technology: 'pki', chainComplete: true, revocationStatus: 'good' } as const;
  const signed = (changed: object = {}): Validation =>
    ({ method: 'electronicSignature', signature, verifiedByCsp: false, verifiedAt, ...changed }) as Validation;
  const identified = (
    physicalAppearance: boolean,
    officialNumberVerified: boolean,
    validations: readonly Validation[],
    attributes: object = {},
  ) => {
    const request: MeansRequest = {
      identification: {
        physicalAppearance,
        attributes: { count: 2, uniquelyIdentifying: true, officialNumberVerified, ...attributes },
        validations,
      },
      issuance: { form: 'unverified' },
      issuer: { participant: true, supervision: 'none' },
      token: { possession: 'none' },
      mechanism: { factors: 1, protection: everywhere('some'), evaluation: 'none' },
    };
    return classifyMeans(request, rules);
  };
  /** Weak to strong. */
  const VALIDATIONS = {
    'iii.a': { method: 'emailConfirmation', confirmed: true },
    'iii.b': { method: 'neutralThirdParty', party: 'bank', agrees: true },
    'iii.c': signed(),
    'iii.d': {
      method: 'employerStatement',
      agreementInForce: true,
      documentCheckedAtHiring: true,
      employerIsApplicant: false,
    },
    'iii.e': { method: 'idCopyWithRegisterCheck', status: 'notReported' },
    'iii.f': {
      method: 'idCopyWithBankTransaction',
      succeeded: true,
      accountOpenedWithIdDocument: true,
      nameAgreesWithDocument: true,
    },
    'iii.g': { method: 'idDocumentShown', original: true, manner: 'inPerson' },
    'iii.h': signed({ verifiedByCsp: true }),
  } as const satisfies Readonly<Record<string, Validation>>;
  type Strength = keyof typeof VALIDATIONS;
  const strengths = Object.keys(VALIDATIONS) as Strength[];

  test('MEANS-IDC-i, MEANS-IDC-ii: the criteria say whether he appeared, and what is known of him', () => {
    const criteria = (appeared: boolean, official: boolean, attributes: object = {}) => {
      const { appearance, attributes: quality } = identified(appeared, official, [], attributes).criteria;
      return [appearance, quality];
    };
    expect(criteria(false, false)).toEqual(['i.a', 'ii.b']);
    expect(criteria(true, false)).toEqual(['i.b', 'ii.b']);
    expect(criteria(true, true)).toEqual(['i.b', 'ii.c']);
    expect(criteria(false, false, { uniquelyIdentifying: false })).toEqual(['i.a', 'ii.a']);
    expect(criteria(false, true, { uniquelyIdentifying: false })).toEqual(['i.a', 'ii.a']);
    expect(criteria(false, false, { count: 1 })).toEqual(['i.a', 'ii.a']);
  });

  test('MEANS-IDC-iii: each validation is a strength of its own, and of several the strongest counts', () => {
    for (const [place, strength] of strengths.entries()) {
      expect(identified(false, false, [VALIDATIONS[strength]]).criteria.validation).toBe(strength);
      const weaker = strengths.slice(0, place).map((other) => VALIDATIONS[other]);
      for (const validations of [
        [VALIDATIONS[strength], ...weaker],
        [...weaker, VALIDATIONS[strength]],
      ]) {
        expect(identified(false, false, validations).criteria.validation).toBe(strength);
      }
    }
  });

  test.each<readonly [rule: string, strength: Strength, ...flaws: readonly object[]]>([
    ['MEANS-ID1', 'iii.a', { confirmed: false }],
    ['MEANS-ID2-iii.b', 'iii.b', { agrees: false }, { party: 'other' }],
    [
      'MEANS-ID3-c',
      'iii.c',
      { signature: { ...signature, chainComplete: false } },
      { signature: { ...signature, revocationStatus: 'revoked' } },
      { signature: { technology: 'nonPki', comparableQuality: false } },
    ],
    ['MEANS-ID3-d', 'iii.d', { agreementInForce: false }, { documentCheckedAtHiring: false }],
    ['MEANS-ID3-e', 'iii.e', { status: 'unavailable' }],
    [
      'MEANS-ID3-f',
      'iii.f',
      { succeeded: false },
      { accountOpenedWithIdDocument: false },
      { nameAgreesWithDocument: false },
    ],
    ['MEANS-ID3-g', 'iii.g', { original: false }, { manner: 'sent' }],
  ])('%s, %s: what is asked of it is needed, all of it', (_rule, strength, ...flaws) => {
    expect(identified(false, true, [VALIDATIONS[strength]]).criteria.validation).toBe(strength);
    for (const flaw of flaws) {
      const flawed = { ...VALIDATIONS[strength], ...flaw } as Validation;
      expect([flaw, identified(true, true, [flawed]).criteria.validation]).toEqual([flaw, null]);
    }
  });

  test('MEANS-ID3-c: a signature without a qualified certificate will do', () => {
    const other = signed({ signature: { technology: 'nonPki', comparableQuality: true } });
    expect(identified(true, false, [other])).toMatchObject({ scores: { ID: 3 }, criteria: { validation: 'iii.c' } });
  });

  test('MEANS-ID3-g: an employee of the issuer may visit him, what he sends or has sent does not count', () => {
    const shown = (manner: 'inPerson' | 'visit' | 'sent'): number =>
      identified(true, true, [{ method: 'idDocumentShown', original: true, manner }]).scores.ID;
    expect((['inPerson', 'visit', 'sent'] as const).map(shown)).toEqual([4, 4, 0]);
  });

  test.each<readonly [appeared: boolean, official: boolean, strength: Strength, score: number]>([
    [true, false, 'iii.c', 3],
    [true, true, 'iii.g', 4],
    [true, false, 'iii.g', 3],
    [true, false, 'iii.b', 2],
    [false, false, 'iii.f', 2],
    [false, true, 'iii.c', 2],
    [false, true, 'iii.d', 3],
    [false, false, 'iii.h', 2],
    [true, true, 'iii.c', 3],
    [true, true, 'iii.a', 1],
    [false, false, 'iii.b', 2],
    [false, false, 'iii.a', 1],
  ])(
    'MEANS-ID3: of appearance %s, official number %s and %s the score is %i',
    (appeared, official, strength, score) => {
      expect(identified(appeared, official, [VALIDATIONS[strength]]).scores.ID).toBe(score);
    },
  );
});

describe('issuer, and token', () => {
  const issued = (issuer: MeansRequest['issuer'], token: MeansRequest['token']) =>
    classifyMeans(
      {
        identification: {
          physicalAppearance: true,
          attributes: { count: 2, uniquelyIdentifying: true, officialNumberVerified: true },
          validations: [{ method: 'idDocumentShown', original: true, manner: 'inPerson' }],
        },
        issuance: {
          form: 'afterPhysicalIdentification',
          identifiedAt: '2026-03-02T10:00:00+01:00',
          activatedAt: '2026-03-02T10:00:00+01:00',
        },
        issuer,
        token,
        mechanism: { factors: 2, protection: everywhere('protected'), evaluation: 'eal4PlusComparable' },
      },
      rules,
    );

  test('MEANS-IE2, MEANS-IE3, MEANS-IE4: participation satisfies the levels up to 3, mandatory supervision 4', () => {
    const level = (participant: boolean, supervision: MeansRequest['issuer']['supervision']) => {
      const { scores, stork } = issued(
        { participant, supervision },
        { possession: 'qualifiedCertificateOnSecureDevice' },
      );
      return [scores.IE, stork];
    };
    expect(level(false, 'none')).toEqual([1, 1]);
    expect(level(true, 'none')).toEqual([2, 3]);
    expect(level(false, 'government')).toEqual([2, 3]);
    expect(level(true, 'government')).toEqual([2, 3]);
    expect(level(true, 'mandatory')).toEqual([3, 4]);
    expect(level(false, 'mandatory')).toEqual([3, 4]);
  });

  test('MEANS-RC1, MEANS-RC2, MEANS-RC4: any password or PIN, one by the guideline, a certificate on a secure device', () => {
    const rc = (token: MeansRequest['token']) => {
      const { scores, rows } = issued({ participant: true, supervision: 'mandatory' }, token);
      return [scores.RC, ...rows.RC];
    };
    expect(rc({ possession: 'none' })).toEqual([0]);
    for (const kind of ['password', 'pin'] as const) {
      expect(rc({ possession: 'none', secret: { kind, meetsGuideline: false } })).toEqual([1, 'MEANS-RC1']);
      expect(rc({ possession: 'none', secret: { kind, meetsGuideline: true } })).toEqual([2, 'MEANS-RC2']);
    }
    expect(rc({ possession: 'hardwareCertificate' })).toEqual([3, 'MEANS-RC3']);
    expect(rc({ possession: 'qualifiedCertificateOnSecureDevice' })).toEqual([4, 'MEANS-RC4']);
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

  test('MEANS-IC3, AMB-78, D-35: another form reaches what it is held equivalent to, with a reason, and never more', () => {
    const rows = (issuance: MeansRequest['issuance']) => means({ issuance }).rows.IC;
    const equivalenceReason = 'handed over by the notary';
    expect(rows({ form: 'other', equivalenceReason, equivalentTo: 3 })).toEqual(['MEANS-IC3']);
    expect(rows({ form: 'other', equivalenceReason, equivalentTo: 2 })).toEqual(['MEANS-IC2']);
    expect(rows({ form: 'other', equivalenceReason: ' \t', equivalentTo: 3 })).toEqual(['MEANS-IC1']);
    expect(rows({ form: 'other', equivalentTo: 3 })).toEqual(['MEANS-IC1']);
  });

  test('MEANS-IC4: handed over or activated, one of the two not before the identification', () => {
    const identifiedAt = '2026-03-02T10:00:00+01:00';
    const before = '2026-03-02T09:59:59+01:00';
    const judged = (moments: { activatedAt?: string; handedOutAt?: string }) => {
      const { scores, refusals } = means({
        issuance: { form: 'afterPhysicalIdentification', identifiedAt, ...moments },
      });
      return [scores.IC, refusals.includes('not-identified')];
    };
    const later = { activatedAt: identifiedAt };
    expect(judged(later)).toEqual([4, false]);
    expect(judged({ handedOutAt: identifiedAt })).toEqual([4, false]);
    expect(judged({ activatedAt: before })).toEqual([1, true]);
    expect(judged({ handedOutAt: before })).toEqual([1, true]);
    expect(judged({ activatedAt: before, handedOutAt: before })).toEqual([1, true]);
    expect(judged({ ...later, handedOutAt: before })).toEqual([4, false]);
    expect(judged({ activatedAt: before, handedOutAt: identifiedAt })).toEqual([4, false]);
  });

  test('MEANS-RC3, MEANS-AM3, AMB-79, D-32: a secret below the guideline is no factor, what is possessed counts', () => {
    const judged = (
      possession: MeansRequest['token']['possession'],
      meetsGuideline: boolean | undefined,
      factors: 1 | 2 | 3,
    ): readonly number[] => {
      const secret = meetsGuideline === undefined ? {} : { secret: { kind: 'pin', meetsGuideline } as const };
      const { scores } = means({
        token: { possession, ...secret },
        mechanism: { factors, protection: everywhere('protected'), evaluation: 'eal4PlusComparable' },
      });
      return [scores.RC, scores.AM];
    };
    expect(judged('smsCode', true, 2)).toEqual([3, 4]);
    expect(judged('smsCode', false, 2)).toEqual([3, 2]);
    expect(judged('smsCode', false, 3)).toEqual([3, 4]);
    expect(judged('smsCode', undefined, 2)).toEqual([3, 4]);
    expect(judged('qualifiedCertificateOnSecureDevice', false, 2)).toEqual([4, 2]);
    expect(judged('none', false, 1)).toEqual([1, 2]);
    expect(judged('none', true, 1)).toEqual([2, 2]);
  });

  test('STOLEN-01: a document that is shown and reported refuses, one not looked up or not found reported does not', () => {
    const shown = (status?: 'notReported' | 'reported' | 'unavailable') =>
      validated({ method: 'idDocumentShown', original: true, manner: 'inPerson', ...(status && { status }) });
    expect(shown('reported')).toMatchObject({ stork: 0, issuanceLevel: 0, refusals: ['document-reported'] });
    for (const status of ['notReported', 'unavailable', undefined] as const) {
      expect(shown(status)).toMatchObject({ scores: { ID: 4 }, refusals: [] });
    }
    expect(
      validated({ method: 'idDocumentShown', original: false, manner: 'sent', status: 'reported' }).refusals,
    ).toContain('document-reported');
  });

  test('MEANS-ID3-e: a copy that is reported refuses beside an original that was shown', () => {
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
