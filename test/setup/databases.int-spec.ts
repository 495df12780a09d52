import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { isSameDatabase, lookAtDatabase, openPostgresStores } from '#libs/adapters/postgres';
import { fileKeyProvider, openVault } from '#libs/vault';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const file = (path: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

const prefix = `compose_${randomBytes(4).toString('hex')}`;
const urls: Record<'DATABASE_URL' | 'DATABASE_OWNER_URL' | 'KEYSTORE_URL', string> = {
  DATABASE_URL: '',
  DATABASE_OWNER_URL: '',
  KEYSTORE_URL: '',
};
let administrator: Client;

/** What the file for PostgreSQL's image makes, under names of this test's own, and the addresses of docker-compose.yml. */
beforeAll(async () => {
  administrator = new Client({ connectionString: process.env['WAARBORG_TEST_POSTGRES'] });
  await administrator.connect();
  const sql = (await file('deploy/docker/databases.sql'))
    .replace(/^\\.*$/gm, '')
    .replace(/--.*$/gm, '')
    .replace(/:'(\w+)'/g, "'$1'")
    .replace(', postgres, template1', '')
    .replaceAll('waarborg', prefix);
  for (const statement of sql.split(';').map((text) => text.trim())) {
    if (statement !== '') await administrator.query(statement);
  }
  const compose = await file('docker-compose.yml');
  const server = new URL(process.env['WAARBORG_TEST_POSTGRES']!);
  for (const name of Object.keys(urls) as (keyof typeof urls)[]) {
    const [, login, , database] = new RegExp(`${name}: postgres://(\\w+):(\\$\\{[^}]*\\})@postgres:5432/(\\w+)`).exec(
      compose,
    )!;
    const password = login!.replace('waarborg_', '') + '_password';
    urls[name] =
      `postgres://${login!.replace('waarborg', prefix)}:${password}@${server.host}/${database!.replace('waarborg', prefix)}`;
  }
});
afterAll(async () => {
  for (const database of ['', '_keys'])
    await administrator.query(`drop database if exists ${prefix}${database} with (force)`);
  for (const login of ['owner', 'register', 'keys'])
    await administrator.query(`drop role if exists ${prefix}_${login}`);
  await administrator.end();
});

test('The containers work with three logins, none a superuser, and the log is append-only for its application', async () => {
  const seen = await Promise.all(Object.values(urls).map((url) => lookAtDatabase(url)));
  expect(new Set(seen.map(({ login }) => login)).size).toBe(3);
  expect(seen.map(({ superuser }) => superuser)).toEqual([false, false, false]);
  expect([isSameDatabase(seen[0]!, seen[1]!), isSameDatabase(seen[0]!, seen[2]!)]).toEqual([true, false]);

  const stores = await openPostgresStores({ database: urls.DATABASE_URL, owner: urls.DATABASE_OWNER_URL });
  expect(stores.mayChangeLog).toBeUndefined();
  await stores.close();
  const folder = await mkdtemp(join(tmpdir(), 'waarborg-compose-'));
  const vault = await openVault({ keyStoreUrl: urls.KEYSTORE_URL, keys: await fileKeyProvider(join(folder, 'keys')) });
  await vault.close();
  await rm(folder, { recursive: true });
});

test('The key store and the register are closed to each other, and PostgreSQL has no way in for replication', async () => {
  for (const [url, database] of [
    [urls.DATABASE_URL, `${prefix}_keys`],
    [urls.DATABASE_OWNER_URL, `${prefix}_keys`],
    [urls.KEYSTORE_URL, prefix],
  ] as const) {
    await expect(lookAtDatabase(url.replace(/[^/]*$/, database))).rejects.toThrow('permission denied for database');
  }
  const script = await file('deploy/docker/no-replication.sh');
  const [, expression] = /sed -i '\/(.*)\/d'/.exec(script)!;
  const removed = new RegExp(expression!.replaceAll('[[:space:]]', '\\s'));
  const lines = [
    'local replication all trust',
    'host    replication     all   ::1/128  trust',
    'host all all all scram-sha-256',
  ];
  expect(lines.map((line) => removed.test(line))).toEqual([true, true, false]);
  expect(await file('docker-compose.yml')).toContain('no-replication.sh:/docker-entrypoint-initdb.d/');
});
