import type { KeyHolder } from '#libs/kernel';
import type { CacheLimits } from '../bounded-cache.js';
import type { KeyProvider, RotatingKeyProvider } from '../keys/key-provider.js';
import type { Vault } from '../vault.js';

/** One key store of its own with its keys. */
export interface VaultHarness {
  readonly keys: RotatingKeyProvider;
  /** Opens the same key store again, as another process or a later start does. Closed with the harness. */
  open(settings?: { readonly cache?: CacheLimits; readonly keys?: KeyProvider }): Promise<Vault>;
  /** Removes the row of the holder's key behind the vault's back. */
  destroyKey(holder: KeyHolder): Promise<void>;
  interrupt(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}
