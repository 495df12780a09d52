/**
 * A moment in UTC with milliseconds, `2026-03-02T08:00:00.000Z` (interfaces.md §5). Always the same length and
 * zone, so that comparing two as strings compares the moments.
 */
export type Instant = string & { readonly __brand: 'Instant' };

/** A calendar date, `2026-03-02`. */
export type CalendarDate = string & { readonly __brand: 'CalendarDate' };

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads an ISO 8601 date-time with any offset; more than milliseconds are dropped.
 * Answers `undefined` for what is no date-time or an impossible one (30 February, hour 24, second 60, `-00:00`), and for
 * one that lies outside the years 1–9999 in UTC.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone] = match as unknown as string[];
  if (zone === '-00:00') return undefined;
  const date = parseDate(`${year}-${month}-${day}`);
  if (date === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const offset =
    zone === 'Z' ? 0 : (Number(zone!.slice(1, 3)) * 60 + Number(zone!.slice(4, 6))) * (zone![0] === '-' ? -1 : 1);
  if (zone !== 'Z' && (Number(zone!.slice(1, 3)) > 23 || Number(zone!.slice(4, 6)) > 59)) return undefined;
  const millis = fraction.slice(0, 3).padEnd(3, '0');
  // Not `Date.UTC`, which takes the years 1 to 99 for those of the twentieth century.
  const epoch = Date.parse(`${date}T${hour}:${minute}:${second}.${millis}Z`) - offset * 60_000;
  return epoch < FIRST || epoch > LAST ? undefined : instantFromEpoch(epoch);
}

const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** Reads a calendar date; `undefined` for what is none or an impossible one. */
export function parseDate(text: string): CalendarDate | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  // 29 February of a leap year is the only date whose validity depends on the year.
  const lengths = [
    31,
    year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28,
    31,
    30,
    31,
    30,
    31,
    31,
    30,
    31,
    30,
    31,
  ];
  const length = lengths[month - 1];
  return year >= 1 && length !== undefined && day >= 1 && day <= length ? (text as CalendarDate) : undefined;
}

/** Milliseconds since 1970-01-01T00:00:00Z → instant. Throws `RangeError` outside the years 0000–9999. */
export function instantFromEpoch(milliseconds: number): Instant {
  const text = new Date(milliseconds).toISOString();
  if (text.length !== 24) throw new RangeError(`instant out of range: ${text}`);
  return text as Instant;
}

/** Instant → milliseconds since 1970-01-01T00:00:00Z. */
export const epochOf = (moment: Instant): number => Date.parse(moment);

/** The instant `milliseconds` later (or earlier, when negative). */
export const later = (moment: Instant, milliseconds: number): Instant =>
  instantFromEpoch(epochOf(moment) + milliseconds);
