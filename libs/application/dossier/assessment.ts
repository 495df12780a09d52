import type { Instant } from '#libs/kernel';
import { MOMENTS, type CheckFacts } from '#libs/domain';

/**
 * The moment of the assessment: the clock of the command, or the latest moment of the dossier where that lies ahead of
 * it. What was taken as not in the future when it came in (interfaces.md §5) does not lie there for the rules.
 */
export function assessmentAt(
  now: Instant,
  application: { readonly receivedAt: Instant },
  checks: readonly { readonly facts: CheckFacts }[],
): Instant {
  const moments = checks.flatMap(({ facts }) => {
    const members = facts as unknown as { readonly [member in (typeof MOMENTS)[number]]?: Instant };
    return MOMENTS.flatMap((member) => members[member] ?? []);
  });
  return [application.receivedAt, ...moments].reduce((latest, moment) => (moment > latest ? moment : latest), now);
}
