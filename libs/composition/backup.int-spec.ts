import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackupDamaged, openPostgresStores, type PostgresStores } from '#libs/adapters/postgres';
import { streamId, type EventId, type KeyHolder, type PersonId } from '#libs/kernel';
import {
  at,
  countersProjection,
  notRoot,
  testClient,
  testDatabase,
  unless,
  until,
  type TestDatabase,
} from '#libs/testing';
import { fileKeyProvider, KeysUnusable, openVault, type Vault } from '#libs/vault';
import { backUp, BACKUP_PARTS, BackupRefused, restore, type BackupPart } from './backup.js';
import { keysOf } from './installation-keys.js';
import type { Databases } from './open-stores.js';

interface Place {
  readonly databases: Databases;
  readonly keyFolder: string;
  readonly register: TestDatabase;
  readonly keys: TestDatabase;
}

const holder: KeyHolder = { kind: 'person', id: 'p1' };
const spot = { stream: streamId('person', 'p1'), eventId: 'e', member: 'name' };
const TEXT = 'tab\t, line\nand backslash \\. \\N ’ 𝄞';

describe('a backup', () => {
  let folder: string;
  let places: Place[];
  let stores: PostgresStores;
  let sealed: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-backup-'));
    places = [];
    const { databases, keyFolder } = await newPlace();
    stores = await openPostgresStores({ database: databases.registerUrl, owner: databases.registerOwnerUrl! });
    const vault = await openVault({ keyStoreUrl: databases.keyStoreUrl, keys: await fileKeyProvider(keyFolder) });
    sealed = await vault.sealer.seal(holder, spot, TEXT);
    await vault.highWaterMark.write('s', { epoch: 1, position: 1n });
    await fillKeyStore(vault);
    await vault.close();
    await append(TEXT);
    await fillRegister();
  });
  afterEach(async () => {
    await stores.close();
    for (const { register, keys } of places) {
      await register.drop();
      await keys.drop();
    }
    await rm(folder, { recursive: true, force: true });
  });

  async function newPlace(): Promise<Place> {
    const [register, keys] = [await testDatabase(), await testDatabase()];
    const databases: Databases = {
      registerUrl: register.logins.application,
      registerOwnerUrl: register.logins.owner,
      keyStoreUrl: keys.logins.owner,
      close: async () => undefined,
    };
    const place = { databases, keyFolder: join(folder, `keys-${places.length}`), register, keys };
    places.push(place);
    return place;
  }
  const place = { store: 's', epoch: 1, position: 1n };
  /** Something in every table of the register and of the key store. */
  async function fillRegister(): Promise<void> {
    await stores.records.append({ id: randomUUID(), kind: 'reading', bytes: JSON.stringify({ text: TEXT }) });
    await stores.checkpoints.move('process', undefined, place);
    await stores.parkedSteps.park({
      ...{ process: 'process', at: place, stream: streamId('check', 'c1'), type: 'CheckRecorded', reason: TEXT },
      state: 'failed',
    });
    await stores.answeredKeys.put({
      ...{ key: randomUUID() as EventId, attempt: randomUUID(), client: 'office', stream: streamId('check', 'c1') },
      ...{ requestHash: 'h', revision: 0, position: 1n, head: 1n },
    });
    await stores.parkedMessages.park({
      ...{ reaction: 'reaction', id: randomUUID(), topic: 'register.check.events.v1', place: '0/1', key: 'check-c1' },
      ...{ bytes: Uint8Array.from([0, 255, 10]), reason: TEXT, state: 'failed' },
    });
    await stores.leases.take('turn', 'one', 1_000);
    const dueAt = at('2026-03-02T12:00:00Z');
    const due = [{ kind: 'delivery', id: 'd1', group: 'g1', dueAt, payload: { text: TEXT } }];
    await stores.reactions.take('reaction', { stream: streamId('check', 'c1'), epoch: 1, position: 1n }, due);
    await stores.usedProofs.use('00', 1);
    const turn = (await stores.leases.take('transparency-log', 'one', 60_000))!;
    const [content, salt, entry] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];
    const record = { id: randomUUID(), content, salt, record: JSON.stringify({ text: TEXT }), entry };
    await stores.log.sequence('log-events', undefined, place, [record], turn);
    await stores.log.store({ size: 1, root: entry, note: `${TEXT}\n` }, 0, turn);
    await stores.log.keepCosigned({ size: 1, note: `${TEXT}\n` });
    await stores.register.name(randomUUID());
    await places[0]!.register.query('insert into waarborg.event_origins values (1, 9007199254740993, 1)');
    await stores.instances.behind(1n, 'MeansRevoked');
    // Of these two nothing is kept: who is alive, and what is made anew.
    await stores.instances.renew('alive', 1n, 60_000);
    await stores.projections.open(countersProjection as never);
    await stores.projections.commit(countersProjection, new Map(), undefined, place);
  }
  async function fillKeyStore(vault: Vault): Promise<void> {
    await vault.clerkReference('c-17');
    const hashes = [{ own: ['one'], sought: ['one'] }];
    await vault.reservations.confirm('p1' as PersonId, hashes, at('2026-03-02T12:00:00Z'));
    await vault.checkpoints.move('process', undefined, place);
    await vault.sealer.seal({ kind: 'person', id: 'p2' }, spot, TEXT);
    await places[0]!.keys.query("delete from vault.object_key where id = 'p2'");
  }
  const append = (text: string) =>
    stores.events.append(streamId('check', randomUUID()), 'no-stream', [
      { id: randomUUID() as EventId, type: 'CheckRecorded', bytes: JSON.stringify({ text }) },
    ]);
  const quiet = (): void => undefined;
  const backedUp = async (name = 'backup'): Promise<string> => {
    const target = join(folder, name);
    await backUp(places[0]!.databases, places[0]!.keyFolder, target, quiet);
    return target;
  };
  const putBack = async (source: string, to: Place, parts: readonly BackupPart[] = BACKUP_PARTS): Promise<void> =>
    restore(to.databases, to.keyFolder, source, parts, quiet);
  const tablesOf = async ({ query }: TestDatabase, schema: string): Promise<readonly string[]> => {
    const rows = await query<{ name: string }>(
      `select relname as name from pg_class
       where relnamespace = $1::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
      [schema],
    );
    return rows.map(({ name }) => name);
  };
  const rowsOf = async (
    database: TestDatabase,
    schema: string,
    but: readonly string[],
  ): Promise<Readonly<Record<string, readonly object[]>>> => {
    const found: Record<string, readonly object[]> = {};
    for (const name of await tablesOf(database, schema)) {
      if (!but.includes(name)) {
        found[name] = await database.query(`select to_jsonb(t) as row from ${schema}.${name} t order by t::text`);
      }
    }
    return found;
  };
  /** Everything that a backup keeps as it was. The marks are put ahead. */
  const contents = ({ register, keys }: Place) =>
    Promise.all([
      rowsOf(register, 'waarborg', ['migrations', 'decision_instances', 'read_models']),
      rowsOf(keys, 'vault', ['schema_migration', 'high_water_mark']),
    ]);
  const isUntouched = async ({ register, keys, keyFolder }: Place): Promise<void> => {
    expect(await register.query("select to_regnamespace('waarborg') as schema")).toEqual([{ schema: null }]);
    expect(await keys.query("select to_regnamespace('vault') as schema")).toEqual([{ schema: null }]);
    await expect(stat(keyFolder)).rejects.toThrow('ENOENT');
  };

  it('says that it has no events where they are on another store', async () => {
    const said: string[] = [];
    const elsewhere = { ...places[0]!.databases, eventStoreUrl: 'esdb://127.0.0.1:1' };
    await backUp(elsewhere, places[0]!.keyFolder, join(folder, 'elsewhere'), (line) => said.push(line));
    expect(said[0]).toContain('the events are not in it but on the store of EVENTSTORE_URL');
  });

  it('gives back every byte, under the same logins, with keys that open what they sealed', async () => {
    // A month that is long over.
    await places[0]!.register.query('select waarborg.make_record_month(1577836800000)');
    await places[0]!.register.query(
      `insert into waarborg.record_places values (100, '${randomUUID()}', 1577836800123)`,
    );
    await places[0]!.register.query(
      `insert into waarborg.records select position, id, 'reading', '{}', recorded_at from waarborg.record_places where position = 100`,
    );
    await places[0]!.keys.query("select setval('vault.identifier_place', 41)");
    const before = await contents(places[0]!);
    for (const part of before)
      for (const [table, rows] of Object.entries(part)) expect([table, rows]).not.toEqual([table, []]);
    const target = await backedUp();
    const to = await newPlace();
    await putBack(target, to);
    expect(await contents(to)).toEqual(before);
    for (const made of ['decision_instances', 'read_models']) {
      expect(await places[0]!.register.query(`select from waarborg.${made}`)).toHaveLength(1);
      expect(await to.register.query(`select from waarborg.${made}`)).toEqual([]);
    }
    for (const { parentPath, name } of await readdir(target, { recursive: true, withFileTypes: true })) {
      expect([name, (await stat(join(parentPath, name))).mode & 0o077]).toEqual([name, 0]);
    }
    expect(await to.keys.query("select nextval('vault.identifier_place') as next")).toEqual([{ next: '42' }]);
    const again = await openPostgresStores({
      database: to.databases.registerUrl,
      owner: to.databases.registerOwnerUrl!,
    });
    expect(again.mayChangeLog).toBeUndefined();
    expect(await again.feed.head()).toBe(1n);
    await again.close();
    const vault = await openVault({ keyStoreUrl: to.databases.keyStoreUrl, keys: await fileKeyProvider(to.keyFolder) });
    expect(await vault.sealer.open(spot, sealed)).toBe(TEXT);
    // Behind the mark: what was given out after the backup can't be known.
    expect(await vault.highWaterMark.read('s')).toEqual({ epoch: 1, position: 2n });
    await vault.close();
  });

  /** Takes a backup that is held up at a table of the database until `meanwhile` is done. */
  async function heldUp(database: TestDatabase, table: string, meanwhile: () => Promise<void>): Promise<string> {
    const other = await testClient(database.url);
    try {
      await other.query('begin');
      await other.query(`lock table ${table} in access exclusive mode`);
      const taken = backedUp();
      await until('the backup waits', async () => {
        const [found] = await database.query<{ waits: boolean }>(
          `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
           and query like 'copy %') as waits`,
        );
        return found!.waits;
      });
      await meanwhile();
      await other.query('commit');
      return await taken;
    } finally {
      await other.end();
    }
  }

  it('is of one moment, whatever is written while it is taken', async () => {
    const [before] = await contents(places[0]!);
    // Its first table but one: all others are copied after it.
    const target = await heldUp(places[0]!.register, 'waarborg.checkpoints', async () => {
      await append('meanwhile');
      await stores.records.append({ id: randomUUID(), kind: 'reading', bytes: '{}' });
    });
    expect((await contents(places[0]!))[0]).not.toEqual(before);
    const to = await newPlace();
    await putBack(target, to);
    expect((await contents(to))[0]).toEqual(before);
  });

  it('has a key for everything that is sealed in it, whatever is sealed while it is taken', async () => {
    const { databases, keyFolder, keys } = places[0]!;
    const vault = await openVault({ keyStoreUrl: databases.keyStoreUrl, keys: await fileKeyProvider(keyFolder) });
    const register = async (id: string): Promise<void> => {
      const member = await vault.sealer.seal({ kind: 'person', id }, spot, id);
      await append(member);
    };
    await register('early');
    const target = await heldUp(keys, 'vault.checkpoint', () => register('late'));
    await vault.close();
    const to = await newPlace();
    await putBack(target, to);
    const there = await openVault({ keyStoreUrl: to.databases.keyStoreUrl, keys: await fileKeyProvider(to.keyFolder) });
    const events = await to.register.query<{ text: string }>(
      `select bytes::json ->> 'text' as text from waarborg.events order by position offset 1`,
    );
    expect(await Promise.all(events.map(({ text }) => there.sealer.open(spot, text)))).toEqual(['early']);
    await there.close();
  });

  it('puts a register alone back beside the key store that stayed', async () => {
    const target = await backedUp();
    const to = { ...(await newPlace()), keys: places[0]!.keys };
    const said: string[] = [];
    await restore(to.databases, to.keyFolder, target, ['register'], (line) => said.push(line));
    expect(said).toEqual([
      expect.stringMatching(/^register: up to position 1, as of 2/),
      expect.stringMatching(/^Next, before a start, where that refuses: npm run adopt-restored-store /),
    ]);
    expect((await contents(to))[0]).toEqual((await contents(places[0]!))[0]);
    const [mark] = await places[0]!.keys.query<{ position: string }>('select position from vault.high_water_mark');
    expect(mark).toEqual({ position: '1' });
  });

  it('puts keys and key store alone back, and tells of nothing else', async () => {
    const target = await backedUp();
    const to = { ...(await newPlace()), register: places[0]!.register };
    const said: string[] = [];
    await restore(to.databases, to.keyFolder, target, ['keys', 'key-store'], (line) => said.push(line));
    expect(said).toEqual([expect.stringMatching(/^keys: \d+ files$/), expect.stringMatching(/^key-store: as of 2/)]);
    expect((await contents(to))[1]).toEqual((await contents(places[0]!))[1]);
  });

  it('is written into a folder that is there and empty', async () => {
    await mkdir(join(folder, 'made-before'));
    expect(await readdir(await backedUp('made-before'))).toHaveLength(BACKUP_PARTS.length);
  });

  it('is not put back without one of its key files, which is named', async () => {
    const target = await backedUp();
    const [name] = (await readdir(join(target, 'keys'))).filter((file) => file !== 'manifest.json');
    const path = join(target, 'keys', name!);
    await rm(path);
    const to = await newPlace();
    await expect(putBack(target, to)).rejects.toThrow(`${path} can't be read: ENOENT`);
    await isUntouched(to);
  });

  it('makes nothing that can start before all of it is there', async () => {
    const source = await backedUp();
    const target = await newPlace();
    // The first part comes in and the next one does not, as when the process is killed in between.
    await target.keys.query('create schema vault');
    await expect(putBack(source, target)).rejects.toThrow('The key store is in use');
    expect(await keysOf(target.databases, target.keyFolder).catch((error: Error) => error.message)).toMatch(/^no keys/);
    await target.keys.query('drop schema vault');
    const killed = new Error('killed');
    await expect(
      restore(target.databases, target.keyFolder, source, BACKUP_PARTS, (line) => {
        if (line.startsWith('keys:')) throw killed;
      }),
    ).rejects.toBe(killed);
    await expect(keysOf(target.databases, target.keyFolder)).rejects.toThrow(/was interrupted .*begin anew/);
    await rm(join(folder, 'restore-unfinished'));
    await rm(target.keyFolder, { recursive: true });
    await putBack(source, target);
    await expect(keysOf(target.databases, target.keyFolder)).resolves.toBeDefined();
  });

  it('whose keys are away is told so where it is started, and gets no new ones', async () => {
    const source = await backedUp();
    const target = await newPlace();
    await putBack(source, target, ['register', 'key-store']);
    await expect(keysOf(target.databases, target.keyFolder)).rejects.toThrow(
      /^no keys are in .*put the keys of a register/,
    );
    await expect(stat(target.keyFolder)).rejects.toMatchObject({ code: 'ENOENT' });
    await putBack(source, target, ['keys']);
    await expect(keysOf(target.databases, target.keyFolder)).resolves.toBeDefined();
  });

  it('is refused over anything that is there already, and leaves it as it is', async () => {
    const target = await backedUp();
    const files = await readdir(target, { recursive: true });
    await expect(backedUp()).rejects.toBeInstanceOf(BackupRefused);
    await expect(backedUp()).rejects.toThrow(`${target} is not empty: a backup is never written over another.`);
    expect(await readdir(target, { recursive: true })).toEqual(files);
    await writeFile(join(folder, 'file'), 'kept');
    await symlink(join(folder, 'elsewhere'), join(folder, 'link'));
    for (const [name, why] of [
      ['file', 'is no folder.'],
      ['link', 'is no folder.'],
      [join('file', 'below'), "can't be made: "],
    ] as const) {
      await expect(backedUp(name)).rejects.toBeInstanceOf(BackupRefused);
      await expect(backedUp(name)).rejects.toThrow(`${join(folder, name)} ${why}`);
    }
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('kept');
    const before = await contents(places[0]!);
    for (const part of BACKUP_PARTS) {
      await expect(putBack(target, places[0]!, [part])).rejects.toThrow(/in use|holds keys already/);
    }
    await expect(putBack(target, places[0]!, ['keys'])).rejects.toBeInstanceOf(KeysUnusable);
    expect(await contents(places[0]!)).toEqual(before);
  });

  unless(notRoot()).it('is not written by root where another user could lead it elsewhere', async () => {
    const theirs = join(folder, 'theirs');
    await mkdir(theirs);
    await symlink(join(folder, 'ours'), join(theirs, 'on'));
    await chown(theirs, 65_534, 65_534);
    await symlink(join(theirs, 'on'), join(folder, 'through'));
    await mkdir(join(folder, 'ours'));
    const refused = backedUp('through');
    await expect(refused).rejects.toBeInstanceOf(BackupRefused);
    await expect(refused).rejects.toThrow(`${theirs} belongs to another user (65534)`);
    expect(await readdir(join(folder, 'ours'))).toEqual([]);
  });

  it('is not put back when any of its files is damaged, missing, a link or incomplete, and nothing is written', async () => {
    const target = await backedUp();
    const to = await newPlace();
    const files = (await readdir(target, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(10);
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name);
      const text = await readFile(path);
      const damages: readonly (() => Promise<void>)[] = [
        ...(text.length === 0
          ? []
          : [() => writeFile(path, Buffer.from(text.map((byte, at) => (at === text.length >> 1 ? byte ^ 1 : byte))))]),
        ...(text.length === 0 ? [] : [() => truncate(path, Math.max(0, text.length - 2))]),
        () => rm(path),
        async () => {
          await rename(path, `${path}.moved`);
          await symlink(`${path}.moved`, path);
        },
      ];
      for (const damage of damages) {
        await damage();
        const error = await putBack(target, to).catch((e: unknown) => e);
        expect([path, error instanceof BackupDamaged || error instanceof BackupRefused]).toEqual([path, true]);
        await rm(path, { force: true });
        await rm(`${path}.moved`, { force: true });
        await writeFile(path, text, { mode: 0o600 });
      }
    }
    await isUntouched(to);
    await putBack(target, to);
  });

  it('is not put together of a register and an older key store', async () => {
    const older = await backedUp('older');
    await append('later');
    const newer = await backedUp('newer');
    await mkdir(join(folder, 'mixed'));
    for (const part of BACKUP_PARTS) {
      await cp(join(part === 'register' ? newer : older, part), join(folder, 'mixed', part), { recursive: true });
    }
    const to = await newPlace();
    await expect(putBack(join(folder, 'mixed'), to)).rejects.toThrow('what was sealed in between could not be opened');
    await isUntouched(to);
  });
});
