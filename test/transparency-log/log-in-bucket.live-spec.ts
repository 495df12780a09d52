import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bodyOf, Bucket, S3LogFiles, type BucketPlace } from '#libs/adapters/s3';
import { LogFileDiffers } from '#libs/eventing';
import { noVersitygw, unless, versitygw, type S3Server } from '#libs/testing';
import {
  formatCheckpoint,
  formatVerifierKey,
  growLog,
  logSigner,
  recordEntry,
  secretKey,
  signNote,
} from '#libs/transparency-log';
import { verify } from '#libs/verifier';
import { fsckAccepts, fsckSays, missingFsck } from './foreign-tools.js';

// The log as outsiders find it where it is published in a bucket: by the bucket's own address, and nothing of ours between.

const ORIGIN = 'waarborg.invalid/log';
const seed = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 1)]);
const signer = logSigner(ORIGIN, secretKey(createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' })));
const entryOf = (index: number): Buffer => recordEntry(Buffer.alloc(32, index), Buffer.from(`{"record":${index}}`));
const noFsck = await missingFsck();
const SIZES = [700, 1_000] as const;

unless(await noVersitygw()).describe('a log that is published in a bucket', () => {
  let server: S3Server;
  let place: BucketPlace;
  let bucket: Bucket;
  let files: S3LogFiles;
  let folder: string;
  let root: Buffer;
  let address: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-bucket-'));
    await writeFile(join(folder, 'key'), formatVerifierKey(signer.key));
    server = await versitygw();
    place = { ...(await server.make('published-log', { isPublic: true })), prefix: 'of/us/' };
    bucket = new Bucket(place);
    files = new S3LogFiles(bucket);
    address = `${place.endpoint}/${place.bucket}/${place.prefix.slice(0, -1)}`;
    let [size, note] = [0, undefined as string | undefined];
    for (const next of SIZES) {
      const entries = Array.from({ length: next - size }, (_, index) => entryOf(size + index));
      const grown = await growLog(files, size, entries);
      for (const { path, bytes } of grown.files) await files.write(path, bytes);
      root = grown.range.root();
      const signed = await signNote(formatCheckpoint({ origin: ORIGIN, size: next, root }), [signer], 0n);
      expect(await files.publish(signed, note)).toBe(true);
      [size, note] = [next, signed];
    }
  });
  afterAll(async () => {
    bucket.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const isIntact = async (): Promise<boolean> => {
    async function* nothing(): AsyncGenerator<Uint8Array> {}
    const around = { input: nothing(), out: () => undefined, err: () => undefined, isTerminal: false };
    return (await verify([address, '--key', join(folder, 'key')], around)) === 0;
  };

  it('is verified by the address of the bucket', async () => {
    expect(await isIntact()).toBe(true);
  });

  unless(noFsck).it('is what Tessera’s fsck finds right at that address', async () => {
    expect(await fsckSays(`${address}/`, join(folder, 'key'))).toContain(fsckAccepts(SIZES[1], root));
  });

  it.each([
    ['checkpoint', 'text/plain; charset=utf-8', 'no-cache'],
    ['tile/0/002', 'application/octet-stream', 'public, max-age=31536000, immutable'],
    ['tile/entries/003.p/232', 'application/octet-stream', 'public, max-age=31536000, immutable'],
  ])('tells of %s what it is, and how long it stays so', async (path, type, cache) => {
    const answer = await fetch(`${address}/${path}`);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      ...[200, type, cache],
    ]);
  });

  it('is refused with one byte changed, which is never written over', async () => {
    const path = 'tile/entries/001';
    const { body } = await bucket.ask({ method: 'GET', key: path });
    const changed = Buffer.from(body);
    changed[34 * 5 + 7]! ^= 1;
    await bucket.ask({ method: 'PUT', key: path, body: bodyOf(changed) });
    expect(await isIntact()).toBe(false);
    await expect(files.write(path, body)).rejects.toEqual(new LogFileDiffers(path));
    expect((await bucket.ask({ method: 'GET', key: path })).body.equals(changed)).toBe(true);
    await bucket.ask({ method: 'PUT', key: path, body: bodyOf(body) });
    expect(await isIntact()).toBe(true);
  });

  it('never goes back, whoever of several processes publishes', async () => {
    const own: BucketPlace = { ...place, prefix: 'another/' };
    const sizeOf = (note: string | undefined): number => Number(note ?? 0);
    const reader = new S3LogFiles(new Bucket(own));
    const seen: number[] = [];
    let isDone = false;
    const reading = (async () => {
      while (!isDone) seen.push(sizeOf(await reader.checkpoint()));
    })();
    /** Each puts in place what it has, where that is newer than what it sees. */
    const publish = async (mine: number): Promise<void> => {
      const writer = new S3LogFiles(new Bucket(own));
      for (;;) {
        const there = await writer.checkpoint();
        if (sizeOf(there) >= mine || (await writer.publish(String(mine), there))) return;
      }
    };
    await Promise.all([7, 3, 9, 1, 8, 2, 10, 5, 6, 4].map(publish));
    isDone = true;
    await reading;
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    expect(await reader.checkpoint()).toBe('10');
  });
});
