import { execFile } from 'node:child_process';
import { access, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// Readers of logs that are not ours. They are fetched in CI only; else they are here or not.

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../../node_modules/.cache/waarborg-log-tools', import.meta.url));
const mayFetch = process.env['CI'] === 'true';
const FETCHING = 300_000;
/** With one worker fsck hangs on a changed byte; whatever it does, it is ended then. */
const READING = 60_000;

const FSCK = 'v1.0.4';
const fsck = join(cache, `fsck-${FSCK}`, 'fsck');
const AICS = '0.2.1';
const OF_AGE = 'import sys; sys.exit(sys.version_info < (3, 12))';
const python = join(cache, `aics-tlog-${AICS}`, 'bin', 'python');

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Why a tool is not here, after an attempt to bring it where that is allowed. */
async function missing(path: string, name: string, bring: () => Promise<unknown>): Promise<string | undefined> {
  if (await isThere(path)) return undefined;
  if (!mayFetch) return `needs ${name}, which is fetched with CI=true`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await bring();
    return undefined;
  } catch (error) {
    await rm(dirname(path), { recursive: true, force: true });
    const { code, stderr = '', message } = error as { code?: string | number; stderr?: string; message: string };
    if (code === 'ENOENT') return `needs ${name}, and what it is made with`;
    return `needs ${name}: ${stderr.trim().split('\n').at(-1) || message}`;
  }
}

export const missingFsck = (): Promise<string | undefined> =>
  missing(fsck, `Tessera's fsck ${FSCK}`, () =>
    run('go', ['install', `github.com/transparency-dev/tessera/cmd/fsck@${FSCK}`], {
      env: { ...process.env, GOBIN: dirname(fsck), GOFLAGS: '' },
      timeout: FETCHING,
    }),
  );

export const missingAics = (): Promise<string | undefined> =>
  missing(python, `aics-tlog ${AICS} and Python 3.12`, async () => {
    const programs = ['python3.14', 'python3.13', 'python3.12', 'python3'];
    const versions = await Promise.all(
      programs.map((name) =>
        run(name, ['-c', OF_AGE]).then(
          () => true,
          () => false,
        ),
      ),
    );
    const found = programs[versions.indexOf(true)];
    if (found === undefined) throw Object.assign(new Error('no Python'), { code: 'ENOENT' });
    const environment = dirname(dirname(python));
    await run(found, ['-m', 'venv', environment], { timeout: FETCHING });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `aics-tlog==${AICS}`];
    await run(python, pip, { timeout: FETCHING });
  });

/** What fsck says of the log at an address (`file:` as well); its status is 0 whatever it finds. */
export async function fsckSays(address: string, keyFile: string): Promise<string> {
  const storage = ['--storage_url', address, '--public_key', keyFile];
  const { stdout, stderr } = await run(fsck, ['-N', '16', '--ui=false', '--logtostderr', ...storage], {
    timeout: READING,
    maxBuffer: 1e8,
  }).catch((error: unknown) => error as { stdout: string; stderr: string });
  return stdout + stderr;
}

/** With this line it accepts a log. */
export const fsckAccepts = (size: number, root: Buffer): string =>
  `Successfully fsck'd log with size ${size} and root ${root.toString('base64')}`;

export interface Said {
  readonly ok: boolean;
  readonly error?: string;
  readonly index?: number;
}

/** What aics-tlog says of an entry in the log of a folder. */
export async function aicsSays(folder: string, index: number, entryFile: string, keyFile: string): Promise<Said> {
  const asked = ['--leaf', entryFile, '--index', String(index), '--tiles', folder, '--vkey-file', keyFile];
  const { stdout } = await run(python, ['-m', 'aics_tlog', 'verify-inclusion', ...asked], { timeout: READING }).catch(
    (error: unknown) => error as { stdout: string },
  );
  return JSON.parse(stdout) as Said;
}
