import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { streamId, type EventId } from '#libs/kernel';
import { testClient, testDatabase, type TestDatabase } from '#libs/testing';
import { openPostgresStores, SchemaRefused, type PostgresStores } from './index.js';
import { migrate } from './migrate.js';
import { migrations } from './migrations/index.js';

const EVENT = '00000000-0000-4000-8000-000000000001' as EventId;
const RECORD = '00000000-0000-4000-8000-000000000002';

/** A column of each, where none is called `id`. */
const COLUMNS: Readonly<Record<string, string>> = {
  'waarborg.migrations': 'name',
  'waarborg.log_entries': 'entry',
  'waarborg.log_checkpoints': 'note',
};

/** Runs one statement as that login, in a session of its own; answers the SQLSTATE of a refusal. */
async function tried(url: string, statement: string): Promise<string> {
  const client = await testClient(url);
  try {
    await client.query(statement);
    return 'done';
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.end();
  }
}

describe("the application's login", () => {
  let database: TestDatabase;
  let stores: PostgresStores;
  let month: string;
  beforeAll(async () => {
    database = await testDatabase();
    stores = await openPostgresStores({ database: database.logins.application, owner: database.logins.owner });
    await stores.events.append(streamId('check', 'a'), 'no-stream', [
      { id: EVENT, type: 'CheckRecorded', bytes: '{}' },
    ]);
    await stores.records.append({ id: RECORD, kind: 'decision', bytes: '{}' });
    const [row] = await database.query<{ name: string }>(
      `select relname as name from pg_inherits join pg_class c on c.oid = inhrelid
       where inhparent = 'waarborg.records'::regclass order by 1`,
    );
    month = `waarborg.${row!.name}`;
  });
  afterAll(async () => {
    await stores.close();
    await database.drop();
  });
  const owner = (): string => new URL(database.logins.owner).username;
  const everything = async (): Promise<unknown> =>
    database.query(`select (select json_agg(e) from waarborg.events e) as events,
      (select json_agg(r) from waarborg.records r) as records, (select json_agg(p) from waarborg.record_places p) as places,
      (select json_agg(m order by number) from waarborg.migrations m) as migrations,
      (select json_agg((relname, relowner, relacl, relkind) order by oid) from pg_class
       where relnamespace = 'waarborg'::regnamespace) as tables,
      (select json_agg((tgrelid::regclass::text, tgname, tgenabled) order by oid) from pg_trigger) as triggers,
      (select json_agg((oid::regprocedure::text, prosrc, proowner) order by oid) from pg_proc
       where pronamespace = 'waarborg'::regnamespace) as functions`);

  it('is told that the server holds it to adding', () => {
    expect(stores.mayChangeLog).toBeUndefined();
  });

  it.each([
    ...['waarborg.events', 'waarborg.records', 'waarborg.record_places', 'month', 'waarborg.migrations'],
    ...['waarborg.log_entries', 'waarborg.log_checkpoints'],
  ])('can change nothing in %s, by no statement there is', async (named) => {
    const table = named === 'month' ? month : named;
    const column = COLUMNS[table] ?? 'id';
    const before = await everything();
    const statements = [
      `update ${table} set ${column} = ${column}`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
      `drop table ${table} cascade`,
      `alter table ${table} disable trigger all`,
      `alter table ${table} add column more text`,
      `alter table ${table} drop column ${column} cascade`,
      `alter table ${table} rename to other`,
      `alter table ${table} set schema read_model`,
      `alter table ${table} owner to current_user`,
      `drop trigger append_only on ${table}`,
      `create trigger mine before insert on ${table} for each row execute function waarborg.refuse_change()`,
      `create rule mine as on insert to ${table} do instead nothing`,
      `create index on ${table} (${column})`,
      `create policy mine on ${table}`,
      `grant update on ${table} to public`,
      `select * from ${table} for update`,
      `begin; lock table ${table} in share mode`,
      `comment on table ${table} is 'mine'`,
      `vacuum full ${table}`,
    ];
    for (const statement of statements) {
      const outcome = await tried(database.logins.application, statement);
      // These two only warn, and do nothing; a trigger that is not there is not found.
      const onlyWarns = /^(vacuum|grant)/.test(statement);
      expect([statement, outcome]).toEqual([
        statement,
        expect.stringMatching(onlyWarns ? /^(done|42501)$/ : /^(42501|42704)$/),
      ]);
    }
    expect(await everything()).toEqual(before);
  });

  it('can not become somebody who could, nor reach around the tables', async () => {
    const before = await everything();
    const statements = [
      `set role ${owner()}`,
      `set session authorization ${owner()}`,
      `grant ${owner()} to current_user`,
      `alter role current_user superuser`,
      `create role helper superuser`,
      `set session_replication_role = replica`,
      `drop schema waarborg cascade`,
      `alter schema waarborg rename to other`,
      `create table waarborg.mine ()`,
      `create schema mine`,
      `create table public.mine ()`,
      `create temporary table mine ()`,
      `drop function waarborg.refuse_change() cascade`,
      `create or replace function waarborg.refuse_change() returns trigger language plpgsql as 'begin return null; end'`,
      `alter function waarborg.append_events set search_path = public`,
      `alter table waarborg.records detach partition ${month}`,
      `insert into ${month} (position, id, kind, bytes, recorded_at) values (99, '${EVENT}', 'k', '{}', 0)`,
      `insert into waarborg.migrations (number, name, checksum) values (98, 'mine', 'x')`,
      `select waarborg.make_record_month(0)`,
      `select waarborg.ensure_record_month(4102444800000)`,
      `select waarborg.ensure_record_month(0)`,
      `select waarborg.ensure_record_month(null)`,
      `copy waarborg.events to program 'cat'`,
      `select pg_read_file('PG_VERSION')`,
    ];
    for (const statement of statements) {
      expect([statement, await tried(database.logins.application, statement)]).toEqual([
        statement,
        expect.stringMatching(/^(42501|0LP01|42P07)$/),
      ]);
    }
    expect(await everything()).toEqual(before);
  });

  it('owns the read models and keeps what is its own beside the log', async () => {
    const owned = await database.query(
      `select nspname as name from pg_namespace where pg_get_userbyid(nspowner) = $1
       union all select relname from pg_class where pg_get_userbyid(relowner) = $1 and relkind in ('r', 'p')`,
      [new URL(database.logins.application).username],
    );
    expect(owned).toEqual([{ name: 'read_model' }]);
    const at = { store: 's', epoch: 1, position: 1n };
    await stores.checkpoints.move('mine', undefined, at);
    await stores.checkpoints.move('mine', at, { ...at, position: 2n });
    expect(await stores.checkpoints.read('mine')).toEqual({ ...at, position: 2n });
  });

  it('finds the month that is written to and the one behind it made', async () => {
    const months = await database.query<{ name: string; owner: string }>(
      `select c.relname as name, pg_get_userbyid(c.relowner) as owner from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'waarborg.records'::regclass order by 1`,
    );
    const now = new Date();
    const nameOf = (later: number): string =>
      `records_${new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + later)).toISOString().slice(0, 7).replace('-', '_')}`;
    expect(months).toEqual([0, 1].map((later) => ({ name: nameOf(later), owner: owner() })));
  });

  it('opens a schema that is up to date without its owner, and says who brings it up to date where it is not', async () => {
    await (await openPostgresStores({ database: database.logins.application })).close();
    const older = await testDatabase();
    const pool = new Pool({ connectionString: older.logins.owner });
    await migrate(pool, migrations.slice(0, 2));
    await pool.query(`grant usage on schema waarborg to ${new URL(older.logins.application).username}`);
    await pool.query(`grant select on waarborg.migrations to ${new URL(older.logins.application).username}`);
    await pool.end();
    const opening = openPostgresStores({ database: older.logins.application });
    await expect(opening).rejects.toBeInstanceOf(SchemaRefused);
    await expect(opening).rejects.toThrow('start once with DATABASE_OWNER_URL');
    await older.drop();
  });

  it('takes over a register that was made with one login for everything, with its read models', async () => {
    const older = await testDatabase();
    const one = await openPostgresStores({ database: older.logins.owner });
    expect(one.mayChangeLog).toBe(`"${new URL(older.logins.owner).username}" owns the log`);
    await one.events.append(streamId('check', 'a'), 'no-stream', [{ id: EVENT, type: 'CheckRecorded', bytes: '{}' }]);
    await one.close();
    await older.query('create table read_model.kept ()');
    await older.query(`alter table read_model.kept owner to ${new URL(older.logins.owner).username}`);
    // Rights that somebody gave by hand are taken back.
    await older.query('grant all on waarborg.events to public');
    const apart = await openPostgresStores({ database: older.logins.application, owner: older.logins.owner });
    expect(apart.mayChangeLog).toBeUndefined();
    expect(await tried(older.logins.application, 'delete from waarborg.events')).toBe('42501');
    expect(await tried(older.logins.application, 'drop table read_model.kept')).toBe('done');
    expect(await apart.feed.head()).toBe(1n);
    await apart.close();
    await older.drop();
  });

  it('is told when it is a superuser or has more rights than it needs', async () => {
    const own = await testDatabase();
    const first = await openPostgresStores({ database: own.url });
    expect(first.mayChangeLog).toMatch(/is a superuser$/);
    await first.close();
    await own.query(`grant usage on schema waarborg to ${new URL(own.logins.application).username}`);
    await own.query(`grant all on all tables in schema waarborg to ${new URL(own.logins.application).username}`);
    const second = await openPostgresStores({ database: own.logins.application });
    expect(second.mayChangeLog).toMatch(/has the right to .*delete.*truncate.*update/);
    await second.close();
    await own.drop();
  });
});
