import type { Instant } from '#libs/kernel';

/** The right of an instance to answer, as the store granted it. */
export interface HeldLease {
  readonly instance: string;
  /**
   * Names the stretch of time for which the entry has stood without a gap. Another one after the entry had run out, or
   * was taken away because somebody no longer counted on the instance.
   */
  readonly stretch: string;
  /** By the store's clock, the one that gives records their `recordedAt`. */
  readonly until: Instant;
}

/** Something was ended by events of types that the instance does not know: it must not answer any more. */
export class EndingUnknown extends Error {
  override readonly name = 'EndingUnknown';
  constructor(readonly types: readonly string[]) {
    super(`something was ended by ${types.join(', ')}, which this version does not know: install a newer one`);
  }
}

/**
 * The decision instances that are alive, so that a revocation is answered only when none of them can still say yes
 * (interfaces.md §8).
 *
 * Leases run by the store's clock, as far as that can be trusted: it may be set, and a fail-over brings another one. What
 * holds whatever the clock does is the entry itself. Nobody counts an instance out without having taken its entry away,
 * and the store says with a record whether the entry of its `lease` still stood (`RecordLog.append`).
 */
export interface DecisionInstances {
  /**
   * States that `instance` has applied everything up to `seen`, that it knows the types `knows` of events that end
   * something (absent: all there are), and that it will answer for at most `leaseMilliseconds` from the moment it called,
   * unless it renews. MUST be visible to `behind` of every process when it resolves.
   *
   * MUST take the entry away and reject with `EndingUnknown` when `behind` was ever asked about a type it does not know.
   */
  renew(instance: string, seen: bigint, leaseMilliseconds: number, knows?: readonly string[]): Promise<HeldLease>;

  /** The instance answers no more. */
  leave(instance: string): Promise<void>;

  /**
   * Instances that are counted on and have not seen `position`. One that does not know the type `ended`, of the event at
   * that position, can't have seen it.
   *
   * MUST take away the entries of instances whose lease has run out, by the store's clock, or by the caller's own (one that
   * is never set) when it saw no renewal for as long as the lease lasts: a clock that was set back holds nobody up.
   */
  behind(position: bigint, ended?: string): Promise<readonly string[]>;
}
