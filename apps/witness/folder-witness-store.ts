import { randomBytes } from 'node:crypto';
import { link, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '#libs/files';
import { parseCheckpoint, parseNote, witnessedPath, type Witnessed, type WitnessStore } from '#libs/transparency-log';

const STORED = /^([1-9]\d{0,14})$/;

/**
 * What a witness has cosigned last, a folder for each log. Each state is a file of its own number: the next one is linked,
 * which the file system lets one process do. Numbers never go back, and the highest is never taken away, so that who was
 * slow finds a higher one afterwards and has stored nothing.
 */
export class FolderWitnessStore implements WitnessStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async latest(origin: string): Promise<Witnessed | undefined> {
    return (await this.#newest(this.#folderOf(origin))).witnessed;
  }

  /** As the witness shows it, by the path below its prefix; `undefined` where there is none. */
  async shown(path: string): Promise<string | undefined> {
    const [, hex] = /^([0-9a-f]{64})\/checkpoint$/.exec(path) ?? [];
    if (hex === undefined) return undefined;
    return (await this.#newest(join(this.#folder, hex))).witnessed?.note;
  }

  async replace(origin: string, size: number, next: Witnessed): Promise<boolean> {
    const folder = this.#folderOf(origin);
    const { number, witnessed } = await this.#newest(folder);
    if ((witnessed?.size ?? 0) !== size) return false;
    await makeFolders(folder, 0o700);
    const own = number + 1;
    if (!(await putInPlace(folder, String(own), textOf(next)))) return false;
    const others = await numbersIn(folder);
    if (others.some((other) => other > own)) {
      await rm(join(folder, String(own)), { force: true });
      return false;
    }
    for (const other of others) if (other < own) await rm(join(folder, String(other)), { force: true });
    return true;
  }

  #folderOf(origin: string): string {
    return join(this.#folder, witnessedPath(origin).replace(/\/.*$/, ''));
  }

  async #newest(folder: string): Promise<{ readonly number: number; readonly witnessed?: Witnessed }> {
    for (;;) {
      const number = Math.max(0, ...(await numbersIn(folder)));
      if (number === 0) return { number };
      const path = join(folder, String(number));
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        // There is a higher one by now.
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text !== undefined) return { number, witnessed: witnessedOf(text, path) };
    }
  }
}

const textOf = ({ timestamp, note }: Witnessed): string => `${timestamp}\n${note}`;

/** Throws where it is damaged: a witness that does not know what it has seen cosigns nothing. */
function witnessedOf(text: string, path: string): Witnessed {
  const [, time, note = ''] = /^(\d{1,19})\n([^]*)$/.exec(text) ?? [];
  if (time === undefined) throw new Error(`${path} is damaged`);
  const { size, root } = parseCheckpoint(parseNote(note).text);
  return { size, root, timestamp: BigInt(time), note };
}

async function numbersIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.flatMap((name) => (STORED.test(name) ? [Number(name)] : []));
}

/** Writes a file, durably and whole, under a name that is free; answers false where it is taken. */
async function putInPlace(folder: string, name: string, text: string): Promise<boolean> {
  const draft = join(folder, `.new-${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link, unlike a rename, never replaces what is there.
    await link(draft, join(folder, name));
    await syncFolder(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folder; there the name is kept with the file.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
