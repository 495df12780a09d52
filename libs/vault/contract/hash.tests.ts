import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { KeyDestroyed } from '#libs/eventing';
import type { KeyHolder } from '#libs/kernel';
import type { VaultHarness } from './vault-harness.js';

const aPerson = (): KeyHolder => ({ kind: 'person', id: randomUUID() });

export function hashTests(harness: () => VaultHarness): void {
  describe('lookup hashes', () => {
    it('are the same for the same purpose and value, also after a restart, and show neither', async () => {
      const hash = await (await harness().open()).lookupHash('identifying-attributes', 'hart|1980-02-29');
      expect(await (await harness().open()).lookupHash('identifying-attributes', 'hart|1980-02-29')).toBe(hash);
      expect(hash).toMatch(/^v1\.lookup-\d+-[0-9a-f]{8}\.[A-Za-z0-9_-]{43}$/);
    });

    it('differ by value and by purpose', async () => {
      const vault = await harness().open();
      const hashes = await Promise.all([
        vault.lookupHash('email', 'a'),
        vault.lookupHash('email', 'b'),
        vault.lookupHash('phone', 'a'),
        vault.lookupHash('emai', 'la'),
      ]);
      expect(new Set(hashes).size).toBe(4);
    });

    it('refuse a purpose that could run into the value, without quoting it', async () => {
      const vault = await harness().open();
      for (const purpose of ['', 'Email', 'a\0b', 'hart@example.org']) {
        await expect(vault.lookupHash(purpose, 'x')).rejects.toBeInstanceOf(TypeError);
        await expect(vault.lookupHashes(purpose, 'x')).rejects.not.toThrow('hart@');
      }
    });

    it('are made with the new key after a rotation, and can still be found under the old one', async () => {
      const before = await (await harness().open()).lookupHash('email', 'a');
      const newId = await harness().keys.rotate('lookup');
      const vault = await harness().open();
      const hashes = await vault.lookupHashes('email', 'a');
      expect(hashes[0]).toBe(await vault.lookupHash('email', 'a'));
      expect(hashes[0]!.startsWith(`v1.${newId}.`)).toBe(true);
      expect(hashes.slice(1)).toContain(before);
    });
  });

  describe('pseudonyms', () => {
    it('stay the same after restarts and rotations, differ by holder, and have no id in them', async () => {
      const [holder, other] = [aPerson(), aPerson()];
      const vault = await harness().open();
      for (const each of [holder, other]) await vault.requestHash('{}', each);
      const pseudonym = await vault.pseudonym(holder);
      expect(pseudonym).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(await vault.pseudonym(other)).not.toBe(pseudonym);
      await harness().keys.rotate('master');
      await harness().keys.rotate('lookup');
      expect(await (await harness().open()).pseudonym(holder)).toBe(pseudonym);
      expect(await vault.requestHash('{}', holder)).not.toContain(pseudonym);
    });

    it('are made for nobody who has no key: they make none, and go with it', async () => {
      const vault = await harness().open();
      const holder = aPerson();
      await expect(vault.pseudonym(holder)).rejects.toBeInstanceOf(KeyDestroyed);
      await vault.requestHash('{}', holder);
      await vault.pseudonym(holder);
      await vault.destroy(holder);
      await expect(vault.pseudonym(holder)).rejects.toBeInstanceOf(KeyDestroyed);
    });
  });

  describe('request hashes', () => {
    it.each([
      ['without personal members', undefined],
      ['with personal members', aPerson()],
    ])('are the same for the same body %s, after restarts and rotations', async (_, holder) => {
      const hash = await (await harness().open()).requestHash('{"a":1}', holder);
      await harness().keys.rotate('master');
      await harness().keys.rotate('lookup');
      const later = await harness().open();
      expect(await later.requestHash('{"a":1}', holder)).toBe(hash);
      expect(await later.requestHash('{"a":2}', holder)).not.toBe(hash);
    });

    it('differ by holder, and from those without one', async () => {
      const vault = await harness().open();
      const macs = await Promise.all(
        [undefined, aPerson(), aPerson()].map((holder) => vault.requestHash('{}', holder)),
      );
      expect(new Set(macs.map((text) => text.split('.').at(-1))).size).toBe(3);
    });

    it('die with the key of the holder', async () => {
      const holder = aPerson();
      const vault = await harness().open();
      await vault.requestHash('{"a":1}', holder);
      await harness().destroyKey(holder);
      vault.forget(holder);
      await expect(vault.requestHash('{"a":1}', holder)).rejects.toBeInstanceOf(KeyDestroyed);
    });
  });
}
