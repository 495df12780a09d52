import { Pool, type PoolConfig } from 'pg';
import { ANSWER_LIMIT, CONNECT_LIMIT } from './connections.js';

/**
 * The connections of a process, by what they are for: what is stuck in one can't take those of another. What decisions and
 * revocations rest on has its own.
 */
export interface Pools {
  /** Appending (two), notifications (one), leases, heads and the ends of the logs. */
  readonly vital: Pool;
  /** Objects from their streams, records by id, checkpoints, readers that are far behind. */
  readonly reading: Pool;
  /** Keeping read models up to date, rebuilding them; one says which of their tables are in use. */
  readonly models: Pool;
  /** Answering from read models. */
  readonly searches: Pool;
}

/** Connections at most. */
export type PoolSizes = { readonly [name in keyof Pools]: number };

export const POOL_SIZES: PoolSizes = { vital: 7, reading: 5, models: 9, searches: 8 };

/** Longest time of a search in the server, and of waiting for a lock on a read model, in milliseconds. */
export const SEARCH_LIMIT = 3_000;
/** Before we give up ourselves: a statement that nobody waits for any more must not stay in the server's queue. */
const MODEL_LOCK_LIMIT = ANSWER_LIMIT - 2_000;

/**
 * A process that stops in the middle of a change of a read model holds its checkpoint, and with it everybody who waits for
 * that read model, revocations among them. After so many milliseconds of silence the server ends its session (ADR 7).
 */
const MODEL_SILENCE_LIMIT = 2_000;

/** Pools of our own for a database; `name` is how their connections are called there. */
export function openPools(connectionString: string, sizes: PoolSizes, name: string): Pools {
  const open = (max: number, more: PoolConfig = {}): Pool =>
    new Pool({
      ...{ connectionString, max, connectionTimeoutMillis: CONNECT_LIMIT, keepAlive: true, application_name: name },
      ...more,
    });
  return {
    vital: open(sizes.vital),
    reading: open(sizes.reading),
    models: open(sizes.models, {
      lock_timeout: MODEL_LOCK_LIMIT,
      idle_in_transaction_session_timeout: MODEL_SILENCE_LIMIT,
    }),
    searches: open(sizes.searches, {
      connectionTimeoutMillis: SEARCH_LIMIT,
      statement_timeout: SEARCH_LIMIT,
    }),
  };
}

/** One pool of the caller's for everything: nothing is kept apart then. */
export const sharedPools = (pool: Pool): Pools => ({ vital: pool, reading: pool, models: pool, searches: pool });
