import { setTimeout as delay } from 'node:timers/promises';
import { runAsWinner, type Follower, type Leases } from '#libs/eventing';
import { LogRefused } from './log-fault-for-people.js';
import type { LogWitnesses } from './log-witnesses.js';

export interface WitnessingParts {
  readonly witnesses: Pick<LogWitnesses, 'round' | 'stop'>;
  readonly leases: Leases;
  readonly holder: string;
  readonly leaseMilliseconds?: number;
  /** Between two looks at what is to be cosigned (milliseconds). */
  readonly askEvery?: number;
  readonly onTrouble?: (name: string, error: unknown, stopped: boolean) => void;
}

export const WITNESSING = 'transparency-log-witnesses';
const LEASE = 5_000;
const ASK_EVERY = 1_000;

/**
 * Has what is published cosigned, in one process at a time, behind the log and never in its way. Ends where a witness has
 * shown that the table is not that of the log.
 */
export function startWitnessing(parts: WitnessingParts): Follower {
  const { witnesses, onTrouble, leaseMilliseconds = LEASE, askEvery = ASK_EVERY } = parts;
  const ending = new AbortController();
  let stoppedBy: string | undefined;
  let askedAt = performance.now();
  let currentAt = performance.now();

  async function work(_: unknown, lost: AbortSignal): Promise<void> {
    const over = AbortSignal.any([lost, ending.signal]);
    while (!over.aborted) {
      try {
        const isMet = await witnesses.round();
        askedAt = performance.now();
        if (isMet) currentAt = askedAt;
      } catch (error) {
        if (over.aborted) return;
        const isOver = error instanceof LogRefused;
        onTrouble?.(WITNESSING, error, isOver);
        if (isOver) {
          stoppedBy = error.message;
          ending.abort();
        }
      }
      await delay(askEvery, undefined, { signal: over }).catch(() => undefined);
    }
  }

  const winner = runAsWinner({
    ...{ leases: parts.leases, name: WITNESSING, holder: parts.holder, milliseconds: leaseMilliseconds, work },
    onTrouble: (_, error) => onTrouble?.(WITNESSING, error, false),
  });
  // Nobody acts in a turn that is kept by who has stopped.
  ending.signal.addEventListener('abort', () => void winner.stop(), { once: true });

  return {
    status: () => {
      const isStandingBy = winner.turn() === undefined;
      // What the one that has the turn waits for is not this one's.
      if (isStandingBy) [askedAt, currentAt] = [performance.now(), performance.now()];
      return {
        name: WITNESSING,
        state: stoppedBy !== undefined ? 'stopped' : isStandingBy ? 'standing-by' : 'running',
        position: 0n,
        silentFor: performance.now() - askedAt,
        behindFor: performance.now() - currentAt,
        // Nobody is answered wrongly meanwhile: receipts wait.
        mayLag: true,
        ...(stoppedBy === undefined ? {} : { stoppedBy: { reason: stoppedBy } }),
      };
    },
    waitFor: async () => true,
    async stop() {
      ending.abort();
      await Promise.all([winner.stop(), witnesses.stop()]);
    },
  };
}
