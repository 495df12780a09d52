import { openPostgresStores, type PostgresObserver, type PostgresStores } from '#libs/adapters/postgres';
import {
  findRunningPostgres,
  KEY_STORE_DATABASE,
  REGISTER_DATABASE,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '#libs/embedded';
import type { Configuration } from '#libs/platform';
import { StoreRefused } from './installation.js';

/** Every port of eventing on one store. */
export type Stores = PostgresStores;

/** Where the register and the key store are: our own server's two databases, or those the configuration names. */
export interface Databases {
  readonly registerUrl: string;
  readonly keyStoreUrl: string;
  /** Present when we started the server. */
  readonly server?: EmbeddedPostgres;
  close(): Promise<void>;
}

/**
 * Starts the embedded server unless both databases are configured. `log` gets one line per thing worth telling.
 * A tool that may work beside a running suite (`besideRunning`) uses that one's server instead of being refused.
 */
export async function openDatabases(
  configuration: Configuration,
  log: (line: string) => void,
  { besideRunning = false }: { readonly besideRunning?: boolean } = {},
): Promise<Databases> {
  const { databaseUrl, keyStoreUrl, dataDir, pgDir } = configuration;
  if (databaseUrl !== undefined && keyStoreUrl !== undefined) {
    if (sameDatabase(databaseUrl, keyStoreUrl)) {
      throw new StoreRefused(
        'DATABASE_URL and KEYSTORE_URL name the same database: keys have to lie apart from the register.',
      );
    }
    return { registerUrl: databaseUrl, keyStoreUrl, close: async () => undefined };
  }
  if (databaseUrl !== undefined) {
    throw new StoreRefused(
      'DATABASE_URL is set and KEYSTORE_URL is not: name a database for the keys, apart from the register.',
    );
  }
  if (besideRunning) {
    const running = await findRunningPostgres(dataDir);
    if (running !== undefined) {
      return {
        registerUrl: running.url(REGISTER_DATABASE),
        keyStoreUrl: keyStoreUrl ?? running.url(KEY_STORE_DATABASE),
        close: async () => undefined,
      };
    }
  }
  const server = await startEmbeddedPostgres({ dataDir, log, ...(pgDir === undefined ? {} : { pgDir }) });
  return {
    registerUrl: server.url(REGISTER_DATABASE),
    keyStoreUrl: keyStoreUrl ?? server.url(KEY_STORE_DATABASE),
    server,
    close: () => server.stop(),
  };
}

export const openStores = (url: string, observer: PostgresObserver): Promise<Stores> =>
  openPostgresStores({ database: url, observer });

const sameDatabase = (one: string, other: string): boolean => {
  const [a, b] = [new URL(one), new URL(other)];
  return a.host === b.host && a.pathname === b.pathname;
};
