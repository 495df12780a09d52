import { Client } from 'pg';
import { StoreUnavailable } from '#libs/eventing';
import { ANSWER_LIMIT, CONNECT_LIMIT, within } from './connections.js';
import { asUnavailable, isRefusal } from './errors.js';

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

/** Rejects with `StoreUnavailable`; no message holds a password. */
export async function lookAtDatabase(url: string): Promise<DatabaseIdentity> {
  const client = clientFor(url);
  client.on('error', () => undefined);
  try {
    await within(CONNECT_LIMIT, client.connect());
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
  } catch (error) {
    throw asUnavailable(error);
  } finally {
    // Not waited for: a server that does not answer does not answer to this either.
    void client.end().catch(() => undefined);
  }
}

function clientFor(url: string): Client {
  try {
    return new Client({ connectionString: url });
  } catch {
    // The error quotes the address with its password.
    throw new StoreUnavailable('PostgreSQL: the address is not one');
  }
}
