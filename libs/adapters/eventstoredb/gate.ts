import { StoreUnavailable } from '#libs/eventing';
import type { EventStoreDbObserver } from './observer.js';

export interface GateLimits {
  /** Appends on their way to the server at the same time. */
  readonly inFlight: number;
  /** Appends that wait, and what they may hold together; one more is refused at once. */
  readonly queuedAppends: number;
  readonly queuedBytes: number;
  /** Longest wait, in milliseconds. */
  readonly waitMilliseconds: number;
}

interface Waiting {
  readonly bytes: number;
  readonly begin: () => void;
}

/** Lets so many appends through at once; the others wait in their order. */
export class Gate {
  readonly #limits: GateLimits;
  readonly #observer: EventStoreDbObserver;
  readonly #waiting = new Set<Waiting>();
  #inFlight = 0;
  #bytes = 0;
  #closed = false;
  #emptied = (): void => undefined;

  constructor(limits: GateLimits, observer: EventStoreDbObserver) {
    this.#limits = limits;
    this.#observer = observer;
  }

  /** Runs `work` when it has a turn; rejects with `StoreUnavailable` when it can't wait, or too long. */
  async pass<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new StoreUnavailable('the store is closed');
    if (this.#inFlight < this.#limits.inFlight) this.#inFlight += 1;
    else await this.#turn(bytes);
    try {
      return await work();
    } finally {
      // The turn goes to the one that waits longest.
      const [next] = this.#waiting;
      if (next !== undefined) next.begin();
      else if ((this.#inFlight -= 1) === 0) this.#emptied();
    }
  }

  /** Refuses what comes, and waits until all that came is settled. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#emptied = resolve));
  }

  #turn(bytes: number): Promise<void> {
    const { queuedAppends, queuedBytes, waitMilliseconds } = this.#limits;
    if (this.#waiting.size >= queuedAppends || this.#bytes + bytes > queuedBytes) {
      throw new StoreUnavailable(`${this.#waiting.size} appends wait already`);
    }
    const since = performance.now();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        this.#bytes -= bytes;
        this.#observer.queued?.(this.#waiting.size);
        this.#observer.waited?.(performance.now() - since);
      };
      const waiting: Waiting = {
        bytes,
        begin: () => {
          leave();
          resolve();
        },
      };
      const timer = setTimeout(() => {
        leave();
        reject(new StoreUnavailable(`the append had no turn within ${waitMilliseconds} ms`));
      }, waitMilliseconds);
      this.#waiting.add(waiting);
      this.#bytes += bytes;
      this.#observer.queued?.(this.#waiting.size);
    });
  }
}
