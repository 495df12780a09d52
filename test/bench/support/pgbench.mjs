import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { eventText } from './load.mjs';

const run = promisify(execFile);

/** Why pgbench can't be run here, or undefined. */
export async function pgbenchMissing() {
  return run('pgbench', ['--version']).then(
    () => undefined,
    () => 'pgbench is not installed (Debian: postgresql-contrib)',
  );
}

/** The same columns and indexes as our table; the position comes from a sequence. */
export const SAME_SHAPE = `
  create table bench_events (
    position bigserial primary key, stream text not null, revision integer not null, id uuid not null unique,
    type text not null, bytes text not null, recorded_at bigint not null, unique (stream, revision))`;

/** One row, one commit, per transaction. Answers transactions a second and the median latency in milliseconds. */
export async function pgbenchInserts({ url, clients, seconds }) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`drop table if exists bench_events; ${SAME_SHAPE}`);
  const folder = await mkdtemp(join(tmpdir(), 'waarborg-pgbench-'));
  try {
    const text = eventText('00000000-0000-4000-8000-000000000000');
    if (/:[A-Za-z0-9_]/.test(text)) throw new Error('pgbench would take a part of the text for a variable');
    await writeFile(
      join(folder, 'insert.sql'),
      `insert into bench_events (stream, revision, id, type, bytes, recorded_at) values
       ('check-' || gen_random_uuid(), 0, gen_random_uuid(), 'CheckRecorded', '${text}', 1767225600000);\n`,
    );
    const { hostname, port, username, password, pathname } = new URL(url);
    const { stdout } = await run(
      'pgbench',
      [
        ...['-h', hostname, '-p', port, '-U', username, '-n', '-M', 'prepared', '-c', String(clients), '-j', '2'],
        ...['-T', String(seconds), '-f', 'insert.sql', '-l', pathname.slice(1)],
      ],
      { cwd: folder, env: { ...process.env, PGPASSWORD: decodeURIComponent(password) } },
    );
    const perSecond = Number(/tps = ([\d.]+) \(without initial/.exec(stdout)?.[1]);
    const logs = (await readdir(folder)).filter((name) => name.startsWith('pgbench_log'));
    const micros = (await Promise.all(logs.map((name) => readFile(join(folder, name), 'utf8'))))
      .flatMap((log) => log.trim().split('\n'))
      .map((line) => Number(line.split(' ')[2]))
      .sort((a, b) => a - b);
    return { perSecond, p50: micros[Math.floor(micros.length / 2)] / 1_000 };
  } finally {
    await client.end();
    await rm(folder, { recursive: true, force: true });
  }
}
