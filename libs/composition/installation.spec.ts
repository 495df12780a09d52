import { beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import { allCodecs } from '#libs/domain';
import { commandHandler, eventSerializer } from '#libs/eventing';
import { at, fixedClock } from '#libs/testing';
import { memoryVault, type MemoryVault } from '#libs/vault';
import { adoptRestoredStore, identifyStore, StoreRefused } from './installation.js';

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
    const { events, feed } = of.stores ?? stores;
    const { sealer, highWaterMark } = of.vault ?? vault;
    return {
      commands: commandHandler(events, eventSerializer(allCodecs, sealer)),
      feed,
      mark: highWaterMark,
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
});
