/**
 * A moment as whole milliseconds since 1970-01-01T00:00:00Z. Every moment inside the rule book falls on a whole
 * second: a fraction is dropped when a date-time is read.
 */
export type EpochMillis = number;

const SECOND = 1_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Days since 1970-01-01 of a date in the (proleptic) Gregorian calendar; month 1–12. */
export function dayNumber(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function civilDate(days: number): CivilDate {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** 0 = Sunday … 6 = Saturday. */
export const weekday = (days: number): number => (((days + 4) % 7) + 7) % 7;

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let index = from; index < to; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** The day number of `2026-03-02`, or `NaN` for a text that is no date of the calendar (such as 2026-02-30). */
export function readDate(text: string): number {
  return text.length === 10 ? dateAtStart(text) : NaN;
}

function dateAtStart(text: string): number {
  if (text[4] !== '-' || text[7] !== '-') return NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return NaN;
  return dayNumber(year, month, day);
}

/** Where the offset begins, past an optional fraction of one to nine digits; -1 when the fraction is malformed. */
function offsetStart(text: string): number {
  if (text[19] !== '.') return 19;
  let end = 20;
  while (end < text.length && digits(text, end, end + 1) >= 0) end += 1;
  return end > 20 && end <= 29 ? end : -1;
}

/** The offset in milliseconds, or `NaN`. */
function parseOffset(text: string, at: number): number {
  if (text[at] === 'Z') return text.length === at + 1 ? 0 : NaN;
  const sign = text[at] === '+' ? 1 : text[at] === '-' ? -1 : NaN;
  if (text.length !== at + 6 || text[at + 3] !== ':') return NaN;
  const hours = digits(text, at + 1, at + 3);
  const minutes = digits(text, at + 4, at + 6);
  return hours <= 23 && minutes <= 59 ? sign * (hours * 60 + minutes) * 60_000 : NaN;
}

/**
 * The moment of a date-time with an offset, its fraction of a second dropped; `NaN` for any other text, among them
 * dates and clock times that do not exist (2026-02-30, 24:00, a leap second).
 */
export function readInstant(text: string): EpochMillis {
  if (text.length < 20 || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return NaN;
  const hours = digits(text, 11, 13);
  const minutes = digits(text, 14, 16);
  const seconds = digits(text, 17, 19);
  if (!(hours <= 23 && minutes <= 59 && seconds <= 59)) return NaN;
  const start = offsetStart(text);
  if (start < 0) return NaN;
  return dateAtStart(text) * DAY + hours * HOUR + minutes * 60_000 + seconds * SECOND - parseOffset(text, start);
}
