import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createRequire } from 'node:module';

const PACKAGES = {
  '@event-driven-io/emmett': '0.42.0',
  '@event-driven-io/emmett-postgresql': '0.42.0',
  '@event-driven-io/pongo': '0.16.11',
  '@eventide/message-db': '1.3.1',
  pg: '8.23.1',
};

/**
 * Installs what we compare ourselves with, outside our own dependencies, once: the stores, or other packages under a name of
 * their own.
 */
export async function installPeers(packages = PACKAGES, name = 'peers') {
  const folder = new URL(`../../../node_modules/.cache/waarborg-bench-${name}/`, import.meta.url);
  await mkdir(folder, { recursive: true });
  const wanted = `${JSON.stringify({ private: true, dependencies: packages }, null, 2)}\n`;
  const file = new URL('package.json', folder);
  const present = await readFile(file, 'utf8').catch(() => '');
  if (present !== wanted) {
    await writeFile(file, wanted);
    await promisify(execFile)(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--no-package-lock'],
      { cwd: fileURLToPath(folder), timeout: 180_000 },
    ).catch(async (error) => {
      await writeFile(file, '');
      throw new Error(
        `npm could not install them: ${
          String(error.stderr ?? error.message)
            .trim()
            .split('\n')[0]
        }`,
      );
    });
  }
  const require = createRequire(file);
  return {
    load: (name) => import(pathToFileURL(require.resolve(name)).href),
    path: (name) => fileURLToPath(new URL(`node_modules/${name}/`, folder)),
  };
}
