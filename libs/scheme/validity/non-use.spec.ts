import { describe, expect, it } from '@jest/globals';
import { currentRuleSet } from '../rule-sets/rule-sets.js';
import { endOfAmsterdamDay } from '../time/amsterdam.js';
import { nonUsePeriods } from './validity.js';

const at = (text: string): number => Date.parse(text);
const iso = (moment: number): string => new Date(moment).toISOString();

describe('the periods of non-use', () => {
  it.each([
    // From a day that the other month lacks, in a leap year and in none (CAL-04).
    ['2024-01-31T11:00:00.123Z', '2026-01-31T11:00:00.123Z', '2026-02-28T11:00:00.123Z'],
    ['2026-01-31T11:00:00.123Z', '2028-01-31T11:00:00.123Z', '2028-02-29T11:00:00.123Z'],
    ['2024-02-29T12:00:00.000Z', '2026-02-28T12:00:00.000Z', '2026-03-29T11:00:00.000Z'],
    // The same time of day in Amsterdam, on either side of a change of the clock.
    ['2026-03-28T23:30:00.000Z', '2028-03-28T22:30:00.000Z', '2028-04-28T22:30:00.000Z'],
    ['2026-09-30T22:00:00.000Z', '2028-09-30T22:00:00.000Z', '2028-10-31T23:00:00.000Z'],
    // Over New Year, by Amsterdam's calendar.
    ['2025-12-31T22:59:59.999Z', '2027-12-31T22:59:59.999Z', '2028-01-31T22:59:59.999Z'],
    ['2025-12-31T23:00:00.000Z', '2027-12-31T23:00:00.000Z', '2028-01-31T23:00:00.000Z'],
  ])('of %s are 24 and 25 calendar months (NONUSE-04)', (used, noticeFrom, revocable) => {
    const long = at('2020-01-01T00:00:00Z');
    const periods = nonUsePeriods({ registeredAt: long, validFrom: long, lastUsedAt: at(used) }, currentRuleSet);
    expect(iso(periods.countsFrom)).toBe(used);
    expect(iso(periods.noticeFrom)).toBe(noticeFrom);
    expect(iso(periods.revocableAfter(periods.noticeFrom))).toBe(revocable);
  });

  it('count from the latest of registration, start date and last use (NONUSE-04)', () => {
    const [first, second, third] = [1, 2, 3].map((day) => at(`2026-05-0${day}T10:00:00Z`)) as [number, number, number];
    const from = (registeredAt: number, validFrom: number, lastUsedAt?: number): number =>
      nonUsePeriods({ registeredAt, validFrom, ...(lastUsedAt === undefined ? {} : { lastUsedAt }) }, currentRuleSet)
        .countsFrom;
    expect([from(first, second), from(second, first)]).toEqual([second, second]);
    expect([from(first, second, third), from(third, first, second), from(first, third, second)]).toEqual([
      ...[third, third, third],
    ]);
  });

  it('leave 28 days after a notice that came late (NONUSE-03)', () => {
    const long = at('2020-01-01T00:00:00Z');
    const { revocableAfter } = nonUsePeriods({ registeredAt: long, validFrom: long }, currentRuleSet);
    expect(iso(revocableAfter(at('2026-03-20T09:00:00Z')))).toBe('2026-04-17T08:00:00.000Z');
  });
});

it.each([
  ['2026-01-31T22:59:59.999Z', '2026-01-31T22:59:59.999Z'],
  ['2026-01-31T23:00:00.000Z', '2026-02-01T22:59:59.999Z'],
  // A day of 23 hours, and one of 25.
  ['2026-03-29T10:00:00.000Z', '2026-03-29T21:59:59.999Z'],
  ['2026-10-25T10:00:00.000Z', '2026-10-25T22:59:59.999Z'],
])('the day of %s ends in Amsterdam at %s', (moment, end) => {
  expect(iso(endOfAmsterdamDay(at(moment)))).toBe(end);
});
