import { execFileSync, spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { writeFileWhole } from './files.js';

/** The user the server runs as; empty when that is the user who starts us. PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * The system user that the server runs as when root starts it: its own, so that nothing else on the machine, another
 * PostgreSQL least of all, can read the server's files.
 */
const SYSTEM_USER = 'waarborg-db';
const MAKING_TRIES = 10;

/**
 * As root: the owner of the server's directory where there is one already, else a system user of our own, who is made
 * where he is missing. As anyone else: that user. Throws when a user is needed and can't be made.
 */
export async function findServerUser(pgdata: string): Promise<ServerUser> {
  if (!isRoot()) return {};
  const owner = await stat(pgdata).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return systemUser() ?? makeSystemUser();
}

function systemUser(): ServerUser | undefined {
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, SYSTEM_USER], { encoding: 'utf8', stdio: 'pipe' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

async function makeSystemUser(): Promise<ServerUser> {
  let why = '';
  // Two first starts at once want the same file of users; one of them finds it locked.
  for (let tries = 0; tries < MAKING_TRIES; tries += 1) {
    const made = spawnSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', SYSTEM_USER],
      { encoding: 'utf8' },
    );
    const user = systemUser();
    if (user !== undefined) return user;
    why = made.error?.message ?? made.stderr.trim();
    if (made.error !== undefined) break;
    await pause(200);
  }
  throw new Error(
    `PostgreSQL does not run as root, and a user "${SYSTEM_USER}" to run it as could not be made (${why}). ` +
      'Make that user, start as an ordinary user, or name a server with DATABASE_URL and KEYSTORE_URL.',
  );
}

/** Replaces a file in a folder of the server's user. As root: by that user's own hand, whom a link there can't harm. */
export async function writeAs(user: ServerUser, path: string, text: string): Promise<void> {
  if (user.uid === undefined) return writeFileWhole(path, text);
  const script = 'umask 077 && cat > "$1.$$.new" && mv -f "$1.$$.new" "$1"';
  const written = spawnSync('/bin/sh', ['-c', script, 'sh', path], {
    ...user,
    cwd: '/',
    input: text,
    encoding: 'utf8',
  });
  if (written.status !== 0) throw new Error(`${path} can't be written: ${written.error?.message ?? written.stderr}`);
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
