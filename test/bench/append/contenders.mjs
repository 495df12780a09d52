import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { openPostgresStores } from '#libs/adapters/postgres';
import { SAME_SHAPE } from '../support/pgbench.mjs';
import { drive } from '../support/load.mjs';

/**
 * A contender appends one event at a time in a closed loop, on a fresh database, and then shows that it has what it
 * acknowledged. Each answers what `drive` measures.
 */

const counted = (acknowledged, stored) => {
  if (acknowledged !== stored) throw new Error(`${acknowledged} events were acknowledged, ${stored} are stored`);
};

export async function ours({ url, callers, seconds }) {
  const stores = await openPostgresStores({ database: url });
  try {
    const measured = await drive({
      callers,
      seconds,
      append: (stream, revision, id, bytes) =>
        stores.events.append(stream, revision === 0 ? 'no-stream' : revision - 1, [
          { id, type: 'CheckRecorded', bytes },
        ]),
    });
    // Positions have no gaps, so the head counts the events that came to the empty store.
    counted(measured.count, Number(await stores.feed.head()));
    return measured;
  } finally {
    await stores.close();
  }
}

/** What one writes first: a transaction for each event, four statements, a stream table for the revision. */
export async function naive({ url, callers, seconds }) {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  try {
    await pool.query(`drop table if exists bench_events, bench_streams; ${SAME_SHAPE};
      create table bench_streams (stream text primary key, revision integer not null)`);
    const measured = await drive({
      callers,
      seconds,
      append: async (stream, revision, id, bytes) => {
        const client = await pool.connect();
        try {
          await client.query('begin');
          const moved = await client.query(
            revision === 0
              ? 'insert into bench_streams values ($1, $2) on conflict do nothing'
              : 'update bench_streams set revision = $2 where stream = $1 and revision = $2 - 1',
            [stream, revision],
          );
          if (moved.rowCount !== 1) throw new Error('conflict');
          await client.query(
            `insert into bench_events (stream, revision, id, type, bytes, recorded_at)
             values ($1, $2, $3, 'CheckRecorded', $4, $5)`,
            [stream, revision, id, bytes, Date.now()],
          );
          await client.query('commit');
        } finally {
          client.release();
        }
      },
    });
    const { rows } = await pool.query('select count(*)::int as stored from bench_events');
    counted(measured.count, rows[0].stored);
    return measured;
  } finally {
    await pool.end();
  }
}

export const emmett =
  (peers) =>
  async ({ url, callers, seconds }) => {
    const { getPostgreSQLEventStore } = await peers.load('@event-driven-io/emmett-postgresql');
    const { STREAM_DOES_NOT_EXIST } = await peers.load('@event-driven-io/emmett');
    const store = getPostgreSQLEventStore(url);
    try {
      await store.schema.migrate();
      const measured = await drive({
        callers,
        seconds,
        append: (stream, revision, id, bytes) =>
          store.appendToStream(stream, [{ type: 'CheckRecorded', data: JSON.parse(bytes), metadata: {} }], {
            expectedStreamVersion: revision === 0 ? STREAM_DOES_NOT_EXIST : BigInt(revision),
          }),
      });
      counted(measured.count, await rowsOf(url, 'emt_messages'));
      return measured;
    } finally {
      await store.close();
    }
  };

const MESSAGE_DB = [
  ...['schema/message-store', 'types/message', 'tables/messages'],
  ...['message-store-version', 'hash-64', 'acquire-lock', 'category', 'is-category', 'id', 'cardinal-id'].map(
    (name) => `functions/${name}`,
  ),
  ...['functions/stream-version', 'functions/write-message'],
  ...['indexes/messages-id', 'indexes/messages-stream', 'indexes/messages-category'],
];

export const messageDb =
  (peers) =>
  async ({ url, callers, seconds }) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('set search_path = message_store, public');
    for (const name of MESSAGE_DB) {
      const text = await readFile(join(peers.path('@eventide/message-db'), 'database', `${name}.sql`), 'utf8');
      // CREATE INDEX CONCURRENTLY may not share a simple query with another statement.
      for (const statement of name.startsWith('indexes/') ? text.split(';').filter((part) => part.trim()) : [text]) {
        await client.query(statement);
      }
    }
    await client.end();
    const pool = new pg.Pool({ connectionString: url, max: 16, options: '-c search_path=message_store,public' });
    try {
      const measured = await drive({
        callers,
        seconds,
        append: (stream, revision, id, bytes) =>
          pool.query({
            name: 'write',
            text: "select write_message($1, $2, 'CheckRecorded', $3, null, $4)",
            values: [id, stream, bytes, revision - 1],
          }),
      });
      counted(measured.count, await rowsOf(url, 'message_store.messages'));
      return measured;
    } finally {
      await pool.end();
    }
  };

async function rowsOf(url, table) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(`select count(*)::int as stored from ${table}`);
  await client.end();
  return rows[0].stored;
}
