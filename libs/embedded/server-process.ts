import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { open, realpath, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { SERVER_ENVIRONMENT } from './cluster.js';
import { readFileIfThere } from './files.js';
import { isPidTaken, isServerOf } from './processes.js';
import { writeAs, type ServerUser } from './server-user.js';
import { HOST_BASED_ACCESS, serverSettings } from './settings.js';

/** No new line in the server's log for this long while it starts: it hangs. Recovery writes one every 10 s. */
const NO_PROGRESS_MS = 60_000;
const FAST_SHUTDOWN_MS = 60_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;
const LOG_KEPT_BYTES = 10 * 1024 * 1024;

export interface RunningServer {
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<string>;
}

/** The server ended while starting; `tail` is what it said. */
export class ServerDidNotStartError extends Error {
  constructor(
    readonly tail: string,
    logFile: string,
    reason: string,
  ) {
    super(`PostgreSQL did not start (${reason}). The end of ${logFile}:\n${tail}`);
    this.name = 'ServerDidNotStartError';
  }

  get portTaken(): boolean {
    return /Address already in use|could not (bind|create any) /i.test(this.tail);
  }
}

/** Processes of a server that was killed still work; they notice and end by themselves. */
export const isFormerStillEnding = (said: string): boolean =>
  /pre-existing shared memory block|lock file "postmaster.pid" already exists/i.test(said);

/** Starts the server and waits until it takes connections; `launched` is told once it runs. Throws ServerDidNotStartError. */
export async function startServer(
  binaries: Binaries,
  pgdata: string,
  user: ServerUser,
  port: number,
  logFile: string,
  launched: () => void = () => undefined,
): Promise<RunningServer> {
  await limitAccess(pgdata, user);
  await keepLogShort(logFile);
  const logStart = await sizeOf(logFile);
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants;
  const log = openSync(logFile, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o640);
  let child: ChildProcess;
  try {
    child = spawn(binaries.postgres, ['-D', pgdata, ...serverSettings(port)], {
      ...user,
      cwd: '/',
      env: SERVER_ENVIRONMENT,
      stdio: ['ignore', log, log],
      // A Ctrl-C in the terminal must reach the suite only, which finishes its work before it stops the server.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } finally {
    closeSync(log);
  }
  let reason: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve((reason = error.message)));
    child.once('exit', (code, signal) => resolve((reason = signal ?? `status ${code}`)));
  });
  endWithUs(child, ended);
  launched();
  const fail = async (why: string): Promise<never> => {
    throw new ServerDidNotStartError(await tailOf(logFile, logStart), logFile, why);
  };
  let seen = logStart;
  for (let quietSince = performance.now(); ;) {
    if (reason !== undefined) return fail(reason);
    if (child.pid !== undefined && (await isReady(pgdata, child.pid))) return { pid: child.pid, ended };
    const size = await sizeOf(logFile);
    if (size !== seen) [seen, quietSince] = [size, performance.now()];
    if (performance.now() - quietSince > NO_PROGRESS_MS) {
      child.kill('SIGQUIT');
      return fail(`no sign of progress for ${NO_PROGRESS_MS / 1000} s`);
    }
    await Promise.race([pause(25), ended]);
  }
}

/** From its first moment on: this process may be told to end while the server still comes up. */
function endWithUs(child: ChildProcess, ended: Promise<string>): void {
  const end = (): void => void child.kill(process.platform === 'win32' ? 'SIGTERM' : 'SIGINT');
  process.on('exit', end);
  void ended.then(() => process.off('exit', end));
}

async function limitAccess(pgdata: string, user: ServerUser): Promise<void> {
  const file = join(pgdata, 'pg_hba.conf');
  if ((await readFileIfThere(file)) !== HOST_BASED_ACCESS) await writeAs(user, file, HOST_BASED_ACCESS);
}

/** The server writes its state into the last line of its pid file: what pg_ctl waits for as well. */
async function isReady(pgdata: string, pid: number): Promise<boolean> {
  const lines = (await readFileIfThere(pidFile(pgdata)))?.split('\n') ?? [];
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/**
 * Sends the sessions away, writes a checkpoint and ends; harder when that takes too long (what was answered is
 * safe either way: the next start replays the write-ahead log).
 */
export async function stopServer(pid: number, pgdata: string, binaries: Binaries): Promise<void> {
  if (process.platform === 'win32') {
    spawnSync(binaries.pgCtl, ['stop', '-D', pgdata, '-m', 'fast', '-w', '-t', '60'], { windowsHide: true });
    return;
  }
  for (const [signal, limit] of [
    ['SIGINT', FAST_SHUTDOWN_MS],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS],
    ['SIGKILL', IMMEDIATE_SHUTDOWN_MS],
  ] as const) {
    if (!isPidTaken(pid)) return;
    process.kill(pid, signal);
    for (const since = performance.now(); performance.now() - since < limit;) {
      if (!isPidTaken(pid)) return;
      await pause(25);
    }
  }
  throw new Error(`The PostgreSQL process ${pid} could not be stopped.`);
}

/**
 * Deals with what a killed run left: a server that still runs on these files is stopped; a pid file whose number
 * now belongs to some other program, or to a dead process that nobody has cleared away, is made harmless: the new
 * server would take either for a running one. A number that is free is the server's own business.
 */
export async function settleFormerServer(
  pgdata: string,
  binaries: Binaries,
  user: ServerUser,
  log: (line: string) => void,
): Promise<void> {
  const file = pidFile(pgdata);
  const text = await readFileIfThere(file);
  if (text === undefined) return;
  const pid = Math.abs(Number(text.split('\n', 1)[0]));
  if (!Number.isInteger(pid) || pid === 0 || !isPidTaken(pid, 'zombies-too')) return;
  const ours = isServerOf(pid, await realpath(pgdata));
  if (ours === undefined) return;
  if (ours) {
    log(`An earlier run left its PostgreSQL server behind (process ${pid}): stopping it first.`);
    await stopServer(pid, pgdata, binaries);
    return;
  }
  // The file is not removed: its further lines let the server see whether parts of the former one still run.
  await writeAs(user, file, text.replace(/^-?\d+/, String(endedPid())));
}

/** A number that no process has: that of a process of ours which has just ended. */
const endedPid = (): number => spawnSync(process.execPath, ['--version'], { windowsHide: true }).pid;

const pidFile = (pgdata: string): string => join(pgdata, 'postmaster.pid');

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function keepLogShort(logFile: string): Promise<void> {
  if ((await sizeOf(logFile)) > LOG_KEPT_BYTES) await rename(logFile, `${logFile}.1`);
}

async function tailOf(path: string, from: number): Promise<string> {
  const file = await open(path);
  try {
    const start = Math.max(from, (await file.stat()).size - 4000);
    const buffer = Buffer.alloc(4000);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, bytesRead).trim() || '(nothing)';
  } finally {
    await file.close();
  }
}
