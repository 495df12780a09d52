import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
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
import { streamId, type EventId, type KeyHolder } from '#libs/kernel';
import { testDatabase, type TestDatabase } from '#libs/testing';
import { fileKeyProvider, KeysUnusable, openVault } from '#libs/vault';
import { backUp, BACKUP_PARTS, BackupRefused, restore, type BackupPart } from './backup.js';
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
    await vault.close();
    await append(TEXT);
    await stores.records.append({ id: randomUUID(), kind: 'reading', bytes: JSON.stringify({ text: TEXT }) });
    await stores.checkpoints.move('process', undefined, { store: 's', epoch: 1, position: 1n });
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
  const contents = ({ register, keys }: Place) =>
    Promise.all([
      register.query(`select (select json_agg(e order by position) from waarborg.events e) as events,
        (select json_agg(r order by position) from waarborg.records r) as records,
        (select json_agg(p order by position) from waarborg.record_places p) as places,
        (select json_agg(c order by name) from waarborg.checkpoints c) as checkpoints`),
      keys.query(`select (select json_agg(o) from vault.object_key o) as keys, (select json_agg(k) from vault.key_store k) as id,
        (select json_agg(k) from vault.known_key k) as known`),
    ]);
  const isUntouched = async ({ register, keys, keyFolder }: Place): Promise<void> => {
    expect(await register.query("select to_regnamespace('waarborg') as schema")).toEqual([{ schema: null }]);
    expect(await keys.query("select to_regnamespace('vault') as schema")).toEqual([{ schema: null }]);
    await expect(stat(keyFolder)).rejects.toThrow('ENOENT');
  };

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
    const target = await backedUp();
    const to = await newPlace();
    await putBack(target, to);
    expect(await contents(to)).toEqual(await contents(places[0]!));
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

  it('is of one moment while others write: without a gap, with a key for everything that is sealed', async () => {
    let writing = true;
    const writers = Array.from({ length: 8 }, async () => {
      while (writing) await append('during');
    });
    const target = await backedUp();
    writing = false;
    await Promise.all(writers);
    const to = await newPlace();
    await putBack(target, to);
    const rows = await to.register.query<{ position: string }>(
      'select position from waarborg.events order by position',
    );
    expect(rows.map(({ position }) => Number(position))).toEqual(rows.map((_, index) => index + 1));
    expect(rows.length).toBeLessThanOrEqual(Number(await stores.feed.head()));
  });

  it('puts a register alone back beside the key store that stayed', async () => {
    const target = await backedUp();
    const to = { ...(await newPlace()), keys: places[0]!.keys };
    await putBack(target, to, ['register']);
    expect((await contents(to))[0]).toEqual((await contents(places[0]!))[0]);
    const [mark] = await places[0]!.keys.query<{ position: string }>('select position from vault.high_water_mark');
    expect(mark).toEqual({ position: '1' });
  });

  it('is refused over anything that is there already, and leaves it as it is', async () => {
    const target = await backedUp();
    const files = await readdir(target, { recursive: true });
    await expect(backedUp()).rejects.toBeInstanceOf(BackupRefused);
    expect(await readdir(target, { recursive: true })).toEqual(files);
    await writeFile(join(folder, 'file'), 'kept');
    await symlink(join(folder, 'elsewhere'), join(folder, 'link'));
    for (const name of ['file', 'link']) await expect(backedUp(name)).rejects.toBeInstanceOf(BackupRefused);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('kept');
    const before = await contents(places[0]!);
    for (const part of BACKUP_PARTS) {
      await expect(putBack(target, places[0]!, [part])).rejects.toThrow(/in use|holds keys already/);
    }
    await expect(putBack(target, places[0]!, ['keys'])).rejects.toBeInstanceOf(KeysUnusable);
    expect(await contents(places[0]!)).toEqual(before);
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
