import { describe, expect, test } from '@jest/globals';
import { amsterdamOffset, amsterdamTime, formatDate, formatInstant, fromAmsterdam } from './amsterdam.js';
import { addDays, addMonths, addYears } from './calendar.js';
import { DAY, HOUR, civilDate, dayNumber, daysInMonth, readDate, readInstant, weekday } from './instant.js';
import { DUTCH_HOLIDAYS, addWorkingDays, easterSunday, isWorkingDay, workingTimeBetween } from './working-days.js';

const at = readInstant;
const moved = (text: string, move: (moment: number) => number): string => formatInstant(move(at(text)));

describe('reading dates and date-times', () => {
  test('agrees with the platform on every day of four centuries', () => {
    const wrong: string[] = [];
    for (let day = dayNumber(1800, 1, 1); day < dayNumber(2200, 1, 1); day += 1) {
      const date = new Date(day * DAY);
      const text = date.toISOString().slice(0, 10);
      const agrees = formatDate(civilDate(day)) === text && readDate(text) === day && weekday(day) === date.getUTCDay();
      if (!agrees) wrong.push(text);
    }
    expect(wrong).toEqual([]);
  });

  test.each([
    ['2026-03-02T09:00:00Z', '2026-03-02T09:00:00Z'],
    ['2026-03-02T09:00:00+01:00', '2026-03-02T08:00:00Z'],
    ['2026-03-02T09:00:00-05:30', '2026-03-02T14:30:00Z'],
    ['2026-03-02T09:08:07.999999999+01:00', '2026-03-02T08:08:07Z'],
    ['2026-03-02T09:08:07.1Z', '2026-03-02T09:08:07Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59Z'],
    ['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59Z'],
    ['2026-12-31T23:59:59+23:59', '2026-12-31T00:00:59Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  ])('%s is the moment %s', (text, moment) => {
    expect(at(text)).toBe(Date.parse(moment));
  });

  test.each([
    '2026-02-30T09:00:00Z',
    '2025-02-29T09:00:00Z',
    '2026-04-31T09:00:00Z',
    '2026-00-10T09:00:00Z',
    '2026-13-10T09:00:00Z',
    '2026-01-00T09:00:00Z',
    '2026-01-32T09:00:00Z',
    '2026-01-10T24:00:00Z',
    '2026-01-10T09:60:00Z',
    '2026-01-10T09:00:60Z',
    '2026-01-10T09:00:00',
    '2026-01-10T09:00Z',
    '2026-01-10 09:00:00Z',
    '2026-01-10T09:00:00z',
    '2026-01-10T09:00:00.Z',
    '2026-01-10T09:00:00.1234567890Z',
    '2026-01-10T09:00:00.12345x',
    '2026-01-10T09:00:00Zx',
    '2026-01-10T09:00:00+0100',
    '2026-01-10T09:00:00+01',
    '2026-01-10T09:00:00+01:0',
    '2026-01-10T09:00:00+01:000',
    '2026-01-10T09:00:00+01-00',
    '2026-01-10T09:00:00*01:00',
    '2026-01-10T09:00:00+24:00',
    '2026-01-10T09:00:00+01:60',
    '2026-01-10T09:00:00+0a:00',
    '2026/01/10T09:00:00Z',
    '2026-01/10T09:00:00Z',
    '2026-01-10T09-00:00Z',
    '2026-01-10T09:00-00Z',
    '20x6-01-10T09:00:00Z',
    '2026-01-10T0 :00:00Z',
    '2026-01-10',
    '',
  ])('%j is no moment', (text) => {
    expect(at(text)).toBeNaN();
  });

  test.each(['2026-02-30', '2026-2-03', '2026-02-031', '2026-02-3', '2026x02-03', '2026-02x03', ''])(
    '%j is no date',
    (text) => {
      expect(readDate(text)).toBeNaN();
    },
  );

  test('months have their own lengths', () => {
    const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    expect(lengths.map((_, index) => daysInMonth(2026, index + 1))).toEqual(lengths);
    expect([2024, 2000, 1900, 2100].map((year) => daysInMonth(year, 2))).toEqual([29, 29, 28, 28]);
  });
});

describe('Europe/Amsterdam', () => {
  const platform = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Amsterdam', timeZoneName: 'longOffset' });
  const platformOffset = (moment: number): number => {
    const zone = platform.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    return Number(zone.slice(4, 6)) * HOUR;
  };

  test('has the offsets of the public time-zone data from 1977 on', () => {
    const wrong: string[] = [];
    for (let day = dayNumber(1976, 1, 1); day < dayNumber(2038, 1, 1); day += 1) {
      if (![3, 4, 9, 10].includes(civilDate(day).month) || weekday(day) > 1) continue;
      for (const moment of [day * DAY, day * DAY + HOUR - 1_000, day * DAY + HOUR]) {
        if (amsterdamOffset(moment) !== platformOffset(moment)) wrong.push(new Date(moment).toISOString());
      }
    }
    expect(wrong).toEqual([]);
  });

  test('reads and writes its own clock', () => {
    expect(amsterdamTime(at('2026-07-01T22:30:00Z'))).toEqual({ day: dayNumber(2026, 7, 2), clock: HOUR / 2 });
    expect(formatInstant(at('2026-07-01T22:30:05Z'))).toBe('2026-07-02T00:30:05+02:00');
    expect(formatInstant(at('2026-01-01T00:00:00Z'))).toBe('2026-01-01T01:00:00+01:00');
  });

  test('D-01: a skipped clock time moves forward, of a double one it is the first', () => {
    const half = (day: number) => fromAmsterdam({ day, clock: 2.5 * HOUR });
    expect(formatInstant(half(dayNumber(2026, 3, 29)))).toBe('2026-03-29T03:30:00+02:00');
    expect(formatInstant(half(dayNumber(2026, 10, 25)))).toBe('2026-10-25T02:30:00+02:00');
    expect(formatInstant(half(dayNumber(2026, 10, 25)) + HOUR)).toBe('2026-10-25T02:30:00+01:00');
  });

  test('answers never leave the years that their format can write', () => {
    expect(formatInstant(at('9999-12-31T23:30:00-12:00'))).toBe('9999-12-31T23:00:00+01:00');
    expect(formatInstant(at('0000-01-01T00:00:00+12:00'))).toBe('0000-01-01T01:00:00+01:00');
  });
});

describe('CAL-04: calendar periods', () => {
  test.each([
    ['2024-01-31T10:00:00+01:00', 25, '2026-02-28T10:00:00+01:00'],
    ['2024-01-31T10:00:00+01:00', 1, '2024-02-29T10:00:00+01:00'],
    ['2026-12-15T10:00:00+01:00', 1, '2027-01-15T10:00:00+01:00'],
    ['2026-12-15T10:00:00+01:00', 12, '2027-12-15T10:00:00+01:00'],
    ['2026-02-28T10:00:00+01:00', 7, '2026-09-28T10:00:00+02:00'],
    ['2026-03-15T10:00:00+01:00', -3, '2025-12-15T10:00:00+01:00'],
  ])('%s and %i months is %s', (from, months, until) => {
    expect(moved(from, (moment) => addMonths(moment, months))).toBe(until);
  });

  test('years and days keep the clock time', () => {
    expect(moved('2024-02-29T23:30:00+01:00', (moment) => addYears(moment, 5))).toBe('2029-02-28T23:30:00+01:00');
    expect(moved('2026-03-20T08:00:00+01:00', (moment) => addDays(moment, 28))).toBe('2026-04-17T08:00:00+02:00');
  });
});

describe('CAL-01, CAL-02: working days', () => {
  test('Easter falls where the almanac has it', () => {
    const almanac = [
      '1943-04-25',
      '1954-04-18',
      '1981-04-19',
      '2008-03-23',
      '2024-03-31',
      '2025-04-20',
      '2026-04-05',
      '2038-04-25',
      '2076-04-19',
      '2285-03-22',
    ];
    expect(almanac.map((text) => formatDate(civilDate(easterSunday(Number(text.slice(0, 4))))))).toEqual(almanac);
  });

  test('the holidays of 2026 and of a year whose 27 April is a Sunday', () => {
    const dates = (year: number): string[] => DUTCH_HOLIDAYS.map(({ on }) => formatDate(civilDate(on(year))));
    expect(dates(2026)).toEqual([
      '2026-01-01',
      '2026-04-03',
      '2026-04-06',
      '2026-04-27',
      '2026-05-05',
      '2026-05-14',
      '2026-05-25',
      '2026-12-25',
      '2026-12-26',
    ]);
    expect(dates(2025)[3]).toBe('2025-04-26');
    expect(isWorkingDay(dayNumber(2026, 4, 28), DUTCH_HOLIDAYS)).toBe(true);
    expect(isWorkingDay(dayNumber(2026, 5, 5), DUTCH_HOLIDAYS)).toBe(false);
    expect(isWorkingDay(dayNumber(2026, 4, 4), DUTCH_HOLIDAYS)).toBe(false);
    expect(isWorkingDay(dayNumber(2026, 4, 5), DUTCH_HOLIDAYS)).toBe(false);
    expect(isWorkingDay(dayNumber(2026, 4, 5), [])).toBe(false);
    expect(isWorkingDay(dayNumber(2026, 5, 5), [])).toBe(true);
  });

  test.each([
    ['2026-03-06T15:00:00+01:00', 1, '2026-03-09T15:00:00+01:00'],
    ['2026-03-07T15:00:00+01:00', 1, '2026-03-10T00:00:00+01:00'],
    ['2026-04-02T15:00:00+02:00', 1, '2026-04-07T15:00:00+02:00'],
    ['2026-03-27T15:00:00+01:00', 1, '2026-03-30T15:00:00+02:00'],
    ['2026-12-24T15:00:00+01:00', 2, '2026-12-29T15:00:00+01:00'],
    ['2026-12-31T15:00:00+01:00', 1, '2027-01-04T15:00:00+01:00'],
    ['2026-03-06T15:00:00+01:00', 0, '2026-03-06T15:00:00+01:00'],
    // Ascension and Whit Monday: the day before, and what comes in on the holiday itself.
    ['2026-05-13T15:00:00+02:00', 1, '2026-05-15T15:00:00+02:00'],
    ['2026-05-14T10:00:00+02:00', 1, '2026-05-18T00:00:00+02:00'],
    ['2026-05-22T15:00:00+02:00', 1, '2026-05-26T15:00:00+02:00'],
    // King’s Day: a Tuesday, and the Saturday before a 27th that is a Sunday, after which the Monday counts.
    ['2027-04-26T15:00:00+02:00', 1, '2027-04-28T15:00:00+02:00'],
    ['2025-04-25T15:00:00+02:00', 1, '2025-04-28T15:00:00+02:00'],
    ['2025-04-26T12:00:00+02:00', 2, '2025-04-30T00:00:00+02:00'],
    // In the night that summer time begins or ends: Sundays, whose receipts count from Monday on.
    ['2026-03-29T01:59:59+01:00', 1, '2026-03-31T00:00:00+02:00'],
    ['2026-10-25T02:30:00+01:00', 1, '2026-10-27T00:00:00+01:00'],
    ['2026-10-23T02:30:00+02:00', 1, '2026-10-26T02:30:00+01:00'],
    // A leap day is a working day like others.
    ['2028-02-28T10:00:00+01:00', 1, '2028-02-29T10:00:00+01:00'],
    ['2028-02-29T10:00:00+01:00', 2, '2028-03-02T10:00:00+01:00'],
    // New Year on a Friday, and on a Saturday; Christmas before it.
    ['2026-12-31T15:00:00+01:00', 2, '2027-01-05T15:00:00+01:00'],
    ['2027-12-31T15:00:00+01:00', 1, '2028-01-03T15:00:00+01:00'],
    ['2026-12-25T09:00:00+01:00', 1, '2026-12-29T00:00:00+01:00'],
  ])('%s and %i working days is %s', (received, count, due) => {
    expect(moved(received, (moment) => addWorkingDays(moment, count, DUTCH_HOLIDAYS))).toBe(due);
  });
});

describe('the time of working days between two moments', () => {
  const hours = (from: string, until: string): number => workingTimeBetween(at(from), at(until), DUTCH_HOLIDAYS) / HOUR;

  test.each([
    ['2026-03-03T10:00:00+01:00', '2026-03-03T16:30:00+01:00', 6.5],
    ['2026-03-03T10:00:00+01:00', '2026-03-04T10:00:00+01:00', 24],
    // A weekend, with the hour that summer time takes: 29 March is a Sunday.
    ['2026-03-27T15:00:00+01:00', '2026-03-30T15:00:00+02:00', 24],
    ['2026-10-23T15:00:00+02:00', '2026-10-26T15:00:00+01:00', 24],
    ['2026-03-28T12:00:00+01:00', '2026-03-29T23:00:00+02:00', 0],
    // Easter moves: Good Friday and Easter Monday of 2026 and of 2027.
    ['2026-04-02T15:00:00+02:00', '2026-04-07T15:00:00+02:00', 24],
    ['2027-03-25T15:00:00+01:00', '2027-03-30T15:00:00+02:00', 24],
    // Over New Year, and over a leap day.
    ['2026-12-31T18:00:00+01:00', '2027-01-04T18:00:00+01:00', 24],
    ['2028-02-28T09:00:00+01:00', '2028-03-01T09:00:00+01:00', 48],
    // The 27th of April 2025 is a Sunday: King's Day is Saturday the 26th, the Monday counts.
    ['2025-04-25T12:00:00+02:00', '2025-04-28T12:00:00+02:00', 24],
    ['2026-03-03T10:00:00+01:00', '2026-03-03T10:00:00+01:00', 0],
    ['2026-03-04T10:00:00+01:00', '2026-03-03T10:00:00+01:00', 0],
  ])('from %s to %s is %d hours', (from, until, expected) => {
    expect(hours(from, until)).toBe(expected);
  });
});
