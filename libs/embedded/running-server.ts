import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DATABASE_USER } from './cluster.js';
import { readFileIfThere } from './files.js';
import { databaseUrls, type DatabaseUrls } from './logins.js';
import { pgdataOf, placeOf, readRecord } from './place.js';
import { isPidTaken, isServerOf } from './processes.js';

/** A server of the data directory that another process of ours runs. */
export interface RunningPostgres {
  readonly urls: DatabaseUrls;
  /** The administrator's address, for maintenance only. */
  url(database: string): string;
}

/** The data directory's server where it runs already; `undefined` where it does not. Changes nothing. */
export async function findRunningPostgres(path: string): Promise<RunningPostgres | undefined> {
  const dataDir = resolve(path);
  const record = await readRecord(dataDir);
  if (record?.port === undefined || record.logins === undefined) return undefined;
  const pgdata = pgdataOf(placeOf(dataDir, record));
  const pid = Number((await readFileIfThere(join(pgdata, 'postmaster.pid')))?.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isPidTaken(pid)) return undefined;
  if (isServerOf(pid, await realpath(pgdata)) === false) return undefined;
  const { password, port, logins } = record;
  return {
    urls: databaseUrls(port, logins),
    url: (database) => `postgres://${DATABASE_USER}:${password}@127.0.0.1:${port}/${database}`,
  };
}
