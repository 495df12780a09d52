import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readConfiguration } from '#libs/configuration';
import { StoreUnavailable } from '#libs/eventing';
import { noVersitygw, unless, uuid, versitygw, type S3Server } from '#libs/testing';
import { keptEvidence } from './kept-evidence.js';
import { publishedFiles } from './published-files.js';

unless(await noVersitygw()).describe('an installation whose settings name buckets', () => {
  let server: S3Server;
  beforeAll(async () => void (server = await versitygw()));
  afterAll(() => server.close());

  const settings = (prefix = 'of/us') => {
    const endpoint = `endpoint=${server.endpoint}&region=eu-test-1`;
    const credentials = 'waarborg-test:not-a-secret+of/tests=';
    return readConfiguration([], {
      ...{
        EVIDENCE_STORE: `s3://the-evidence/${prefix}?${endpoint}&lock=governance`,
        EVIDENCE_STORE_CREDENTIALS: credentials,
      },
      ...{ LOG_BUCKET: `s3://the-log?${endpoint}`, LOG_BUCKET_CREDENTIALS: credentials },
    });
  };

  it('keeps its evidence there once the bucket is as it has to be, and is unavailable until then', async () => {
    const kept = keptEvidence(settings(), { store: uuid('store') });
    await expect(kept.files()).rejects.toBeInstanceOf(StoreUnavailable);
    await server.make('the-evidence', { keeps: 'locks' });
    const files = await kept.files();
    expect(await kept.files()).toBe(files);
    expect(files.protect).toBeDefined();
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('sealed');
    }
    const { address } = await files.put(bytes());
    const listed: string[] = [];
    for await (const one of (await keptEvidence(settings(), { store: uuid('store') }).files()).list()) listed.push(one);
    expect(listed).toEqual([address]);
  });

  it('refuses the bucket of another register, and takes a prefix of its own', async () => {
    const other = { store: uuid('store', 2) };
    await expect(keptEvidence(settings(), other).files()).rejects.toThrow(
      /bucket of EVIDENCE_STORE belongs to the store 00000001-/,
    );
    await expect(keptEvidence(settings('of/others'), other).files()).resolves.toBeDefined();
  });

  it('publishes its log there', async () => {
    await server.make('the-log');
    expect(await publishedFiles(settings()).publish('note\n')).toBe(true);
    expect(await publishedFiles(settings()).checkpoint()).toBe('note\n');
  });
});
