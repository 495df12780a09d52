import { FaultForPeople } from '#libs/kernel';
import pg from 'pg';
import { StoreUnavailable } from '#libs/eventing';
import { MIGRATIONS } from './migrations.js';

export type Query = <Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

export interface Connection {
  readonly query: Query;
  transaction<Result>(work: (query: Query) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** The key store's database can not be used as it is: not ours to read, of a newer release, or not durable. */
export class KeyStoreRefused extends FaultForPeople {
  override readonly name = 'KeyStoreRefused';
}

/** Key of the advisory lock that lets one process at a time migrate. Any number will do, if it stays the same. */
const MIGRATION_LOCK = 7_203_110_451;
const CONNECT_MILLISECONDS = 2_000;
const QUERY_MILLISECONDS = 5_000;
const CONNECTIONS = 5;
const ignore = (): void => undefined;

/**
 * Connects to the key store's database and brings its schema up to date.
 * Rejects with `StoreUnavailable` when it can't be reached, with `KeyStoreRefused` when it is of a newer release or
 * does not write durably. No message carries a value, a key or a password.
 */
export async function connect(url: string, newest = MIGRATIONS.at(-1)!.version): Promise<Connection> {
  const pool = openPool(url);
  // An idle connection that breaks is replaced at the next use, which reports it if the server is still away.
  pool.on('error', ignore);
  // Heard from its first moment on: the server may end a session in the very packet in which it begins, before whoever
  // waits for the connection has it, and an error that nobody hears ends the process.
  pool.on('connect', (client) => void client.on('error', ignore));

  const query: Query = async (sql, values = []) => {
    try {
      return (await pool.query(sql, [...values])).rows;
    } catch (error) {
      throw withoutValues(error);
    }
  };

  const transaction = async <Result>(work: (query: Query) => Promise<Result>): Promise<Result> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw withoutValues(error);
    });
    let failure: Error | undefined;
    try {
      await client.query('begin');
      const result = await work(async (sql, values = []) => (await client.query(sql, [...values])).rows);
      await client.query('commit');
      return result;
    } catch (error) {
      failure = withoutValues(error);
      throw failure;
    } finally {
      // After a failure the connection is closed, which also rolls back.
      client.release(failure);
    }
  };

  const connection = { query, transaction, close: () => pool.end() };
  try {
    await demandDurability(query);
    await transaction((inside) => migrate(inside, newest));
  } catch (error) {
    await pool.end();
    throw error;
  }
  return connection;
}

function openPool(url: string): pg.Pool {
  try {
    return new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MILLISECONDS,
      query_timeout: QUERY_MILLISECONDS,
      application_name: 'waarborg-vault',
    });
  } catch {
    // The URL holds a password, and the error quotes it.
    throw new KeyStoreRefused('key store: the connection string is not a PostgreSQL URL');
  }
}

/** A key that is lost in a crash takes with it what was sealed with it, although that was stored durably. */
async function demandDurability(query: Query): Promise<void> {
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    const [row] = await query<{ value: string }>('select current_setting($1) as value', [setting]);
    if (row?.value === 'off')
      throw new KeyStoreRefused(
        `key store: it could lose keys that were acknowledged: ${setting} is off, turn it on in the server`,
      );
  }
}

/**
 * Makes the key store's schema as it was at that version, for the rows of a backup of that time; a later start brings
 * both up to date.
 */
export async function prepareKeyStore(url: string, version: number): Promise<void> {
  if (!MIGRATIONS.some((known) => known.version === version)) {
    throw new KeyStoreRefused(`key store: the backup's schema is ${version}, which this release does not know`);
  }
  await (await connect(url, version)).close();
}

async function migrate(query: Query, newest: number): Promise<void> {
  await query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  await query('create schema if not exists vault');
  await query(
    `create table if not exists vault.schema_migration
       (version integer primary key, applied_at timestamptz not null default now())`,
  );
  const [row] = await query<{ version: number }>(
    'select coalesce(max(version), 0) as version from vault.schema_migration',
  );
  const current = row!.version;
  if (current > newest) {
    throw new KeyStoreRefused(
      `key store: its schema is ${current}, this release knows up to ${newest}: start a newer release`,
    );
  }
  for (const { version, sql } of MIGRATIONS) {
    if (version <= current || version > newest) continue;
    await query(sql);
    await query('insert into vault.schema_migration (version) values ($1)', [version]);
  }
}

/**
 * PostgreSQL's own errors may quote parameters, rows and the connection string; none of that leaves here.
 * What is a mistake of ours (a wrong statement or value) is an `Error`, all else means: not reachable now.
 */
function withoutValues(error: unknown): Error {
  if (!(error instanceof Error)) return new StoreUnavailable('key store: not reachable');
  if (error instanceof pg.DatabaseError) {
    const ours = /^(22|23|42)/.test(error.code ?? '');
    return ours
      ? new Error(`key store: a statement failed (SQLSTATE ${error.code})`)
      : new StoreUnavailable(`key store: not available (SQLSTATE ${error.code ?? 'unknown'})`);
  }
  const code = (error as NodeJS.ErrnoException).code;
  return isOwn(error)
    ? error
    : new StoreUnavailable(`key store: not reachable (${code ?? 'connection lost or timed out'})`);
}

const isOwn = (error: Error): boolean => error instanceof StoreUnavailable || error.message.startsWith('key store: ');
