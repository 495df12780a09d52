import type { KeyHolder } from '#libs/kernel';
import { memoryKeyProvider } from './keys/memory-key-provider.js';
import { DEFAULT_CACHE, vaultOf } from './open-vault.js';
import { holderName, memoryKeyData, memoryKeyStore } from './store/memory-key-store.js';
import type { Vault } from './vault.js';

export interface MemoryVault extends Vault {
  /** From now on the key store can't be reached: everything that needs it rejects with `StoreUnavailable`. */
  interrupt(): void;
  /** The key store is there again, with all it had. */
  resume(): void;
  /** Removes the holder's key, as erasure will. */
  destroyKey(holder: KeyHolder): void;
  /** Takes a backup of the reservations and their checkpoints; what it answers brings them back. */
  snapshot(): () => Promise<void>;
}

/**
 * A whole vault in memory with keys of its own, for tests and for what lasts no longer than its process. Nothing is cached,
 * so that an interruption shows at once.
 */
export async function memoryVault(): Promise<MemoryVault> {
  const data = memoryKeyData();
  const vault = await vaultOf(memoryKeyStore(data), memoryKeyProvider(), { ...DEFAULT_CACHE, entries: 0 });
  return {
    ...vault,
    interrupt: () => void (data.available = false),
    resume: () => void (data.available = true),
    snapshot() {
      const identifiers = [...data.identifiers].map(([hash, rows]) => [hash, new Map(rows)] as const);
      const checkpoints = [...data.checkpoints];
      return async () => {
        data.identifiers.clear();
        for (const [hash, rows] of identifiers) data.identifiers.set(hash, new Map(rows));
        data.checkpoints.clear();
        for (const [name, checkpoint] of checkpoints) data.checkpoints.set(name, checkpoint);
      };
    },
    destroyKey: (holder) => void data.objectKeys.delete(holderName(holder)),
  };
}
