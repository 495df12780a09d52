import { epochOf, type Instant, type Rejection } from '#libs/kernel';
import { invalid, rejecting } from './rejections.js';

export const happenedRejections = {
  'instant-in-future': invalid('The moment lies in the future', 'Het moment ligt in de toekomst', {
    en: 'A moment at which something happened can’t be later than now (five seconds of clock difference are allowed).',
    nl: 'Een moment waarop iets is gebeurd, kan niet later zijn dan nu (vijf seconden klokverschil zijn toegestaan).',
  }),
  'late-entry-reason-missing': invalid('An old moment needs a reason', 'Een oud moment vraagt een reden', {
    en: 'What happened more than 31 days ago is recorded only with a `lateEntryReason`; it is flagged in the auditor’s list.',
    nl: 'Wat meer dan 31 dagen geleden is gebeurd, wordt alleen vastgelegd met een `lateEntryReason`; het komt met een markering in de lijst van de auditor.',
  }),
};

const rejectWith = rejecting(happenedRejections);

/** Clock difference that a caller is allowed, in milliseconds (interfaces.md §5). */
export const TOLERANCE = 5_000;
/** Further back than this a reason is asked, in milliseconds (interfaces.md §5). */
export const LATE = 31 * 24 * 3_600_000;

/** Whether a moment lies so far back that recording it is a late entry. */
export const isLate = (moment: Instant, now: Instant): boolean => epochOf(now) - epochOf(moment) > LATE;

/** Judges a moment at which something happened, as the caller states it, against the clock of the command. */
export function judgeHappened(
  moment: Instant,
  now: Instant,
  pointer: string,
  lateEntryReason?: unknown,
): readonly Rejection[] {
  if (epochOf(moment) > epochOf(now) + TOLERANCE) return [rejectWith('instant-in-future', { pointer })];
  if (isLate(moment, now) && lateEntryReason === undefined) {
    return [rejectWith('late-entry-reason-missing', { pointer })];
  }
  return [];
}
