import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { KeyDestroyed, StoreUnavailable, type SealedPlace } from '#libs/eventing';
import { streamId, type Instant, type KeyHolder, type PersonId } from '#libs/kernel';
import { KeysUnusable, type KeyProvider } from '../keys/key-provider.js';
import { memoryKeyProvider } from '../keys/memory-key-provider.js';
import type { VaultHarness } from './vault-harness.js';
import { SealBroken } from '../vault.js';

const aPerson = (): KeyHolder => ({ kind: 'person', id: randomUUID() });
const placeOf = (holder: KeyHolder, member = 'name'): SealedPlace => ({
  stream: streamId('person', holder.id),
  eventId: 'event-1',
  member,
});
const NAME = 'Wilhelmina ’t Hart–Ørsted';

export function sealingTests(harness: () => VaultHarness): void {
  describe('sealing', () => {
    it.each([
      ['a name', NAME],
      ['an empty text', ''],
      ['300 KB', 'x'.repeat(300_000)],
    ])('opens %s, now and after a restart', async (_, text) => {
      const holder = aPerson();
      const vault = await harness().open();
      const sealed = await vault.sealer.seal(holder, placeOf(holder), text);
      expect(await vault.sealer.open(placeOf(holder), sealed)).toBe(text);
      expect(await (await harness().open()).sealer.open(placeOf(holder), sealed)).toBe(text);
    });

    it('names the version and the holder in the text, shows nothing else, and is never the same twice', async () => {
      const holder = aPerson();
      const { sealer } = await harness().open();
      const first = await sealer.seal(holder, placeOf(holder), NAME);
      const second = await sealer.seal(holder, placeOf(holder), NAME);
      expect(first.startsWith(`v1.person.${holder.id}.`)).toBe(true);
      expect(first).not.toContain('Hart');
      expect(first).not.toBe(second);
    });

    it('does not open in another stream, event or member, or when one character is another', async () => {
      const holder = aPerson();
      const place = placeOf(holder);
      const { sealer } = await harness().open();
      const sealed = await sealer.seal(holder, place, NAME);
      const elsewhere: readonly SealedPlace[] = [
        { ...place, stream: streamId('person', randomUUID()) },
        { ...place, eventId: 'event-2' },
        { ...place, member: 'birthPlace' },
      ];
      for (const other of elsewhere) await expect(sealer.open(other, sealed)).rejects.toBeInstanceOf(SealBroken);
      const nonceAt = sealed.indexOf('.', `v1.person.`.length) + 1;
      for (const index of [nonceAt, sealed.length - 10]) {
        const altered = `${sealed.slice(0, index)}${sealed[index] === 'A' ? 'B' : 'A'}${sealed.slice(index + 1)}`;
        await expect(sealer.open(place, altered)).rejects.toBeInstanceOf(SealBroken);
      }
    });

    it('does not open under the name of another holder', async () => {
      const [holder, other] = [aPerson(), aPerson()];
      const { sealer } = await harness().open();
      const sealed = await sealer.seal(holder, placeOf(holder), NAME);
      await sealer.seal(other, placeOf(holder), NAME);
      const renamed = sealed.replace(holder.id, other.id);
      await expect(sealer.open(placeOf(holder), renamed)).rejects.toBeInstanceOf(SealBroken);
    });

    it.each([
      '',
      NAME,
      'v1.person.p.AAAA.AAAA',
      'v2.person.p.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA',
      'v1.clerk.p.a.b',
    ])('does not take %j for a sealed text, nor quote it', async (text) => {
      const { sealer } = await harness().open();
      const opening = sealer.open(placeOf(aPerson()), text);
      await expect(opening).rejects.toBeInstanceOf(SealBroken);
      await expect(opening).rejects.not.toThrow('Hart');
    });

    it('refuses a holder whose id could not stand in the text', async () => {
      const { sealer } = await harness().open();
      const holder: KeyHolder = { kind: 'person', id: 'a.b' };
      await expect(sealer.seal(holder, placeOf(holder), NAME)).rejects.toBeInstanceOf(TypeError);
    });

    it('makes one key for a holder, however many ask for it at once', async () => {
      const holder = aPerson();
      const vaults = await Promise.all([harness().open(), harness().open(), harness().open()]);
      const sealed = await Promise.all(
        Array.from({ length: 24 }, (_, i) => vaults[i % 3]!.sealer.seal(holder, placeOf(holder), `value ${i}`)),
      );
      const { sealer } = await harness().open();
      const opened = await Promise.all(sealed.map((text) => sealer.open(placeOf(holder), text)));
      expect(opened).toEqual(sealed.map((_, i) => `value ${i}`));
    });

    it('says that a key is destroyed once it is gone, at once where it is forgotten', async () => {
      const holder = aPerson();
      const vault = await harness().open();
      const sealed = await vault.sealer.seal(holder, placeOf(holder), NAME);
      await harness().destroyKey(holder);
      vault.forget(holder);
      await expect(vault.sealer.open(placeOf(holder), sealed)).rejects.toBeInstanceOf(KeyDestroyed);
      const uncached = await harness().open({ cache: { entries: 0, ttlMilliseconds: 0 } });
      await expect(uncached.sealer.open(placeOf(holder), sealed)).rejects.toBeInstanceOf(KeyDestroyed);
    });

    it('never gives a holder a second key, whatever it is asked for, in this process and in others', async () => {
      const holder = aPerson();
      const uncached = { entries: 0, ttlMilliseconds: 0 };
      const vault = await harness().open({ cache: uncached });
      const sealed = await vault.sealer.seal(holder, placeOf(holder), NAME);
      await harness().destroyKey(holder);
      for (const each of [vault, await harness().open({ cache: uncached })]) {
        await expect(each.sealer.seal(holder, placeOf(holder), NAME)).rejects.toBeInstanceOf(KeyDestroyed);
        await expect(each.requestHash('{}', holder)).rejects.toBeInstanceOf(KeyDestroyed);
        await expect(each.sealer.open(placeOf(holder), sealed)).rejects.toBeInstanceOf(KeyDestroyed);
      }
    });

    it('makes no key for a holder that had one by the register, though the key store knows nothing of it', async () => {
      const holder = aPerson();
      const vault = await harness().open();
      const recorded = [`v1.person.${holder.id}.abc`];
      await expect(vault.requestHash('{}', holder, async () => recorded)).rejects.toBeInstanceOf(KeyDestroyed);
      const others = ['v1.lookup-1-0123abcd.abc', `v1.party.${holder.id}.abc`, `v1.person.${holder.id}x.abc`];
      const hash = await vault.requestHash('{}', holder, async () => others);
      // Where there is a key nobody is asked.
      expect(await vault.requestHash('{}', holder, () => Promise.reject(new Error('asked')))).toBe(hash);
    });

    it('has an id that stays the same, and is not that of another key store', async () => {
      const first = await (await harness().open()).highWaterMark.keeper();
      expect(await (await harness().open()).highWaterMark.keeper()).toBe(first);
      expect(first).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('goes on opening what was sealed before the master key was rotated, on both sides', async () => {
      const [before, after] = [aPerson(), aPerson()];
      const older = await harness().open();
      const sealedBefore = await older.sealer.seal(before, placeOf(before), NAME);
      await harness().keys.rotate('master');
      const newer = await harness().open();
      const sealedAfter = await newer.sealer.seal(after, placeOf(after), NAME);
      expect(await newer.sealer.open(placeOf(before), sealedBefore)).toBe(NAME);
      expect(await older.sealer.open(placeOf(after), sealedAfter)).toBe(NAME);
    });

    it('refuses keys that the key store was not made with, and still takes those that it was', async () => {
      await harness().open();
      const opening = harness().open({ keys: memoryKeyProvider() });
      await expect(opening).rejects.toBeInstanceOf(KeysUnusable);
      await expect(opening).rejects.toThrow(/master key master-1-[0-9a-f]{8} is missing/);
      await harness().open();
    });

    it('refuses a key that stands under a known id and is another one', async () => {
      const [right] = await harness().keys.all('lookup');
      const [wrong] = await memoryKeyProvider().all('lookup');
      const forged: KeyProvider = {
        ...harness().keys,
        all: async (name) =>
          (await harness().keys.all(name)).map((key) => (key.id === right!.id ? { ...key, key: wrong!.key } : key)),
      };
      await expect(harness().open({ keys: forged })).rejects.toThrow(
        `lookup key ${right!.id} is another one than before`,
      );
    });

    it('writes nothing and opens nothing while the key store is away, and goes on when it is back', async () => {
      const holder = aPerson();
      const vault = await harness().open({ cache: { entries: 0, ttlMilliseconds: 0 } });
      const sealed = await vault.sealer.seal(holder, placeOf(holder), NAME);
      const somebody = holder.id as PersonId;
      const identifiers = [{ own: ['hash'], sought: ['hash'] }];
      const noon = '2026-03-02T12:00:00.000Z' as Instant;
      await harness().interrupt();
      try {
        const unreachable: readonly (() => Promise<unknown>)[] = [
          () => vault.sealer.seal(holder, placeOf(holder), NAME),
          () => vault.sealer.seal(aPerson(), placeOf(holder), NAME),
          () => vault.sealer.open(placeOf(holder), sealed),
          () => vault.requestHash('{}', holder),
          () => vault.pseudonym(aPerson()),
          () => vault.reservations.reserve(somebody, identifiers, noon),
          () => vault.reservations.confirm(somebody, identifiers, noon),
          () => vault.reservations.release(somebody, ['hash']),
          () => vault.reservations.lapse(somebody, noon),
          () => vault.reservations.holders(['hash'], 1),
          () => vault.checkpoints.read('reader'),
          () => vault.checkpoints.move('reader', undefined, { store: 'store', epoch: 1, position: 1n }),
          () => vault.clerkReference('clerk-of-the-outage'),
          () => vault.highWaterMark.keeper(),
          () => vault.highWaterMark.read('store'),
          () => vault.highWaterMark.write('store', { epoch: 1, position: 1n }),
          () => harness().open(),
        ];
        for (const call of unreachable) await expect(call()).rejects.toBeInstanceOf(StoreUnavailable);
      } finally {
        await harness().resume();
      }
      expect(await vault.sealer.open(placeOf(holder), sealed)).toBe(NAME);
    });
  });
}
