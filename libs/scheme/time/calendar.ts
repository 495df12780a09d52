import { amsterdamTime, fromAmsterdam } from './amsterdam.js';
import { type EpochMillis, civilDate, dayNumber, daysInMonth } from './instant.js';

/**
 * Calendar periods counted in Amsterdam at the same clock time (CAL-04). A day that the target month lacks becomes its
 * last day: 25 months after 31 January 2024 is 28 February 2026.
 */
export function addMonths(at: EpochMillis, months: number): EpochMillis {
  const { day, clock } = amsterdamTime(at);
  const date = civilDate(day);
  const monthCount = date.year * 12 + (date.month - 1) + months;
  const year = Math.floor(monthCount / 12);
  const month = monthCount - year * 12 + 1;
  return fromAmsterdam({ day: dayNumber(year, month, Math.min(date.day, daysInMonth(year, month))), clock });
}

export const addYears = (at: EpochMillis, years: number): EpochMillis => addMonths(at, years * 12);

export function addDays(at: EpochMillis, days: number): EpochMillis {
  const { day, clock } = amsterdamTime(at);
  return fromAmsterdam({ day: day + days, clock });
}
