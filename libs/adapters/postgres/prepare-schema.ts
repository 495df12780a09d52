import { Pool } from 'pg';
import { CONNECT_LIMIT, hearErrors } from './connections.js';
import { migrate, upTo, type AppliedMigration } from './migrate.js';
import { migrations, type Migration } from './migrations/index.js';
import { grantToApplication } from './rights.js';

/** Brings the schema up to date as its owner, whose connections end with that. */
export async function prepareAsOwner(
  owner: string,
  application: string,
  known: readonly Migration[] = migrations,
): Promise<void> {
  const pool = new Pool({ connectionString: owner, max: 2, connectionTimeoutMillis: CONNECT_LIMIT });
  hearErrors(pool);
  pool.on('error', () => undefined);
  try {
    await migrate(pool, known);
    await grantToApplication(pool, application);
  } finally {
    await pool.end();
  }
}

/**
 * Makes the schema as it was with these migrations, for the rows of a backup of that time; a later start brings both up
 * to date. Rejects with `SchemaRefused` when one of them is not known.
 */
export async function prepareSchema(
  owner: string,
  application: string,
  made: readonly AppliedMigration[],
): Promise<void> {
  await prepareAsOwner(owner, application, upTo(made));
}
