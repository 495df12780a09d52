/**
 * The decision instances that are alive, so that a revocation is answered only when none of them can still say yes
 * (interfaces.md §8). Times are the store's clock.
 */
export interface DecisionInstances {
  /**
   * States that `instance` has applied everything up to `seen` and will answer for at most `leaseMilliseconds` from the
   * moment it called, unless it renews. MUST be visible to `behind` of every process when it resolves.
   */
  renew(instance: string, seen: bigint, leaseMilliseconds: number): Promise<void>;

  /** The instance answers no more. */
  leave(instance: string): Promise<void>;

  /** Instances whose lease has not run out and that have not seen `position`. */
  behind(position: bigint): Promise<readonly string[]>;
}
