import type { DecisionIndex } from '#libs/application';
import type { HeldLease } from '#libs/eventing';

/** The index as it is kept up to date: how far it is, and whether it may answer. */
export interface LiveIndex extends DecisionIndex {
  /** Everything up to here has been applied. */
  readonly position: bigint;

  /**
   * Whether it may answer now: it has seen everything that was recorded when its lease began, and the lease has not run
   * out. Not current = every answer is a no (interfaces.md §8); it never answers from the past.
   */
  readonly current: boolean;

  /** The lease under which it answers; the record of an answer names it, so that the store can say whether it still ran. */
  readonly lease: HeldLease | undefined;

  /** Why it will not answer any more, whatever it sees: something was ended by what this version does not know. */
  readonly fenced: string | undefined;

  /** Resolves with true once everything up to `position` has been applied, with false when that takes longer. */
  waitFor(position: bigint, milliseconds: number): Promise<boolean>;
}
