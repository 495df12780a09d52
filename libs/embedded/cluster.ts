import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { lchown, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import { createFile } from './files.js';
import { loginStatements, type LoginPasswords } from './logins.js';
import { pgdataOf } from './place.js';
import type { ServerUser } from './server-user.js';

/** Name of the server's own administrator; the password goes with it. */
export const DATABASE_USER = 'waarborg';

/** Nothing of the caller's environment (PGDATA, PGOPTIONS, locale) may reach the server. */
export const SERVER_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  ...(process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] } : {}),
  LC_ALL: 'C',
  TZ: 'UTC',
};

/**
 * Makes the server's files with the databases in them. All or nothing: they appear under their name only when
 * complete, so a start that was killed half-way leaves nothing that looks like a server.
 */
export async function makeCluster(
  place: string,
  binaries: Binaries,
  user: ServerUser,
  password: string,
  databases: readonly string[],
): Promise<void> {
  for (const name of await readdir(place)) {
    // An initdb that outlived its killed parent may still write there; then the next start removes the rest.
    if (name.startsWith('pgdata.new-')) await rm(join(place, name), { recursive: true }).catch(() => undefined);
  }
  const draft = join(place, `pgdata.new-${randomBytes(6).toString('hex')}`);
  await mkdir(draft, { mode: 0o700 });
  const passwordFile = `${draft}-password`;
  try {
    await createFile(passwordFile, `${password}\n`, 0o600);
    await giveTo(user, draft);
    await giveTo(user, passwordFile);
    await run(
      binaries.initdb,
      [
        `--pgdata=${draft}`,
        `--username=${DATABASE_USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // PostgreSQL's own C.UTF-8: the same order of strings on every machine, whatever locales it has.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      user,
    );
    await createDatabases(draft, binaries, user, databases);
    await rename(draft, pgdataOf(place));
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

/** Databases of the server that is not running; those that are there stay. */
async function createDatabases(
  pgdata: string,
  binaries: Binaries,
  user: ServerUser,
  names: readonly string[],
): Promise<void> {
  const statements = names.map((name) => `CREATE DATABASE ${name}`);
  await runStatements(pgdata, binaries, user, 'postgres', statements);
}

/**
 * Makes the logins, gives them these passwords and what they own. No server may be running; one that was killed is
 * recovered by this.
 */
export async function makeLogins(
  pgdata: string,
  binaries: Binaries,
  user: ServerUser,
  passwords: LoginPasswords,
): Promise<void> {
  for (const [database, statements] of Object.entries(loginStatements(passwords))) {
    await runStatements(pgdata, binaries, user, database, statements);
  }
}

/** In single-user mode, which needs neither client nor password; one statement a line. */
async function runStatements(
  pgdata: string,
  binaries: Binaries,
  user: ServerUser,
  database: string,
  statements: readonly string[],
): Promise<void> {
  // Never quotes the statement that failed: it may hold a password.
  const quiet = ['-c', 'log_min_messages=error', '-c', 'log_min_error_statement=panic'];
  const input = statements.map((statement) => `${statement}\n`).join('');
  await run(binaries.postgres, ['--single', '-D', pgdata, ...quiet, database], user, input);
}

/** Throws when the installed programs are of another major version than the one that wrote the files. */
export async function refuseOtherMajorVersion(place: string, binaries: Binaries): Promise<void> {
  const written = (await readFile(join(pgdataOf(place), 'PG_VERSION'), 'utf8')).trim();
  const output = await run(binaries.postgres, ['--version'], {});
  const installed = /(\d+)(?:\.|\D*$)/.exec(output)?.[1];
  if (written !== installed) {
    throw new Error(
      `The files in ${pgdataOf(place)} were written by PostgreSQL ${written}, the installed programs are version ` +
        `${installed ?? 'unknown'}. Move the data over with the version that wrote it; nothing was changed.`,
    );
  }
}

async function giveTo({ uid, gid }: ServerUser, path: string): Promise<void> {
  if (uid !== undefined && gid !== undefined) await lchown(path, uid, gid);
}

/** Runs a program of PostgreSQL to its end and answers its output. Throws with the output when it fails. */
async function run(program: string, args: readonly string[], user: ServerUser, input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...user, cwd: '/', env: SERVER_ENVIRONMENT, windowsHide: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('error', (error) => reject(new Error(`${program} can't be run: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0 && !/^.*\b(ERROR|FATAL|PANIC):/m.test(output)) resolve(output);
      else reject(new Error(`${program} failed (${signal ?? `status ${code}`}):\n${output.trim()}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
