import { join } from 'node:path';
import { folderFileStore } from '#libs/adapters/files';
import { Bucket, s3FileStore } from '#libs/adapters/s3';
import type { KeptEvidence } from '#libs/application';
import type { Configuration } from '#libs/configuration';
import { StoreUnavailable, type FileStore, type StoreIdentity } from '#libs/eventing';
import { makeFolders } from '#libs/files';
import { clamdScanner } from '#libs/registers/clamd';
import { demandOwn, demandOwnBucket } from './own-folder.js';

export type EvidenceSettings = Partial<
  Pick<Configuration, 'dataDir' | 'evidenceDir' | 'evidenceStore' | 'evidenceQuarantineDays' | 'clamd'>
>;

const DAY = 24 * 3_600_000;

/**
/**
 * Files that are evidence, in a bucket where one is set, else in a folder that only their owner can read. It is opened when it
 * is first asked for: most apps never ask, and may have no place to write in. Either belongs to one store: what that one
 * destroys would be gone from another.
 */
export function keptEvidence(
  settings: EvidenceSettings,
  { store }: Pick<StoreIdentity, 'store'>,
  given?: FileStore,
): KeptEvidence {
  const { dataDir = 'data', evidenceDir, evidenceStore, evidenceQuarantineDays = 28, clamd } = settings;
  const folder = evidenceDir ?? join(dataDir, 'evidence');
  let opened: Promise<FileStore> | undefined;
  const bucket = evidenceStore && new Bucket(evidenceStore);
  const open = async (): Promise<FileStore> => {
    if (bucket !== undefined) {
      // Only a bucket that is as it has to be is marked.
      const files = await s3FileStore(bucket, evidenceStore?.lock === undefined ? {} : { lock: evidenceStore.lock });
      await demandOwnBucket(bucket, store, 'EVIDENCE_STORE');
      return files;
    }
    await makeFolders(folder, 0o700).catch((error: unknown) => {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      throw new StoreUnavailable(`the folder of evidence: ${code}`, undefined, { cause: error });
    });
    await demandOwn(folder, store, 'EVIDENCE_DIR');
    return folderFileStore(folder);
  };
  return {
    files() {
      if (given !== undefined) return Promise.resolve(given);
      // One that failed is tried again: a disk may come back.
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
    quarantine: evidenceQuarantineDays * DAY,
    ...(clamd === undefined ? {} : { scanner: clamdScanner(clamd) }),
  };
}
