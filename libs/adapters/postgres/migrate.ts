import { FaultForPeople } from '#libs/kernel';
import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './connections.js';
import { asUnavailable } from './errors.js';
import { migrations, type Migration } from './migrations/index.js';

/** Held while the schema or its rights change. */
export const MIGRATION_LOCK = 7_709_003;
/** Migrations may have to build an index over a large table. */
const TIME_LIMIT = 30 * 60_000;

/** The database holds a schema that is not ours, was changed by hand, or was made by a newer version. */
export class SchemaRefused extends FaultForPeople {
  override readonly name = 'SchemaRefused';
}

const checksumOf = ({ sql }: Migration): string => createHash('sha256').update(sql).digest('hex');

/**
 * Brings the schema to this version, all or nothing; several processes may start at once. Answers how many migrations
 * it applied. Rejects with `SchemaRefused`, or with `StoreUnavailable` when the connection is lost on the way.
 */
export async function migrate(pool: Pool, known: readonly Migration[] = migrations): Promise<number> {
  return inTransaction(pool, TIME_LIMIT, 'begin', async (client) => {
    await client.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    const applied = await appliedMigrations(client);
    upTo(applied, known);
    const missing = known.slice(applied.length);
    if (missing.length > 0) await refuseWithoutOwner(client, missing);
    for (const migration of missing) {
      await client.query(migration.sql);
      await client.query('insert into waarborg.migrations (number, name, checksum) values ($1, $2, $3)', [
        migration.number,
        migration.name,
        checksumOf(migration),
      ]);
    }
    return missing.length;
  }).catch((error: unknown) => {
    throw error instanceof SchemaRefused ? error : asUnavailable(error);
  });
}

export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/** The migrations that made what these made. Throws `SchemaRefused` when they are not the first of the known ones. */
export function upTo(
  applied: readonly AppliedMigration[],
  known: readonly Migration[] = migrations,
): readonly Migration[] {
  for (const [index, { number, name, checksum }] of applied.entries()) {
    const ours = known[index];
    const label = `migration ${number} (${name})`;
    if (ours === undefined) throw new SchemaRefused(`the database has ${label}: a newer version made it`);
    if (ours.number !== number || ours.name !== name || checksumOf(ours) !== checksum) {
      throw new SchemaRefused(`${label} of the database is not the one that this version knows`);
    }
  }
  return known.slice(0, applied.length);
}

/** A login that does not own the schema would be refused half-way, by a message that says nothing. */
async function refuseWithoutOwner(client: PoolClient, missing: readonly Migration[]): Promise<void> {
  const { rows } = await client.query<{ owner: string; login: string }>(
    `select pg_get_userbyid(nspowner) as owner, current_user as login from pg_namespace
     where nspname = 'waarborg' and not pg_has_role(nspowner, 'USAGE')`,
  );
  if (rows[0] === undefined) return;
  const { owner, login } = rows[0];
  throw new SchemaRefused(
    `the database has to be brought up to date (migration ${missing[0]!.number}), which its owner "${owner}" may do and ` +
      `"${login}" may not: start once with DATABASE_OWNER_URL`,
  );
}

async function appliedMigrations(client: PoolClient): Promise<readonly AppliedMigration[]> {
  const found = await client.query<{ ours: boolean; foreign: string | null }>(
    `select to_regclass('waarborg.migrations') is not null as ours,
            (select min(nspname) from pg_namespace where nspname in ('waarborg', 'read_model')) as foreign`,
  );
  const { ours, foreign } = found.rows[0]!;
  if (ours) return (await client.query('select number, name, checksum from waarborg.migrations order by number')).rows;
  if (foreign !== null) throw new SchemaRefused(`the database has a schema "${foreign}" that is not ours`);
  await client.query(`
    create schema waarborg;
    create table waarborg.migrations (
      number     integer     primary key,
      name       text        not null,
      checksum   text        not null,
      applied_at timestamptz not null default clock_timestamp()
    );`);
  return [];
}
