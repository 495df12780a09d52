import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLogFiles } from '#libs/adapters/folder';
import { openPostgresStores } from '#libs/adapters/postgres';
import { testDatabase, uuid } from '#libs/testing';
import { memoryVault } from '#libs/vault';
import { crashesOf } from './crashes.tests.js';
import { logSignatures } from './log-signatures.js';

crashesOf('on PostgreSQL, into folders', async () => {
  const [database, folder, vault] = [
    await testDatabase(),
    await mkdtemp(join(tmpdir(), 'waarborg-log-')),
    await memoryVault(),
  ];
  const { owner, application } = database.logins;
  const stores = await openPostgresStores({ database: application, owner });
  return {
    stores,
    files: new FolderLogFiles(join(folder, 'log')),
    signatures: logSignatures('waarborg.invalid/log', vault.logKeys, Date.now),
    identity: { store: uuid('store'), epoch: 1 },
    freshFiles: async () => new FolderLogFiles(join(folder, 'other')),
    async close() {
      await stores.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
});
