import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { StoreUnavailable } from '#libs/eventing';
import { readConfiguration } from '#libs/configuration';
import { testDatabase, type TestDatabase } from '#libs/testing';
import { StoreRefused } from './installation.js';
import { openDatabases, openStores } from './open-stores.js';

describe('the databases of an installation', () => {
  let register: TestDatabase;
  let keys: TestDatabase;
  let said: string[];
  beforeAll(async () => {
    register = await testDatabase();
    keys = await testDatabase();
  });
  afterAll(async () => {
    await register.drop();
    await keys.drop();
  });
  const open = async (environment: Record<string, string>) => {
    said = [];
    return openDatabases(readConfiguration([], environment), (line) => said.push(line));
  };
  const apart = () => ({
    DATABASE_URL: register.logins.application,
    DATABASE_OWNER_URL: register.logins.owner,
    KEYSTORE_URL: keys.logins.owner,
  });
  const under = (url: string, change: (address: URL) => void): string => {
    const address = new URL(url);
    change(address);
    return address.href;
  };

  it('are taken where they are apart, and nothing is told where logins have no more rights than they need', async () => {
    const databases = await open(apart());
    const stores = await openStores(databases, {}, (line) => said.push(line));
    await stores.close();
    expect(said).toEqual([]);
  });

  it.each<[string, (address: URL) => void]>([
    ['another name of the host', (address) => void (address.hostname = 'localhost')],
    [
      'another login',
      (address) =>
        void ([address.username, address.password] = [new URL(register.url).username, new URL(register.url).password]),
    ],
    ['a parameter', (address) => address.searchParams.set('application_name', 'keys')],
    [
      'another spelling of its name',
      (address) => void (address.pathname = address.pathname.replace('test_', 'test%5F')),
    ],
    [
      'a parameter that names the database',
      (address) => {
        address.searchParams.set('host', '127.0.0.1');
        address.hostname = 'elsewhere.invalid';
      },
    ],
  ])('are refused as one when %s is all that differs', async (_, change) => {
    const opening = open({ ...apart(), KEYSTORE_URL: under(register.logins.owner, change) });
    await expect(opening).rejects.toBeInstanceOf(StoreRefused);
    await expect(opening).rejects.toThrow('name the same database');
    expect(await register.query("select to_regnamespace('vault') as schema")).toEqual([{ schema: null }]);
  });

  it('are refused when the owner is one of another database', async () => {
    await expect(open({ ...apart(), DATABASE_OWNER_URL: keys.logins.owner })).rejects.toThrow(
      'DATABASE_URL and DATABASE_OWNER_URL name different databases',
    );
  });

  it('are taken with one login for everything, and it is told that nothing keeps that from changing the log', async () => {
    const own = await testDatabase();
    const databases = await open({ DATABASE_URL: own.logins.owner, KEYSTORE_URL: keys.url });
    const stores = await openStores(databases, {}, (line) => said.push(line));
    await stores.close();
    const superuser = new URL(keys.url).username;
    expect(said).toEqual([
      `The key store's login "${superuser}" is a superuser: give it a login of its own.`,
      `Nothing keeps this process from changing the log: "${new URL(own.logins.owner).username}" owns the log. Name an ` +
        'owner with DATABASE_OWNER_URL and another login with DATABASE_URL.',
    ]);
    await own.query(
      `alter database ${new URL(keys.url).pathname.slice(1)} owner to ${new URL(own.logins.owner).username}`,
    );
    const shared = under(own.logins.owner, (address) => void (address.pathname = new URL(keys.url).pathname));
    await open({ DATABASE_URL: own.logins.owner, KEYSTORE_URL: shared });
    expect(said).toEqual([expect.stringContaining('Register and key store share the login')]);
    await own.query(
      `alter database ${new URL(keys.url).pathname.slice(1)} owner to ${new URL(keys.logins.owner).username}`,
    );
    await own.drop();
  });

  it('takes passwords from the file that PGPASSFILE names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waarborg-pgpass-'));
    const file = join(folder, 'pgpass');
    const lines = [register.logins.application, register.logins.owner, keys.logins.owner].map((url) => {
      const { username, password } = new URL(url);
      return `*:*:*:${username}:${password}\n`;
    });
    await writeFile(file, lines.join(''), { mode: 0o600 });
    const without = (url: string): string => under(url, (address) => void (address.password = ''));
    process.env['PGPASSFILE'] = file;
    try {
      const databases = await open({
        DATABASE_URL: without(register.logins.application),
        DATABASE_OWNER_URL: without(register.logins.owner),
        KEYSTORE_URL: without(keys.logins.owner),
      });
      const opened = await openStores(databases, {}, () => undefined);
      await opened.close();
      expect(opened).toBeDefined();
    } finally {
      delete process.env['PGPASSFILE'];
      await rm(folder, { recursive: true });
    }
  });

  it('are never named with their password, whichever of them can not be had', async () => {
    const faulty = (url: string): string[] => [
      under(url, (address) => void (address.password = 'very-secret')),
      under(url, (address) => void ([address.password, address.port] = ['very-secret', '1'])),
      under(url, (address) => void ([address.password, address.pathname] = ['very-secret', '/nowhere'])),
    ];
    for (const variable of ['DATABASE_URL', 'DATABASE_OWNER_URL', 'KEYSTORE_URL'] as const) {
      for (const url of faulty(apart()[variable])) {
        const error = await open({ ...apart(), [variable]: url }).catch((e: unknown) => e);
        expect(error).toBeInstanceOf(StoreUnavailable);
        expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('very-secret');
      }
    }
  });

  it('are those of a server of our own where none is named, which a tool beside it finds and leaves running', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waarborg-stores-'));
    // Its user has to get in, whoever runs the tests.
    await chmod(folder, 0o711);
    const pgDir = join(folder, 'pg');
    const place = { DATA_DIR: join(folder, 'data'), PG_DIR: pgDir };
    const suite = await open({ ...place, KEYSTORE_URL: keys.logins.owner });
    try {
      expect(suite.server?.place).toBe(pgDir);
      expect(suite.keyStoreUrl).toBe(keys.logins.owner);
      expect([suite.registerUrl, suite.registerOwnerUrl]).toEqual([
        suite.server?.urls.register,
        suite.server?.urls.registerOwner,
      ]);
      const beside = (environment: Record<string, string>) =>
        openDatabases(readConfiguration([], environment), () => undefined, { besideRunning: true });
      const tool = await beside({ ...place, KEYSTORE_URL: keys.logins.owner });
      const { registerUrl, registerOwnerUrl, keyStoreUrl } = suite;
      expect(tool).toEqual({ registerUrl, registerOwnerUrl, keyStoreUrl, close: expect.any(Function) });
      await tool.close();
      const again = await beside(place);
      expect(again.keyStoreUrl).toBe(suite.server?.urls.keyStore);
      await again.close();
      await expect(open({ ...place, KEYSTORE_URL: keys.logins.owner })).rejects.toThrow();
    } finally {
      await suite.close();
      await rm(folder, { recursive: true });
    }
  });

  it('are not taken where a register is named and no place for the keys', async () => {
    await expect(open({ DATABASE_URL: register.logins.application })).rejects.toThrow('KEYSTORE_URL is not');
  });
});
