import { amsterdamTime, fromAmsterdam } from './amsterdam.js';
import { type EpochMillis, civilDate, dayNumber, weekday } from './instant.js';

const SUNDAY = 0;
const SATURDAY = 6;

/** A day of the year on which no deadline runs (CAL-01). `on` gives its day number in a year. */
export interface Holiday {
  readonly id: string;
  readonly rule: string;
  readonly on: (year: number) => number;
}

/** Easter Sunday in the Gregorian calendar (the anonymous algorithm). */
export function easterSunday(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const correction = Math.floor((century + 8) / 25);
  const moonCorrection = Math.floor((century - correction + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - moonCorrection + 15) % 30;
  const dominical = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * dominical) / 451);
  const dayOfMarch = epact + dominical - 7 * late + 22;
  return dayNumber(year, 3, 1) + dayOfMarch - 1;
}

const kingsDay = (year: number): number => {
  const birthday = dayNumber(year, 4, 27);
  return weekday(birthday) === SUNDAY ? birthday - 1 : birthday;
};

/**
 * The scheme's own holidays. Public calendars differ: Good Friday and 5 May are ordinary working days to many
 * employers, here they never are.
 */
export const DUTCH_HOLIDAYS: readonly Holiday[] = [
  { id: 'new-years-day', rule: '1 January', on: (year) => dayNumber(year, 1, 1) },
  { id: 'good-friday', rule: 'two days before Easter Sunday', on: (year) => easterSunday(year) - 2 },
  { id: 'easter-monday', rule: 'the day after Easter Sunday', on: (year) => easterSunday(year) + 1 },
  { id: 'kings-day', rule: '27 April, or 26 April when the 27th is a Sunday', on: kingsDay },
  { id: 'liberation-day', rule: '5 May, every year', on: (year) => dayNumber(year, 5, 5) },
  { id: 'ascension-day', rule: '39 days after Easter Sunday', on: (year) => easterSunday(year) + 39 },
  { id: 'whit-monday', rule: '50 days after Easter Sunday', on: (year) => easterSunday(year) + 50 },
  { id: 'christmas-day', rule: '25 December', on: (year) => dayNumber(year, 12, 25) },
  { id: 'second-christmas-day', rule: '26 December', on: (year) => dayNumber(year, 12, 26) },
];

export function isWorkingDay(day: number, holidays: readonly Holiday[]): boolean {
  const dayOfWeek = weekday(day);
  if (dayOfWeek === SUNDAY || dayOfWeek === SATURDAY) return false;
  const { year } = civilDate(day);
  return !holidays.some((holiday) => holiday.on(year) === day);
}

function workingDayAfter(day: number, holidays: readonly Holiday[]): number {
  let next = day + 1;
  while (!isWorkingDay(next, holidays)) next += 1;
  return next;
}

/**
 * The moment `count` working days after receipt (CAL-02): the same clock time, `count` working days later. What comes in
 * on any other day is held to have come in at 00:00 of the working day that follows.
 */
export function addWorkingDays(receivedAt: EpochMillis, count: number, holidays: readonly Holiday[]): EpochMillis {
  const received = amsterdamTime(receivedAt);
  const onWorkingDay = isWorkingDay(received.day, holidays);
  let day = onWorkingDay ? received.day : workingDayAfter(received.day, holidays);
  for (let left = count; left > 0; left -= 1) day = workingDayAfter(day, holidays);
  return fromAmsterdam({ day, clock: onWorkingDay ? received.clock : 0 });
}

/** How much of the time from one moment to another falls on working days; 0 where nothing lies between them. */
export function workingTimeBetween(from: EpochMillis, until: EpochMillis, holidays: readonly Holiday[]): number {
  let total = 0;
  for (let { day } = amsterdamTime(from); ; day += 1) {
    const start = Math.max(from, fromAmsterdam({ day, clock: 0 }));
    if (start >= until) return total;
    if (isWorkingDay(day, holidays)) total += Math.min(until, fromAmsterdam({ day: day + 1, clock: 0 })) - start;
  }
}
