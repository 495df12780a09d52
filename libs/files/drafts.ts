import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Whoever still writes has ended by then: a draft holds a few hundred bytes. */
const ABANDONED_AFTER_MS = 60_000;

/**
 * Removes what killed processes left of files that they were about to put in place: files and folders whose name begins with
 * `prefix` and that nobody has changed for a minute. The drafts of others that work now stay.
 */
export async function removeAbandonedDrafts(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(folder, name);
    // Its maker may take it away at any moment.
    const changed = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (Date.now() - changed > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}
