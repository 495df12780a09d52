import { describe, expect, it } from '@jest/globals';
import { KeyDestroyed, StoreUnavailable } from '#libs/eventing';
import { streamId, type KeyHolder } from '#libs/kernel';
import { memoryKeyProvider } from './keys/memory-key-provider.js';
import { memoryVault } from './memory-vault.js';
import { vaultOf } from './open-vault.js';
import { holderName, memoryKeyData, memoryKeyStore } from './store/memory-key-store.js';
import { vaultContract } from './vault.contract.js';

vaultContract('memory', async () => {
  const data = memoryKeyData();
  const keys = memoryKeyProvider();
  return {
    keys,
    open: (settings) => vaultOf(memoryKeyStore(data), settings?.keys ?? keys, settings?.cache),
    destroyKey: async (holder) => void data.objectKeys.delete(holderName(holder)),
    interrupt: async () => void (data.available = false),
    resume: async () => void (data.available = true),
    close: async () => undefined,
  };
});

describe('the memory vault', () => {
  const holder: KeyHolder = { kind: 'person', id: 'p1' };
  const place = { stream: streamId('person', 'p1'), eventId: 'event-1', member: 'name' };

  it('can be interrupted and resumed by a test, and lose a key', async () => {
    const vault = await memoryVault();
    const sealed = await vault.sealer.seal(holder, place, 'Jansen');
    vault.interrupt();
    await expect(vault.sealer.seal(holder, place, 'Jansen')).rejects.toBeInstanceOf(StoreUnavailable);
    vault.resume();
    expect(await vault.sealer.open(place, sealed)).toBe('Jansen');
    vault.destroyKey(holder);
    await expect(vault.sealer.open(place, sealed)).rejects.toBeInstanceOf(KeyDestroyed);
  });

  it('answers nothing after it was closed', async () => {
    const vault = await memoryVault();
    await vault.close();
    await expect(vault.sealer.seal(holder, place, 'Jansen')).rejects.toBeInstanceOf(StoreUnavailable);
  });
});
