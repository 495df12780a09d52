import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatInstant } from '../time/amsterdam.js';
import { RETENTION_YEARS, retainedUntil } from './retention.js';

const until = (text: string, years?: number): string => formatInstant(retainedUntil(Date.parse(text), years));

describe('until when something is kept (ARCH-10)', () => {
  it.each([
    ['in winter', '2026-01-15T10:00:00+01:00', '2033-01-16T00:00:00+01:00'],
    ['in summer', '2026-07-15T23:59:59+02:00', '2033-07-16T00:00:00+02:00'],
    ['at midnight: of the day that begins', '2026-07-15T00:00:00+02:00', '2033-07-16T00:00:00+02:00'],
    ['on the last day of the year, in Amsterdam', '2026-12-31T22:30:00Z', '2034-01-01T00:00:00+01:00'],
    ['in the first hour of the year, in Amsterdam', '2026-12-31T23:30:00Z', '2034-01-02T00:00:00+01:00'],
    ['on a leap day: not a day less', '2028-02-29T12:00:00+01:00', '2035-03-02T00:00:00+01:00'],
    ['the day before one', '2028-02-28T12:00:00+01:00', '2035-03-01T00:00:00+01:00'],
    ['the day before clocks change', '2026-03-28T02:30:00+01:00', '2033-03-29T00:00:00+02:00'],
  ])('ended %s', (_when, ended, kept) => {
    expect(until(ended)).toBe(kept);
  });

  it('may be longer, where the participant keeps things longer', () => {
    expect(until('2026-01-15T10:00:00+01:00', 10)).toBe('2036-01-16T00:00:00+01:00');
  });

  it('is never earlier than the same clock time seven years later, and no more than two days later', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
        (ended) => {
          const later = new Date(ended);
          // 29 February becomes 1 March: the longer reading of the two.
          later.setUTCFullYear(ended.getUTCFullYear() + RETENTION_YEARS);
          const kept = retainedUntil(ended.getTime());
          expect(kept).toBeGreaterThanOrEqual(later.getTime() - 3_600_000);
          expect(kept - later.getTime()).toBeLessThanOrEqual(2 * 86_400_000);
        },
      ),
    );
  });

  it('never goes back: what ends later is kept as long or longer', () => {
    const moment = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2060-01-01') });
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 800 * 86_400_000 }), (ended, more) => {
        expect(retainedUntil(ended + more)).toBeGreaterThanOrEqual(retainedUntil(ended));
      }),
    );
  });
});
