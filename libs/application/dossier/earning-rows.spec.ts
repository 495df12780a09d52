import { describe, expect, it } from '@jest/globals';
import type { Rejection } from '#libs/kernel';
import { CHECK_TYPES } from '#libs/domain';
import { currentRuleSet, ruleSet, ruleSetVersions } from '#libs/scheme';
import { authorizationRows, meansRows, withEarningRows, type EarningRow } from './earning-rows.js';

const first = authorizationRows('first', currentRuleSet);
const repeated = authorizationRows('repeated', currentRuleSet);
const ofMeans = meansRows(currentRuleSet);

const unscored = (aspect: string): Rejection => ({ code: 'aspect-unscored', kind: 'refused', facts: { aspect } });
const short = (missing: object): Rejection => ({
  code: 'level-not-reached',
  kind: 'refused',
  facts: { aimed: 'EH3', reached: null, missing: missing as never },
});
const earnedBy = (rejection: Rejection, table: readonly EarningRow[]) =>
  (withEarningRows([rejection], table)[0]!.facts as { readonly earnedBy?: readonly EarningRow[] }).earnedBy;
const rowsOf = (rejection: Rejection, table: readonly EarningRow[]) =>
  earnedBy(rejection, table)?.map(({ row }) => row);

describe('what would earn an aspect without a score (SCORE-03)', () => {
  it('is the rows of its lowest score, each with the kinds of check that it rests on', () => {
    expect(earnedBy(unscored('IV'), first)).toEqual([
      { aspect: 'IV', score: 1, row: 'IV1-a', checks: ['separateChannelConfirmation'] },
    ]);
    expect(rowsOf(unscored('IV'), repeated)).toEqual(['IV1-a', 'R-IV']);
    expect(rowsOf(unscored('ID'), ofMeans)).toEqual(['MEANS-ID1']);
  });

  it('is nothing that a check could mend where it is a matter of the register or the product', () => {
    for (const aspect of ['IM', 'PD', 'PV', 'PI', 'PT']) expect(earnedBy(unscored(aspect), first)).toBeUndefined();
    expect(earnedBy(unscored('AM'), ofMeans)).toBeUndefined();
  });
});

describe('what would earn a level that is not reached (REG-16)', () => {
  it('is the rows of the scores that it asks, aspect by aspect', () => {
    expect(rowsOf(short({ aspects: { IO: 3, IV: 3 } }), first)).toEqual(['IO3-d', 'IO3-e', 'IV3']);
    expect(rowsOf(short({ ID: 3, IC: 2 }), ofMeans)).toEqual(['MEANS-ID3-v1', 'MEANS-ID3-v2', 'MEANS-IC2']);
  });

  it('is the rows of the next score above where no row has that score', () => {
    const gap = [4, 3].map((score) => ({ aspect: 'IO', score, row: `row-${score}`, checks: [] }));
    expect(rowsOf(short({ aspects: { IO: 2 } }), gap)).toEqual(['row-3']);
  });

  it('is a login where a repeated registration lacks the score of its submitter', () => {
    expect(earnedBy(short({ aspects: { IO: 2 } }), repeated)).toContainEqual({
      ...{ aspect: 'IO', score: 2, row: 'R-IO2-c' },
      checks: ['authentication'],
    });
  });

  it('says nothing where what falls short is another than the checks', () => {
    const rejections = [short({ aspects: {}, meansStork: 3 }), short({ aspects: {}, submitterLevel: 'EH3' })];
    expect(withEarningRows(rejections, first)).toEqual(rejections);
  });
});

describe('any other reason', () => {
  it('stays as it is, and so does every reason where there is no table', () => {
    const other: Rejection = { code: 'incomplete', kind: 'refused', facts: { item: 'scope' } };
    const plain: Rejection = { code: 'not-unique', kind: 'refused' };
    expect(withEarningRows([other, plain], first)).toEqual([other, plain]);
    expect(withEarningRows([unscored('IV')], [])).toEqual([unscored('IV')]);
  });
});

describe('the kinds of check', () => {
  it('are such as can be recorded, and every row of identification and delivery of a means has its own', () => {
    for (const rules of ruleSetVersions.map(ruleSet)) {
      const tables = [authorizationRows('first', rules), authorizationRows('repeated', rules), meansRows(rules)];
      for (const { checks } of tables.flat()) expect(CHECK_TYPES).toEqual(expect.arrayContaining([...checks]));
      const rows = new Set(meansRows(rules).map(({ row }) => row));
      for (const { id, element } of rules.means.rows) {
        if (element === 'ID' || element === 'IC') expect(rows).toContain(id);
      }
    }
  });

  it('of all reasons together stay within the room of an answer', () => {
    const long = Array.from({ length: 50 }, (_, index) => ({
      ...{ aspect: 'IO', score: 1, row: `row-${index}` },
      checks: [...CHECK_TYPES],
    }));
    const told = withEarningRows([unscored('IO'), unscored('IO')], long);
    const all = told.flatMap(({ facts }) => (facts as { earnedBy?: readonly EarningRow[] }).earnedBy ?? []);
    expect(all.length).toBeGreaterThan(0);
    expect(JSON.stringify(all).length).toBeLessThan(2_600);
  });
});
