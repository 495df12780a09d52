// npm run bench -- replay [--json FILE] [--pairs N] [--events N]
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { openPostgresStores } from '#libs/adapters/postgres';
import { fill } from './rebuild/projection.mjs';
import { benchOptions } from './support/options.mjs';
import { comparePairs, notRun, report } from './support/report.mjs';
import { benchServer } from './support/server.mjs';

const options = benchOptions({ events: 500_000 });
const { pairs, events } = options;
const run = promisify(execFile);
const server = await benchServer();
const database = await server.database();
const stores = await openPostgresStores({ database: database.url });
const client = new pg.Client({ connectionString: database.url });
await client.connect();
await client.query(fill(events));
await client.query('vacuum analyze waarborg.events');

const perSecond = (began) => events / ((performance.now() - began) / 1_000);

/** Reads everything from the first event on and parses each, as a rebuild does before it folds. */
async function replay() {
  const began = performance.now();
  let count = 0;
  let parties = 0;
  for await (const page of stores.feed.replay(0n)) {
    for (const item of page.items) {
      count += 1;
      if (JSON.parse(item.bytes).data.party !== undefined) parties += 1;
    }
  }
  if (count !== events || parties !== events) throw new Error(`${count} of ${events} events were read`);
  return perSecond(began);
}

/** The same, the texts left as they are. */
async function texts() {
  const began = performance.now();
  let count = 0;
  let bytes = 0;
  for await (const page of stores.feed.replay(0n)) {
    for (const item of page.items) {
      count += 1;
      bytes += item.bytes.length;
    }
  }
  if (count !== events || bytes < events * 100) throw new Error(`${count} of ${events} events were read`);
  return perSecond(began);
}

/** The same stretch by pages, as a subscriber that is behind reads it. */
async function pages() {
  const began = performance.now();
  let upTo = 0n;
  for (;;) {
    const page = await stores.feed.read(upTo);
    for (const item of page.items) JSON.parse(item.bytes);
    upTo = page.upTo;
    if (page.caughtUp) break;
  }
  if (upTo !== BigInt(events)) throw new Error(`${upTo} of ${events} events were read`);
  return perSecond(began);
}

async function copy() {
  const columns = 'position, stream, revision, id, type, bytes, recorded_at';
  const command = `\\copy (select ${columns} from waarborg.events order by position) to '/dev/null'`;
  const began = performance.now();
  await run('psql', ['-d', database.url, '-c', command]);
  return perSecond(began);
}

const rows = [];
try {
  const missing = await run('psql', ['--version']).then(
    () => undefined,
    () => 'psql is not installed (Debian: postgresql-client)',
  );
  for (const [id, what, ours] of [
    ['R1', `replay into memory with JSON parsed, ${events} events, ÷ psql \\copy of the same columns`, replay],
    ['R1-text', 'the same with the texts left as they are ÷ psql \\copy', texts],
    ['R1-pages', 'the same by pages, as a subscriber that is behind ÷ psql \\copy', pages],
  ]) {
    if (missing !== undefined) rows.push(notRun(id, what, missing));
    else {
      await ours();
      rows.push(await comparePairs({ id, what, unit: 'events/s', pairs, ours, reference: copy }));
    }
  }
  await report({ bench: 'replay', machine: await server.machine(), rows, json: options.json });
} finally {
  await client.end();
  await stores.close();
  await server.stop();
}
