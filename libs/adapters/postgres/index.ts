import { Pool } from 'pg';
import type {
  CheckpointStore,
  DecisionInstances,
  EventFeed,
  EventStore,
  ProjectionStore,
  RecordLog,
  StoredEvent,
  StoredRecord,
} from '#libs/eventing';
import type { CoalescerLimits } from './coalescer.js';
import { CONNECT_LIMIT } from './connections.js';
import { checkServer } from './durability.js';
import { Listener } from './listener.js';
import { eventSource, recordSource } from './log-source.js';
import { migrate } from './migrate.js';
import type { PostgresObserver } from './observer.js';
import { PostgresCheckpointStore } from './postgres-checkpoint-store.js';
import { PostgresDecisionInstances } from './postgres-decision-instances.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { PostgresFeed } from './postgres-feed.js';
import { PostgresProjectionStore } from './postgres-projection-store.js';
import { PostgresRecordLog } from './postgres-record-log.js';

export { UnsafeDurability } from './errors.js';
export { SchemaRefused } from './migrate.js';
export { searchStatement } from './read-model-search.js';
export type { CoalescerLimits } from './coalescer.js';
export type { LogName, PostgresObserver } from './observer.js';

export interface PostgresSettings {
  /** A pool of the caller's, which stays open at `close`; or where to connect. A pool needs at least 5 connections. */
  readonly database: Pool | string;
  /** Connections of an own pool. Three are kept: two for appending, one for notifications. */
  readonly poolSize?: number;
  readonly limits?: Partial<CoalescerLimits>;
  readonly observer?: PostgresObserver;
}

export interface PostgresStores {
  readonly events: EventStore;
  readonly feed: EventFeed;
  readonly records: RecordLog;
  readonly projections: ProjectionStore;
  readonly checkpoints: CheckpointStore;
  readonly instances: DecisionInstances;
  /** Ends subscriptions, settles what waits to be appended, closes the connections. */
  close(): Promise<void>;
}

const LIMITS: CoalescerLimits = {
  queuedAppends: 8_192,
  queuedBytes: 64 * 1024 * 1024,
  batchRows: 1_000,
  batchBytes: 4 * 1024 * 1024,
  waitMilliseconds: 5_000,
  resolveMilliseconds: 20_000,
};
const POOL_SIZE = 12;
const FEWEST_CONNECTIONS = 5;

/**
 * Every port of eventing on one PostgreSQL database; one per process, because appends share commits within it.
 * Checks the server, brings the schema up to date and refuses with `UnsafeDurability`, `SchemaRefused` or
 * `StoreUnavailable`.
 */
export async function openPostgresStores(settings: PostgresSettings): Promise<PostgresStores> {
  const observer = settings.observer ?? {};
  const limits = { ...LIMITS, ...settings.limits };
  const own = typeof settings.database === 'string';
  const pool =
    typeof settings.database === 'string'
      ? new Pool({
          connectionString: settings.database,
          max: settings.poolSize ?? POOL_SIZE,
          connectionTimeoutMillis: CONNECT_LIMIT,
          keepAlive: true,
        })
      : settings.database;
  // An idle connection that is lost is replaced at its next use; without a listener it would end the process.
  let closing = false;
  pool.on('error', (error) => {
    // The pool is done before its sockets are; a server that stops right after it cuts them, which troubles nobody.
    if (!closing) observer.trouble?.('events', 'an idle connection was lost', error);
  });
  try {
    if ((pool.options.max ?? 0) < FEWEST_CONNECTIONS) {
      throw new Error(`the pool has ${pool.options.max} connections, at least ${FEWEST_CONNECTIONS} are needed`);
    }
    await checkServer(pool);
    await migrate(pool);
  } catch (error) {
    if (own) await pool.end();
    throw error;
  }

  const listener = new Listener(pool);
  const feed = new PostgresFeed<StoredEvent>(pool, eventSource, observer, () => listener.start());
  const recordFeed = new PostgresFeed<StoredRecord>(pool, recordSource, observer, () => listener.start());
  listener.on(eventSource.channel, (head) => feed.wake(head));
  listener.on(recordSource.channel, (head) => recordFeed.wake(head));
  const events = new PostgresEventStore(pool, feed, limits, observer);
  const records = new PostgresRecordLog(pool, recordFeed, limits, observer);

  return {
    events,
    feed,
    records,
    projections: new PostgresProjectionStore(pool),
    checkpoints: new PostgresCheckpointStore(pool),
    instances: new PostgresDecisionInstances(pool),
    async close() {
      closing = true;
      feed.close();
      recordFeed.close();
      await listener.close();
      await Promise.all([events.close(), records.close()]);
      if (own) await pool.end();
    },
  };
}
