import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LogFileDiffers, type LogFiles } from '#libs/eventing';
import { SharedSyncs } from './sync-folder.js';

const CHECKPOINT = 'checkpoint';
/** There while one process compares and stores. */
const LOCK = '.publishing';
/** Its holder was killed, or is paused, when it has not moved for so long (milliseconds). What it is held for takes some. */
const ABANDONED_AFTER = 2_000;
const LOOK_EVERY = 10;
/** A bundle of 256 entries of the greatest length. */
const MAX_BYTES = 16 * 1024 * 1024 + 1024;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * The log as files that any web server can serve. Everyone may read them; they hold nothing that is not published.
 * Several processes may publish to one folder: they write the same bytes.
 */
export class FolderLogFiles implements LogFiles {
  readonly #folder: string;
  readonly #abandonedAfter: number;
  readonly #made = new Set<string>();
  readonly #syncs = new SharedSyncs();

  constructor(folder: string, abandonedAfter = ABANDONED_AFTER) {
    this.#folder = folder;
    this.#abandonedAfter = abandonedAfter;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const bytes = await this.#bytes(path);
    if (bytes !== undefined && bytes.length > MAX_BYTES) throw new Error(`${path} has ${bytes.length} bytes`);
    return bytes;
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const there = await this.#bytes(path);
    if (there === undefined) return void (await this.#put(path, bytes));
    if (!there.equals(bytes)) throw new LogFileDiffers(path);
  }

  async checkpoint(): Promise<string | undefined> {
    return (await this.#bytes(CHECKPOINT))?.toString();
  }

  async publish(note: string, over?: string): Promise<boolean> {
    await mkdir(this.#folder, { recursive: true });
    return this.#alone(async (isStillAlone) => {
      if ((await this.checkpoint()) !== over) return false;
      return this.#put(CHECKPOINT, Buffer.from(note), isStillAlone);
    });
  }

  tidy(path: string): Promise<void> {
    const folder = join(this.#folder, `${path}.p`);
    this.#made.delete(folder);
    return rm(folder, { recursive: true, force: true });
  }

  async #bytes(path: string): Promise<Buffer | undefined> {
    try {
      return await readFile(join(this.#folder, path));
    } catch (error) {
      // A part of the path that is a file: nothing is below it.
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  }

  /** Does the work while no other process does any in this folder. */
  async #alone<Result>(work: (isStillAlone: () => Promise<boolean>) => Promise<Result>): Promise<Result> {
    const lock = join(this.#folder, LOCK);
    const token = randomBytes(12).toString('hex');
    const holder = async (): Promise<string | undefined> => (await this.#bytes(LOCK))?.toString();
    const draft = join(this.#folder, `.new-${token}`);
    try {
      await writeFile(draft, token, { flag: 'wx', mode: 0o644 });
      let [seen, since] = [await holder(), performance.now()];
      // A link never replaces what is there.
      while (!(await linked(draft, lock))) {
        const now = await holder();
        if (now === undefined || now !== seen) [seen, since] = [now, performance.now()];
        else if (performance.now() - since > this.#abandonedAfter) await takeAway(lock, now);
        else await delay(LOOK_EVERY);
      }
    } finally {
      await rm(draft, { force: true });
    }
    const isStillAlone = async (): Promise<boolean> => (await holder()) === token;
    try {
      return await work(isStillAlone);
    } finally {
      if (await isStillAlone()) await rm(lock, { force: true });
    }
  }

  /**
   * Under another name first, and by that name on the disk: a reader, and a start after a crash, see it whole. Answers
   * whether it was put in place: nothing is where `isWanted` says no in the end.
   */
  async #put(path: string, bytes: Uint8Array, isWanted?: () => Promise<boolean>): Promise<boolean> {
    const target = join(this.#folder, path);
    const folder = dirname(target);
    const draft = join(folder, `.new-${randomBytes(6).toString('hex')}`);
    try {
      if (!this.#made.has(folder)) await mkdir(folder, { recursive: true });
      this.#made.add(folder);
      const file = await open(draft, 'wx', 0o644);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      if (isWanted !== undefined && !(await isWanted())) {
        await rm(draft, { force: true });
        return false;
      }
      await rename(draft, target);
      await this.#syncs.sync(folder);
      return true;
    } catch (error) {
      this.#made.delete(folder);
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Of several who see that it was left behind one moves it away. Of another holder it is put back. */
async function takeAway(lock: string, holder: string): Promise<void> {
  const moved = `${lock}-${randomBytes(6).toString('hex')}`;
  try {
    await rename(lock, moved);
    if ((await readFile(moved, 'utf8')) !== holder) await linked(moved, lock);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  } finally {
    await rm(moved, { force: true });
  }
}
