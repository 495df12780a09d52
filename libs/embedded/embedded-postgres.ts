import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findBinaries } from './binaries.js';
import { DATABASE_USER, makeCluster, makeLogins, refuseOtherMajorVersion } from './cluster.js';
import { DataDirectoryHeldError, lockDataDirectory, type DataDirectoryLock } from './data-directory-lock.js';
import { EmbeddedServerFault } from './fault.js';
import { isThere } from './files.js';
import {
  databaseUrls,
  KEY_STORE_DATABASE,
  newPassword,
  newPasswords,
  REGISTER_DATABASE,
  type DatabaseUrls,
} from './logins.js';
import {
  choosePlace,
  confirmPlace,
  isCommonPlace,
  pgdataOf,
  placeOf,
  readRecord,
  writeRecord,
  type ServerRecord,
} from './place.js';
import { freePort, isPortFree } from './ports.js';
import {
  isFormerStillEnding,
  ServerDidNotStartError,
  settleFormerServer,
  startServer,
  stopServer,
  type RunningServer,
} from './server-process.js';
import { findServerUser } from './server-user.js';

const FORMER_ENDING_MS = 30_000;
/** More unasked ends than this within the window, and bringing it back is no cure. */
const RESTARTS = 3;
const RESTART_WINDOW_MS = 600_000;

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Refused when taken. By default a free one, the same at every start as long as it stays free. */
  readonly port?: number;
  /** Place for the server's own files; refused when its user can't work there. */
  readonly pgDir?: string;
  /** The caller's hold on `dataDir`, which stays the caller's; taken and let go here when absent. */
  readonly lock?: DataDirectoryLock;
  /** One line per thing worth telling a person. */
  readonly log?: (line: string) => void;
  /** Called each time that the server's process runs, before it takes connections. */
  readonly launched?: () => void;
}

export interface EmbeddedPostgres {
  readonly port: number;
  /** The folder with the server's files, its log and, where needed, its programs. */
  readonly place: string;
  /** The main process now: it is another one after a restart. */
  pid(): number;
  /** Addresses with passwords, each for a login with no more rights than its work needs. */
  readonly urls: DatabaseUrls;
  /** The administrator's address with password, for maintenance only; `postgres` is the maintenance database. */
  url(database: string): string;
  /** Resolves with the reason when the server ended unasked and could not be brought back. */
  readonly lost: Promise<Error>;
  /** Ends sessions and server, then lets go of the data directory. Does nothing the second time. */
  stop(): Promise<void>;
}

/**
 * A PostgreSQL server on the data directory, made at the first start, reachable from this machine only. MUST lose
 * nothing that a former run was told is committed, however that run ended. Throws DataDirectoryHeldError when
 * another process has the data directory, otherwise EmbeddedServerFault with the reason and the end of the server's log.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const lock = options.lock ?? (await lockDataDirectory(options.dataDir));
  const letGo = async (): Promise<void> => (options.lock === undefined ? lock.release() : undefined);
  try {
    return await startLocked(lock.dataDir, options, letGo);
  } catch (error) {
    await letGo();
    if (error instanceof DataDirectoryHeldError) throw error;
    throw new EmbeddedServerFault((error as Error).message, { cause: error });
  }
}

async function startLocked(
  dataDir: string,
  options: EmbeddedPostgresOptions,
  letGo: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const former = await readRecord(dataDir);
  const user = await findServerUser(pgdataOf(former ? placeOf(dataDir, former) : join(dataDir, 'postgres')));
  let record = former ?? (await choosePlace(dataDir, newPassword(), user, log, options.pgDir));
  const place = await confirmPlace(dataDir, record, user, options.pgDir);
  // A copied data directory names the same place: only one of the two may use it.
  const placeLock = await lockDataDirectory(place);
  const release = async (): Promise<void> => {
    await placeLock.release();
    await letGo();
  };
  try {
    const binaries = await findBinaries(place, user);
    if (binaries.copiedBecause !== undefined && former === undefined && !isCommonPlace(place))
      log(`PostgreSQL's programs are copied to ${place}: ${binaries.copiedBecause}.`);
    const pgdata = pgdataOf(place);
    if (!record.initialized) {
      if (!(await isThere(pgdata)))
        await makeCluster(place, binaries, user, record.password, [REGISTER_DATABASE, KEY_STORE_DATABASE]);
      record = await remember(dataDir, record, { initialized: true });
    }
    await refuseOtherMajorVersion(place, binaries);
    await settleFormerServer(pgdata, binaries, user, log);
    // Remembered before they are made: a start that is killed in between makes the same ones again.
    const logins = record.logins ?? newPasswords();
    if (record.loginsMade !== true) {
      record = await remember(dataDir, record, { logins });
      await whenFormerEnded(() => makeLogins(pgdata, binaries, user, logins));
      record = await remember(dataDir, record, { loginsMade: true });
    }
    const logFile = join(place, 'postgres.log');
    const launch = (port: number): Promise<RunningServer> =>
      startServer(binaries, pgdata, user, port, logFile, options.launched);
    const { server, port } = await startOnPort(launch, options.port, record.port);
    if (port !== record.port) await remember(dataDir, record, { port });
    const { password } = record;
    const supervised = supervise(server, () => whenFormerEnded(() => launch(port)), log);
    return {
      port,
      place,
      urls: databaseUrls(port, logins),
      lost: supervised.lost,
      pid: supervised.pid,
      url: (database) => `postgres://${DATABASE_USER}:${password}@127.0.0.1:${port}/${database}`,
      async stop() {
        await supervised.stop((pid) => stopServer(pid, pgdata, binaries));
        await release();
      },
    };
  } catch (error) {
    await placeLock.release();
    throw error;
  }
}

async function remember(dataDir: string, record: ServerRecord, change: Partial<ServerRecord>): Promise<ServerRecord> {
  const next = { ...record, ...change };
  await writeRecord(dataDir, next);
  return next;
}

/** The port asked for, or the one of last time, or a free one; someone may take it between looking and starting. */
async function startOnPort(
  launch: (port: number) => Promise<RunningServer>,
  asked: number | undefined,
  remembered: number | undefined,
): Promise<{ server: RunningServer; port: number }> {
  if (asked !== undefined && !(await isPortFree(asked)))
    throw new Error(`Port ${asked} for PostgreSQL is in use by another program.`);
  for (let tries = 1; ; tries += 1) {
    const known = tries === 1 ? remembered : undefined;
    const port = asked ?? (known !== undefined && (await isPortFree(known)) ? known : await freePort());
    try {
      return { server: await whenFormerEnded(() => launch(port)), port };
    } catch (error) {
      if (!(error instanceof ServerDidNotStartError && error.portTaken) || asked !== undefined || tries === 5)
        throw error;
    }
  }
}

/** After a `kill -9` parts of the former server may live a moment longer; the new one refuses until they are gone. */
async function whenFormerEnded<T>(launch: () => Promise<T>): Promise<T> {
  for (const since = performance.now(); ;) {
    try {
      return await launch();
    } catch (error) {
      const said = error instanceof ServerDidNotStartError ? error.tail : (error as Error).message;
      const wait = isFormerStillEnding(said);
      if (!wait || performance.now() - since > FORMER_ENDING_MS) throw error;
      await pause(250);
    }
  }
}

/** Brings a server back that ended unasked, on the same port, a few times. */
function supervise(first: RunningServer, launch: () => Promise<RunningServer>, log: (line: string) => void) {
  let server = first;
  let ended = false;
  let restarting: Promise<void> | undefined;
  let restarts: number[] = [];
  let stopping = false;
  let stopped: Promise<void> | undefined;
  const lost = new Promise<Error>((reportLost) => {
    const watch = (): void => {
      ended = false;
      void server.ended.then((reason) => {
        ended = true;
        if (stopping) return;
        restarting = restart(reason).catch((error: unknown) => reportLost(error as Error));
      });
    };
    const restart = async (reason: string): Promise<void> => {
      const now = performance.now();
      restarts = [...restarts.filter((moment) => now - moment < RESTART_WINDOW_MS), now];
      if (restarts.length > RESTARTS) {
        throw new Error(`PostgreSQL ended unasked ${restarts.length} times within ten minutes; last: ${reason}.`);
      }
      log(`PostgreSQL ended unasked (${reason}): starting it again.`);
      server = await launch();
      log('PostgreSQL is back.');
      watch();
    };
    watch();
  });

  const stop = async (end: (pid: number) => Promise<void>): Promise<void> => {
    stopping = true;
    await restarting;
    // A number whose process has ended may be another program's by now.
    if (!ended) await end(server.pid);
    await server.ended;
  };
  return {
    lost,
    pid: () => server.pid,
    stop: (end: (pid: number) => Promise<void>): Promise<void> => (stopped ??= stop(end)),
  };
}
