import { afterAll, beforeAll, describe } from '@jest/globals';
import { fileTests } from './contract/file.tests.js';
import { hashTests } from './contract/hash.tests.js';
import { recordTests } from './contract/record.tests.js';
import { reservationTests } from './contract/reservation.tests.js';
import { sealingTests } from './contract/sealing.tests.js';
import type { VaultHarness } from './contract/vault-harness.js';

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
    fileTests(current);
    hashTests(current);
    reservationTests(current);
    recordTests(current);
  });
}
