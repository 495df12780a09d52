import { join } from 'node:path';
import { FolderDestructionLedger } from '#libs/adapters/folder';
import type { Retention } from '#libs/application';
import type { Configuration } from '#libs/configuration';
import type { DestructionLedger, StoreIdentity } from '#libs/eventing';
import { RETENTION_YEARS } from '#libs/scheme';

export type RetentionSettings = Partial<
  Pick<Configuration, 'dataDir' | 'retentionYears' | 'destroysWhatIsDue' | 'destructionsDir'>
>;

/**
 * How long this installation keeps things, and the ledger of what it destroyed: in a folder of the store's own, so that nobody
 * destroys by the ledger of another register.
 */
export const retention = (
  { dataDir = 'data', retentionYears = RETENTION_YEARS, destroysWhatIsDue = false, destructionsDir }: RetentionSettings,
  { store }: StoreIdentity,
  given?: DestructionLedger,
): Retention => ({
  years: retentionYears,
  destroys: destroysWhatIsDue,
  ledger: () =>
    Promise.resolve(
      given ?? new FolderDestructionLedger(join(destructionsDir ?? join(dataDir, 'destructions'), store)),
    ),
});
