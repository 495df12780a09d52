// npm run soak -- [--events N] [--seed N]
//
// 16 writers in two processes append until so many events are acknowledged, while processes, connections and the
// server are killed by a seeded plan. A reader counts what was lost, came twice, out of order or with a gap. Beside it
// the usual reader reads a table numbered by a sequence, and must lose some: otherwise the run proves nothing.
import { fork } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openPostgresStores } from '#libs/adapters/postgres';
import { startEmbeddedPostgres } from '#libs/embedded';
import { eventOf, HistoryChecker, NAIVE_TABLE, randomFrom, readNaively, surviveCuts } from './soak/checker.mjs';

const { values } = parseArgs({ options: { events: { type: 'string' }, seed: { type: 'string' } } });
const wanted = Number(values.events ?? 1_000_000);
const seed = Number(values.seed ?? 1);
const PROCESSES = 2;
const WRITERS_EACH = 8;
/** The embedded server gives up when it is killed more often than three times in ten minutes. */
const SERVER_KILLS = 3;

const random = randomFrom(seed);
const dataDir = await mkdtemp(join(tmpdir(), 'waarborg-soak-'));
await chmod(dataDir, 0o711);
const server = await startEmbeddedPostgres({ dataDir, log: (line) => console.log(`  ${line}`) });
const url = server.url('waarborg');
const stores = await openPostgresStores({ database: url });
const pool = new pg.Pool({ connectionString: url, max: 4 });
surviveCuts(pool);
const query = async (text, parameters) => (await pool.query(text, parameters)).rows;
await query(NAIVE_TABLE);

const acknowledged = new Map();
let total = 0;
let stop = false;
/** A writing process ended by itself: what it was to show can't be shown any more. */
let broken = false;
const kills = { process: 0, connection: 0, server: 0 };

const processes = new Map();
let nextWriter = 0;
function startProcess(slot) {
  const first = nextWriter;
  nextWriter += WRITERS_EACH;
  const path = fileURLToPath(new URL('./soak/writers.mjs', import.meta.url));
  const child = fork(path, [url, String(first), String(WRITERS_EACH), String(seed + first)]);
  child.on('message', ({ acknowledged: news }) => {
    for (const [writer, number] of Object.entries(news)) {
      total += number - (acknowledged.get(Number(writer)) ?? 0);
      acknowledged.set(Number(writer), number);
    }
  });
  processes.set(slot, child);
  child.on('exit', (code, signal) => {
    if (signal === 'SIGKILL' && !stop) startProcess(slot);
    else processes.delete(slot);
    if (signal === null && code !== 0) {
      console.log(`a writing process ended with ${code}`);
      broken = true;
    }
  });
}
for (let slot = 0; slot < PROCESSES; slot += 1) startProcess(slot);

const checker = new HistoryChecker();
const ending = new AbortController();
const reading = (async () => {
  for await (const page of stores.feed.subscribe(0n, { signal: ending.signal })) {
    for (const { position, id } of page.items) checker.seen(position, eventOf(id));
    if (stop && page.caughtUp && processes.size === 0 && checker.lost(acknowledged) === 0) return;
  }
})();
const naiveReading = readNaively({ query, stopped: () => stop });

async function killSomething() {
  const choice = random();
  if (choice < 0.7) {
    await query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() order by random() limit 3`,
    ).catch(() => undefined);
    kills.connection += 1;
  } else if (choice < 0.95 || kills.server >= SERVER_KILLS || total < (wanted * (kills.server + 1)) / 5) {
    [...processes.values()][Math.floor(random() * processes.size)]?.kill('SIGKILL');
    kills.process += 1;
  } else {
    process.kill(server.pid(), 'SIGKILL');
    kills.server += 1;
    await delay(3_000);
  }
}

const began = performance.now();
let said = began;
while (total < wanted && !broken) {
  await delay(500 + random() * 1_500);
  await killSomething();
  if (performance.now() - said > 10_000) {
    said = performance.now();
    const rate = Math.round(total / ((said - began) / 1_000));
    console.log(
      `  ${total} of ${wanted} acknowledged, ${rate}/s, ${checker.events} read, killed ${JSON.stringify(kills)}`,
    );
  }
}
stop = true;
for (const child of processes.values()) child.send('stop');
const deadline = performance.now() + 60_000;
while (processes.size > 0 && performance.now() < deadline) await delay(50);
const late = setTimeout(() => ending.abort(), 120_000);
await reading.catch((error) => {
  console.log(`the reader stopped: ${error.message}`);
  process.exitCode = 1;
});
clearTimeout(late);
const naive = await (await naiveReading)();

const { events, duplicated, reordered, gaps } = checker;
const lost = checker.lost(acknowledged);
const faults = lost + duplicated + reordered + gaps;
console.log(`
seed ${seed}, ${PROCESSES} processes, ${PROCESSES * WRITERS_EACH} writers, ${Math.round((performance.now() - began) / 1_000)} s
killed: ${kills.process} processes, ${kills.connection} times three connections, ${kills.server} times the server
ours:    ${total} acknowledged, ${events} read; lost ${lost}, twice ${duplicated}, out of order ${reordered}, gaps ${gaps}
control: ${naive.stored} written, lost ${naive.lost} by the usual reader`);
if (broken || faults > 0 || naive.lost === 0) process.exitCode = 1;
console.log(broken || faults > 0 ? 'FAILED' : naive.lost === 0 ? 'NOT PROVEN: the control lost nothing' : 'passed');

await stores.close();
await pool.end();
await server.stop();
for (const path of [dataDir, server.place]) await rm(path, { recursive: true, force: true });
