import { beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import { allCodecs, installationDecider } from '#libs/domain';
import { commandHandler, eventSerializer, type HighWaterMark } from '#libs/eventing';
import { INSTALLATION_STREAM, streamId, type EventId } from '#libs/kernel';
import { at, fixedClock, until, uuid } from '#libs/testing';
import { memoryVault, type MemoryVault } from '#libs/vault';
import { adoptRestoredStore, identifyStore, keepHighWaterMark, StoreRefused } from './installation.js';

const OIN = '00000099000000001000';

/** interfaces.md §1 and §9: which store this is, whose, and whether it has everything that it ever gave out. */
describe('the identity of a store', () => {
  let stores: MemoryStores;
  let vault: MemoryVault;
  beforeEach(async () => {
    stores = memoryStores({ clock: fixedClock(at('2026-03-02T09:00:00.000Z')) });
    vault = await memoryVault();
  });
  const parts = (of: { stores?: MemoryStores; vault?: MemoryVault; oin?: string } = {}) => {
    const { feed, checkpoints } = of.stores ?? stores;
    const { sealer, highWaterMark } = of.vault ?? vault;
    return {
      commands: commandHandler(of.stores ?? stores, eventSerializer(allCodecs, sealer)),
      feed,
      mark: highWaterMark,
      checkpoints,
      oin: of.oin ?? OIN,
    };
  };
  /** The mark as it stood when the store was longer: what is left after a restore from an older backup. */
  const restoreAnOlderBackup = async (store: string, epoch = 1): Promise<bigint> => {
    const position = (await stores.feed.head()) + 5n;
    await vault.highWaterMark.write(store, { epoch, position });
    return position;
  };

  it('is given once and found again', async () => {
    const first = await identifyStore(parts());
    expect(first.epoch).toBe(1);
    expect(await identifyStore(parts())).toEqual(first);
  });

  it('is refused to another participant', async () => {
    await identifyStore(parts());
    const other = identifyStore(parts({ oin: '00000099000000002000' }));
    await expect(other).rejects.toBeInstanceOf(StoreRefused);
    await expect(other).rejects.toThrow(`belongs to the participant with OIN ${OIN}`);
  });

  it('is refused behind its high-water mark, until a person adopts it: then a new epoch begins', async () => {
    const { store } = await identifyStore(parts());
    const reached = await restoreAnOlderBackup(store);
    await expect(identifyStore(parts())).rejects.toBeInstanceOf(StoreRefused);
    await expect(identifyStore(parts())).rejects.toThrow(`position ${reached} was reached before`);

    expect(await adoptRestoredStore(parts(), 'restored on purpose')).toEqual({ store, epoch: 2 });
    expect(await identifyStore(parts())).toEqual({ store, epoch: 2 });
    await expect(adoptRestoredStore(parts(), 'again')).rejects.toThrow('nothing to adopt');
  });

  it('is refused again when the backup is older than an adoption', async () => {
    const { store } = await identifyStore(parts());
    await restoreAnOlderBackup(store, 3);
    await expect(identifyStore(parts())).rejects.toBeInstanceOf(StoreRefused);
    expect(await adoptRestoredStore(parts(), 'restored once more')).toEqual({ store, epoch: 4 });
  });

  it('has nothing to adopt while it is empty or complete', async () => {
    await expect(adoptRestoredStore(parts(), 'no need')).rejects.toThrow('The store is empty');
    await identifyStore(parts());
    await expect(adoptRestoredStore(parts(), 'no need')).rejects.toThrow('nothing to adopt');
  });

  it('is refused with the key store of another one', async () => {
    await identifyStore(parts());
    const foreign = { stores: memoryStores({ clock: fixedClock(at('2026-03-02T09:00:00.000Z')) }) };
    await expect(identifyStore(parts(foreign))).rejects.toThrow('Check DATABASE_URL and KEYSTORE_URL');
  });

  /** A key store as it was in a backup: the same one, with the mark of then. */
  const keyStoreOf = (position: bigint, keeper = vault.highWaterMark.keeper): MemoryVault => ({
    ...vault,
    highWaterMark: {
      ...vault.highWaterMark,
      keeper,
      read: async () => backup,
      write: async (_store, mark) => void (backup = mark),
    },
    ...((backup = { epoch: 1, position }) && {}),
  });
  let backup: { readonly epoch: number; readonly position: bigint };

  const grow = async (): Promise<bigint> => {
    const head = await stores.feed.head();
    await stores.events.append(streamId('check', `c-${head}`), 'no-stream', [
      { id: uuid('event', Number(head)) as unknown as EventId, type: 'CheckRecorded', bytes: '{}' },
    ]);
    return head + 1n;
  };

  it('is refused with a key store that is older than the register, until a person adopts that', async () => {
    const identity = await identifyStore(parts());
    const early = await stores.feed.head();
    await grow();
    const keeping = keepHighWaterMark(parts(), identity, fail);
    const late = await grow();
    await keeping.stop();
    expect((await vault.highWaterMark.read(identity.store))?.position).toBe(late);

    const older = keyStoreOf(early);
    const starting = identifyStore(parts({ vault: older }));
    await expect(starting).rejects.toBeInstanceOf(StoreRefused);
    await expect(starting).rejects.toThrow(
      `The key store knows the store up to position ${early}, but had been told of position ${late}`,
    );
    expect(await adoptRestoredStore(parts({ vault: older }), 'no later backup')).toEqual({ ...identity, epoch: 2 });
    expect(await identifyStore(parts({ vault: older }))).toEqual({ ...identity, epoch: 2 });
    await expect(adoptRestoredStore(parts({ vault: older }), 'again')).rejects.toThrow('nothing to adopt');
  });

  it('is not refused when its process was killed before it could tell the key store of the last events', async () => {
    const identity = await identifyStore(parts());
    for (let event = 0; event < 1_000; event++) await grow();
    expect((await vault.highWaterMark.read(identity.store))?.position).toBeLessThan(await stores.feed.head());
    expect(await identifyStore(parts())).toEqual(identity);
  });

  it('is not refused while another process tells the key store more between two looks', async () => {
    const identity = await identifyStore(parts());
    const head = await grow();
    const other = keepHighWaterMark(parts(), identity, fail);
    const { checkpoints } = parts();
    const busy = {
      ...parts(),
      checkpoints: {
        ...checkpoints,
        read: async (name: string) => {
          const read = await checkpoints.read(name);
          await other.stop();
          return read;
        },
        move: checkpoints.move.bind(checkpoints),
      },
    };
    expect(await identifyStore(busy)).toEqual(identity);
    expect((await vault.highWaterMark.read(identity.store))?.position).toBe(head);
  });

  it('has one key store: another one is refused, even with the same marks in it', async () => {
    const { store } = await identifyStore(parts());
    await grow();
    const other = await memoryVault();
    await other.highWaterMark.write(store, { epoch: 1, position: await stores.feed.head() });
    for (const work of [
      identifyStore(parts({ vault: other })),
      adoptRestoredStore(parts({ vault: other }), 'reason'),
    ]) {
      await expect(work).rejects.toBeInstanceOf(StoreRefused);
      await expect(work).rejects.toThrow(
        `has its keys in the key store ${await vault.highWaterMark.keeper()}; the one that is configured is ${await other.highWaterMark.keeper()}`,
      );
    }
  });

  it('takes the key store that it first meets when it was made before key stores had ids', async () => {
    const { commands } = parts();
    const context = {
      ...{ participant: OIN, client: 'installation', requestHash: 'before', key: 'before', correlationId: 'before' },
      actor: { system: 'installation' },
    };
    const store = uuid('store');
    const initialize = { type: 'InitializeStore' as const, store, oin: OIN, now: at('2026-03-02T09:00:00.000Z') };
    await commands.execute(installationDecider, INSTALLATION_STREAM, () => initialize, context);
    await vault.highWaterMark.write(store, { epoch: 1, position: 1n });
    await identifyStore(parts());
    const { state } = await commands.load(installationDecider, INSTALLATION_STREAM);
    expect(state).toMatchObject({ keyStore: await vault.highWaterMark.keeper() });
    const head = await stores.feed.head();
    await identifyStore(parts());
    expect(await stores.feed.head()).toBe(head);
    const other = await memoryVault();
    await other.highWaterMark.write(store, { epoch: 1, position: head });
    await expect(identifyStore(parts({ vault: other }))).rejects.toThrow('has its keys in the key store');
  });

  it.each<[string, (older: MemoryVault) => Partial<HighWaterMark>, string]>([
    [
      'lost a mark it had taken',
      () => ({ read: async () => ({ epoch: 1, position: 0n }) }),
      'it was restored while in use',
    ],
    ['lost all marks', () => ({ read: async () => undefined }), 'it was restored while in use'],
    ['is another one', () => ({ keeper: async () => 'another' }), 'the key store is another now'],
  ])('stops a process whose key store %s while it runs', async (_, change, why) => {
    const identity = await identifyStore(parts());
    await grow();
    const mark = { ...vault.highWaterMark };
    const said: string[] = [];
    const keeping = keepHighWaterMark({ ...parts(), mark }, identity, (_name, error) => said.push(String(error)));
    await until('the mark is told', async () => (await keeping.waitFor(2n, 0)) === true);
    Object.assign(mark, change(vault));
    await until('it stops', async () => keeping.status().state === 'stopped');
    expect(said.join()).toContain(why);
    await keeping.stop();
  });
});

const fail = (name: string, error: unknown): never => {
  throw new Error(`${name}: ${String(error)}`);
};
