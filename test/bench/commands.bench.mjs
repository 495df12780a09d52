// npm run bench -- commands [--json FILE] [--pairs N] [--seconds S] [--connections C]
//
// A6: commands over HTTP (token, key, strict JSON, validation, load, decide, append, answer), beside bare appends of one
// event on the same server, as many callers at once.
import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import pg from 'pg';
import { openPostgresStores } from '#libs/adapters/postgres';
import { findRunningPostgres } from '#libs/embedded';
import { load, postOf } from './support/http-load.mjs';
import { drive } from './support/load.mjs';
import { benchOptions } from './support/options.mjs';
import { programs } from './support/programs.mjs';
import { comparePairs, report } from './support/report.mjs';

const { pairs, seconds, connections, json } = benchOptions({ connections: 64 });
const DATABASE = 'waarborg_bench';
/** Stands in a request until it is sent, with a key of its own in its place. */
const KEY = randomUUID();

const all = await programs();
let stores;
let maintenance;
try {
  const suite = await all.start('suite/main');
  const server = await findRunningPostgres(suite.data);
  maintenance = new pg.Client({ connectionString: server.url('postgres') });
  await maintenance.connect();
  await maintenance.query(`create database ${DATABASE} encoding 'UTF8' template template0`);
  stores = await openPostgresStores({ database: server.url(DATABASE) });
  const counted = async (database) => {
    const client = new pg.Client({ connectionString: server.url(database) });
    await client.connect();
    const { rows } = await client.query('select count(*)::int as events from waarborg.events');
    await client.end();
    return rows[0].events;
  };

  const commands = async () => {
    await maintenance.query('checkpoint');
    const before = await counted('waarborg');
    const received = { channel: 'electronic', receivedAt: new Date().toISOString(), purposes: ['means'] };
    const { url } = suite;
    const post = postOf({
      ...{ url, path: '/v1/applications', body: JSON.stringify(received) },
      headers: { Authorization: `Bearer ${suite.tokens.supplier}`, 'Idempotency-Key': KEY },
    });
    const [head, rest] = post.split(KEY);
    const next = () => `${head}${randomUUID()}${rest}`;
    const { count, perSecond } = await load({ url, connections, seconds, next });
    const kept = (await counted('waarborg')) - before;
    if (kept !== count) throw new Error(`${count} commands were accepted, and ${kept} events are there`);
    return perSecond;
  };
  const appends = async () => {
    await maintenance.query('checkpoint');
    const before = await counted(DATABASE);
    const { count, perSecond } = await drive({
      callers: connections,
      seconds,
      append: (stream, revision, id, bytes) =>
        stores.events.append(stream, revision === 0 ? 'no-stream' : revision - 1, [
          { id, type: 'CheckRecorded', bytes },
        ]),
    });
    if ((await counted(DATABASE)) - before !== count) throw new Error('not all that was acknowledged is there');
    return perSecond;
  };
  for (const warm of [commands, appends]) await warm();
  const what = `a command over HTTP ÷ an append, ${connections} at once`;
  const row = await comparePairs({ id: 'A6', what, unit: 'events/s', pairs, ours: commands, reference: appends });
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
  await report({ bench: 'commands', machine, rows: [row], json });
} finally {
  await stores?.close();
  await maintenance?.end();
  await all.close();
}
