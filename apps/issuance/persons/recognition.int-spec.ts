import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase } from '#libs/testing';
import { fileKeyProvider, openVault } from '#libs/vault';
import { recognitionTests } from './recognition.tests.js';

recognitionTests('on PostgreSQL', async () => {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'waarborg-recognition-'));
  const vault = await openVault({ keyStoreUrl: database.url, keys: await fileKeyProvider(join(folder, 'keys')) });
  return {
    vault,
    async backup() {
      const tables = ['identifier', 'checkpoint'];
      for (const table of tables) await database.query(`create table kept_${table} as table vault.${table}`);
      return {
        async restore() {
          for (const table of tables) {
            await database.query(`delete from vault.${table}`);
            await database.query(`insert into vault.${table} table kept_${table}`);
          }
        },
      };
    },
    async close() {
      await vault.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
