import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { instantFromEpoch, type Instant } from '#libs/kernel';
import { FileLocked, FileMissing, StoreUnavailable, type FileStore } from '#libs/eventing';
import {
  fileStoreContract,
  logFilesContract,
  noVersitygw,
  unless,
  until,
  versitygw,
  type S3Server,
} from '#libs/testing';
import { bodyOf, Bucket, S3LogFiles, s3FileStore, textsOf, type BucketPlace } from './index.js';

// What the double of the tests beside this file can't show: how a real server understands what we send.

let server: S3Server;
let made = 0;
const bucketName = (): string => `waarborg-${process.pid}-${(made += 1)}`;

async function* chunksOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
async function wholeOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
const keysIn = async (bucket: Bucket): Promise<readonly string[]> => {
  const { body } = await bucket.ask({ method: 'GET', query: { 'list-type': '2' } });
  return textsOf(body.toString(), 'Key');
};
/** Of every version and mark that is there, the key. */
const versionsIn = async (bucket: Bucket): Promise<readonly string[]> => {
  const { body } = await bucket.ask({ method: 'GET', query: { versions: '' } });
  return textsOf(body.toString(), 'Key');
};
/** Nobody waits in vain here: a machine that stands still for minutes is no server that is away. */
const PATIENT = { silence: 300_000, whole: 550_000 };
const open = (place: BucketPlace): Bucket => new Bucket(place, PATIENT);
const inSeconds = (seconds: number): Instant => instantFromEpoch(Date.now() + seconds * 1_000);

unless(await noVersitygw()).describe('an S3 server', () => {
  beforeAll(async () => void (server = await versitygw()));
  afterAll(() => server.close());

  for (const keeps of [undefined, 'versions', 'locks'] as const) {
    fileStoreContract(`bucket with ${keeps ?? 'neither versions nor locks'}`, async () => {
      const place: BucketPlace = {
        ...(await server.make(bucketName(), keeps === undefined ? {} : { keeps })),
        prefix: 'a/b.c/',
      };
      const bucket = open(place);
      return {
        files: await s3FileStore(bucket, keeps === 'locks' ? { lock: 'governance' } : {}),
        addresses: async () => (await keysIn(bucket)).map((key) => key.slice(place.prefix.length)),
        async alter(address) {
          const { body } = await bucket.ask({ method: 'GET', key: address });
          body[0] = body[0]! ^ 1;
          await bucket.ask({ method: 'PUT', key: address, body: bodyOf(body) });
        },
        close: async () => bucket.close(),
      };
    });
  }

  logFilesContract('bucket', async () => {
    const place: BucketPlace = { ...(await server.make(bucketName(), { isPublic: true })), prefix: 'log/' };
    const [one, other] = [open(place), open(place)];
    return {
      files: new S3LogFiles(one),
      another: new S3LogFiles(other),
      async close() {
        one.close();
        other.close();
      },
    };
  });

  describe('with object lock', () => {
    let bucket: Bucket;
    let files: FileStore;
    const from = async (lock: 'governance' | 'compliance'): Promise<void> => {
      bucket = open(await server.make(bucketName(), { keeps: 'locks' }));
      files = await s3FileStore(bucket, { lock });
    };
    const kept = async (): Promise<string> => (await files.put(chunksOf(randomBytes(1_000)))).address;
    const isLocked = (until: Instant) => expect.objectContaining({ name: 'FileLocked', until });

    it.each(['governance', 'compliance'] as const)('keeps what is locked (%s) until the lock ends', async (lock) => {
      await from(lock);
      const [address, other] = [await kept(), await kept()];
      const end = inSeconds(15);
      await files.protect!(address, end);
      await expect(files.remove(address)).rejects.toEqual(isLocked(end));
      // Out of sight, and what is not locked goes at once.
      await expect(wholeOf(files.get(address))).rejects.toBeInstanceOf(FileMissing);
      await files.remove(other);
      expect(await keysIn(bucket)).toEqual([]);
      expect(new Set(await versionsIn(bucket))).toEqual(new Set([address]));
      await untilGone(address, end);
      expect(await versionsIn(bucket)).toEqual([]);
    });

    async function untilGone(address: string, end: Instant): Promise<void> {
      await until('the lock has ended, and the file goes', async () => {
        const failure: unknown = await files.remove(address).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure !== undefined) expect(failure).toEqual(isLocked(end));
        return failure === undefined;
      });
    }

    it('locks again to the same end, and never makes a lock shorter', async () => {
      await from('compliance');
      const address = await kept();
      const [soon, late] = [inSeconds(3_600), inSeconds(7_200)];
      for (const end of [soon, soon, late, soon]) await files.protect!(address, end);
      await expect(files.remove(address)).rejects.toEqual(isLocked(late));
    });

    it('has nothing to lock where no file is, or one that was taken away', async () => {
      await from('governance');
      const address = await kept();
      await files.remove(address);
      for (const gone of [address, '0'.repeat(64), '../x']) {
        await expect(files.protect!(gone, inSeconds(60))).rejects.toBeInstanceOf(FileMissing);
      }
      const locked = await kept();
      await files.protect!(locked, inSeconds(3_600));
      await expect(files.remove(locked)).rejects.toBeInstanceOf(FileLocked);
      await expect(files.protect!(locked, inSeconds(7_200))).rejects.toBeInstanceOf(FileMissing);
    });

    it('takes every version of a file away', async () => {
      await from('governance');
      const address = await kept();
      for (const text of ['another', 'and another']) {
        await bucket.ask({ method: 'PUT', key: address, body: bodyOf(Buffer.from(text)) });
      }
      await bucket.ask({ method: 'DELETE', key: address });
      await bucket.ask({ method: 'PUT', key: address, body: bodyOf(Buffer.from('a last one')) });
      await files.remove(address);
      expect(await versionsIn(bucket)).toEqual([]);
    });

    it('takes every version away also where versions are kept since it was opened', async () => {
      bucket = open(await server.make(bucketName()));
      files = await s3FileStore(bucket);
      const address = await kept();
      const text = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
      const asked = { method: 'PUT', query: { versioning: '' }, body: bodyOf(Buffer.from(text)) } as const;
      expect((await bucket.ask(asked)).status).toBe(200);
      await files.remove(address);
      expect(await versionsIn(bucket)).toEqual([]);
    });

    it('is refused where it is asked for and the bucket has none, or where it locks what waits in quarantine', async () => {
      const plain = open(await server.make(bucketName(), { keeps: 'versions' }));
      await expect(s3FileStore(plain, { lock: 'compliance' })).rejects.toThrow('has no object lock');
      const eager = open(await server.make(bucketName(), { keeps: 'locks' }));
      const rule =
        '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>' +
        '<Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>';
      const query = { 'object-lock': '' };
      expect((await eager.ask({ method: 'PUT', query, body: bodyOf(Buffer.from(rule)) })).status).toBe(200);
      for (const lock of ['compliance', undefined] as const) {
        await expect(s3FileStore(eager, lock === undefined ? {} : { lock })).rejects.toThrow(
          'locks everything by default',
        );
      }
    });
  });

  describe('that is not as it should be', () => {
    it('is unavailable to files, and says neither bucket nor secret', async () => {
      const place = await server.make(bucketName());
      const good = await s3FileStore(open(place));
      const { address } = await good.put(chunksOf(randomBytes(10)));
      for (const wrong of [
        { ...place, bucket: 'waarborg-missing' },
        { ...place, credentials: { ...place.credentials, secret: 'wrong-one' } },
        { ...place, credentials: { ...place.credentials, id: 'nobody' } },
      ]) {
        const failure: unknown = await s3FileStore(open(wrong)).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(StoreUnavailable);
        expect((failure as Error).message).toMatch(/^file store: 40[34] [A-Za-z]+$/);
      }
      expect((await wholeOf(good.get(address))).length).toBe(10);
    });

    it('is killed and comes back: what was answered is there, whole', async () => {
      const own = await versitygw();
      try {
        const place = await own.make(bucketName(), { keeps: 'versions' });
        const files = await s3FileStore(new Bucket(place, { pause: 1 }));
        const logFiles = new S3LogFiles(new Bucket(place, { pause: 1 }));
        const bytes = Array.from({ length: 5 }, () => randomBytes(200_000));
        const before = await Promise.all(bytes.map((each) => files.put(chunksOf(each))));
        await logFiles.publish('one\n');
        await own.kill();
        await expect(files.put(chunksOf(randomBytes(100)))).rejects.toBeInstanceOf(StoreUnavailable);
        await expect(wholeOf(files.get(before[0]!.address))).rejects.toBeInstanceOf(StoreUnavailable);
        await expect(logFiles.read('tile/0/000')).rejects.toThrow('ECONNREFUSED');
        await own.start();
        for (const [index, { address }] of before.entries()) {
          expect((await wholeOf(files.get(address))).equals(bytes[index]!)).toBe(true);
        }
        expect(await logFiles.publish('two\n', 'one\n')).toBe(true);
      } finally {
        await own.close();
      }
    });
  });
});
