import { FaultForPeople } from '#libs/kernel';
import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { removeAbandonedDrafts } from '#libs/files';
import { EmbeddedServerFault } from './fault.js';
import { createFile, makeFolder, writeFileWhole } from './files.js';
import { isRunning, ownIdentity, type ProcessIdentity } from './processes.js';

export interface DataDirectoryLock {
  readonly dataDir: string;
  /** Lets go; the next start of any process gets it. Does nothing the second time. */
  release(): Promise<void>;
}

/** Another live process works in the data directory. */
export class DataDirectoryHeldError extends FaultForPeople {
  override readonly name = 'DataDirectoryHeldError';

  constructor(
    readonly dataDir: string,
    readonly pid: number,
  ) {
    super(
      `The data directory ${dataDir} is in use by the running process ${pid}. Stop that one first, or name another data directory.`,
    );
  }
}

const DRAFT = 'lock-draft.';
const FREE: ProcessIdentity = { pid: 0, startedAt: undefined };

/**
 * Takes the data directory for this process, making it where it is missing. MUST have one winner when several start
 * at once; MUST take over from a process that died without letting go; throws DataDirectoryHeldError otherwise.
 *
 * The holder is named in `lock.<number>`. Taking over means linking the next number, which the file system lets one
 * process do; numbers never go back (the last file stays, also when let go), so that a slow starter that saw an old
 * number finds a higher one afterwards and steps back.
 */
export async function lockDataDirectory(path: string): Promise<DataDirectoryLock> {
  const dataDir = resolve(path);
  // Root's data directory lets the server's user pass (its files are closed one by one); others keep it to themselves.
  const draft = join(dataDir, `${DRAFT}${process.pid}.${randomBytes(6).toString('hex')}`);
  try {
    await makeFolder(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
    await createFile(draft, JSON.stringify(ownIdentity()), 0o644);
  } catch (error) {
    if (error instanceof EmbeddedServerFault) throw error;
    throw new EmbeddedServerFault(`The data directory ${dataDir} can't be written: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    for (;;) {
      const numbers = await lockNumbers(dataDir);
      const last = Math.max(0, ...numbers);
      const holder = last === 0 ? FREE : await readHolder(dataDir, last);
      if (holder === undefined) continue;
      if (holder.pid !== 0 && isRunning(holder)) throw new DataDirectoryHeldError(dataDir, holder.pid);
      const own = last + 1;
      if (!(await linked(draft, lockFile(dataDir, own)))) continue;
      const others = await lockNumbers(dataDir);
      if (others.some((number) => number > own)) {
        await rm(lockFile(dataDir, own), { force: true });
        continue;
      }
      for (const number of others) if (number < own) await rm(lockFile(dataDir, number), { force: true });
      await removeAbandonedDrafts(dataDir, DRAFT);
      return held(dataDir, own);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

function held(dataDir: string, number: number): DataDirectoryLock {
  let released = false;
  return {
    dataDir,
    async release() {
      if (released) return;
      released = true;
      // The data directory itself may be gone by now (a test cleans up); then there is nothing to let go of.
      await writeFileWhole(lockFile(dataDir, number), JSON.stringify(FREE), 0o644).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      });
    },
  };
}

const lockFile = (dataDir: string, number: number): string => join(dataDir, `lock.${number}`);

const lockNumbers = async (dataDir: string): Promise<number[]> =>
  (await readdir(dataDir)).flatMap((name) => (/^lock\.\d+$/.test(name) ? [Number(name.slice(5))] : []));

/** `undefined` when the file went away meanwhile: a later starter has taken over. */
async function readHolder(dataDir: string, number: number): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(lockFile(dataDir, number), 'utf8')) as ProcessIdentity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // Only a disk that lost the end of a file leaves this; nobody can be holding by it.
    if (error instanceof SyntaxError) return FREE;
    throw error;
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
