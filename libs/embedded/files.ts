import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EmbeddedServerFault } from './fault.js';

/** Makes a file that is not there yet, durably. Throws when something, a link for example, has the name. */
export async function createFile(path: string, text: string, mode: number): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW = 0 } = constants;
  const file = await open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Replaces a file as a whole: after a crash either the old or the new text is there. */
export async function writeFileWhole(path: string, text: string, mode = 0o600): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  await createFile(draft, text, mode);
  try {
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Makes the folder and those above it where they are missing. */
export async function makeFolder(path: string, mode: number): Promise<void> {
  await refuseForeignFolder(path);
  await mkdir(path, { recursive: true, mode });
}

/**
 * As root: refuses a path that leads through a folder of another user, who could put anything in its place while it is
 * written to. As anyone else: what may be written is the system's business.
 */
export async function refuseForeignFolder(path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  // Both the way as it is named (a link in it belongs to whoever made it) and the way it leads to.
  for (const way of [resolve(path), await realOf(resolve(path))]) {
    for (let folder = way; ; folder = dirname(folder)) {
      const { uid } = (await lstat(folder).catch(() => undefined)) ?? { uid: 0 };
      if (uid !== 0) {
        throw new EmbeddedServerFault(
          `${folder} belongs to another user (${uid}): started as root nothing is written there. Start as that user, or ` +
            `name a folder of root's own instead of ${path}.`,
        );
      }
      if (folder === dirname(folder)) break;
    }
  }
}

/** Where the path leads, or the part of it that is there. */
async function realOf(path: string): Promise<string> {
  return realpath(path).catch(() => (path === dirname(path) ? path : realOf(dirname(path))));
}

export async function readFileIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
