import { createHash, randomUUID } from 'node:crypto';
import { readdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { isThere, makeFolder, readFileIfThere, writeFileWhole } from './files.js';
import type { LoginPasswords } from './logins.js';
import { firstClosedFolder, type ServerUser } from './server-user.js';

/** Where the server's own directory goes when its user can't enter the data directory. */
const COMMON_PLACE = '/var/lib/waarborg';

/** What later starts need to know; kept in `postgres.json` in the data directory, closed to others. */
export interface ServerRecord {
  /** The server's own directory; relative when it lies in the data directory, so that this can be moved. */
  readonly place: string;
  /** Written into `place` as well: a place that belongs to another data directory is never taken over. */
  readonly id: string;
  /** Of the server's administrator. */
  readonly password: string;
  /** Of those who work in the databases; absent until a release that knows them has started. */
  readonly logins?: LoginPasswords;
  /** The server has these logins, with these passwords. */
  readonly loginsMade?: boolean;
  readonly port?: number;
  /** False until the server's files are complete. */
  readonly initialized: boolean;
}

const recordFile = (dataDir: string): string => join(dataDir, 'postgres.json');
const ownerFile = (place: string): string => join(place, 'owner');
export const pgdataOf = (place: string): string => join(place, 'pgdata');

/** True for a place that was chosen because of a closed folder, which has been said then. */
export const isCommonPlace = (place: string): boolean => dirname(place) === COMMON_PLACE;

export async function readRecord(dataDir: string): Promise<ServerRecord | undefined> {
  const text = await readFileIfThere(recordFile(dataDir));
  return text === undefined ? undefined : (JSON.parse(text) as ServerRecord);
}

export const writeRecord = (dataDir: string, record: ServerRecord): Promise<void> =>
  writeFileWhole(recordFile(dataDir), `${JSON.stringify(record, undefined, 2)}\n`);

export const placeOf = (dataDir: string, record: ServerRecord): string => resolve(dataDir, record.place);

/** Checks the place a former start chose: complete, still reachable for the server's user, and the one named now. */
export async function confirmPlace(
  dataDir: string,
  record: ServerRecord,
  user: ServerUser,
  pgDir?: string,
): Promise<string> {
  const place = placeOf(dataDir, record);
  if (pgDir !== undefined && resolve(pgDir) !== place) {
    throw new Error(
      `The data directory ${dataDir} has its server in ${place}; it can't be moved to ${resolve(pgDir)} by naming that.`,
    );
  }
  if (record.initialized && !(await isThere(pgdataOf(place)))) {
    throw new Error(
      `The server's files in ${pgdataOf(place)} are gone though ${recordFile(dataDir)} names them. Restore them from a backup.`,
    );
  }
  const owner = await readFileIfThere(ownerFile(place));
  if (owner !== undefined && owner !== record.id) {
    throw new Error(`The server's directory ${place} belongs to another data directory than ${dataDir}.`);
  }
  await preparePlace(place, record.id);
  refuseClosed(place, user);
  return place;
}

/**
 * Chooses the place for a new server: the one the caller named (refused when the server's user can't enter it), else
 * `postgres/` in the data directory, else a place of our own where that user can go, said in one line.
 */
export async function choosePlace(
  dataDir: string,
  password: string,
  user: ServerUser,
  log: (line: string) => void,
  pgDir?: string,
): Promise<ServerRecord> {
  const id = randomUUID();
  let place = pgDir === undefined ? join(dataDir, 'postgres') : resolve(pgDir);
  if (pgDir === undefined) {
    const closed = firstClosedFolder(dataDir, user);
    if (closed !== undefined) {
      place = join(
        COMMON_PLACE,
        createHash('sha256')
          .update(await realpath(dataDir))
          .digest('hex')
          .slice(0, 16),
      );
      log(`PostgreSQL can't run as root and its user can't enter ${closed}: its own directory is ${place}.`);
      if (await isThere(place)) log(`Kept aside what an earlier data directory left there: ${await setAside(place)}.`);
    }
  }
  if (await isThere(pgdataOf(place))) {
    throw new Error(
      `${pgdataOf(place)} holds the files of a server, but ${recordFile(dataDir)} with its password is missing. ` +
        'Restore that file from a backup, or move the folder away to start anew.',
    );
  }
  await preparePlace(place, id);
  refuseClosed(place, user);
  const inside = relative(dataDir, place);
  const record = {
    place: inside.startsWith('..') || isAbsolute(inside) ? place : inside,
    id,
    password,
    initialized: false,
  };
  await writeRecord(dataDir, record);
  return record;
}

async function preparePlace(place: string, id: string): Promise<void> {
  await makeFolder(place, process.getuid?.() === 0 ? 0o711 : 0o700);
  if (!(await isThere(ownerFile(place)))) await writeFileWhole(ownerFile(place), id, 0o644);
}

function refuseClosed(place: string, user: ServerUser): void {
  const closed = firstClosedFolder(place, user);
  if (closed !== undefined) {
    throw new Error(
      `PostgreSQL can't run in ${place}: it does not run as root, and the user it runs as can't enter ${closed}. ` +
        `Open that folder (chmod a+x ${closed}) or name another place.`,
    );
  }
}

async function setAside(place: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const aside = `${place}.aside-${number}`;
    if (await isThere(aside)) continue;
    await rename(place, aside);
    // The programs are nobody's data: a copy is made again.
    for (const name of await readdir(aside)) {
      if (name.startsWith('postgresql-')) await rm(join(aside, name), { recursive: true });
    }
    return aside;
  }
}
