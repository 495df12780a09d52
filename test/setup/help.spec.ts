import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A clone in which nothing is installed yet, as far as its commands need it. */
let clone: string;
beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'waarborg-help-'));
  for (const path of ['package.json', 'package-lock.json', 'deploy/local', 'docs/operations.md'])
    await cp(join(root, path), join(clone, path), { recursive: true });
});
afterAll(() => rm(clone, { recursive: true, force: true }));

const help = (script: string, ...words: readonly string[]) =>
  spawnSync(process.execPath, [join(clone, 'deploy/local', `${script}.mjs`), ...words], { encoding: 'utf8' });

it.each(['--help', '-h'])('npm start -- %s names every setting before anything is installed', async (word) => {
  const { status, stdout, stderr } = help('start', word);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const settings = [...(await readFile(join(root, 'docs/operations.md'), 'utf8')).matchAll(/^- `(--[a-z-]+)` \(`/gm)];
  expect(settings.length).toBeGreaterThan(20);
  for (const [, setting] of settings) expect(stdout).toContain(`  ${setting!} (`);
  expect(stdout).not.toMatch(/[`|]/);
  expect(await readdir(clone)).not.toContain('node_modules');
});

it('every command that runs something of the suite says what it is for', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<string, string>>;
  };
  const silent: string[] = [];
  let asked = 0;
  for (const [script, command] of Object.entries(scripts)) {
    const file = /^node (deploy\/local\/[a-z-]+\.mjs)$/.exec(command)?.[1];
    if (file === undefined || !(await readFile(join(root, file), 'utf8')).includes('runBuilt(')) continue;
    asked += 1;
    const { status, stdout } = help(script, '--help');
    const typed = script === 'start' ? 'npm start' : `npm run ${script}`;
    if (status !== 0 || !stdout.startsWith(`  ${typed}`)) silent.push(script);
  }
  expect(silent).toEqual([]);
  expect(asked).toBeGreaterThan(8);
});
