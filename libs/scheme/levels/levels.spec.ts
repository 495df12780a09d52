import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EhLevel } from '#libs/scheme';
import { currentRuleSet } from '../rule-sets/rule-sets.js';
import { EH_LEVELS, atLeast, compareEh, ehOfM, eidasOf, isEhLevel, lowerOf, maxEh, minEh, storkOf } from './levels.js';
import { type Columns, shortfall, synthesizeEh, synthesizeM } from './synthesis.js';

const { levels, authorization } = currentRuleSet;
const { ehTable, minimumScores } = authorization;

describe('the levels', () => {
  test('LVL-01: a closed set in strict order', () => {
    expect(EH_LEVELS).toEqual(['EH1', 'EH2', 'EH2+', 'EH3', 'EH4']);
    EH_LEVELS.forEach((left, index) =>
      EH_LEVELS.forEach((right, other) => {
        expect(Math.sign(compareEh(left, right))).toBe(Math.sign(index - other));
        expect(atLeast(left, right)).toBe(index >= other);
        expect(minEh(left, right)).toBe(EH_LEVELS[Math.min(index, other)]);
        expect(maxEh(left, right)).toBe(EH_LEVELS[Math.max(index, other)]);
      }),
    );
    expect(EH_LEVELS.every(isEhLevel)).toBe(true);
    expect(['EH0', 'EH5', 'eh3', '', 3, null, undefined].some(isEhLevel)).toBe(false);
  });

  test('LVL-07: of two levels of which one is missing the other is the lower', () => {
    expect(lowerOf('EH3', 'EH2+')).toBe('EH2+');
    expect(lowerOf(undefined, 'EH3')).toBe('EH3');
    expect(lowerOf('EH3', undefined)).toBe('EH3');
    expect(lowerOf(undefined, undefined)).toBeUndefined();
  });

  test('AMB-72: the level that M carries by itself', () => {
    expect([0, 1, 2, 3, 4].map(ehOfM)).toEqual(['EH1', 'EH1', 'EH2', 'EH3', 'EH4']);
  });

  test('LVL-15: the STORK level of each', () => {
    expect(EH_LEVELS.map((level) => storkOf(level, levels))).toEqual([1, 2, 3, 3, 4]);
  });

  test('LVL-16, LVL-17: the eIDAS level is read from the rule set', () => {
    expect(EH_LEVELS.map((level) => eidasOf(level, levels))).toEqual(['low', 'low', 'low', 'substantial', 'high']);
    expect(eidasOf('EH2', { eidasOf: { ...levels.eidasOf, EH2: 'substantial' } })).toBe('substantial');
  });
});

describe('SYN-01, SYN-02: synthesis of M', () => {
  const at3 = { IA: 2, IO: 3, IG: 3, IV: 3, IM: 2, PD: 2, PV: 3, PI: 3, PT: 2 };
  const at4 = { ...at3, IO: 4, IG: 4, IM: 3, PV: 4, PI: 4 };

  test('the lowest aspect decides (LVL-07)', () => {
    expect(synthesizeM(at3, minimumScores)).toBe(3);
    expect(synthesizeM({ ...at3, IV: 2 }, minimumScores)).toBe(2);
    expect(synthesizeM(at4, minimumScores)).toBe(4);
    expect(synthesizeM({ ...at4, IM: 2 }, minimumScores)).toBe(3);
    expect(synthesizeM({ ...at3, IA: 1 }, minimumScores)).toBe(1);
    expect(synthesizeM({ ...at3, IV: 0 }, minimumScores)).toBe(0);
  });

  test('SCORE-04: an aspect that does not apply is left out', () => {
    const { IG: _, ...withoutIg } = at4;
    expect(synthesizeM({ ...withoutIg, IR: 2 }, minimumScores)).toBe(4);
    expect(synthesizeM({ ...withoutIg, IR: 1 }, minimumScores)).toBe(1);
  });

  test('what falls short is named', () => {
    expect(shortfall(at3, minimumScores[4])).toEqual(['IO', 'IG', 'IM', 'PV', 'PI']);
    expect(shortfall(at4, minimumScores[4])).toEqual([]);
  });

  test('LVL-02: every level asks at least what the one below asks', () => {
    for (const aspect of Object.keys(minimumScores[1]) as (keyof (typeof minimumScores)[1])[]) {
      const asked = ([1, 2, 3, 4] as const).map((m) => minimumScores[m][aspect]);
      expect(asked).toEqual([...asked].sort((left, right) => left - right));
    }
  });
});

describe('SYN-05…SYN-08: synthesis of the level', () => {
  const paper = undefined;
  const row = (nr: number, stork: number, m: number, submitter: EhLevel | undefined, eh: EhLevel) =>
    [nr, stork, m, submitter, eh] as const;

  test.each([
    row(1, 1, 1, paper, 'EH1'),
    row(2, 2, 2, paper, 'EH2'),
    row(3, 3, 2, paper, 'EH2+'),
    row(4, 3, 2, 'EH2', 'EH2'),
    row(5, 3, 2, 'EH2+', 'EH2+'),
    row(6, 3, 3, 'EH3', 'EH3'),
    row(7, 3, 2, 'EH2+', 'EH2+'),
    row(8, 4, 3, paper, 'EH3'),
    row(9, 4, 2, paper, 'EH2+'),
    row(10, 4, 1, paper, 'EH1'),
    row(11, 2, 4, paper, 'EH2'),
    row(12, 1, 4, paper, 'EH1'),
    row(13, 3, 4, paper, 'EH3'),
    row(14, 4, 4, paper, 'EH4'),
    row(15, 4, 3, 'EH4', 'EH3'),
    row(16, 4, 4, 'EH4', 'EH4'),
    row(17, 2, 2, undefined, 'EH2'),
    row(18, 3, 2, undefined, 'EH2+'),
    row(20, 3, 1, 'EH3', 'EH1'),
  ])('SYN-10 row %i: STORK %i, M%i, submitter %s gives %s', (_nr, stork, m, submitter, eh) => {
    expect(synthesizeEh({ m, stork, submitter }, ehTable)).toBe(eh);
  });

  test.each([0, 1, 2, 3, 4])('SYN-10 row 19: without M a STORK %i means gives nothing', (stork) => {
    expect(synthesizeEh({ m: 0, stork, submitter: undefined }, ehTable)).toBeNull();
  });

  test('SYN-08, D-27: without a means there is no level, unless the column is not used', () => {
    expect(synthesizeEh({ m: 4, stork: 0, submitter: undefined }, ehTable)).toBeNull();
    expect(synthesizeEh({ m: 2, stork: undefined, submitter: undefined }, ehTable)).toBe('EH2+');
    expect(synthesizeEh({ m: 3, stork: undefined, submitter: 'EH1' }, ehTable)).toBe('EH1');
  });

  test('SYN-07: EH2+ is M2 with a means of STORK 3, and electronically a submitter at EH2+ himself', () => {
    const of = (m: number, stork: number, submitter?: EhLevel) => synthesizeEh({ m, stork, submitter }, ehTable);
    expect([of(2, 2), of(2, 3), of(2, 4), of(3, 2)]).toEqual(['EH2', 'EH2+', 'EH2+', 'EH2']);
    expect([of(2, 3, 'EH1'), of(2, 3, 'EH2'), of(2, 3, 'EH2+'), of(2, 3, 'EH3')]).toEqual([
      'EH1',
      'EH2',
      'EH2+',
      'EH2+',
    ]);
  });

  const columns: fc.Arbitrary<Columns> = fc.record({
    m: fc.integer({ min: 1, max: 4 }),
    stork: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    submitter: fc.option(fc.constantFrom(...EH_LEVELS), { nil: undefined }),
  });

  test('LVL-07, SYN-11: the result is never above any of its columns, and a better column never lowers it', () => {
    fc.assert(
      fc.property(columns, columns, (left, right) => {
        const eh = synthesizeEh(left, ehTable);
        if (eh === null) throw new Error('M1 with any means is EH1');
        if (left.submitter !== undefined) expect(atLeast(left.submitter, eh)).toBe(true);
        if (left.stork !== undefined) expect(left.stork).toBeGreaterThanOrEqual(storkOf(eh, levels));
        const better = { m: Math.max(left.m, right.m), stork: left.stork, submitter: left.submitter };
        expect(atLeast(synthesizeEh(better, ehTable) ?? 'EH1', eh)).toBe(true);
      }),
    );
  });
});
