import { expect, it } from '@jest/globals';
import { epochOf, type CalendarDate } from '#libs/kernel';
import { dayInAmsterdam } from './day-in-amsterdam.js';

it.each([
  ['2026-03-02', '2026-03-01T23:00:00.000Z', '2026-03-02T22:59:59.999Z', 24],
  ['2026-07-01', '2026-06-30T22:00:00.000Z', '2026-07-01T21:59:59.999Z', 24],
  ['2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z', 23],
  ['2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z', 25],
])('the day %s in Amsterdam has its own hours', (date, begins, ends, hours) => {
  const day = dayInAmsterdam(date as CalendarDate);
  expect(day).toEqual({ begins, ends });
  expect((epochOf(day.ends) + 1 - epochOf(day.begins)) / 3_600_000).toBe(hours);
});
