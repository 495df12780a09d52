import { constants } from 'node:fs';
import { lstat, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasSchema } from '#libs/adapters/postgres';
import { foreignOnTheWay, makeFolders } from '#libs/files';
import { fileKeyProvider, requireKeys, type RotatingKeyProvider } from '#libs/vault';
import { StoreRefused } from './installation.js';
import type { Databases } from './open-stores.js';

/** Beside the key folder from the begin of a restore to its end: what is there meanwhile is not whole. */
const restoreMark = (keyFolder: string): string => join(dirname(keyFolder), 'restore-unfinished');

/**
 * The keys of an installation, made where it has nothing yet. Rejects with `KeysUnusable` where register or key store are
 * there and the keys are gone, since new ones would open nothing and stand in the way of the old; with `StoreRefused`
 * where a restore was interrupted.
 */
export async function keysOf(
  { registerUrl, keyStoreUrl }: Pick<Databases, 'registerUrl' | 'keyStoreUrl'>,
  keyFolder: string,
): Promise<RotatingKeyProvider> {
  const mark = restoreMark(keyFolder);
  if ((await lstat(mark).catch(() => undefined)) !== undefined) {
    throw new StoreRefused(
      `A restore into ${dirname(keyFolder)} was interrupted (${mark}): begin anew with an empty data directory and empty databases.`,
    );
  }
  if ((await hasSchema(registerUrl, 'waarborg')) || (await hasSchema(keyStoreUrl, 'vault'))) {
    await requireKeys(keyFolder);
  }
  return fileKeyProvider(keyFolder);
}

/** Does what puts an installation back; nothing starts on it before that is done. */
export async function whileRestoring(keyFolder: string, work: () => Promise<void>): Promise<void> {
  const mark = restoreMark(keyFolder);
  const foreign = await foreignOnTheWay(dirname(mark));
  if (foreign !== undefined) {
    throw new StoreRefused(
      `${foreign.path} belongs to another user (${foreign.uid}): started as root nothing is put back there (ADR 60).`,
    );
  }
  await makeFolders(dirname(mark), 0o700);
  const { O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants;
  const file = await open(mark, O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  await file.sync();
  await file.close();
  await work();
  await rm(mark);
}
