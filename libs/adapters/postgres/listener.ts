import type { Notification, Pool, PoolClient } from 'pg';
import { CONNECT_LIMIT, giveBack, take, within } from './connections.js';
import { Bell } from './bell.js';

const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

/** Hears the notifications of a database, as a wake-up only: what it misses is found by polling. */
export class Listener {
  readonly #pool: Pool;
  readonly #hear = new Map<string, (head: bigint) => void>();
  readonly #ending = new AbortController();
  readonly #bell = new Bell();
  #running: Promise<void> | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Calls `hear` with the head that another process announced on the channel. */
  on(channel: string, hear: (head: bigint) => void): void {
    this.#hear.set(channel, hear);
  }

  /** Connects, once, and again after every loss. */
  start(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    let pause = SHORTEST_PAUSE;
    while (!signal.aborted) {
      try {
        const client = await take(this.#pool);
        try {
          for (const channel of this.#hear.keys()) await within(CONNECT_LIMIT, client.query(`listen ${channel}`));
          pause = SHORTEST_PAUSE;
          await this.#until(client, signal);
        } finally {
          // Not given back for others to use: it would go on receiving notifications.
          giveBack(client, true);
        }
      } catch {
        // Nothing is lost by this: the readers poll.
      }
      await this.#bell.wait(signal, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  #until(client: PoolClient, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const hear = ({ channel, payload }: Notification): void =>
        this.#hear.get(channel)?.(BigInt(payload?.match(/^\d+$/)?.[0] ?? 0));
      const end = (): void => {
        client.off('notification', hear).off('error', end).off('end', end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      client.on('notification', hear).on('error', end).on('end', end);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }
}
