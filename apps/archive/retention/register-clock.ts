import { epochOf, instantFromEpoch, type Instant } from '#libs/kernel';
import type { Leases } from '#libs/eventing';

/** How long the register's time is gone on from by a clock that is never set, before it is asked again (milliseconds). */
const ASK_EVERY = 600_000;
/** The process's clock was set, when it goes on otherwise by more than this. */
const SET_BY = 2_000;

const NAME = 'retention-clock';
/** Shortest lease there is: what is asked for is the moment at which it ends. */
const LEASE = 1;
const ATTEMPTS = 50;

/** By what time is judged what is due. */
export interface RegisterClock {
  /** Asks the register where that is needed. Rejects where it can't be asked. */
  refreshed(): Promise<Instant>;
  /** As far as is known: never later than the process's clock, and 1970 before the register was asked. */
  now(): Instant;
}

/**
 * The earlier of two clocks: that of this process, and the register's. So what is due is due by both, and a clock that is years
 * ahead makes nothing due (ARCH-10). `now`: the process's.
 */
export function registerClock(
  { leases, holder, now }: { readonly leases: Leases; readonly holder: string; readonly now: () => Instant },
  monotonic: () => number = () => performance.now(),
): RegisterClock {
  let known: { readonly register: number; readonly own: number; readonly at: number } | undefined;
  let asking: Promise<void> | undefined;

  const ask = async (): Promise<void> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const turn = await leases.take(NAME, holder, LEASE);
      if (turn === undefined) continue;
      // Read behind the answer: what passed on the way makes it earlier, never later.
      known = { own: epochOf(now()), at: monotonic(), register: epochOf(turn.until) - LEASE };
      await leases.leave(turn);
      return;
    }
    throw new Error('the register could not be asked for its time');
  };
  const isKnown = (): boolean => {
    if (known === undefined) return false;
    const gone = monotonic() - known.at;
    return gone < ASK_EVERY && Math.abs(epochOf(now()) - known.own - gone) < SET_BY;
  };
  const refresh = (): Promise<void> => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  const earlier = (): Instant => {
    const own = epochOf(now());
    const register = known === undefined ? 0 : known.register + (monotonic() - known.at);
    return instantFromEpoch(Math.floor(Math.min(own, register)));
  };
  return {
    async refreshed() {
      if (!isKnown()) await refresh();
      return earlier();
    },
    now() {
      // Known with the next look: until then it is earlier than it is, and nothing is due by it.
      if (!isKnown()) refresh().catch(() => undefined);
      return earlier();
    },
  };
}
