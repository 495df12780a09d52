import { join } from 'node:path';
import { openEventStoreDb } from '#libs/adapters/eventstoredb';
import {
  isSameDatabase,
  lookAtDatabase,
  openPostgresStores,
  type PostgresObserver,
  type PostgresStores,
} from '#libs/adapters/postgres';
import { findRunningPostgres, startEmbeddedPostgres, type DatabaseUrls, type EmbeddedPostgres } from '#libs/embedded';
import type { EventHolder } from '#libs/domain';
import type { Configuration } from '#libs/configuration';
import type { Begun } from '#libs/process';
import { closeInTurn } from './close-in-turn.js';
import { StoreRefused } from './installation.js';
import type { BesideEvents } from './register-beat.js';

/** What holds the events. */
export type EventStores = Pick<PostgresStores, 'events' | 'feed' | 'imports' | 'lineage' | 'close'>;

/** Everything else that is kept: on PostgreSQL, wherever the events are. */
export type RegisterStores = Omit<PostgresStores, 'events' | 'feed' | 'imports'>;

/** What holds events, and of which kind it is. */
export type HeldEvents = Pick<EventStores, 'events' | 'feed' | 'imports'> & { readonly heldBy: EventHolder };

/** Every port of eventing. `lineage` is that of the events. */
export type Stores = EventStores &
  RegisterStores & {
    /** Absent: PostgreSQL. */
    readonly heldBy?: EventHolder;
    /** Where the register's database has room for events, while they are elsewhere. */
    readonly registerEvents?: HeldEvents;
    /** Absent: the events are in the register's database. */
    readonly beside?: BesideEvents;
  };

/** Where the installation's keys lie. */
export const keyFolderOf = ({ dataDir }: Pick<Configuration, 'dataDir'>): string => join(dataDir, 'keys');

/** Where the register and the key store are: our own server's two databases, or those the configuration names. */
export interface Databases {
  readonly registerUrl: string;
  /** The login that owns the log. Absent: that of `registerUrl` brings the schema up to date. */
  readonly registerOwnerUrl?: string;
  readonly keyStoreUrl: string;
  /** What holds the events. Absent: the register's database. */
  readonly eventStoreUrl?: string;
  /** Present when we started the server. */
  readonly server?: EmbeddedPostgres;
  close(): Promise<void>;
}

/**
 * Starts the embedded server unless both databases are configured, and makes sure that register and key store are not
 * one database. `log` gets one line per thing worth telling.
 * A tool that may work beside a running suite (`besideRunning`) uses that one's server instead of being refused; `server` is
 * one that was started already.
 */
export async function openDatabases(
  configuration: Configuration,
  log: (line: string) => void,
  how: Begun & { readonly besideRunning?: boolean } = {},
): Promise<Databases> {
  const databases = await findDatabases(configuration, log, how);
  try {
    await refuseOneForBoth(databases, log);
  } catch (error) {
    await databases.close();
    throw error;
  }
  return databases;
}

async function findDatabases(
  { databaseUrl, databaseOwnerUrl, keyStoreUrl, eventStoreUrl, dataDir, pgDir }: Configuration,
  log: (line: string) => void,
  { besideRunning = false, server: begun }: Begun & { readonly besideRunning?: boolean },
): Promise<Databases> {
  const elsewhere = eventStoreUrl === undefined ? {} : { eventStoreUrl };
  if (databaseUrl !== undefined && keyStoreUrl !== undefined) {
    return {
      ...elsewhere,
      registerUrl: databaseUrl,
      ...(databaseOwnerUrl === undefined ? {} : { registerOwnerUrl: databaseOwnerUrl }),
      keyStoreUrl,
      close: async () => undefined,
    };
  }
  if (databaseUrl !== undefined) {
    throw new StoreRefused(
      'DATABASE_URL is set and KEYSTORE_URL is not: name a database for the keys, apart from the register.',
    );
  }
  const of = (urls: DatabaseUrls) => ({
    ...elsewhere,
    registerUrl: urls.register,
    registerOwnerUrl: urls.registerOwner,
    keyStoreUrl: keyStoreUrl ?? urls.keyStore,
  });
  if (besideRunning) {
    const running = await findRunningPostgres(dataDir);
    if (running !== undefined) return { ...of(running.urls), close: async () => undefined };
  }
  const server = await (begun ?? startEmbeddedPostgres({ dataDir, log, ...(pgDir === undefined ? {} : { pgDir }) }));
  return { ...of(server.urls), server, close: () => server.stop() };
}

/**
 * By what the servers say they are, before anything is written: an address tells nothing, one database has many. What
 * the logins may do beyond their work is told.
 */
async function refuseOneForBoth(databases: Databases, log: (line: string) => void): Promise<void> {
  const { registerUrl, registerOwnerUrl, keyStoreUrl } = databases;
  const waits = (what: string) => () => log(`The server of the ${what} is starting: waiting for it …`);
  const register = await lookAtDatabase(registerUrl, waits('register'));
  const keys = await lookAtDatabase(keyStoreUrl, waits('key store'));
  if (isSameDatabase(register, keys)) {
    throw new StoreRefused(
      'DATABASE_URL and KEYSTORE_URL name the same database: keys have to lie apart from the register.',
    );
  }
  if (registerOwnerUrl !== undefined && !isSameDatabase(register, await lookAtDatabase(registerOwnerUrl))) {
    throw new StoreRefused('DATABASE_URL and DATABASE_OWNER_URL name different databases.');
  }
  if (keys.superuser) log(`The key store's login "${keys.login}" is a superuser: give it a login of its own.`);
  else if (sameServer(register, keys) && register.login === keys.login) {
    log(`Register and key store share the login "${keys.login}": give the key store one of its own.`);
  }
}

const sameServer = (one: { system: string | undefined }, other: { system: string | undefined }): boolean =>
  one.system !== undefined && one.system === other.system;

/** `log` is told when nothing keeps the application itself from changing its log. */
export async function openStores(
  { registerUrl, registerOwnerUrl, eventStoreUrl }: Databases,
  observer: PostgresObserver,
  log: (line: string) => void,
): Promise<Stores> {
  const owner = registerOwnerUrl === undefined ? {} : { owner: registerOwnerUrl };
  const stores = await openPostgresStores({ database: registerUrl, ...owner, observer });
  if (stores.mayChangeLog !== undefined) {
    log(
      `Nothing keeps this process from changing the log: ${stores.mayChangeLog}. Name an owner with DATABASE_OWNER_URL ` +
        'and another login with DATABASE_URL.',
    );
  }
  if (eventStoreUrl === undefined) return stores;
  try {
    return withEventsOf(await openEventStore(eventStoreUrl, observer), stores);
  } catch (error) {
    await stores.close();
    throw error;
  }
}

/** EventStoreDB or KurrentDB, which tells about itself what PostgreSQL tells of its log of events. */
export async function openEventStore(
  url: string,
  observer: PostgresObserver,
): Promise<EventStores & Pick<BesideEvents, 'stamps'>> {
  return openEventStoreDb({
    url,
    observer: {
      appended: (milliseconds) => observer.batch?.('events', 1, milliseconds),
      waited: (milliseconds) => observer.waited?.('events', milliseconds),
      queued: (appends) => observer.queued?.('events', appends),
      failed: () => observer.failed?.('events', 1),
    },
    trouble: (what, error) => observer.trouble?.('events', what, error),
  });
}

function withEventsOf(
  { stamps, ...elsewhere }: EventStores & Pick<BesideEvents, 'stamps'>,
  register: PostgresStores,
): Stores {
  const { events, feed, imports, records, lineage } = register;
  elsewhere.lineage.tie(register.lineage);
  return {
    ...register,
    ...elsewhere,
    heldBy: 'eventstoredb',
    beside: { stamps, records, knownRecord: () => lineage.newest('records') },
    registerEvents: { events, feed, imports, heldBy: 'postgres' },
    close: () => closeInTurn([() => elsewhere.close(), () => register.close()]),
  };
}
