import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

export interface TestDatabase {
  /** Connection string of the new, empty database. */
  readonly url: string;
  /** Connection strings of an owner and of an application's login, neither of them a superuser, made for it alone. */
  readonly logins: { readonly owner: string; readonly application: string };
  /** Runs statements as the server's owner. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Ends every connection to the database, as a failing server would. */
  cutConnections(): Promise<void>;
  drop(): Promise<void>;
}

/** A connection of a test's own. An error on it fails the statement that meets it, not the whole run. */
export async function testClient(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A fresh database on the server of this test run (started by the lane's global setup). */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env['WAARBORG_TEST_POSTGRES'];
  if (server === undefined) throw new Error('WAARBORG_TEST_POSTGRES is not set: this is a test of the lane "int"');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const maintenance = await testClient(server);
  await maintenance.query(`create database ${name} encoding 'UTF8' template template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const [owner, application] = [`${name}_owner`, `${name}_app`];
  for (const login of [owner, application]) {
    await maintenance.query(`create role ${login} login nosuperuser password '${login}'`);
  }
  await maintenance.query(`grant ${application} to ${owner} with inherit false, set true`);
  await maintenance.query(`alter database ${name} owner to ${owner}`);
  await maintenance.query(`revoke all on database ${name} from public`);
  await maintenance.query(`grant connect on database ${name} to ${application}`);
  const urlOf = (login: string): string => {
    const own = new URL(url);
    [own.username, own.password] = [login, login];
    return own.href;
  };
  const own = await testClient(url.href);
  return {
    url: url.href,
    logins: { owner: urlOf(owner), application: urlOf(application) },
    query: async <Row extends object>(text: string, values: unknown[] = []) =>
      (await own.query<Row>(text, values)).rows,
    cutConnections: async () => {
      await own.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      );
    },
    drop: async () => {
      await own.end();
      await maintenance.query(`drop database ${name} with (force)`);
      for (const login of [owner, application]) await maintenance.query(`drop role ${login}`);
      await maintenance.end();
    },
  };
}

/** Sets the clock of a database of ours so many milliseconds beside the true one. */
export const setClock = async (database: Pick<TestDatabase, 'query'>, milliseconds: number): Promise<void> =>
  void (await database.query(
    `create or replace function waarborg.clock() returns timestamptz language sql volatile as
     'select clock_timestamp() + interval ''${milliseconds} milliseconds'''`,
  ));
