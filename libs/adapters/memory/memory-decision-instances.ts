import { EndingUnknown, type DecisionInstances, type HeldLease } from '#libs/eventing';
import { later, type Instant } from '#libs/kernel';

interface Entry extends HeldLease {
  readonly seen: bigint;
  readonly knows: readonly string[] | undefined;
  readonly milliseconds: number;
  /** By a clock that is never set. */
  readonly renewedAt: number;
}

/** Decision instances of one process. `now` is the clock that records get their times from. */
export class MemoryDecisionInstances implements DecisionInstances {
  readonly #entries = new Map<string, Entry>();
  readonly #endedBy = new Set<string>();
  readonly #now: () => Instant;
  #stretches = 0;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  async renew(
    instance: string,
    seen: bigint,
    leaseMilliseconds: number,
    knows?: readonly string[],
  ): Promise<HeldLease> {
    this.#forgetTheDead();
    const unknown = knows === undefined ? [] : [...this.#endedBy].filter((type) => !knows.includes(type)).sort();
    if (unknown.length > 0) {
      this.#entries.delete(instance);
      throw new EndingUnknown(unknown);
    }
    const stretch = this.#entries.get(instance)?.stretch ?? String((this.#stretches += 1));
    const lease = { instance, stretch, until: later(this.#now(), leaseMilliseconds) };
    this.#entries.set(instance, {
      ...lease,
      seen,
      knows,
      milliseconds: leaseMilliseconds,
      renewedAt: performance.now(),
    });
    return lease;
  }

  async leave(instance: string): Promise<void> {
    this.#entries.delete(instance);
  }

  async behind(position: bigint, ended?: string): Promise<readonly string[]> {
    if (ended !== undefined) this.#endedBy.add(ended);
    this.#forgetTheDead();
    return [...this.#entries.values()]
      .filter(({ seen, knows }) => seen < position || (ended !== undefined && knows?.includes(ended) === false))
      .map(({ instance }) => instance)
      .sort();
  }

  /** Until when the lease runs; undefined when its entry does not stand any more. */
  until({ instance, stretch }: Pick<HeldLease, 'instance' | 'stretch'>): Instant | undefined {
    const entry = this.#entries.get(instance);
    return entry?.stretch === stretch ? entry.until : undefined;
  }

  #forgetTheDead(): void {
    const now = this.#now();
    for (const { instance, until, milliseconds, renewedAt } of this.#entries.values()) {
      if (until <= now || performance.now() - renewedAt >= milliseconds) this.#entries.delete(instance);
    }
  }
}
