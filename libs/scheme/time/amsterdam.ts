import { type CivilDate, DAY, type EpochMillis, HOUR, civilDate, dayNumber, weekday } from './instant.js';

/**
 * Europe/Amsterdam as dated rules of our own, so that an answer never depends on the time-zone data of the machine it
 * is computed on. Both changes fall at 01:00 UTC. Before 1977 there was no summer time that matters here: standard time.
 */
interface SummerTime {
  readonly fromYear: number;
  readonly starts: (year: number) => number;
  readonly ends: (year: number) => number;
}

const sundayOnOrBefore = (days: number): number => days - weekday(days);
const lastSundayOf = (month: number, lastDay: number) => (year: number) =>
  sundayOnOrBefore(dayNumber(year, month, lastDay));
const firstSundayOfApril = (year: number): number => sundayOnOrBefore(dayNumber(year, 4, 7));

const SUMMER_TIMES: readonly SummerTime[] = [
  { fromYear: 1996, starts: lastSundayOf(3, 31), ends: lastSundayOf(10, 31) },
  { fromYear: 1981, starts: lastSundayOf(3, 31), ends: lastSundayOf(9, 30) },
  { fromYear: 1979, starts: firstSundayOfApril, ends: lastSundayOf(9, 30) },
  { fromYear: 1978, starts: firstSundayOfApril, ends: (year) => dayNumber(year, 10, 1) },
  { fromYear: 1977, starts: firstSundayOfApril, ends: lastSundayOf(9, 30) },
];

const STANDARD = HOUR;
const SUMMER = 2 * HOUR;

/** What Amsterdam's clocks are ahead of UTC at a moment, in milliseconds. */
export function amsterdamOffset(at: EpochMillis): number {
  const { year } = civilDate(Math.floor(at / DAY));
  const rule = SUMMER_TIMES.find(({ fromYear }) => year >= fromYear);
  if (rule === undefined) return STANDARD;
  const summer = at >= rule.starts(year) * DAY + HOUR && at < rule.ends(year) * DAY + HOUR;
  return summer ? SUMMER : STANDARD;
}

/** A reading of Amsterdam's calendar and clock: the day as a day number, the clock as milliseconds since 00:00. */
export interface AmsterdamTime {
  readonly day: number;
  readonly clock: number;
}

export function amsterdamTime(at: EpochMillis): AmsterdamTime {
  const local = at + amsterdamOffset(at);
  const day = Math.floor(local / DAY);
  return { day, clock: local - day * DAY };
}

export const amsterdamDay = (at: EpochMillis): number => amsterdamTime(at).day;

/**
 * The moment at which Amsterdam reads this (D-01): a clock time that summer time skips moves forward by the hour
 * skipped; of one that occurs twice it is the first.
 */
export function fromAmsterdam({ day, clock }: AmsterdamTime): EpochMillis {
  const asSummer = day * DAY + clock - SUMMER;
  return amsterdamOffset(asSummer) === SUMMER ? asSummer : asSummer + (SUMMER - STANDARD);
}

/** The last millisecond of the day that Amsterdam reads at a moment. */
export const endOfAmsterdamDay = (at: EpochMillis): EpochMillis =>
  fromAmsterdam({ day: amsterdamDay(at) + 1, clock: 0 }) - 1;

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

export function formatDate({ year, month, day }: CivilDate): string {
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** First and last moment that an answer can write: four digits for the year is all its format has. */
const FIRST: EpochMillis = dayNumber(0, 1, 1) * DAY;
const LAST: EpochMillis = dayNumber(10_000, 1, 1) * DAY - SUMMER;

/** A moment as answers write it: whole seconds, Amsterdam's offset. Beyond the years 0–9999 the nearest that fits. */
export function formatInstant(at: EpochMillis): string {
  const written = Math.min(Math.max(at, FIRST), LAST);
  const { day, clock } = amsterdamTime(written);
  const seconds = Math.floor(clock / 1_000);
  const time = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => pad(part, 2));
  return `${formatDate(civilDate(day))}T${time.join(':')}+0${amsterdamOffset(written) / HOUR}:00`;
}
