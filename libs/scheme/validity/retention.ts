import { amsterdamDay, endOfAmsterdamDay } from '../time/amsterdam.js';
import { addYears } from '../time/calendar.js';
import { civilDate, DAY, type EpochMillis } from '../time/instant.js';

/** Years that what was checked and decided is kept at least, from its end on (ARCH-10). */
export const RETENTION_YEARS = 7;

/**
 * Until when something is kept that ended at that moment: the end of the Amsterdam day so many years later, so that nothing
 * goes earlier whatever the clock was (ARCH-10). What ended on 29 February is kept through 1 March of a year that has none.
 */
export function retainedUntil(endedAt: EpochMillis, years: number = RETENTION_YEARS): EpochMillis {
  const later = addYears(endedAt, years);
  const isShortened = civilDate(amsterdamDay(later)).day !== civilDate(amsterdamDay(endedAt)).day;
  return endOfAmsterdamDay(isShortened ? later + DAY : later) + 1;
}
