import { open } from 'node:fs/promises';

/** The names in a folder are on the disk when it resolves. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folder; there the name is kept with the file.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Lets those who put names into one folder share its syncs. */
export class SharedSyncs {
  /** Those that have not begun: each is for everything that was put there before. */
  readonly #waiting = new Map<string, Promise<void>>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(readonly syncOne: (folder: string) => Promise<void> = syncFolder) {}

  /** The names that were in the folder at this call are on the disk when it resolves. */
  sync(folder: string): Promise<void> {
    const waiting = this.#waiting.get(folder);
    if (waiting !== undefined) return waiting;
    const before = this.#running.get(folder) ?? Promise.resolve();
    const next = before
      // Its failure was told to those who waited for it.
      .catch(() => undefined)
      .then(() => {
        this.#waiting.delete(folder);
        this.#running.set(folder, next);
        return this.syncOne(folder);
      })
      .finally(() => {
        if (this.#running.get(folder) === next) this.#running.delete(folder);
      });
    this.#waiting.set(folder, next);
    return next;
  }
}
