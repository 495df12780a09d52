import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allCodecs, installationDecider } from '#libs/domain';
import { commandHandler, eventSerializer } from '#libs/eventing';
import { INSTALLATION_STREAM, streamId, type EventId } from '#libs/kernel';
import { readConfiguration } from '#libs/configuration';
import { eventStoreDbProcess, testDatabase, until, type EventStoreDbProcess, type TestDatabase } from '#libs/testing';
import { openVault } from '#libs/vault';
import { backUp, restore } from './backup.js';
import { adoptRestoredStore, StoreRefused } from './installation.js';
import { keysOf } from './installation-keys.js';
import { keyFolderOf, openDatabases, openStores, type Databases } from './open-stores.js';
import { openBackbone, type OpenBackbone } from './open-backbone.js';

/** A register on PostgreSQL whose events are on EventStoreDB, put back from a backup that is older than these. */
describe('a register that was restored beside newer events', () => {
  let folder: string;
  let double: EventStoreDbProcess;
  let keys: TestDatabase;
  let register: TestDatabase;
  const databases: TestDatabase[] = [];
  const running: OpenBackbone[] = [];
  const quiet = (): void => undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-older-'));
    double = await eventStoreDbProcess();
    [register, keys] = [await testDatabase(), await testDatabase()];
    databases.push(register, keys);
  });
  afterEach(async () => {
    for (const open of running.splice(0)) await open.close();
    for (const database of databases.splice(0)) await database.drop();
    await double.close();
    await rm(folder, { recursive: true });
  });

  const configuration = (of: TestDatabase) =>
    readConfiguration(['--data-dir', folder], {
      DATABASE_URL: of.logins.application,
      DATABASE_OWNER_URL: of.logins.owner,
      KEYSTORE_URL: keys.logins.owner,
      EVENTSTORE_URL: double.url(),
    });
  const start = async (of: TestDatabase): Promise<OpenBackbone> => {
    const open = await openBackbone(configuration(of), { log: quiet, observer: {}, onTrouble: quiet });
    running.push(open);
    return open;
  };
  const append = ({ stores }: OpenBackbone) =>
    stores.events.append(streamId('check', randomUUID()), 'no-stream', [
      { id: randomUUID() as EventId, type: 'CheckRecorded', bytes: '{}' },
    ]);
  const record = ({ stores }: OpenBackbone) =>
    stores.records.append({ id: randomUUID(), kind: 'decision', bytes: '{}' });
  const beatOf = async (of: TestDatabase): Promise<number> => {
    const [row] = await of.query<{ position: string }>(
      "select position from waarborg.checkpoints where name = 'register-beat'",
    );
    return Number(row?.position ?? 0);
  };
  const databasesOf = (of: TestDatabase): Databases => ({
    registerUrl: of.logins.application,
    registerOwnerUrl: of.logins.owner,
    keyStoreUrl: keys.logins.owner,
    eventStoreUrl: double.url(),
    close: async () => undefined,
  });
  let backups = 0;
  const backedUp = async (): Promise<string> => {
    const target = join(folder, `backup-${(backups += 1)}`);
    await backUp(databasesOf(register), keyFolderOf(configuration(register)), target, quiet);
    return target;
  };
  const restored = async (source: string): Promise<TestDatabase> => {
    const other = await testDatabase();
    databases.push(other);
    await restore(databasesOf(other), keyFolderOf(configuration(other)), source, ['register'], quiet);
    return other;
  };
  const adopt = async (of: TestDatabase): Promise<number> => {
    // What the command does: it opens the stores, and asks nobody whether they fit.
    const settings = configuration(of);
    const opened = await openDatabases(settings, quiet);
    const vault = await openVault({
      keyStoreUrl: opened.keyStoreUrl,
      keys: await keysOf(opened, keyFolderOf(settings)),
    });
    const stores = await openStores(opened, {}, quiet);
    const { feed, checkpoints, register: identity, beside } = stores;
    const { epoch } = await adoptRestoredStore(
      {
        commands: commandHandler(stores, eventSerializer(allCodecs, vault.sealer)),
        ...{ feed, checkpoints, register: identity, mark: vault.highWaterMark, oin: settings.oin },
        ...{ heldBy: 'eventstoredb', others: () => stores.others(), beside: beside! },
      },
      'no later backup',
    );
    await stores.close();
    await vault.close();
    return epoch;
  };

  it('is refused when records are missing that events know of, and goes on when a person says so', async () => {
    const one = await start(register);
    await record(one);
    await append(one);
    const backup = await backedUp();
    const { position: lost } = await record(one);
    await append(one);
    const other = await restored(backup);
    const starting = start(other);
    await expect(starting).rejects.toBeInstanceOf(StoreRefused);
    await expect(starting).rejects.toThrow(
      `The register's database is older than the events: record ${lost} is known to the events and not in it`,
    );
    await running.pop()!.close();
    expect(await adopt(other)).toBe(2);
    const again = await start(other);
    const { history } = await again.backbone.commands.load(installationDecider, INSTALLATION_STREAM);
    expect(history.at(-1)!.data).toMatchObject({
      reason: 'no later backup',
      register: { recordsUpTo: '1', recordsKnown: String(lost) },
    });
    await record(again);
    await append(again);
    await running.pop()!.close();
    expect((await start(other)).backbone.identity.epoch).toBe(2);
  });

  it('is refused also when no record was made since, and nothing but time tells it', async () => {
    const one = await start(register);
    const backup = await backedUp();
    const before = await beatOf(register);
    await until('a process has beaten', async () => (await beatOf(register)) > before);
    await until('events carry it', async () => {
      await append(one);
      for await (const { beat } of one.stores.beside!.stamps.behind(0n)) if (beat > BigInt(before)) return true;
      return false;
    });
    await expect(start(await restored(backup))).rejects.toThrow(
      /it was at beat \d+ of epoch 1 when the newest events were/,
    );
  });

  it('starts when it is as new as its events, beside others and after them', async () => {
    const one = await start(register);
    for (let event = 0; event < 50; event += 1) await append(one);
    await record(one);
    await append(one);
    const other = await start(register);
    await append(other);
    expect(other.backbone.identity).toEqual(one.backbone.identity);
    for (const open of running.splice(0)) await open.close();
    expect((await start(register)).backbone.identity).toEqual(one.backbone.identity);
  });
});
