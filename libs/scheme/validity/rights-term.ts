import { endOfAmsterdamDay } from '../time/amsterdam.js';
import { addMonths } from '../time/calendar.js';
import type { EpochMillis } from '../time/instant.js';

/** Months in which somebody is answered who asks for his rights, and by which that may be prolonged once (GDPR article 12(3)). */
export const RIGHTS_MONTHS = 1;
export const RIGHTS_MONTHS_PROLONGED = 3;

/**
 * Before when somebody is answered who asked at that moment: the end of the Amsterdam day so many months later that has the same
 * number, or of the last day of a month that has none (MIN-03, AMB-47; Regulation 1182/71, article 3).
 */
export const rightsTerm = (receivedAt: EpochMillis, months: number): EpochMillis =>
  endOfAmsterdamDay(addMonths(receivedAt, months)) + 1;
