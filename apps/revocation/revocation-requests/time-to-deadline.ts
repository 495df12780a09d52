import { epochOf, type Instant } from '#libs/kernel';
import { earlier } from '#libs/domain';
import { workingTimeBetween, type RuleSet } from '#libs/scheme';

/**
 * How an open request stands to its deadline: `near` from half of its time on, counted in working days (REV-09). What is to
 * be carried out at once has none, and is `passed` once that did not come about (CAL-03).
 */
export const DEADLINE_STANDINGS = ['none', 'ahead', 'near', 'passed'] as const;
export type DeadlineStanding = (typeof DEADLINE_STANDINGS)[number];

export function deadlineStanding(
  {
    receivedAt,
    dueAt,
    lateAt,
    certificateDueAt = null,
  }: {
    readonly receivedAt: Instant;
    readonly dueAt: Instant | null;
    readonly lateAt: Instant | null;
    /** Until when a certificate has to be revoked that it would leave: the earlier of both counts. */
    readonly certificateDueAt?: Instant | null;
  },
  now: Instant,
  rules: RuleSet,
): DeadlineStanding {
  if (certificateDueAt !== null && earlier(lateAt, certificateDueAt) !== lateAt)
    return deadlineStanding({ receivedAt, dueAt: certificateDueAt, lateAt: certificateDueAt }, now, rules);
  if (lateAt === null) return 'none';
  // In time up to the deadline itself.
  if (now > lateAt) return 'passed';
  if (dueAt === null) return 'ahead';
  const until = (from: Instant): number => workingTimeBetween(epochOf(from), epochOf(dueAt), rules.revocation.holidays);
  return until(now) * 2 > until(receivedAt) ? 'ahead' : 'near';
}
