import { epochOf, type Instant } from '#libs/kernel';
import { workingTimeBetween, type RuleSet } from '#libs/scheme';

/** How an open request stands to its deadline: `near` from half of its time on, counted in working days (REV-09). */
export const DEADLINE_STANDINGS = ['none', 'ahead', 'near', 'passed'] as const;
export type DeadlineStanding = (typeof DEADLINE_STANDINGS)[number];

export function deadlineStanding(
  { receivedAt, dueAt }: { readonly receivedAt: Instant; readonly dueAt: Instant | null },
  now: Instant,
  rules: RuleSet,
): DeadlineStanding {
  if (dueAt === null) return 'none';
  // In time up to the deadline itself.
  if (now > dueAt) return 'passed';
  const until = (from: Instant): number => workingTimeBetween(epochOf(from), epochOf(dueAt), rules.revocation.holidays);
  return until(now) * 2 > until(receivedAt) ? 'ahead' : 'near';
}
