import { afterAll, beforeAll, describe } from '@jest/globals';
import type { KeyHolder } from '#libs/kernel';
import type { CacheLimits } from './bounded-cache.js';
import { hashTests } from './contract/hash.tests.js';
import { recordTests } from './contract/record.tests.js';
import { reservationTests } from './contract/reservation.tests.js';
import { sealingTests } from './contract/sealing.tests.js';
import type { KeyProvider, RotatingKeyProvider } from './keys/key-provider.js';
import type { Vault } from './vault.js';

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

/** What every vault must do, whatever its key store is. */
export function vaultContract(name: string, start: () => Promise<VaultHarness>): void {
  describe(`vault contract: ${name}`, () => {
    let harness: VaultHarness;
    beforeAll(async () => {
      harness = await start();
    });
    afterAll(async () => {
      await harness.close();
    });
    const current = (): VaultHarness => harness;

    sealingTests(current);
    hashTests(current);
    reservationTests(current);
    recordTests(current);
  });
}
