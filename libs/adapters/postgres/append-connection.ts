import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { StoreUnavailable } from '#libs/eventing';
import { ANSWER_LIMIT, CONNECT_LIMIT, giveBack, isLostConnection, take, withClient, within } from './connections.js';
import { isRefusal, NoAnswer, NoConnection, reasonOf } from './errors.js';

/** One connection kept for appending. When it is lost, what it was doing can be brought to a certain end. */
export class AppendConnection {
  readonly #pool: Pool;
  readonly #resolveLimit: number;
  readonly #name: string;
  #client: PoolClient | undefined;
  #backend: number | undefined;

  /** `process`: how the names of this process's connections begin; with what is added at most 63 characters. */
  constructor(pool: Pool, resolveMilliseconds: number, process: string) {
    this.#pool = pool;
    this.#name = `${process}-append-${randomBytes(6).toString('hex')}`;
    this.#resolveLimit = resolveMilliseconds;
  }

  /** Rejects with `StoreUnavailable` when nothing was sent; with the server's refusal; else the outcome is not known. */
  async run<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connected();
    try {
      return await within(ANSWER_LIMIT, work(client));
    } catch (error) {
      if (!isRefusal(error)) this.#drop();
      throw error;
    }
  }

  /**
   * Ends the lost transaction if it still runs on the server, and only then runs `look`: what is not there now will not
   * come. Tries again until the time for it is over.
   */
  async afterLoss<T>(look: (client: PoolClient) => Promise<T>): Promise<T> {
    const until = performance.now() + this.#resolveLimit;
    for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
      try {
        return await withClient(this.#pool, ANSWER_LIMIT, async (client) => {
          await this.#endLostBackend(client);
          return look(client);
        });
      } catch (error) {
        if (isRefusal(error) || performance.now() + pause > until) throw error;
        await delay(pause);
      }
    }
  }

  close(): void {
    this.#drop();
  }

  async #connected(): Promise<PoolClient> {
    if (this.#client !== undefined) return this.#client;
    try {
      const client = await take(this.#pool);
      try {
        const answer = await within(
          CONNECT_LIMIT,
          client.query<{ backend: number }>(
            "select set_config('application_name', $1, false), pg_backend_pid() as backend",
            [this.#name],
          ),
        );
        // Whoever had the connection before may have planned for tables that were small then: those plans read them whole.
        await within(CONNECT_LIMIT, client.query('discard plans'));
        if (isLostConnection(client)) throw new NoConnection('the connection was lost as soon as it was there');
        this.#backend = answer.rows[0]!.backend;
      } catch (error) {
        giveBack(client, true);
        throw error;
      }
      client.once('error', () => {
        if (this.#client === client) this.#drop();
      });
      this.#client = client;
      return client;
    } catch (error) {
      throw new StoreUnavailable(`PostgreSQL can't be reached: ${reasonOf(error)}`, 1, { cause: error });
    }
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) giveBack(client, true);
  }

  async #endLostBackend(client: PoolClient): Promise<void> {
    // The name keeps a process number that the server has given out again from being ended by mistake.
    const lost = 'from pg_stat_activity where pid = $1 and application_name = $2';
    const ended = await client.query<{ ended: boolean }>(
      `select pg_terminate_backend(pid, ${CONNECT_LIMIT}) as ended ${lost}`,
      [this.#backend, this.#name],
    );
    if (ended.rows.some((row) => !row.ended)) throw new NoAnswer('the lost transaction does not end');
  }
}
