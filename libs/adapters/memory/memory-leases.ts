import { Fenced, type Fence, type Leases, type Turn } from '#libs/eventing';
import { later, type Instant } from '#libs/kernel';

interface Entry {
  readonly holder: string | undefined;
  readonly token: bigint;
  readonly until: Instant;
  readonly milliseconds: number;
  /** By a clock that is never set. */
  readonly renewedAt: number;
}

export class MemoryLeases implements Leases {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => Instant;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  async take(name: string, holder: string, milliseconds: number): Promise<Turn | undefined> {
    const known = this.#entries.get(name);
    const [now, renewedAt] = [this.#now(), performance.now()];
    const runs = known?.holder !== undefined && known.until > now && renewedAt - known.renewedAt < known.milliseconds;
    if (runs && known.holder !== holder) return undefined;
    const token = runs ? known.token : (known?.token ?? 0n) + 1n;
    const until = later(now, milliseconds);
    this.#entries.set(name, { holder, token, until, milliseconds, renewedAt });
    return { name, holder, token, until };
  }

  async leave({ name, holder, token }: Turn): Promise<void> {
    const known = this.#entries.get(name);
    if (known?.token === token && known.holder === holder) this.#entries.set(name, { ...known, holder: undefined });
  }

  async stands({ name, token }: Fence): Promise<boolean> {
    return this.#entries.get(name)?.token === token;
  }

  /** Throws where the fence does not stand; called in the same turn of the event loop as the effect. */
  demand(fence: Fence | undefined): void {
    if (fence !== undefined && this.#entries.get(fence.name)?.token !== fence.token) throw new Fenced(fence);
  }
}
