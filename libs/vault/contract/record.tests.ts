import { constants, sign, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isUuid } from '#libs/kernel';
import type { VaultHarness } from './vault-harness.js';

export function recordTests(harness: () => VaultHarness): void {
  describe('clerk references', () => {
    it('are random, one per clerk, and the same ever after', async () => {
      const vault = await harness().open();
      const reference = await vault.clerkReference('clerk-17@back-office');
      expect(isUuid(reference)).toBe(true);
      expect(await vault.clerkReference('clerk-17@back-office')).toBe(reference);
      expect(await (await harness().open()).clerkReference('clerk-17@back-office')).toBe(reference);
      expect(await vault.clerkReference('clerk-18@back-office')).not.toBe(reference);
    });

    it('are one, however many ask for a new clerk at once', async () => {
      const vaults = await Promise.all([harness().open(), harness().open()]);
      const references = await Promise.all(
        Array.from({ length: 20 }, (_, i) => vaults[i % 2]!.clerkReference('clerk-19@back-office')),
      );
      expect(new Set(references).size).toBe(1);
    });
  });

  describe('the high-water mark', () => {
    it('is unknown for a store that was never seen', async () => {
      expect(await (await harness().open()).highWaterMark.read('never-seen')).toBeUndefined();
    });

    it('never goes back within an epoch, nor to an earlier epoch', async () => {
      const { highWaterMark } = await harness().open();
      const steps = [
        [
          { epoch: 1, position: 5n },
          { epoch: 1, position: 5n },
        ],
        [
          { epoch: 1, position: 4n },
          { epoch: 1, position: 5n },
        ],
        [
          { epoch: 1, position: 18_446_744_073_709_551_615n },
          { epoch: 1, position: 18_446_744_073_709_551_615n },
        ],
        [
          { epoch: 2, position: 3n },
          { epoch: 2, position: 3n },
        ],
        [
          { epoch: 1, position: 9n },
          { epoch: 2, position: 3n },
        ],
      ] as const;
      for (const [written, kept] of steps) {
        await highWaterMark.write('store-a', written);
        expect(await highWaterMark.read('store-a')).toEqual(kept);
      }
      expect(await highWaterMark.read('store-b')).toBeUndefined();
      expect(await highWaterMark.stores()).toEqual(['store-a']);
    });

    it('keeps the event at the mark, and adds it where the version before named none', async () => {
      const { highWaterMark } = await harness().open();
      const [first, second] = ['1b671a64@1', '2c782b75@2'];
      await highWaterMark.write('store-c', { epoch: 1, position: 5n });
      expect(await highWaterMark.read('store-c')).toEqual({ epoch: 1, position: 5n });
      for (const [event, position, kept] of [
        [first, 5n, { epoch: 1, position: 5n, event: first }],
        [second, 5n, { epoch: 1, position: 5n, event: first }],
        [second, 4n, { epoch: 1, position: 5n, event: first }],
        [second, 6n, { epoch: 1, position: 6n, event: second }],
      ] as const) {
        await highWaterMark.write('store-c', { epoch: 1, position, event });
        expect(await highWaterMark.read('store-c')).toEqual(kept);
      }
    });
  });

  describe('signing keys', () => {
    it('sign tokens with PS256, and verify across a rotation', async () => {
      const vault = await harness().open();
      const old = await vault.signingKey('token');
      const newId = await harness().keys.rotate('token');
      const current = await vault.signingKey('token');
      expect([old.algorithm, current.id]).toEqual(['PS256', newId]);
      const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
      const keys = await vault.verificationKeys('token');
      expect(keys.map(({ id }) => id)).toEqual([newId, old.id]);
      const signature = sign('sha256', Buffer.from('token'), { key: old.privateKey, ...options });
      const { publicKey } = keys.find(({ id }) => id === old.id)!;
      expect(publicKey.type).toBe('public');
      expect(verify('sha256', Buffer.from('token'), { key: publicKey, ...options }, signature)).toBe(true);
    });

    it('verify nothing any more once they are withdrawn, and there is always one to sign with', async () => {
      const { keys } = harness();
      const vault = await harness().open();
      const verifying = async () => (await vault.verificationKeys('token')).map(({ id }) => id);
      const { id: old } = await vault.signingKey('token');
      const current = await keys.rotate('token');
      for (const id of await verifying()) if (id !== current) await keys.withdraw('token', id);
      expect(await verifying()).toEqual([current]);
      await keys.withdraw('token', current);
      const { id: next } = await vault.signingKey('token');
      expect(await verifying()).toEqual([next]);
      expect([old, current]).not.toContain(next);
      for (const unknown of [old, 'token-9-00000000']) {
        await expect(keys.withdraw('token', unknown)).rejects.toThrow(`there is no token key ${unknown}`);
      }
      expect(await verifying()).toEqual([next]);
    });

    it('sign answers with the algorithm that is asked for, and are published with those before (LVL-14)', async () => {
      const vault = await harness().open();
      const [es256, ps256] = [vault.answerKeys('ES256'), vault.answerKeys('PS256')];
      await es256.begin();
      const first = await es256.signing(0);
      await es256.begin();
      expect(await es256.signing(0)).toEqual(first);
      expect(first).toMatchObject({ algorithm: 'ES256', id: expect.stringMatching(/^answer-es256-1-[0-9a-f]{8}$/) });
      expect(first.privateKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
      expect((await ps256.verification()).map(({ id, algorithm }) => [id, algorithm])).toEqual([[first.id, 'ES256']]);
      await ps256.begin();
      const newId = await harness().keys.rotate('answer-es256');
      const published = await es256.verification();
      expect(published.map(({ id, algorithm }) => [id, algorithm])).toEqual([
        [newId, 'ES256'],
        [first.id, 'ES256'],
        [(await ps256.signing(0)).id, 'PS256'],
      ]);
      // Signed with once it has been published for long enough.
      expect((await es256.signing(0)).id).toBe(first.id);
      expect((await es256.signing(Date.now() + 60_000)).id).toBe(newId);
      for (const { publicKey } of published) expect(publicKey.type).toBe('public');
      await harness().keys.withdraw('answer-es256', first.id);
      expect((await ps256.verification()).map(({ id }) => id)).not.toContain(first.id);
      expect((await es256.signing(0)).id).toBe(newId);
    });

    it('sign the log with Ed25519', async () => {
      const vault = await harness().open();
      const { algorithm, privateKey, id } = await vault.signingKey('log');
      const [key] = await vault.verificationKeys('log');
      expect([algorithm, key!.id]).toEqual(['Ed25519', id]);
      const signature = sign(null, Buffer.from('checkpoint'), privateKey);
      expect(verify(null, Buffer.from('checkpoint'), key!.publicKey, signature)).toBe(true);
    });
  });
}
