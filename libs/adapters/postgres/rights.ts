import { escapeIdentifier, type Pool, type PoolClient } from 'pg';
import { ANSWER_LIMIT, inTransaction, withClient } from './connections.js';
import { asUnavailable, isRefusal } from './errors.js';
import { MIGRATION_LOCK, SchemaRefused } from './migrate.js';

/** Rows of these are added and read, and never anything else. */
const LOG = [
  ...['events', 'event_origins', 'records', 'record_places', 'register_of'],
  ...['log_entries', 'log_checkpoints'],
];
const OF_LOG = ['select', 'insert'];
/** What the transparency log keeps beside its entries: it goes in the end, and never becomes another. */
const OF_LOG_RECORDS = ['select', 'insert', 'delete'];
const OF_MIGRATIONS = ['select'];
/** What the application keeps for itself beside the log: checkpoints, instances and the like. */
const OF_OTHERS = ['select', 'insert', 'update', 'delete'];
const EVERY_RIGHT = ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'];

const rightsTo = (table: string): readonly string[] => {
  if (table === 'migrations') return OF_MIGRATIONS;
  if (table === 'log_records') return OF_LOG_RECORDS;
  return LOG.includes(table) ? OF_LOG : OF_OTHERS;
};

const INSUFFICIENT_PRIVILEGE = '42501';

export async function loginOf(pool: Pool): Promise<string> {
  return asked(pool, async (client) => {
    const { rows } = await client.query<{ login: string }>('select current_user as login');
    return rows[0]!.login;
  });
}

/**
 * As the owner: gives the application's login exactly what it needs. Writes nothing where that is so already. Rejects
 * with `SchemaRefused` when the owner may not.
 */
export async function grantToApplication(pool: Pool, application: string): Promise<void> {
  const login = escapeIdentifier(application);
  await inTransaction(pool, ANSWER_LIMIT, 'begin', async (client) => {
    await client.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    const { rows } = await client.query<{ owner: string; superuser: boolean }>(
      'select current_user as owner, rolsuper as superuser from pg_roles where rolname = $1',
      [application],
    );
    // A superuser has every right, and the owner has those of an owner: nothing that is given or taken changes that.
    if (rows[0] === undefined || rows[0].superuser || rows[0].owner === application) return;
    await client.query(`grant usage on schema waarborg to ${login}`);
    for (const { table, given } of await tablesOf(client, application)) {
      const wanted = rightsTo(table);
      if (EVERY_RIGHT.every((right) => given.includes(right) === wanted.includes(right))) continue;
      const name = `waarborg.${escapeIdentifier(table)}`;
      await client.query(`revoke all on ${name} from public, ${login}`);
      await client.query(`grant ${wanted.join(', ')} on ${name} to ${login}`);
    }
    await handReadModelsOver(client, application);
  }).catch((error: unknown) => {
    if (isRefusal(error) && error.code === INSUFFICIENT_PRIVILEGE) {
      throw new SchemaRefused(
        `the owner of the database may not hand the read models over to "${application}" (${error.message}): ` +
          `GRANT ${login} TO the owner`,
      );
    }
    throw asUnavailable(error);
  });
}

/** Tables of the schema, months of records excepted (they are reached through their parent), with the login's rights. */
async function tablesOf(
  client: PoolClient,
  login: string,
): Promise<readonly { readonly table: string; readonly given: readonly string[] }[]> {
  const { rows } = await client.query<{ table: string; given: string[] }>(
    `select c.relname as table,
            array(select r from unnest($2::text[]) r where has_table_privilege($1, c.oid, r)) as given
     from pg_class c where c.relnamespace = 'waarborg'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by 1`,
    [login, EVERY_RIGHT],
  );
  return rows;
}

/** The tables first: whoever has given the schema away does not reach them any more. */
async function handReadModelsOver(client: PoolClient, login: string): Promise<void> {
  const to = escapeIdentifier(login);
  const { rows: schemas } = await client.query(
    `select from pg_namespace where nspname = 'read_model' and pg_get_userbyid(nspowner) <> $1`,
    [login],
  );
  if (schemas.length === 0) return;
  await client.query(`grant all on schema read_model to ${to}`);
  const { rows: tables } = await client.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class
     where relnamespace = 'read_model'::regnamespace and relkind in ('r', 'p') and pg_get_userbyid(relowner) <> $1`,
    [login],
  );
  for (const { name } of tables) await client.query(`alter table read_model.${name} owner to ${to}`);
  await client.query(`alter schema read_model owner to ${to}`);
}

/** What the pool's login could do to the log besides adding to it; `undefined` when the server keeps it from all of it. */
export async function whatItMayChange(pool: Pool): Promise<string | undefined> {
  return asked(pool, async (client) => {
    const { rows } = await client.query<{ login: string; superuser: boolean; owner: boolean; rights: string[] }>(
      `select current_user as login, r.rolsuper as superuser, pg_has_role(n.nspowner, 'MEMBER') as owner,
              array(select distinct w from pg_class c, unnest($1::text[]) w
                    where c.relnamespace = n.oid and c.relname = any($2) and has_table_privilege(c.oid, w)) as rights
       from pg_roles r, pg_namespace n where r.rolname = current_user and n.nspname = 'waarborg'`,
      [EVERY_RIGHT.filter((right) => !OF_LOG.includes(right)), LOG],
    );
    const { login, superuser, owner, rights } = rows[0]!;
    if (superuser) return `"${login}" is a superuser`;
    if (owner) return `"${login}" owns the log`;
    return rights.length === 0 ? undefined : `"${login}" has the right to ${rights.join(', ')}`;
  });
}

async function asked<T>(pool: Pool, question: (client: PoolClient) => Promise<T>): Promise<T> {
  try {
    return await withClient(pool, ANSWER_LIMIT, question);
  } catch (error) {
    throw asUnavailable(error);
  }
}
