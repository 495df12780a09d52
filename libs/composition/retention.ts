import { join } from 'node:path';
import { FolderDestructionLedger } from '#libs/adapters/folder';
import type { Retention } from '#libs/application';
import type { Configuration } from '#libs/configuration';
import type { DestructionLedger, StoreIdentity } from '#libs/eventing';
import { makeFolders } from '#libs/files';
import { RETENTION_YEARS } from '#libs/scheme';
import { demandOwn } from './own-folder.js';

export type RetentionSettings = Partial<
  Pick<Configuration, 'dataDir' | 'retentionYears' | 'destroysWhatIsDue' | 'destructionsDir'>
>;

/**
 * How long this installation keeps things, and the ledger of what it destroyed: in a folder of the store's own, below one that
 * belongs to this store, so that nobody destroys by the ledger of another register.
 */
export function retention(
  { dataDir = 'data', retentionYears = RETENTION_YEARS, destroysWhatIsDue = false, destructionsDir }: RetentionSettings,
  { store }: StoreIdentity,
  given?: DestructionLedger,
): Retention {
  const folder = destructionsDir ?? join(dataDir, 'destructions');
  let opened: Promise<DestructionLedger> | undefined;
  const open = async (): Promise<DestructionLedger> => {
    await makeFolders(folder, 0o700);
    await demandOwn(folder, store, 'DESTRUCTIONS_DIR');
    return new FolderDestructionLedger(join(folder, store));
  };
  return {
    years: retentionYears,
    destroys: destroysWhatIsDue,
    ledger() {
      if (given !== undefined) return Promise.resolve(given);
      // One that failed is tried again: a disk may come back.
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
  };
}
