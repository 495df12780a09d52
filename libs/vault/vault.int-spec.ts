import { randomBytes, randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { StoreUnavailable } from '#libs/eventing';
import { streamId, type Instant, type KeyHolder, type PersonId } from '#libs/kernel';
import { tcpProxy, until } from '#libs/testing';
import { exportKey } from './keys/key-material.js';
import { memoryKeyProvider } from './keys/memory-key-provider.js';
import { openVault } from './open-vault.js';
import { MIGRATIONS } from './store/migrations.js';
import { KeyStoreRefused } from './store/postgres-connection.js';
import { vaultContract } from './vault.contract.js';
import type { Vault } from './vault.js';

const run = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

/** A fresh database on the server of this run. */
async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env['WAARBORG_TEST_POSTGRES'];
  if (server === undefined)
    throw new Error('WAARBORG_TEST_POSTGRES is not set: run this lane through test/jest.config.js');
  const name = `vault_${randomBytes(6).toString('hex')}`;
  await run(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: async () => void (await run(server, `drop database ${name} with (force)`)) };
}

/** Stands before the server and can cut the line to it. */
async function cuttable(url: string): Promise<{ url: string; cut(): void; mend(): void; close(): Promise<void> }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let whole = true;
  const proxy = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => (sockets.delete(from), to.destroy()));
      from.pipe(to);
    }
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((proxy.address() as AddressInfo).port);
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: through.href,
    cut,
    mend: () => void (whole = true),
    close: async () => {
      cut();
      await new Promise((closed) => proxy.close(closed));
    },
  };
}

vaultContract('PostgreSQL', async () => {
  const database = await freshDatabase();
  const line = await cuttable(database.url);
  const keys = memoryKeyProvider();
  const opened: Vault[] = [];
  return {
    keys,
    async open(settings) {
      const vault = await openVault({ keyStoreUrl: line.url, keys, ...settings });
      opened.push(vault);
      return vault;
    },
    destroyKey: async ({ kind, id }) =>
      void (await run(database.url, `delete from vault.object_key where kind = '${kind}' and id = '${id}'`)),
    interrupt: async () => line.cut(),
    resume: async () => line.mend(),
    async close() {
      await Promise.all(opened.map((vault) => vault.close()));
      await line.close();
      await database.drop();
    },
  };
});

describe('the vault on PostgreSQL', () => {
  const holder: KeyHolder = { kind: 'person', id: '5c7b2f6e-1a43-4b1f-9d0e-6a1f3f0c2b11' };
  const place = { stream: streamId('person', holder.id), eventId: 'event-1', member: 'name' };
  const keys = memoryKeyProvider();
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });

  it('lets several processes make the schema of an empty database at once', async () => {
    const vaults = await Promise.all(Array.from({ length: 4 }, () => openVault({ keyStoreUrl: database.url, keys })));
    const versions = await run(database.url, 'select version from vault.schema_migration order by 1');
    expect(versions).toEqual(MIGRATIONS.map(({ version }) => ({ version })));
    await Promise.all(vaults.map((vault) => vault.close()));
  });

  it('keeps no clear value and no key in any table', async () => {
    const vault = await openVault({ keyStoreUrl: database.url, keys });
    await vault.sealer.seal(holder, place, 'Wilhelmina Hart');
    await vault.requestHash('{"name":"Wilhelmina Hart"}', holder);
    const hashes = await vault.lookupHashes('identifying-attributes', 'hart|wilhelmina|1980-02-29');
    const identifiers = [{ own: hashes, sought: hashes }];
    await vault.reservations.reserve(holder.id as PersonId, identifiers, '2026-03-02T12:00:00.000Z' as Instant);
    await vault.close();
    const tables = await run(
      database.url,
      `select table_name from information_schema.tables where table_schema = 'vault'`,
    );
    const rows = await Promise.all(
      tables.map((table) =>
        run(database.url, `select row::text as text from vault.${String(table['table_name'])} row`),
      ),
    );
    const dump = JSON.stringify(rows);
    expect(dump).toContain(holder.id);
    for (const { key } of [...(await keys.all('master')), ...(await keys.all('lookup'))]) {
      for (const encoding of ['hex', 'base64', 'base64url'] as const)
        expect(dump).not.toContain(exportKey(key).toString(encoding));
    }
    expect(dump).not.toMatch(/hart|wilhelmina|1980-02-29/i);
  });

  it('says nothing secret when it is printed, or in an error of a server that is away', async () => {
    const keyStoreUrl = database.url.replace(/\/\/[^@]*@/, '//keeper:very-secret@');
    const vault = await openVault({ keyStoreUrl: database.url, keys });
    const printed = inspect(vault, { depth: 10, showHidden: true });
    await vault.close();
    expect(printed).not.toContain(new URL(database.url).password || 'postgres://');
    const closed = await vault.sealer
      .seal({ kind: 'person', id: randomUUID() }, place, 'Wilhelmina Hart')
      .catch((e) => e);
    const refused = await openVault({ keyStoreUrl, keys }).catch((e) => e);
    const nowhere = await openVault({ keyStoreUrl: 'postgres://keeper:very-secret@127.0.0.1:1/x', keys }).catch(
      (e) => e,
    );
    for (const error of [closed, refused, nowhere]) {
      expect(error).toBeInstanceOf(StoreUnavailable);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/Hart|very-secret/);
    }
    const malformed = await openVault({ keyStoreUrl: 'postgres://keeper:very-secret@[x:y/z', keys }).catch((e) => e);
    expect(malformed).toBeInstanceOf(Error);
    expect(inspect(malformed, { depth: 10, showHidden: true })).not.toContain('very-secret');
  });

  it('does not quote a row in the error of a statement that failed', async () => {
    const own = await freshDatabase();
    const vault = await openVault({ keyStoreUrl: own.url, keys });
    await run(own.url, `alter table vault.clerk add check (subject not like 'clerk Hart%')`);
    const error = await vault.clerkReference('clerk Hart').catch((e) => e);
    await vault.close();
    await own.drop();
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('clerk Hart');
    expect((error as Error).message).toBe('key store: a statement failed (SQLSTATE 23514)');
  });

  it.each([1, 2, 3])('outlives a server that ends its sessions in the packet of answer %d', async (answer) => {
    const own = await freshDatabase();
    const proxy = await tcpProxy(own.url);
    const vault = await openVault({ keyStoreUrl: proxy.through(own.url), keys });
    const ended = proxy.endSessions(answer);
    proxy.cut();
    // An error that nobody listens to ends the process: here it fails the test in which it happens.
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, () => [
        vault.requestHash('{}', { kind: 'person', id: randomUUID() }),
        vault.reservations.lapse(randomUUID() as PersonId, '2026-03-02T12:00:00.000Z' as Instant),
        vault.reservations.reserve(randomUUID() as PersonId, [], '2026-03-02T12:00:00.000Z' as Instant),
        vault.clerkReference(randomUUID()),
        vault.highWaterMark.stores(),
      ]).flat(),
    );
    await ended;
    for (const result of settled) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StoreUnavailable);
    }
    await proxy.endSessions(0);
    await until('the key store is there again', async () =>
      vault.highWaterMark.stores().then(
        () => true,
        () => false,
      ),
    );
    await vault.close();
    await proxy.close();
    await own.drop();
  });

  it('refuses a database that could lose an acknowledged key', async () => {
    const own = await freshDatabase();
    await run(own.url, `alter database ${new URL(own.url).pathname.slice(1)} set synchronous_commit = off`);
    const opening = openVault({ keyStoreUrl: own.url, keys });
    await expect(opening).rejects.toBeInstanceOf(KeyStoreRefused);
    await expect(opening).rejects.toThrow('synchronous_commit is off');
    await own.drop();
  });

  it('names no event at a mark or checkpoint that a process of the version before has written', async () => {
    const vault = await openVault({ keyStoreUrl: database.url, keys });
    const at = { store: 's', epoch: 1, position: 5n, event: 'known@1' };
    await vault.highWaterMark.write('upgraded', at);
    await vault.checkpoints.move('upgraded', undefined, at);
    await run(database.url, `update vault.high_water_mark set position = 7 where store = 'upgraded'`);
    await run(database.url, `update vault.checkpoint set position = 7 where name = 'upgraded'`);
    expect(await vault.highWaterMark.read('upgraded')).toEqual({ epoch: 1, position: 7n });
    expect(await vault.checkpoints.read('upgraded')).toEqual({ store: 's', epoch: 1, position: 7n });
    await vault.close();
  });

  it('refuses a schema of a newer release, and goes on with its own', async () => {
    await run(database.url, 'insert into vault.schema_migration (version) values (999)');
    await expect(openVault({ keyStoreUrl: database.url, keys })).rejects.toThrow('its schema is 999');
    await run(database.url, 'delete from vault.schema_migration where version = 999');
    await (await openVault({ keyStoreUrl: database.url, keys })).close();
  });

  it('lets nobody see the rows while another step is being taken under the same hash', async () => {
    const vault = await openVault({ keyStoreUrl: database.url, keys });
    const [first, second] = [randomUUID() as PersonId, randomUUID() as PersonId];
    const identifiers = [{ own: ['contested'], sought: ['contested'] }];
    // A confirmation that has written its row and has not committed yet.
    const confirming = new pg.Client({ connectionString: database.url });
    await confirming.connect();
    await confirming.query('begin');
    await confirming.query(`select pg_advisory_xact_lock(hashtextextended('contested', 0))`);
    await confirming.query(
      `insert into vault.identifier (hash, person_id, reserved_place, reserved_at, confirmed_place)
       values ('contested', $1, nextval('vault.identifier_place'), now(), nextval('vault.identifier_place'))`,
      [first],
    );
    const taking = vault.reservations.confirm(second, identifiers, '2026-03-02T13:00:00.000Z' as Instant);
    const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await until('the second confirmation waits for the first', async () => (await run(database.url, waits)).length > 0);
    await confirming.query('commit');
    await confirming.end();
    expect(await taking).toEqual([first]);
    await vault.close();
  });

  it('opens a key store of the first release, whose rows of another form are made anew', async () => {
    const own = await freshDatabase();
    await run(own.url, 'create schema vault');
    await run(
      own.url,
      `create table vault.schema_migration
         (version integer primary key, applied_at timestamptz not null default now())`,
    );
    await run(own.url, MIGRATIONS[0]!.sql);
    await run(own.url, 'insert into vault.schema_migration (version) values (1)');
    await run(own.url, `insert into vault.reservation values ('old form', 'somebody', now(), true)`);
    const vault = await openVault({ keyStoreUrl: own.url, keys });
    expect(await vault.reservations.holders(['old form'], 10)).toEqual([]);
    expect(await vault.checkpoints.read('person-recognition-1')).toBeUndefined();
    await vault.close();
    await own.drop();
  });
});
