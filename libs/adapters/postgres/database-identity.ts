import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { StoreUnavailable } from '#libs/eventing';
import { ANSWER_LIMIT, CONNECT_LIMIT, within } from './connections.js';
import { asUnavailable, isRefusal, NoConnection, reasonOf } from './errors.js';

/** Which database it is, whatever name, address or pooler it was reached by, and as whom. */
export interface DatabaseIdentity {
  /** Given to a cluster when it is made; absent where the login may not see it. */
  readonly system: string | undefined;
  /** When its server started: tells two servers apart where `system` is absent. */
  readonly started: string;
  readonly oid: string;
  readonly login: string;
  readonly superuser: boolean;
}

export const isSameDatabase = (one: DatabaseIdentity, other: DatabaseIdentity): boolean =>
  one.oid === other.oid &&
  (one.system === undefined || other.system === undefined
    ? one.started === other.started
    : one.system === other.system);

/** How long a server is waited for that says it is not ready yet, and between two looks, in milliseconds. */
const RECOVERY = 60_000;
const LOOK_EVERY = 250;

/**
 * Rejects with `StoreUnavailable`; no message holds a password. A server that recovers, as after a crash, is waited for:
 * `onWait` is told once.
 */
export async function lookAtDatabase(url: string, onWait?: () => void): Promise<DatabaseIdentity> {
  const end = performance.now() + RECOVERY;
  for (let told = false; ; told = true) {
    try {
      return await look(url);
    } catch (error) {
      if (!recovers(error) || performance.now() > end) throw asUnavailable(error);
      if (!told) onWait?.();
      await delay(LOOK_EVERY);
    }
  }
}

/** SQLSTATE `cannot_connect_now`; the session that it held when it went down breaks off without a word. */
const recovers = (error: unknown): boolean =>
  error instanceof DatabaseError ? error.code === '57P03' : /terminated unexpectedly/.test(reasonOf(error));

async function look(url: string): Promise<DatabaseIdentity> {
  const client = clientFor(url);
  client.on('error', () => undefined);
  try {
    await within(CONNECT_LIMIT, client.connect()).catch((error: unknown) => {
      // Whatever kept it from coming about, a certificate that is not trusted among it.
      throw error instanceof DatabaseError ? error : new NoConnection(reasonOf(error), { cause: error });
    });
    const { rows } = await within(
      ANSWER_LIMIT,
      client.query<Omit<DatabaseIdentity, 'system'>>(
        `select pg_postmaster_start_time()::text as started, d.oid::text as oid, current_user as login,
                r.rolsuper as superuser
         from pg_database d, pg_roles r where d.datname = current_database() and r.rolname = current_user`,
      ),
    );
    const system = await client
      .query<{ system: string }>('select system_identifier::text as system from pg_control_system()')
      .then(({ rows: found }) => found[0]!.system)
      .catch((error: unknown) => {
        if (isRefusal(error)) return undefined;
        throw error;
      });
    return { ...rows[0]!, system };
  } finally {
    // Not waited for: a server that does not answer does not answer to this either.
    void client.end().catch(() => undefined);
  }
}

function clientFor(url: string): Client {
  try {
    return new Client({ connectionString: url });
  } catch (error) {
    // Of an address that is none the error quotes it, with its password.
    const { code, path } = error as NodeJS.ErrnoException;
    if (code !== undefined && path !== undefined) {
      throw new StoreUnavailable(
        `PostgreSQL: a file that sslrootcert, sslcert or sslkey names can't be read (${code}: ${path})`,
      );
    }
    throw new StoreUnavailable('PostgreSQL: the address is not one');
  }
}
