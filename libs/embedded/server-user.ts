import { execFileSync, spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The user the server runs as; empty when that is the user who starts us. PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * As root: the owner of the server's directory where there is one already, else the user `postgres`, who is made
 * where he is missing. As anyone else: that user. Throws when a user is needed and can't be made.
 */
export async function findServerUser(pgdata: string): Promise<ServerUser> {
  if (!isRoot()) return {};
  const owner = await stat(pgdata).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return postgresUser() ?? makePostgresUser();
}

function postgresUser(): ServerUser | undefined {
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function makePostgresUser(): ServerUser {
  const made = spawnSync(
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'],
    {
      encoding: 'utf8',
    },
  );
  const user = postgresUser();
  if (user !== undefined) return user;
  const why = made.error?.message ?? made.stderr.trim();
  throw new Error(
    `PostgreSQL does not run as root, and a user "postgres" to run it as could not be made (${why}). ` +
      'Make that user, start as an ordinary user, or name a server with DATABASE_URL and KEYSTORE_URL.',
  );
}

/**
 * The outermost folder on the way to `path` (itself included) that the user can't enter; `undefined` when all are
 * open. Tried as that user instead of computed from modes, so that access lists and mount options count too.
 */
export function firstClosedFolder(path: string, user: ServerUser): string | undefined {
  if (process.platform === 'win32') return undefined;
  const folders: string[] = [];
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  const script = 'for folder in "$@"; do cd "$folder" 2>/dev/null || { printf %s "$folder"; exit 1; }; done';
  const tried = spawnSync('/bin/sh', ['-c', script, 'sh', ...folders], { ...user, cwd: '/', encoding: 'utf8' });
  if (tried.error) throw new Error(`The server's user can't be taken on: ${tried.error.message}`);
  return tried.status === 0 ? undefined : tried.stdout || resolve(path);
}
