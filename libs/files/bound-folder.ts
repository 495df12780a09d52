import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Name of the file in which a folder says whose it is. */
export const OWNER_FILE = 'belongs-to';

/**
 * Makes a folder this owner's where it is nobody's yet, and answers whose it is: of two who come at once, the first one's.
 * Durable when it resolves. The folder has to be there; rejects with the system's error.
 */
export async function boundFolder(folder: string, owner: string): Promise<string> {
  const path = join(folder, OWNER_FILE);
  const known = await ownerIn(path);
  if (known !== undefined) return known;
  const draft = join(folder, `.new-${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${owner}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return (await ownerIn(path)) ?? owner;
}

async function ownerIn(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
