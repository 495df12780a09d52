import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Row, TableDeclaration } from '#libs/eventing';
import { copyText } from './copy-rows.js';
import { isRefusal } from './errors.js';
import { columnList, createIndexes, createTable, rowValues, shadowName, tableName } from './read-model-table.js';

const CHUNK = 64 * 1024;
/** A reader that stays in the old table longer than this makes the swap let others pass and try again. */
const SWAP_PATIENCE = '2s';
const SWAP_ATTEMPTS = 30;

/** For how long the swap may hold the checkpoint, statement by statement and between them, in milliseconds. */
export interface SwapLimits {
  readonly statement: number;
  /** A process that hangs in the middle is cut off then. */
  readonly idle: number;
}

/** Session lock that a replacement holds, so that nobody takes its shadow table for a leftover. */
export const replacementLock = (name: string): string =>
  `hashtextextended('waarborg read model ' || ${literal(name)}, 0)`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** What a replacement does beside making its table. Both are told the table that is to take the live one's place. */
export interface Settling {
  /** Once, before the swap. */
  bring(shadow: string): Promise<void>;
  /** In the transaction of the swap, in every attempt: brings it as far as the live table and records the checkpoint. */
  settle(shadow: string): Promise<void>;
}

/** Builds the shadow table and puts it in the live one's place. The caller holds the replacement lock. */
export async function replaceTable<R extends Row>(
  client: PoolClient,
  table: TableDeclaration,
  rows: AsyncIterable<R> | Iterable<R>,
  settling: Settling,
  limits: SwapLimits,
): Promise<void> {
  const shadow = shadowName(table);
  await client.query(`drop table if exists ${shadow}`);
  await client.query(createTable(shadow, table));
  try {
    await pipeline(
      Readable.from(chunks(table, rows)),
      client.query(copyFrom(`copy ${shadow} (${columnList(table)}) from stdin`)),
    );
    for (const statement of createIndexes(shadow, table)) await client.query(statement);
    await client.query(`analyze ${shadow}`);
    await settling.bring(shadow);
    await swap(client, table, settling, limits);
  } catch (error) {
    // When the connection is gone this fails too; the next start removes what is left.
    await client.query(`drop table if exists ${shadow}`).catch(() => undefined);
    throw error;
  }
}

async function* chunks<R extends Row>(
  table: TableDeclaration,
  rows: AsyncIterable<R> | Iterable<R>,
): AsyncIterable<string> {
  let text = '';
  for await (const row of rows) {
    text += `${rowValues(table, row).map(copyText).join('\t')}\n`;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

async function swap(
  client: PoolClient,
  table: TableDeclaration,
  { settle }: Settling,
  { statement, idle }: SwapLimits,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query('begin');
      await client.query(
        `set local lock_timeout = '${SWAP_PATIENCE}'; set local statement_timeout = ${statement};
         set local idle_in_transaction_session_timeout = ${idle}`,
      );
      // The checkpoint first, as a commit does, so that the two can't wait for each other.
      await settle(shadowName(table));
      await client.query(`drop table if exists ${tableName(table)}`);
      await client.query(`alter table ${shadowName(table)} rename to "${table.name}"`);
      await client.query('commit');
      return;
    } catch (error) {
      await client.query('rollback');
      const busy = isRefusal(error) && error.code === '55P03';
      if (!busy || attempt === SWAP_ATTEMPTS) throw error;
    }
  }
}

/** Removes what an interrupted replacement left, unless one is going on. Runs inside the caller's transaction. */
export async function removeLeftover(client: PoolClient, name: string, table: TableDeclaration): Promise<void> {
  const lock = replacementLock(name);
  const free = await client.query<{ free: boolean }>(`select pg_try_advisory_xact_lock(${lock}) as free`);
  if (free.rows[0]?.free === true) await client.query(`drop table if exists ${shadowName(table)}`);
}
