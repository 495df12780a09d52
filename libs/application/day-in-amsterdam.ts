import { epochOf, instantFromEpoch, type CalendarDate, type Instant } from '#libs/kernel';
import { endOfAmsterdamDay } from '#libs/scheme';

const DAY = 86_400_000;

/** First and last millisecond of a calendar day in Amsterdam: of 23, 24 or 25 hours. */
export function dayInAmsterdam(date: CalendarDate): { readonly begins: Instant; readonly ends: Instant } {
  // Noon of UTC is on that day there, summer and winter.
  const noon = epochOf(`${date}T12:00:00.000Z` as Instant);
  return {
    begins: instantFromEpoch(endOfAmsterdamDay(noon - DAY) + 1),
    ends: instantFromEpoch(endOfAmsterdamDay(noon)),
  };
}
