import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DestructionLedger, LedgerEntry } from '#libs/eventing';
import { syncFolder } from './sync-folder.js';

const NAME = /^[0-9a-f]{8}-[0-9a-f-]{27}\.json$/;

/**
 * A file for each batch, in folders by the first two digits of its id. A file is put in place whole and is never written again:
 * of two who add the same batch the first one's stays.
 */
export class FolderDestructionLedger implements DestructionLedger {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(entry: LedgerEntry): Promise<LedgerEntry> {
    const name = `${entry.id}.json`;
    if (!NAME.test(name)) throw new TypeError('a batch is named by a UUID');
    const folder = join(this.#folder, entry.id.slice(0, 2));
    const draft = join(folder, `.new-${randomBytes(6).toString('hex')}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(entry)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      // Not a rename, which would take the place of what is there.
      await link(draft, join(folder, name)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(draft, { force: true });
    }
    for (const made of [folder, this.#folder]) await syncFolder(made);
    return read(join(folder, name));
  }

  async *all(): AsyncGenerator<LedgerEntry> {
    for (const part of await names(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(part)) continue;
      const folder = join(this.#folder, part);
      for (const name of await names(folder)) if (NAME.test(name)) yield await read(join(folder, name));
    }
  }
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    // Nothing was destroyed yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function read(path: string): Promise<LedgerEntry> {
  const text = await readFile(path, 'utf8');
  try {
    const { id, data } = JSON.parse(text) as LedgerEntry;
    if (typeof id === 'string' && typeof data === 'object' && data !== null && path.endsWith(`${id}.json`)) {
      return { id, data };
    }
  } catch {
    // Said below.
  }
  throw new Error(`${path} is not what the ledger of destructions has written there`);
}
