import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, lstat, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onWindows, unless, until } from '#libs/testing';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MINUTES = 60_000;
const LEFT_OUT = /^(node_modules|dist|data|reports|coverage|\.git|\.stryker-tmp)(\/|$)/;

let folder: string;
const started: ChildProcess[] = [];

/** The project without anything installed or built, in a folder closed to every other user. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarborg-fresh-'));
  await cp(root, folder, {
    recursive: true,
    filter: (path) => !LEFT_OUT.test(relative(root, path).replaceAll('\\', '/')),
  });
});

afterAll(async () => {
  for (const run of started) {
    if (run.exitCode !== null || run.signalCode !== null) continue;
    run.kill('SIGTERM');
    await once(run, 'exit');
  }
  const record = await readFile(join(folder, 'data', 'demo', 'postgres.json'), 'utf8').catch(() => undefined);
  // Started by root the server's files lie outside the folder.
  if (record !== undefined) {
    const { place } = JSON.parse(record) as { place: string };
    await rm(resolve(folder, 'data', 'demo', place), { recursive: true, force: true });
  }
  await rm(folder, { recursive: true, force: true });
});

/** What a newcomer's shell would have, with install scripts blocked as many people and npm 12 do. */
function environment(): NodeJS.ProcessEnv {
  const own = /^(WAARBORG_|JEST_|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$|npm_(lifecycle|package|config_local)_)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  return { ...Object.fromEntries(kept), npm_config_ignore_scripts: 'true', npm_config_prefer_offline: 'true' };
}

/** The npm that runs this test, where one does. */
function npmProgram(): [program: string, first: string[]] {
  const script = process.env['npm_execpath'];
  return script !== undefined && /npm-cli\.[cm]?js$/.test(script) ? [process.execPath, [script]] : ['npm', []];
}

function npm(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const [program, first] = npmProgram();
  return spawnSync(program, [...first, ...args], { cwd: folder, env: environment(), encoding: 'utf8' });
}

const gone = (url: string): Promise<void> =>
  until(
    `nobody answers at ${url}`,
    async () => (await fetch(`${url}/health/ready`).catch(() => undefined)) === undefined,
  );

/** `npm start` without npm between us and the signals; resolves when it answers. */
async function start(
  program = process.execPath,
  first: readonly string[] = [join('deploy', 'local', 'start.mjs')],
): Promise<{ run: ChildProcess; url: string }> {
  const args = [...first, '--port', '0', '--data-dir', join('data', 'demo')];
  const run = spawn(program, args, { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(run);
  let output = '';
  const url = new Promise<string>((answer, fail) => {
    for (const stream of [run.stdout!, run.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const found = /answers at (http:\S+)/.exec(output)?.[1];
        if (found !== undefined) answer(found);
      });
    }
    run.once('exit', (code, signal) => fail(new Error(`the suite ended (${signal ?? code}): ${output}`)));
  });
  return { run, url: await url };
}

const ready = (url: string): Promise<void> =>
  until(`${url} is ready`, async () => (await fetch(`${url}/health/ready`).catch(() => undefined))?.status === 200);

const packages = async (): Promise<number> => {
  const list = await readFile(join(folder, 'node_modules', '.package-lock.json'), 'utf8');
  return Object.keys((JSON.parse(list) as { packages: object }).packages).length;
};

async function megabytes(path: string): Promise<number> {
  const entries = await readdir(join(folder, path), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const sizes = await Promise.all(files.map(async (file) => (await lstat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0) / 1_000_000;
}

/** What was told of the setup, step by step. */
const steps = (stderr: string): readonly string[] => [...stderr.matchAll(/^(\S.*) …$/gm)].map(([, step]) => step!);

/** What a newcomer waits for (ADR 0084, 0085). More than this is a choice to be made, not something that happens. */
const BUDGET = { packages: 170, megabytes: 185, steps: ['Installing packages', 'Building', 'Writing the contract'] };

describe('A fresh folder that is closed to others, with install scripts blocked', () => {
  test(
    'plays the demo with one command',
    async () => {
      const { status, stdout, stderr } = npm('run', 'demo', '--', '--exit');
      expect(status === 0 ? '' : stderr).toBe('');
      expect(stdout).toContain('\nThe demo went through.\n');
      // Nothing that one run leaves on record stands against the next.
      expect(npm('run', 'demo', '--', '--exit').stdout).toContain('\nThe demo went through.\n');
      expect(steps(stderr)).toEqual(BUDGET.steps);
      expect(await packages()).toBeLessThanOrEqual(BUDGET.packages);
      expect(await megabytes('node_modules')).toBeLessThanOrEqual(BUDGET.megabytes);
    },
    30 * MINUTES,
  );

  test('prints a token as its last line', () => {
    const { status, stdout } = npm('run', 'token', '--', '--role', 'auditor', '--data-dir', join('data', 'demo'));
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test(
    'continues on the same data, refuses a second start beside it, ends cleanly, and goes on after kill -9',
    async () => {
      const first = await start();
      await ready(first.url);
      await expect(start()).rejects.toThrow(`in use by the running process ${first.run.pid}`);
      first.run.kill('SIGKILL');
      await once(first.run, 'exit');
      const second = await start();
      await ready(second.url);
      second.run.kill('SIGTERM');
      expect(await once(second.run, 'exit')).toEqual([0, null]);
    },
    10 * MINUTES,
  );

  unless(onWindows('no signal reaches npm there')).it('ends when only npm is told to', async () => {
    const [program, first] = npmProgram();
    const { run, url } = await start(program, [...first, 'start', '--']);
    run.kill('SIGTERM');
    await gone(url);
    const next = await start();
    next.run.kill('SIGTERM');
    expect(await once(next.run, 'exit')).toEqual([0, null]);
  });

  test(
    'gets the tools of the tests when they are asked for, beside what is there, and keeps them',
    async () => {
      const lock = await readFile(join(folder, 'package-lock.json'), 'utf8');
      const fastify = join(folder, 'node_modules', 'fastify', 'package.json');
      const { ino } = await stat(fastify);
      const before = await packages();
      const checked = npm('run', 'typecheck', '--', '--version');
      expect(checked.status === 0 ? '' : checked.stderr).toBe('');
      expect(steps(checked.stderr)).toEqual(['Installing packages, those of the tests among them']);
      expect(await packages()).toBeGreaterThan(before);
      // A suite that runs on it is not left without its packages for a moment.
      expect((await stat(fastify)).ino).toBe(ino);
      expect(await readFile(join(folder, 'package-lock.json'), 'utf8')).toBe(lock);
      const all = await packages();
      const token = npm('run', 'token', '--', '--role', 'auditor', '--data-dir', join('data', 'demo'));
      expect([token.status, steps(token.stderr), await packages()]).toEqual([0, [], all]);
    },
    30 * MINUTES,
  );

  test(
    'takes what was installed by hand, with the tools of the tests or without',
    async () => {
      const byHand = npm('ci', '--omit=dev', '--no-audit', '--no-fund');
      expect(byHand.status === 0 ? '' : byHand.stderr).toBe('');
      const some = await packages();
      const token = npm('run', 'token', '--', '--role', 'auditor', '--data-dir', join('data', 'demo'));
      expect([token.status, steps(token.stderr), await packages()]).toEqual([0, [], some]);
      expect(some).toBeLessThanOrEqual(BUDGET.packages);
    },
    30 * MINUTES,
  );
});
