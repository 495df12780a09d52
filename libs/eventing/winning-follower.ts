import { CannotApply, follow, type Follower, type FollowerStatus } from './follower.js';
import { START, type EventFeed, type Feed, type Page, type Place, type StoredEvent } from './ports/event-store.js';
import { Fenced, type Leases, type Turn } from './ports/leases.js';
import type { Checkpoint } from './ports/projection-store.js';
import { isHeld, placeOf, type StoreIdentity } from './projector.js';
import { runAsWinner } from './run-as-winner.js';

/** By which one of several processes follows the feed at a time. */
export interface TurnParts {
  readonly leases: Leases;
  /** Of this process; for people who look at the lease. */
  readonly holder: string;
  /** How long nobody goes on after a holder was killed (milliseconds). */
  readonly leaseMilliseconds: number;
}

export interface WinningFollowOptions extends TurnParts {
  readonly name: string;
  readonly feed: EventFeed;
  /** Where to begin in this turn; asked again after an interruption within it. */
  begin(turn: Turn): Promise<bigint | Place>;
  /** Applies one page; what it does for good names the turn as its fence. `over` is aborted when the turn is lost. */
  apply(page: Page<StoredEvent>, turn: Turn, over: AbortSignal): Promise<void>;
  /** Whether this trouble ends the turn, so that going on begins with winning again. `Fenced` always does. */
  endsTurn?(error: unknown): boolean;
  /** The turn is over: lets go of what was opened for it. */
  left?(): Promise<void>;
  /** Told about every interruption that is tried again, and about the stop. */
  onTrouble?(name: string, error: unknown, stopped: boolean): void;
}

/**
 * Follows the feed for as long as this process has the turn, and waits for the turn otherwise: of several processes one
 * goes on, behind what the one before has done. What can never be applied stops this process's follower for good.
 */
export function followAsWinner(options: WinningFollowOptions): Follower {
  const { name, feed, leases, holder, leaseMilliseconds, onTrouble } = options;
  let current: Follower | undefined;
  let reached = START;
  let stopped: FollowerStatus | undefined;
  /** When everything was seen as far as is known here, and when this process had the turn last. */
  let currentAt = performance.now();
  let leftAt = -Infinity;
  /** Between two turns of its own it lies behind all the same; after that it is another one's affair. */
  const isAway = (): boolean => performance.now() - leftAt > 2 * leaseMilliseconds;
  const behindFor = (): number => performance.now() - currentAt;

  async function work(turn: Turn, lost: AbortSignal): Promise<void> {
    if (stopped !== undefined) return aborted(lost);
    if (isAway()) currentAt = performance.now();
    const over = new AbortController();
    const end = (): void => over.abort();
    lost.addEventListener('abort', end, { once: true });
    if (lost.aborted) end();
    const follower = follow<StoredEvent>({
      name,
      feed,
      mayLag: true,
      begin: () => options.begin(turn),
      apply: (page) => options.apply(page, turn, over.signal),
      onTrouble(_, error, isStopped) {
        // Begins anew after a pause; unless it has to be won again before.
        const endsTurn = error instanceof Fenced || options.endsTurn?.(error) === true;
        if (endsTurn || isStopped) end();
        const isUsual = over.signal.aborted && (error instanceof Fenced || error instanceof TurnOver);
        if (!isUsual) onTrouble?.(name, error, isStopped);
      },
    });
    current = follower;
    try {
      await aborted(over.signal);
    } finally {
      const last = follower.status();
      if (last.state === 'stopped') stopped = last;
      if (last.state === 'running') currentAt = performance.now() - last.behindFor;
      await follower.stop();
      reached = last.position;
      current = undefined;
      leftAt = performance.now();
      lost.removeEventListener('abort', end);
      await options.left?.();
    }
  }

  const winner = runAsWinner({
    ...{ leases, name, holder, milliseconds: leaseMilliseconds, work },
    onTrouble: (_, error) => void onTrouble?.(name, error, false),
  });
  return {
    status() {
      const own = stopped ?? current?.status();
      if (own !== undefined) return own.state === 'running' ? own : { ...own, behindFor: behindFor() };
      // Who waits for the turn is in order: another one has it, or will be seen not to.
      const behind = isAway() ? 0 : behindFor();
      return { name, state: 'running', position: reached, silentFor: 0, behindFor: behind, mayLag: true };
    },
    waitFor: async (position, milliseconds) => current?.waitFor(position, milliseconds) ?? false,
    stop: () => winner.stop(),
  };
}

/** Thrown by `apply` where it notices that its turn is over. */
export class TurnOver extends Error {
  override readonly name = 'TurnOver';
}

const aborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/**
 * Where a reader without a table goes on: behind its checkpoint while the store holds what stood there, from the first
 * event otherwise (the store was put back, or moved: what comes then carries a higher epoch). A checkpoint of another
 * store stops it.
 */
export async function goOnBehind(
  feed: Pick<Feed<unknown>, 'head' | 'read'>,
  checkpoint: Checkpoint | undefined,
  identity: StoreIdentity,
  name: string,
): Promise<bigint | Place> {
  if (checkpoint === undefined) return START;
  if (checkpoint.store !== identity.store) {
    throw new CannotApply(
      `the checkpoint of ${name} is of the store ${checkpoint.store}, this one is ${identity.store}: check DATABASE_URL`,
      checkpoint.position,
      'checkpoint',
    );
  }
  return (await isHeld(feed, checkpoint)) ? (placeOf(checkpoint) ?? checkpoint.position) : START;
}
