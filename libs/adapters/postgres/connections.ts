import { DatabaseError, type Pool, type PoolClient } from 'pg';
import type { GatheredReadsLimits } from './gathered-reads.js';
import { isRefusal, NoAnswer, NoConnection, reasonOf } from './errors.js';

/** Longest wait for a connection (milliseconds). */
export const CONNECT_LIMIT = 5_000;
/** Longest wait for the answer to an ordinary statement (milliseconds). */
export const ANSWER_LIMIT = 10_000;

/** Of what commands read together: fewer statements than there are connections for it, so that others find one. */
export const GATHERED: GatheredReadsLimits = { statements: 3, keys: 64, milliseconds: CONNECT_LIMIT };

const ignore = (): void => undefined;
const heard = new WeakSet<Pool>();
const lost = new WeakSet<PoolClient>();

/**
 * From its first moment on, every connection of the pool has somebody who listens to its errors: one that nobody hears
 * ends the process, and a server may end a session in the very packet in which it begins, before whoever waits for the
 * connection has it.
 */
export function hearErrors(pool: Pool): void {
  if (heard.has(pool)) return;
  heard.add(pool);
  pool.on('connect', (client) => void client.on('error', () => void lost.add(client)));
}

/** Whether the connection was lost, perhaps before its holder could listen. */
export const isLostConnection = (client: PoolClient): boolean => lost.has(client);

/** The promise's result, or `NoAnswer` after so many milliseconds. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A connection of the pool, within `CONNECT_LIMIT`. Rejects with `NoConnection`. The caller gives it back. */
export async function take(pool: Pool): Promise<PoolClient> {
  hearErrors(pool);
  const connecting = pool.connect();
  try {
    return await within(CONNECT_LIMIT, connecting);
  } catch (error) {
    connecting.then((client) => client.release(true), ignore);
    if (error instanceof DatabaseError && isRefusal(error)) throw error;
    throw new NoConnection(`no connection to PostgreSQL: ${reasonOf(error)}`, { cause: error });
  }
}

export function giveBack(client: PoolClient, broken: boolean): void {
  client.release(broken);
}

/** Runs `work` on a connection of the pool; one that did not answer, or was lost, does not go back to the pool. */
export async function withClient<T>(
  pool: Pool,
  milliseconds: number,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await take(pool);
  let broken = true;
  try {
    const result = await within(milliseconds, work(client));
    broken = false;
    return result;
  } catch (error) {
    broken = !isRefusal(error);
    throw error;
  } finally {
    giveBack(client, broken);
  }
}

/** Runs `work` in a transaction begun by the statement `begin`: committed when it resolves, undone when it rejects. */
export async function inTransaction<T>(
  pool: Pool,
  milliseconds: number,
  begin: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await take(pool);
  let broken = true;
  try {
    const result = await within(
      milliseconds,
      (async () => {
        await client.query(begin);
        const done = await work(client);
        await client.query('commit');
        return done;
      })(),
    );
    broken = false;
    return result;
  } catch (error) {
    broken = await within(CONNECT_LIMIT, client.query('rollback')).then(
      () => error instanceof NoAnswer,
      () => true,
    );
    throw error;
  } finally {
    giveBack(client, broken);
  }
}
