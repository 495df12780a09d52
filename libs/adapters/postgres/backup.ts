import { FaultForPeople } from '#libs/kernel';
import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { escapeIdentifier, Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { StoreUnavailable } from '#libs/eventing';
import { CONNECT_LIMIT } from './connections.js';
import { asUnavailable } from './errors.js';

/** What a table's rows were when they were copied out. */
export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface CopiedSchema {
  readonly schema: string;
  readonly tables: readonly CopiedTable[];
  /** How far each sequence was, read after the tables: never less than what is in them. */
  readonly sequences: readonly { readonly name: string; readonly value: string }[];
}

/** A file of a backup is not what was written. */
export class BackupDamaged extends FaultForPeople {
  override readonly name = 'BackupDamaged';
}

/**
 * Copies the rows of a schema's tables into files in `folder`, as they were at one moment, while others go on writing.
 * `facts` answers a row of its own from the same moment. Files are made, never written over.
 */
export async function copySchemaOut<Facts extends object>(
  url: string,
  schema: string,
  folder: string,
  options: { readonly except?: readonly string[]; readonly facts: string },
): Promise<CopiedSchema & { readonly facts: Facts }> {
  return connected(url, async (client) => {
    await client.query('begin isolation level repeatable read, read only');
    // The snapshot is taken by this first question, and is the same for all that follows.
    const facts = (await client.query<Facts>(options.facts)).rows[0]!;
    const tables: CopiedTable[] = [];
    for (const { name, columns } of await tablesOf(client, schema, options.except ?? [])) {
      const file = `${name}.copy`;
      const count = counting();
      const list = columns.map(escapeIdentifier).join(', ');
      await pipeline(
        client.query(copyTo(`copy (select ${list} from ${qualified(schema, name)}) to stdout (encoding 'UTF8')`)),
        count.stream,
        createWriteStream(join(folder, file), { flags: 'wx', mode: 0o600, flush: true }),
      );
      tables.push({ name, columns, file, ...count.result() });
    }
    const { rows: sequences } = await client.query<{ name: string; value: string }>(
      `select sequencename as name, last_value::text as value from pg_sequences
       where schemaname = $1 and last_value is not null order by 1`,
      [schema],
    );
    await client.query('commit');
    return { schema, tables, sequences, facts };
  });
}

/** Reads every file through; rejects with `BackupDamaged` when one is missing or is not what was written. */
export async function checkCopies(folder: string, { tables }: CopiedSchema): Promise<void> {
  for (const { file, bytes, sha256 } of tables) {
    const count = counting();
    count.stream.resume();
    await pipeline(read(folder, file), count.stream).catch((error: unknown) => {
      throw new BackupDamaged(`${join(folder, file)} can't be read: ${(error as Error).message}`);
    });
    expectSame(join(folder, file), count.result(), { bytes, sha256 });
  }
}

/**
 * Copies the files into the schema, whose tables exist, all or nothing; `before` and `after` run in the same
 * transaction. Rows that the tables were made with give way to those of the backup.
 */
export async function copySchemaIn(
  url: string,
  folder: string,
  { schema, tables, sequences }: CopiedSchema,
  steps: { readonly before?: readonly string[]; readonly after?: readonly string[] } = {},
): Promise<void> {
  await connected(url, async (client) => {
    await client.query('begin');
    for (const statement of steps.before ?? []) await client.query(statement);
    for (const { name, columns, file, bytes, sha256 } of tables) {
      const target = qualified(schema, name);
      const { rows } = await client.query<{ used: boolean }>(`select exists (select from ${target}) as used`);
      if (rows[0]!.used) await client.query(`delete from ${target}`);
      const count = counting();
      const list = columns.map(escapeIdentifier).join(', ');
      await pipeline(
        read(folder, file),
        count.stream,
        client.query(copyFrom(`copy ${target} (${list}) from stdin (encoding 'UTF8')`)),
      );
      expectSame(join(folder, file), count.result(), { bytes, sha256 });
    }
    for (const { name, value } of sequences) {
      await client.query('select setval($1::regclass, $2)', [qualified(schema, name), value]);
    }
    for (const statement of steps.after ?? []) await client.query(statement);
    await client.query('commit');
  });
}

/** Whether the database has that schema: then it is in use. */
export async function hasSchema(url: string, schema: string): Promise<boolean> {
  return connected(url, async (client) => {
    const { rows } = await client.query<{ there: boolean }>(
      'select exists (select from pg_namespace where nspname = $1) as there',
      [schema],
    );
    return rows[0]!.there;
  });
}

async function tablesOf(
  client: Client,
  schema: string,
  except: readonly string[],
): Promise<readonly { readonly name: string; readonly columns: readonly string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = ''
     where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> all ($2)
     group by 1 order by 1`,
    [schema, except],
  );
  return rows;
}

const qualified = (schema: string, table: string): string => `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;

const read = (folder: string, file: string) =>
  createReadStream(join(folder, file), { flags: (constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)) as never });

function expectSame(
  path: string,
  found: { readonly bytes: number; readonly sha256: string },
  written: { readonly bytes: number; readonly sha256: string },
): void {
  if (found.bytes === written.bytes && found.sha256 === written.sha256) return;
  throw new BackupDamaged(
    `${path} is not what was written: ${found.bytes} bytes instead of ${written.bytes}, or others`,
  );
}

/** Passes everything on and tells how much it was. */
function counting() {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ bytes, sha256: hash.digest('hex') }) };
}

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = clientFor(url);
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw asUnavailable(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function clientFor(url: string): Client {
  try {
    return new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT });
  } catch {
    throw new StoreUnavailable('PostgreSQL: the address is not one');
  }
}
