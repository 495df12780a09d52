import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LogFileDiffers, type LogFiles } from '#libs/eventing';

const CHECKPOINT = 'checkpoint';
/** A bundle of 256 entries of the greatest length. */
const MAX_BYTES = 16 * 1024 * 1024 + 1024;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * The log as files that any web server can serve. Everyone may read them; they hold nothing that is not published.
 * Several processes may publish to one folder: they write the same bytes.
 */
export class FolderLogFiles implements LogFiles {
  readonly #folder: string;
  readonly #made = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const bytes = await this.#bytes(path);
    if (bytes !== undefined && bytes.length > MAX_BYTES) throw new Error(`${path} has ${bytes.length} bytes`);
    return bytes;
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const there = await this.#bytes(path);
    if (there === undefined) return this.#put(path, bytes);
    if (!there.equals(bytes)) throw new LogFileDiffers(path);
  }

  async checkpoint(): Promise<string | undefined> {
    return (await this.#bytes(CHECKPOINT))?.toString();
  }

  publish(note: string): Promise<void> {
    return this.#put(CHECKPOINT, Buffer.from(note));
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

  /** Under another name first, and by that name on the disk: a reader, and a start after a crash, see it whole. */
  async #put(path: string, bytes: Uint8Array): Promise<void> {
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
      await rename(draft, target);
      await syncFolder(folder);
    } catch (error) {
      this.#made.delete(folder);
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
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
