import { MemoryLogFiles, memoryStores } from '#libs/adapters/memory';
import { uuid } from '#libs/testing';
import { memoryVault } from '#libs/vault';
import { crashesOf } from './crashes.tests.js';
import { logSignatures } from './log-signatures.js';

crashesOf('in memory', async () => {
  const [stores, vault] = [memoryStores(), await memoryVault()];
  return {
    stores,
    files: stores.logFiles,
    signatures: logSignatures('waarborg.invalid/log', vault.logKeys, Date.now),
    identity: { store: uuid('store'), epoch: 1 },
    freshFiles: async () => new MemoryLogFiles(),
    close: () => stores.close(),
  };
});
