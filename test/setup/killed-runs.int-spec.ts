import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { REGISTER_DATABASE, startEmbeddedPostgres } from '#libs/embedded';
import { testClient, unless } from '#libs/testing';
import { compileEmbedded } from '../postgres/compile-embedded.js';

let folder: string;
let compiled: { folder: string; module: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarborg-killed-'));
  await chmod(folder, 0o711);
  compiled = await compileEmbedded();
});
afterAll(async () => {
  for (const path of [folder, compiled.folder]) await rm(path, { recursive: true, force: true });
});

/** A process of its own that starts the server, says its address and then only lives. */
async function otherRun(dataDir: string): Promise<{ run: ChildProcess; pid: number; url: string }> {
  const script = join(folder, 'run.mjs');
  await writeFile(
    script,
    `const { startEmbeddedPostgres } = await import(process.argv[2]);
     const server = await startEmbeddedPostgres({ dataDir: process.argv[3] });
     console.log(JSON.stringify({ pid: server.pid(), url: server.url('${REGISTER_DATABASE}') }));
     setInterval(() => undefined, 60_000);`,
  );
  const run = spawn(process.execPath, [script, compiled.module, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(run.stdout!), 'line')) as [string];
  return { run, ...(JSON.parse(line) as { pid: number; url: string }) };
}

/** Writes numbers from `first` on until the connection breaks; answers how many were acknowledged. */
async function writeUntilBroken(url: string, first: number, afterSome: () => void): Promise<number> {
  const client = await testClient(url);
  await client.query('create table if not exists kept (number int primary key)');
  let acknowledged = 0;
  try {
    for (; acknowledged < 100_000; acknowledged += 1) {
      await client.query('insert into kept values ($1)', [first + acknowledged]);
      if (acknowledged === 300) afterSome();
    }
  } catch {
    // Broken by the kill, as intended.
  }
  await client.end().catch(() => undefined);
  return acknowledged;
}

async function countAfterRestart(dataDir: string): Promise<{ rows: number; said: string[] }> {
  const said: string[] = [];
  const server = await startEmbeddedPostgres({ dataDir, log: (line) => said.push(line) });
  const client = await testClient(server.url(REGISTER_DATABASE));
  const { rows } = await client.query<{ rows: number }>('select count(*)::int as rows from kept');
  await client.end();
  await server.stop();
  return { rows: rows[0]!.rows, said };
}

test('A start is refused while the other run lives, and stops the server that it left behind once it was killed', async () => {
  const dataDir = join(folder, 'orphan');
  const { run, pid, url } = await otherRun(dataDir);
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(`in use by the running process ${run.pid}`);
  const client = await testClient(url);
  await client.query('create table kept as select 1 as number');
  run.kill('SIGKILL');
  await once(run, 'exit');
  // A session that sits in a transaction must not hold the new start up.
  await client.query('begin');
  await client.query('lock table kept');
  const { rows, said } = await countAfterRestart(dataDir);
  expect(said).toEqual([`An earlier run left its PostgreSQL server behind (process ${pid}): stopping it first.`]);
  expect(rows).toBe(1);
});

const withPgrep = unless(process.platform === 'linux' ? undefined : "the server's processes are found with pgrep");

withPgrep.it(
  'Nothing acknowledged is lost when the run, the server and all its processes are killed while writing',
  async () => {
    const dataDir = join(folder, 'all-killed');
    let rows = 0;
    for (let round = 0; round < 3; round += 1) {
      const { run, pid, url } = await otherRun(dataDir);
      const acknowledged = await writeUntilBroken(url, rows, () => {
        const children = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
        for (const victim of [run.pid!, pid, ...children.trim().split('\n').map(Number)])
          process.kill(victim, 'SIGKILL');
      });
      if (run.exitCode === null && run.signalCode === null) await once(run, 'exit');
      const known = rows + acknowledged;
      ({ rows } = await countAfterRestart(dataDir));
      // One insert may have been committed without its answer.
      expect([known, known + 1]).toContain(rows);
    }
  },
);
