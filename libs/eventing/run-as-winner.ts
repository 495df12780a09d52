import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Fenced, type Leases, type Turn } from './ports/leases.js';

export interface WinnerParts {
  readonly leases: Leases;
  /** What is done by one process at a time. */
  readonly name: string;
  /** Of this process; for people who look at the lease. */
  readonly holder: string;
  /** How long a lease lasts: so long nobody acts after a holder was killed. */
  readonly milliseconds: number;
  /**
   * Runs while the turn is held and MUST end when the signal is aborted. Whatever it does for good names the turn as its
   * fence: it may be paused for long and not know that the turn is over. Ended before, it is begun again in a new turn.
   */
  work(turn: Turn, signal: AbortSignal): Promise<void>;
  onTrouble?(name: string, error: unknown): void;
}

export interface Winner {
  /** The turn that this process has, as far as it knows. */
  turn(): Turn | undefined;
  /** Ends the work, leaves the turn, and takes no other. */
  stop(): Promise<void>;
}

/** Of a lease's length: when it is renewed, and when its holder stops that could not renew it. */
const RENEW = 1 / 3;
const STOP = 3 / 4;

/** Tries for ever to have the turn, and does the work while it has it. */
export function runAsWinner(parts: WinnerParts): Winner {
  const { leases, name, milliseconds, onTrouble } = parts;
  const ending = new AbortController();
  const rest = milliseconds * RENEW;
  let held: Turn | undefined;

  const pauseFor = (time: number, signal: AbortSignal): Promise<unknown> =>
    delay(time, undefined, { signal }).catch(() => undefined);

  /**
   * Renews until the turn is lost, or the work is over. Aborts `over` in time, whatever the store does meanwhile. Resolves
   * with the turn to leave: after a long pause that is another one than the work had.
   */
  async function keep(turn: Turn, takenAt: number, over: AbortController): Promise<Turn> {
    let timer: NodeJS.Timeout | undefined;
    const stopAt = (moment: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => over.abort(), Math.max(0, moment - performance.now()));
    };
    stopAt(takenAt + milliseconds * STOP);
    try {
      for (;;) {
        await pauseFor(rest, over.signal);
        if (over.signal.aborted) return turn;
        const asked = performance.now();
        try {
          const renewed = await leases.take(name, turn.holder, milliseconds);
          if (renewed?.token !== turn.token) {
            over.abort();
            return renewed ?? turn;
          }
          stopAt(asked + milliseconds * STOP);
        } catch (error) {
          // Tried again until it would be too late.
          onTrouble?.(name, error);
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async function act(turn: Turn, takenAt: number): Promise<void> {
    const over = new AbortController();
    const end = (): void => over.abort();
    ending.signal.addEventListener('abort', end);
    const keeping = keep(turn, takenAt, over);
    try {
      ending.signal.throwIfAborted();
      held = turn;
      await parts.work(turn, over.signal);
    } finally {
      held = undefined;
      ending.signal.removeEventListener('abort', end);
      over.abort();
      // Where the store is away, the lease runs out by itself.
      await leases.leave(await keeping).catch(() => undefined);
    }
  }

  const run = async (): Promise<void> => {
    let pause = rest;
    while (!ending.signal.aborted) {
      try {
        const asked = performance.now();
        // A name of its own for each holding: what is left of an earlier one is never taken for a renewal of this one.
        const turn = await leases.take(name, `${parts.holder}/${randomUUID()}`, milliseconds);
        if (turn !== undefined) await act(turn, asked);
        pause = rest;
      } catch (error) {
        // Who was fenced has lost the turn: that is what the fence is for, and no trouble.
        if (!ending.signal.aborted && !(error instanceof Fenced)) {
          onTrouble?.(name, error);
          // Never longer than a lease: so long nobody acts once the store answers again.
          pause = Math.min(pause * 2, milliseconds);
        }
      }
      await pauseFor(pause, ending.signal);
    }
  };
  const running = run();

  return {
    turn: () => held,
    async stop() {
      ending.abort();
      await running;
    },
  };
}
