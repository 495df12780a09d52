import type { Instant } from '#libs/kernel';
import type { Mutation } from '#libs/scheme';
import { isDecidedLate, type Arrival } from './at-once.js';

/** When what is decided as it is entered came in, and until when it had to be decided, by the level that its object had (PT1, PT2). */
export type Turnaround = Arrival & {
  /** `null`: no deadline runs, or it was to be done at once. */
  readonly dueAt: Instant | null;
};

/**
 * Whether a time runs for what is asked. A renewal of a means is one of the ways in which means are issued, on which the scheme
 * has no requirement; PT is about authorizations (MEANS-07, TURN-03). How long it took is measured all the same.
 */
export const hasTime = ({ mutation, object }: { readonly mutation: Mutation; readonly object: string }): boolean =>
  !(mutation === 'renewal' && object === 'means');

/** In time up to the deadline itself. */
export const withBreach = (turnaround: Turnaround, at: Instant): Turnaround & { readonly breached: boolean } => ({
  ...turnaround,
  breached: isDecidedLate(turnaround, at),
});
