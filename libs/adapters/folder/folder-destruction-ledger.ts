import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LedgerBroken,
  StoreUnavailable,
  type DestructionLedger,
  type LedgerEntry,
  type NumberedEntry,
} from '#libs/eventing';
import { syncFolder } from './sync-folder.js';

/** Entries of one folder. Never another number for a ledger that there is. */
const TOGETHER = 1_000;
const FOLDER = /^\d{9}$/;
/** As the ledger was before its entries had numbers. */
const OLD_FOLDER = /^[0-9a-f]{2}$/;
const FILE = /^\d{12}\.json$/;
/** Times that another one may be first. */
const ATTEMPTS = 1_000;

/**
 * A file for each entry, named by its number, in folders of a thousand. A file is put in place whole and is never written again:
 * of two who add at once one gets the next number. What stands in an entry is chained by the digest of the one before.
 */
export class FolderDestructionLedger implements DestructionLedger {
  readonly #folder: string;
  readonly #together: number;
  /** The newest that is known: what is added goes behind it, or further. */
  #newest: NumberedEntry | undefined;

  constructor(folder: string, together = TOGETHER) {
    this.#folder = folder;
    this.#together = together;
  }

  async add(entry: LedgerEntry): Promise<NumberedEntry> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const last = await this.#last();
      const number = (last?.number ?? 0) + 1;
      const text = `${JSON.stringify({ number, previous: last?.digest ?? null, entry })}\n`;
      if (await onDisk(() => this.#put(number, text))) {
        this.#newest = { number, digest: digestOf(text), entry };
        return this.#newest;
      }
    }
    throw new LedgerBroken(`${this.#folder}: no number was free in ${ATTEMPTS} attempts`);
  }

  async at(number: number): Promise<NumberedEntry | undefined> {
    return (await this.#read(number))?.numbered;
  }

  async *after(number: number): AsyncGenerator<NumberedEntry> {
    const upTo = await this.#highest();
    let before = number === 0 ? undefined : await this.at(number);
    for (let next = number + 1; ; next += 1) {
      const read = await this.#read(next);
      if (read === undefined) {
        if (next <= upTo) throw new LedgerBroken(`${this.#path(next)} is missing, and entry ${upTo} is there`);
        return;
      }
      if (next > 1 && read.previous !== before?.digest) {
        throw new LedgerBroken(`${this.#path(next)} does not follow from the entry before it`);
      }
      before = read.numbered;
      yield read.numbered;
    }
  }

  /** The newest entry there is. */
  async #last(): Promise<NumberedEntry | undefined> {
    const highest = this.#newest?.number ?? (await this.#highest());
    let last = this.#newest ?? (highest === 0 ? undefined : await this.at(highest));
    // Others add as well.
    for (let next = highest + 1; ; next += 1) {
      const found = await this.at(next);
      if (found === undefined) return last;
      last = found;
      this.#newest = found;
    }
  }

  async #highest(): Promise<number> {
    const all = await names(this.#folder);
    const old = all.find((name) => OLD_FOLDER.test(name));
    if (old !== undefined) {
      throw new LedgerBroken(
        `${join(this.#folder, old)} has entries without numbers, of a version before: what they name is destroyed. Keep a copy of ` +
          'the folder, take it away, and start again; with a backup of before them, what was destroyed would come back',
      );
    }
    const folder = all.filter((name) => FOLDER.test(name)).at(-1);
    if (folder === undefined) return 0;
    const file = (await names(join(this.#folder, folder))).filter((name) => FILE.test(name)).at(-1);
    // A folder that was made and has nothing yet: its first entry is the next.
    return file === undefined ? Math.max(0, Number(folder) * this.#together - 1) : Number.parseInt(file, 10);
  }

  #path(number: number): string {
    const folder = String(Math.floor(number / this.#together)).padStart(9, '0');
    return join(this.#folder, folder, `${String(number).padStart(12, '0')}.json`);
  }

  /** Answers false where somebody else has the number. */
  async #put(number: number, text: string): Promise<boolean> {
    const path = this.#path(number);
    const folder = join(path, '..');
    const draft = join(folder, `.new-${randomBytes(6).toString('hex')}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      // Not a rename, which would take the place of what is there.
      await link(draft, path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
    for (const made of [folder, this.#folder, join(this.#folder, '..')]) await syncFolder(made);
    return true;
  }

  async #read(number: number): Promise<{ numbered: NumberedEntry; previous: unknown } | undefined> {
    const path = this.#path(number);
    let text: string;
    try {
      text = await onDisk(() => readFile(path, 'utf8'));
    } catch (error) {
      if (codeOf((error as Error).cause) === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const said = JSON.parse(text) as {
        readonly number: unknown;
        readonly previous: unknown;
        readonly entry: unknown;
      };
      if (said.number === number && isEntry(said.entry)) {
        return { numbered: { number, digest: digestOf(text), entry: said.entry }, previous: said.previous };
      }
    } catch {
      // Said below.
    }
    throw new LedgerBroken(`${path} is not what the ledger of destructions has written there`);
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function isEntry(value: unknown): value is LedgerEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { is, id, attempt, epoch, data, events, of, fact, contacts } = value as Record<string, unknown>;
  if (is === 'recorded') return typeof of === 'number' && typeof fact === 'string';
  if (is === 'erased') return typeof id === 'string' && Array.isArray(contacts);
  return (
    is === 'decided' &&
    typeof id === 'string' &&
    typeof attempt === 'number' &&
    typeof epoch === 'number' &&
    typeof data === 'object' &&
    data !== null &&
    Array.isArray(events)
  );
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return (await onDisk(() => readdir(folder))).sort();
  } catch (error) {
    // Nothing was destroyed yet.
    if (codeOf((error as Error).cause) === 'ENOENT') return [];
    throw error;
  }
}

/** A disk that is full, away or not to be read says nothing of what was destroyed: it is asked again. */
async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new StoreUnavailable(`ledger of destructions: ${codeOf(error) ?? 'unknown'}`, undefined, { cause: error });
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;
