import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FileDamaged, FileMissing, type FileStore } from '#libs/eventing';

export interface FileStoreHarness {
  readonly files: FileStore;
  /** Of everything that is kept. */
  addresses(): Promise<readonly string[]>;
  /** Makes a byte of a file another one behind the store's back. */
  alter(address: string): Promise<void>;
  close(): Promise<void>;
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function* chunksOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function wholeOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What every store of files must do. */
export function fileStoreContract(name: string, open: () => Promise<FileStoreHarness>): void {
  describe(`file store contract: ${name}`, () => {
    let harness: FileStoreHarness;
    let files: FileStore;
    beforeAll(async () => {
      harness = await open();
      files = harness.files;
    });
    afterAll(() => harness.close());

    it.each([0, 1, 65_536, 1_000_000])('keeps %i bytes at the address that they make', async (length) => {
      const bytes = randomBytes(length);
      const cut = length >> 1;
      const kept = await files.put(chunksOf(bytes.subarray(0, cut), new Uint8Array(0), bytes.subarray(cut)));
      expect(kept).toEqual({ address: hashOf(bytes), size: length });
      expect((await wholeOf(files.get(kept.address))).equals(bytes)).toBe(true);
    });

    it('keeps the same bytes once, also when they come twice at once', async () => {
      const bytes = randomBytes(10_000);
      const before = await harness.addresses();
      const both = await Promise.all([files.put(chunksOf(bytes)), files.put(chunksOf(bytes))]);
      both.push(await files.put(chunksOf(bytes)));
      expect(new Set(both.map(({ address }) => address))).toEqual(new Set([hashOf(bytes)]));
      expect((await harness.addresses()).length).toBe(before.length + 1);
      expect((await wholeOf(files.get(hashOf(bytes)))).equals(bytes)).toBe(true);
    });

    it('keeps nothing of what breaks off, and says why it broke off', async () => {
      const before = [...(await harness.addresses())].sort();
      const breaking = async function* (): AsyncGenerator<Uint8Array> {
        yield randomBytes(100_000);
        throw new RangeError('too long');
      };
      await expect(files.put(breaking())).rejects.toBeInstanceOf(RangeError);
      expect([...(await harness.addresses())].sort()).toEqual(before);
    });

    it('names the address before anything is there, and keeps nothing where that is not taken', async () => {
      const bytes = randomBytes(100_000);
      const before = [...(await harness.addresses())].sort();
      const told: string[] = [];
      const refusing = files.put(chunksOf(bytes), async (address) => {
        expect(await harness.addresses()).not.toContain(address);
        throw new RangeError(address);
      });
      await expect(refusing).rejects.toThrow(new RangeError(hashOf(bytes)));
      expect([...(await harness.addresses())].sort()).toEqual(before);
      const { address } = await files.put(chunksOf(bytes), async (named) => void told.push(named));
      expect(told).toEqual([address]);
    });

    it.each(['0'.repeat(64), '', '../secret', 'A'.repeat(64)])('has no file at %j', async (address) => {
      await expect(wholeOf(files.get(address))).rejects.toBeInstanceOf(FileMissing);
      await files.remove(address);
    });

    it('takes a file away, once and for all', async () => {
      const [one, other] = [randomBytes(100), randomBytes(100)];
      const { address } = await files.put(chunksOf(one));
      await files.put(chunksOf(other));
      for (let times = 0; times < 2; times += 1) await files.remove(address);
      await expect(wholeOf(files.get(address))).rejects.toBeInstanceOf(FileMissing);
      expect((await wholeOf(files.get(hashOf(other)))).equals(other)).toBe(true);
    });

    it('lists what is kept, and nothing that is gone or not written yet', async () => {
      const { address } = await files.put(chunksOf(randomBytes(100)));
      const { address: gone } = await files.put(chunksOf(randomBytes(100)));
      await files.remove(gone);
      const listed: string[] = [];
      const writing = files.put(chunksOf(randomBytes(100)), async (coming) => {
        for await (const one of files.list()) listed.push(one);
        expect(listed).not.toContain(coming);
      });
      await writing;
      expect(listed).toContain(address);
      expect(listed).not.toContain(gone);
      const after: string[] = [];
      for await (const one of files.list()) after.push(one);
      expect(after.sort()).toEqual([...(await harness.addresses())].sort());
    });

    it('tells that a file holds other bytes than its address says', async () => {
      const { address } = await files.put(chunksOf(randomBytes(100_000)));
      await harness.alter(address);
      await expect(wholeOf(files.get(address))).rejects.toBeInstanceOf(FileDamaged);
    });

    it('gives a file to many at once, and to one who stops in between', async () => {
      const bytes = randomBytes(500_000);
      const { address } = await files.put(chunksOf(bytes));
      for await (const first of files.get(address)) {
        expect(bytes.subarray(0, first.length).equals(first)).toBe(true);
        break;
      }
      const all = await Promise.all(Array.from({ length: 8 }, () => wholeOf(files.get(address))));
      for (const one of all) expect(one.equals(bytes)).toBe(true);
    });
  });
}
