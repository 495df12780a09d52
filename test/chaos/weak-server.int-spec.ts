import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openPostgresStores, UnsafeDurability } from '#libs/adapters/postgres';
import { START } from '#libs/eventing';
import { testClient, unless } from '#libs/testing';
import { fileKeyProvider, KeyStoreRefused, openVault } from '#libs/vault';
import { noRawServer, rawCluster, type RawCluster } from './raw-server.js';

/** Schemas that are not the server's own. */
async function schemasOf(database: string): Promise<readonly string[]> {
  const client = await testClient(database);
  try {
    const { rows } = await client.query<{ name: string }>(
      "select nspname as name from pg_namespace where nspname !~ '^(pg_|information_schema)' order by 1",
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** Settings of a whole server, which a database or a session can't change: the server is started with them. */
unless(noRawServer()).describe('a server that could lose what it acknowledged', () => {
  let cluster: RawCluster;
  let keysDir: string;
  beforeAll(async () => {
    keysDir = await mkdtemp(join(tmpdir(), 'waarborg-keys-'));
    cluster = await rawCluster();
  });
  afterAll(async () => {
    await cluster?.remove();
    await rm(keysDir, { recursive: true, force: true });
  });

  it.each(['fsync', 'full_page_writes'])('is refused by register and key store when %s is off', async (setting) => {
    const server = await cluster.start({ [setting]: 'off' });
    try {
      const stores = openPostgresStores({ database: server.register });
      await expect(stores).rejects.toBeInstanceOf(UnsafeDurability);
      await expect(stores).rejects.toThrow(`PostgreSQL could lose what it acknowledged: ${setting} is off`);
      const vault = openVault({ keyStoreUrl: server.keyStore, keys: await fileKeyProvider(keysDir) });
      await expect(vault).rejects.toBeInstanceOf(KeyStoreRefused);
      await expect(vault).rejects.toThrow(`${setting} is off`);
    } finally {
      await server.stop();
    }
  });

  it('is taken with both on, and nothing was left behind by the refusals', async () => {
    const server = await cluster.start({});
    try {
      for (const database of [server.register, server.keyStore]) expect(await schemasOf(database)).toEqual(['public']);
      const stores = await openPostgresStores({ database: server.register });
      expect(await stores.feed.head()).toBe(START);
      await stores.close();
    } finally {
      await server.stop();
    }
  });
});
