import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { KeyDestroyed, StoreUnavailable } from '#libs/eventing';
import type { KeyHolder } from '#libs/kernel';
import { SealBroken } from '../vault.js';
import type { VaultHarness } from './vault-harness.js';

const someEvidence = (): KeyHolder => ({ kind: 'evidence', id: randomUUID() });

async function* chunksOf(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += Math.max(size, 1)) yield bytes.subarray(at, at + Math.max(size, 1));
}

async function wholeOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const PIECE = 65_536;
const HEAD = 17 + 32;
const SEALED_PIECE = PIECE + 16;

export function fileTests(harness: () => VaultHarness): void {
  describe('sealing of files', () => {
    it.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])(
      'opens one of %i bytes, however it came and comes, now and after a restart',
      async (length) => {
        const holder = someEvidence();
        const bytes = randomBytes(length);
        const vault = await harness().open();
        for (const size of [bytes.length, 1_000, PIECE]) {
          const sealed = await wholeOf(vault.files.seal(holder, chunksOf(bytes, size)));
          expect(sealed.length).toBe(HEAD + length + 16 * Math.max(1, Math.ceil(length / PIECE)));
          for (const reader of [vault, await harness().open()]) {
            for (const piece of [sealed.length, 777]) {
              expect((await wholeOf(reader.files.open(holder, chunksOf(sealed, piece)))).equals(bytes)).toBe(true);
            }
          }
        }
      },
    );

    it('shows nothing of the file, and is never the same twice', async () => {
      const holder = someEvidence();
      const { files } = await harness().open();
      const text = Buffer.from('Citizen service number 999999990 '.repeat(100));
      const [first, second] = [
        await wholeOf(files.seal(holder, chunksOf(text))),
        await wholeOf(files.seal(holder, chunksOf(text))),
      ];
      expect(first.includes('999999990')).toBe(false);
      expect(first.subarray(HEAD).equals(second.subarray(HEAD))).toBe(false);
    });

    it('gives no byte of a piece that was altered, and those before it', async () => {
      const holder = someEvidence();
      const { files } = await harness().open();
      const bytes = randomBytes(2 * PIECE);
      const sealed = await wholeOf(files.seal(holder, chunksOf(bytes)));
      for (const at of [0, 20, HEAD, HEAD + PIECE, HEAD + SEALED_PIECE, sealed.length - 1]) {
        const altered = Buffer.from(sealed);
        altered[at]! ^= 1;
        const given: Uint8Array[] = [];
        const reading = async (): Promise<void> => {
          for await (const chunk of files.open(holder, chunksOf(altered))) given.push(chunk);
        };
        await expect(reading()).rejects.toBeInstanceOf(SealBroken);
        const sound = at < HEAD + SEALED_PIECE ? 0 : PIECE;
        expect(Buffer.concat(given).equals(bytes.subarray(0, sound))).toBe(true);
      }
    });

    it('tells one that was cut off, lengthened, or put together otherwise', async () => {
      const holder = someEvidence();
      const { files } = await harness().open();
      const sealed = await wholeOf(files.seal(holder, chunksOf(randomBytes(2 * PIECE + 9))));
      const piece = (number: number): Buffer =>
        sealed.subarray(HEAD + number * SEALED_PIECE, HEAD + (number + 1) * SEALED_PIECE);
      const head = sealed.subarray(0, HEAD);
      for (const other of [
        ...[0, 10, HEAD, HEAD + 8, HEAD + SEALED_PIECE, sealed.length - 1].map((end) => sealed.subarray(0, end)),
        Buffer.concat([sealed, Buffer.alloc(1)]),
        Buffer.concat([sealed, piece(2)]),
        Buffer.concat([head, piece(1), piece(0), piece(2)]),
        Buffer.concat([head, piece(0), piece(2)]),
        Buffer.concat([head, piece(2)]),
      ]) {
        await expect(wholeOf(files.open(holder, chunksOf(other)))).rejects.toBeInstanceOf(SealBroken);
      }
    });

    it('opens for its holder alone, and not for another file of his', async () => {
      const [holder, other] = [someEvidence(), someEvidence()];
      const { files } = await harness().open();
      const sealed = await wholeOf(files.seal(holder, chunksOf(randomBytes(100))));
      const another = await wholeOf(files.seal(holder, chunksOf(randomBytes(100))));
      await wholeOf(files.seal(other, chunksOf(randomBytes(1))));
      await expect(wholeOf(files.open(other, chunksOf(sealed)))).rejects.toBeInstanceOf(SealBroken);
      const mixed = Buffer.concat([sealed.subarray(0, HEAD), another.subarray(HEAD)]);
      await expect(wholeOf(files.open(holder, chunksOf(mixed)))).rejects.toBeInstanceOf(SealBroken);
    });

    it('passes on what its source ends with', async () => {
      const { files } = await harness().open();
      const source = async function* (): AsyncGenerator<Uint8Array> {
        yield randomBytes(10);
        throw new RangeError('too long');
      };
      await expect(wholeOf(files.seal(someEvidence(), source()))).rejects.toBeInstanceOf(RangeError);
    });

    it('seals nothing while the key store is away', async () => {
      const { files } = await harness().open();
      await harness().interrupt();
      try {
        await expect(wholeOf(files.seal(someEvidence(), chunksOf(randomBytes(1))))).rejects.toBeInstanceOf(
          StoreUnavailable,
        );
      } finally {
        await harness().resume();
      }
    });
  });

  describe('destroying a key', () => {
    it('leaves nothing that opens, in this process at once, and nobody gets another one', async () => {
      const holder = someEvidence();
      const vault = await harness().open();
      const sealed = await wholeOf(vault.files.seal(holder, chunksOf(randomBytes(100))));
      for (let times = 0; times < 2; times += 1) {
        await vault.destroy(holder);
        for (const reader of [vault, await harness().open({ cache: { entries: 0, ttlMilliseconds: 0 } })]) {
          await expect(wholeOf(reader.files.open(holder, chunksOf(sealed)))).rejects.toBeInstanceOf(KeyDestroyed);
          await expect(wholeOf(reader.files.seal(holder, chunksOf(sealed)))).rejects.toBeInstanceOf(KeyDestroyed);
        }
      }
    });

    it('holds for one that never had a key as well', async () => {
      const holder = someEvidence();
      const vault = await harness().open();
      await vault.destroy(holder);
      await expect(wholeOf(vault.files.seal(holder, chunksOf(randomBytes(1))))).rejects.toBeInstanceOf(KeyDestroyed);
    });

    it('leaves the keys of others', async () => {
      const [holder, other] = [someEvidence(), someEvidence()];
      const vault = await harness().open();
      const bytes = randomBytes(100);
      const sealed = await wholeOf(vault.files.seal(other, chunksOf(bytes)));
      await vault.destroy(holder);
      expect((await wholeOf(vault.files.open(other, chunksOf(sealed)))).equals(bytes)).toBe(true);
    });
  });
}
