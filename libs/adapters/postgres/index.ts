import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type {
  AnsweredKeys,
  CheckpointStore,
  DecisionInstances,
  DueWork,
  EventFeed,
  EventImport,
  EventStore,
  Leases,
  Lineage,
  ParkedMessages,
  ParkedSteps,
  ProjectionStore,
  Reactions,
  RecordLog,
  RegisterIdentity,
  SequencedLog,
  StoredEvent,
  StoredRecord,
  UsedProofs,
} from '#libs/eventing';
import type { CoalescerLimits } from './coalescer.js';
import { ANSWER_LIMIT, hearErrors, withClient } from './connections.js';
import { checkServer } from './durability.js';
import { asUnavailable } from './errors.js';
import { LineageOfDatabase } from './lineage-of-database.js';
import { Listener } from './listener.js';
import { eventSource, recordSource } from './log-source.js';
import { migrate } from './migrate.js';
import { prepareAsOwner } from './prepare-schema.js';
import { loginOf, whatItMayChange } from './rights.js';
import type { PostgresObserver } from './observer.js';
import { openPools, POOL_SIZES, sharedPools, type PoolSizes } from './pools.js';
import { PostgresAnsweredKeys } from './postgres-answered-keys.js';
import { PostgresCheckpointStore } from './postgres-checkpoint-store.js';
import { PostgresDecisionInstances } from './postgres-decision-instances.js';
import { PostgresEventImport } from './postgres-event-import.js';
import { PostgresDueWork } from './postgres-due-work.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { PostgresFeed } from './postgres-feed.js';
import { PostgresLeases } from './postgres-leases.js';
import { PostgresParkedMessages } from './postgres-parked-messages.js';
import { PostgresParkedSteps } from './postgres-parked-steps.js';
import { PostgresProjectionStore } from './postgres-projection-store.js';
import { PostgresRecordLog } from './postgres-record-log.js';
import { PostgresSequencedLog } from './postgres-sequenced-log.js';
import { PostgresUsedProofs } from './postgres-used-proofs.js';
import { PostgresRegisterIdentity } from './postgres-register-identity.js';

export { UnsafeDurability } from './errors.js';
export { SchemaRefused } from './migrate.js';
export { searchStatement } from './read-model-search.js';
export { tableOf } from './read-model-table.js';
export { BackupDamaged, checkCopies, copySchemaIn, copySchemaOut, hasSchema } from './backup.js';
export type { CopiedSchema, CopiedTable } from './backup.js';
export { prepareSchema } from './prepare-schema.js';
export type { AppliedMigration } from './migrate.js';
export { isSameDatabase, lookAtDatabase } from './database-identity.js';
export type { DatabaseIdentity } from './database-identity.js';
export type { CoalescerLimits } from './coalescer.js';
export type { LogName, PostgresObserver } from './observer.js';

export interface PostgresSettings {
  /**
   * Where to connect; or a pool of the caller's, which stays open at `close` and needs at least 6 connections. In one pool
   * nothing is kept apart: what is stuck takes the connections of everything else.
   */
  readonly database: Pool | string;
  /** Connections of our own pools, at most. Three are kept of `vital`: two for appending, one for notifications. */
  readonly pools?: Partial<PoolSizes>;
  /**
   * The login that owns the schema: it brings it up to date and gives the one of `database` what its work needs, and no
   * more. Absent: the login of `database` does so itself where it may.
   */
  readonly owner?: string;
  readonly limits?: Partial<CoalescerLimits>;
  readonly observer?: PostgresObserver;
}

export interface PostgresStores {
  readonly events: EventStore;
  readonly feed: EventFeed;
  /** How events come in from another store. */
  readonly imports: EventImport;
  readonly records: RecordLog;
  readonly projections: ProjectionStore;
  readonly checkpoints: CheckpointStore;
  readonly instances: DecisionInstances;
  readonly parkedMessages: ParkedMessages;
  readonly parkedSteps: ParkedSteps;
  /** What this process knows of the database, and whether it went back. */
  readonly lineage: Lineage;
  /** How many other processes have the database open now: those that show a connection at this moment. */
  others(): Promise<number>;
  /** Why the log is not append-only for this very login; absent when the server holds it to that. */
  readonly mayChangeLog?: string;
  readonly answeredKeys: AnsweredKeys;
  readonly leases: Leases;
  readonly usedProofs: UsedProofs;
  /** Whose register the database is. */
  readonly register: RegisterIdentity;
  readonly dueWork: DueWork;
  readonly reactions: Reactions;
  /** Which record has which index in the transparency log. */
  readonly log: SequencedLog;
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
/** By this the connections of one process are told from those of others; the connections for appending add to it. */
const PROCESS = 'waarborg-';
const FEWEST_CONNECTIONS = 6;
/** Between two looks at the end of the record log, in milliseconds: one comes with every decision, and nobody answers by it. */
const RECORDS_REST = 100;

/**
 * Every port of eventing on one PostgreSQL database; one per process, because appends share commits within it.
 * Checks the server, brings the schema up to date and refuses with `UnsafeDurability`, `SchemaRefused` or
 * `StoreUnavailable`.
 */
export async function openPostgresStores(settings: PostgresSettings): Promise<PostgresStores> {
  const observer = settings.observer ?? {};
  const limits = { ...LIMITS, ...settings.limits };
  const own = typeof settings.database === 'string';
  const name = `${PROCESS}${randomBytes(6).toString('hex')}`;
  const pools =
    typeof settings.database === 'string'
      ? openPools(settings.database, { ...POOL_SIZES, ...settings.pools }, name)
      : sharedPools(settings.database);
  const { vital, reading } = pools;
  const all = [...new Set<Pool>(Object.values(pools))];
  // An idle connection that is lost is replaced at its next use; without a listener it would end the process.
  let closing = false;
  let mayChangeLog: string | undefined;
  for (const pool of all) {
    hearErrors(pool);
    pool.on('error', (error) => {
      // The pool is done before its sockets are; a server that stops right after it cuts them, which troubles nobody.
      if (!closing) observer.trouble?.('events', 'an idle connection was lost', error);
    });
  }
  const end = async (): Promise<void> => void (own && (await Promise.all(all.map((pool) => pool.end()))));
  try {
    if ((vital.options.max ?? 0) < FEWEST_CONNECTIONS) {
      throw new Error(`the pool has ${vital.options.max} connections, at least ${FEWEST_CONNECTIONS} are needed`);
    }
    await checkServer(vital);
    if (settings.owner === undefined) await migrate(vital);
    else await prepareAsOwner(settings.owner, await loginOf(vital));
    mayChangeLog = await whatItMayChange(vital);
  } catch (error) {
    await end();
    throw error;
  }

  const listener = new Listener(vital);
  const lineage = new LineageOfDatabase(name);
  const feed = new PostgresFeed<StoredEvent>(pools, eventSource, lineage, observer, () => listener.start());
  const begin = (): void => listener.start();
  const recordFeed = new PostgresFeed<StoredRecord>(pools, recordSource, lineage, observer, begin, RECORDS_REST);
  listener.on(eventSource.channel, (head) => feed.wake(head));
  listener.on(recordSource.channel, (head) => recordFeed.wake(head));
  const events = new PostgresEventStore(pools, feed, lineage, limits, observer);
  const projections = new PostgresProjectionStore(pools);
  const records = new PostgresRecordLog(pools, recordFeed, lineage, limits, observer);

  const dueWork = new PostgresDueWork(reading);

  return {
    events,
    feed,
    imports: new PostgresEventImport(reading, lineage),
    records,
    projections,
    checkpoints: new PostgresCheckpointStore(reading),
    instances: new PostgresDecisionInstances(vital, lineage),
    parkedMessages: new PostgresParkedMessages(reading),
    parkedSteps: new PostgresParkedSteps(reading),
    lineage: lineage.lineage,
    others: () => otherProcesses(vital, name),
    ...(mayChangeLog === undefined ? {} : { mayChangeLog }),
    answeredKeys: new PostgresAnsweredKeys(vital),
    leases: new PostgresLeases(vital),
    usedProofs: new PostgresUsedProofs(vital),
    register: new PostgresRegisterIdentity(vital),
    dueWork,
    reactions: dueWork,
    log: new PostgresSequencedLog(reading),
    async close() {
      closing = true;
      feed.close();
      recordFeed.close();
      await listener.close();
      await Promise.all([events.close(), records.close(), projections.close()]);
      await end();
    },
  };
}

/** Processes beside our own that show a connection to the database. */
async function otherProcesses(pool: Pool, own: string): Promise<number> {
  try {
    const { rows } = await withClient(pool, ANSWER_LIMIT, (client) =>
      client.query<{ others: number }>(
        `select count(distinct left(application_name, length($1)))::integer as others from pg_stat_activity
         where datname = current_database() and starts_with(application_name, $2)
           and not starts_with(application_name, $1)`,
        [own, PROCESS],
      ),
    );
    return rows[0]!.others;
  } catch (error) {
    throw asUnavailable(error);
  }
}
