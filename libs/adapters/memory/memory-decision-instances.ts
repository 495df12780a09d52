import type { DecisionInstances } from '#libs/eventing';

/** Decision instances of one process; a lease runs out by the given clock (milliseconds). */
export class MemoryDecisionInstances implements DecisionInstances {
  readonly #leases = new Map<string, { readonly seen: bigint; readonly until: number }>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  async renew(instance: string, seen: bigint, leaseMilliseconds: number): Promise<void> {
    this.#leases.set(instance, { seen, until: this.#clock() + leaseMilliseconds });
  }

  async leave(instance: string): Promise<void> {
    this.#leases.delete(instance);
  }

  async behind(position: bigint): Promise<readonly string[]> {
    const now = this.#clock();
    return [...this.#leases]
      .filter(([, lease]) => lease.until > now && lease.seen < position)
      .map(([instance]) => instance)
      .sort();
  }
}
