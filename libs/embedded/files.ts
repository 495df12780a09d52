import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { foreignOnTheWay, makeFolders } from '#libs/files';
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
  await makeFolders(path, mode);
}

/** As root: refuses a path through a folder or link of another user. */
export async function refuseForeignFolder(path: string): Promise<void> {
  const foreign = await foreignOnTheWay(path);
  if (foreign === undefined) return;
  throw new EmbeddedServerFault(
    `${foreign.path} belongs to another user (${foreign.uid}): started as root nothing is written there. Start as that ` +
      `user, or name a folder of root's own instead of ${path}.`,
  );
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
