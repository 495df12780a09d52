import { afterEach, beforeEach, expect } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notRoot, unless } from '#libs/testing';

const scripts = fileURLToPath(new URL('../../deploy/local/', import.meta.url));
const asRoot = unless(notRoot());
const OTHER = 65_534;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarborg-foreign-'));
  await chmod(folder, 0o755);
  await cp(scripts, join(folder, 'deploy', 'local'), { recursive: true });
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'package-lock.json'), '{"packages":{}}');
  await writeFile(
    join(folder, 'deploy', 'local', 'probe.mjs'),
    `import { statSync, writeFileSync } from 'node:fs';
     import { join } from 'node:path';
     import { root, runAfterSetup } from './setup.mjs';
     await runAfterSetup(() => {
       writeFileSync(join(root, 'written'), '');
       const home = process.env.HOME;
       const said = { uid: process.getuid(), groups: process.getgroups(), home, homeOf: statSync(home).uid };
       console.log(JSON.stringify(said));
     }, { build: false });`,
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const probe = (): { stdout: string; stderr: string; status: number | null } =>
  spawnSync(process.execPath, [join(folder, 'deploy', 'local', 'probe.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, npm_config_cache: join(homedir(), '.npm') },
  });

asRoot.it("As root, a command in another user's folder goes on as that user", async () => {
  await writeFile(join(folder, 'node_modules', '.package-lock.json'), '{"packages":{}}');
  execFileSync('chown', ['-R', `${OTHER}:${OTHER}`, folder]);
  const { stdout, stderr } = probe();
  expect(stderr).toContain('going on as that user instead of as root');
  const { uid, groups, home, homeOf } = JSON.parse(stdout) as Readonly<Record<'uid' | 'homeOf', number>> & {
    readonly groups: number[];
    readonly home: string;
  };
  expect([uid, groups, homeOf]).toEqual([OTHER, [OTHER], OTHER]);
  expect((await stat(join(folder, 'written'))).uid).toBe(OTHER);
  // One that was made for this run goes with it.
  if (home.includes('waarborg-home-')) await expect(stat(home)).rejects.toMatchObject({ code: 'ENOENT' });
});

asRoot.it("As root, nothing is left of root in another user's folder when installing fails there", async () => {
  execFileSync('chown', ['-R', `${OTHER}:${OTHER}`, folder]);
  // Without a package.json npm gives up; what it and the lock leave behind is the owner's.
  expect(probe().status).toBe(1);
  expect(execFileSync('find', [folder, '-uid', '0'], { encoding: 'utf8' })).toBe('');
});

asRoot.it("As root, a command in root's own folder stays root", async () => {
  await writeFile(join(folder, 'node_modules', '.package-lock.json'), '{"packages":{}}');
  expect((JSON.parse(probe().stdout) as { uid: number }).uid).toBe(0);
});
