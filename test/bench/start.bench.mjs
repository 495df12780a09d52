// npm run bench -- start [--json FILE] [--pairs N] [--events N] [--only S1,S2]
//
// S1: a start on a register whose read models are all of an earlier version, beside one on the same where none is.
// S2: a start after a kill of suite and server, beside the server's alone after such a kill.
import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { printer, suiteModules, suiteProjections, tellStory } from '#apps/suite';
import { tableOf } from '#libs/adapters/postgres';
import { connect } from '#libs/client';
import { startWaarborg } from '#libs/composition';
import { readConfiguration } from '#libs/configuration';
import { recoveryRow } from './start/recovery.mjs';
import { benchOptions } from './support/options.mjs';
import { comparePairs, report } from './support/report.mjs';
import { benchServer } from './support/server.mjs';

const options = benchOptions({ pairs: 3, seconds: 2, events: 200_000 });
const server = await benchServer();
const [register, keys] = [await server.database(), await server.database()];
const client = new pg.Client({ connectionString: register.url });
await client.connect();
const settings = { DATABASE_URL: register.url, KEYSTORE_URL: keys.url };
const configuration = readConfiguration(
  ['--port', '0', '--data-dir', server.folder, '--log-level', 'silent'],
  settings,
);

/** Resolves when it answers; what it says on the way is of no interest. */
const start = () => startWaarborg(suiteModules, configuration, () => undefined);

async function until(holds) {
  for (;;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** One story as the API recorded it, and then as often as it takes, each time about others. */
async function filled(events) {
  const running = await start();
  const token = (role, clerk) => running.issuer.issue({ role, client: role, ...(clerk && { clerk }) });
  const [supplier, network, auditor] = [
    await token('supplier', 'clerk-17'),
    await token('network'),
    await token('auditor', 'auditor-1'),
  ];
  const clients = Object.fromEntries(
    Object.entries({ supplier, network, auditor }).map(([name, its]) => [
      name,
      connect({ base: running.url, credentials: { token: () => Promise.resolve(its) } }),
    ]),
  );
  await tellStory(
    clients,
    printer(() => undefined),
    'bench',
  );
  await running.stop();
  const { rows: story } = await client.query(
    `select stream, revision, type, bytes, recorded_at from waarborg.events
     where stream not like 'installation%' order by position`,
  );
  const { rows: head } = await client.query('select max(position)::int as position from waarborg.events');
  let position = head[0].position;
  for (let copy = 1; position < events;) {
    const values = [];
    for (; position + values.length < events && values.length < 5_000; copy += 1) {
      const other = (id) => {
        const hash = createHash('sha256').update(`${copy} ${id}`).digest('hex');
        return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
      };
      const changed = (text) => text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, other);
      for (const event of story) {
        const bytes = JSON.parse(changed(event.bytes));
        bytes.id = randomUUID();
        values.push({ ...event, id: bytes.id, stream: changed(event.stream), bytes: JSON.stringify(bytes) });
      }
    }
    await client.query(
      `insert into waarborg.events (position, stream, revision, id, type, bytes, recorded_at)
       select $1 + n, stream, revision, id, type, bytes, recorded_at
       from unnest($2::text[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::bigint[])
         with ordinality as e(stream, revision, id, type, bytes, recorded_at, n)`,
      [
        position,
        ...['stream', 'revision', 'id', 'type', 'bytes', 'recorded_at'].map((name) => values.map((v) => v[name])),
      ],
    );
    position += values.length;
  }
  await client.query('vacuum analyze waarborg.events');
  return position;
}

/** Every table in place and as new as this call. By time: some are made of records, which have positions of their own. */
async function built(running) {
  const began = performance.now();
  await until(() => {
    const kept = running.open.followers.map((follower) => follower.status());
    const stopped = kept.find(({ state }) => ['stopped', 'outdated'].includes(state));
    if (stopped !== undefined) throw new Error(`${stopped.name}: ${stopped.stoppedBy?.reason}`);
    return kept.every(({ state, behindFor }) => state === 'running' && behindFor < performance.now() - began);
  });
}

/** Every table as one of a version before this one's, which this one does not read. */
async function makeOutdated() {
  for (const { name, table, version } of suiteProjections) {
    const earlier = { name: `${name}@0`, table: tableOf({ table, version: 0 }).name };
    await client.query(`drop table if exists read_model."${earlier.table}"`);
    await client.query('delete from waarborg.read_models where name = $1', [earlier.name]);
    await client.query(`alter table read_model."${tableOf({ table, version }).name}" rename to "${earlier.table}"`);
    await client.query('update waarborg.read_models set name = $2, table_name = $3, version = 0 where name = $1', [
      ...[`${name}@${version}`, earlier.name, earlier.table],
    ]);
  }
}

/** Milliseconds until it answers and is ready; leaves the tables built. */
async function toReady() {
  await server.settle();
  const began = performance.now();
  const running = await start();
  await until(async () => (await fetch(`${running.url}/health/ready`)).status === 200);
  const took = performance.now() - began;
  await built(running);
  process.stderr.write(
    `    ready after ${Math.round(took)} ms, every table there after ${Math.round(performance.now() - began)} ms\n`,
  );
  await running.stop();
  return took;
}

async function outdatedRow() {
  const events = await filled(options.events);
  process.stderr.write(`  ${events} events\n`);
  // Building what was added is quicker than catching up with it.
  await makeOutdated();
  await toReady();
  return comparePairs({
    id: 'S1',
    what: `start until ready at ${events} events, every read model outdated ÷ none`,
    unit: 'ms',
    pairs: options.pairs,
    ours: async () => {
      await makeOutdated();
      return toReady();
    },
    reference: toReady,
  });
}

const ROWS = { S1: outdatedRow, S2: () => recoveryRow({ pairs: options.pairs, seconds: options.seconds }) };
try {
  const rows = [];
  for (const [id, measure] of Object.entries(ROWS)) {
    if (options.only === undefined || options.only.includes(id)) rows.push(await measure());
  }
  await report({ bench: 'start', machine: await server.machine(), rows, json: options.json });
} finally {
  await client.end();
  await server.stop();
}
