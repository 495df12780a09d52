import { afterEach, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { FileLocked, StoreUnavailable } from '#libs/eventing';
import { boundBucket, Bucket, S3LogFiles, s3FileStore, type Patience } from './index.js';

// A store that answers as a real one rarely does: late, twice, not at all.

type Doing = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

describe('a bucket whose server', () => {
  let server: Server | undefined;
  let seen: Seen[];
  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  /** Answers with each of these in turn; the last one again and again. */
  async function bucketThat(doings: readonly Doing[], patience: Partial<Patience> = {}): Promise<Bucket> {
    seen = [];
    const asked = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const body = Buffer.concat(pieces);
      const doing = doings[Math.min(seen.length, doings.length - 1)]!;
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      doing(request, response, body);
    };
    server = createServer((request, response) => void asked(request, response).catch(() => response.destroy()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const credentials = { id: 'id', secret: 'secret' };
    return new Bucket(
      { endpoint: `http://127.0.0.1:${port}`, region: 'r', bucket: 'b', prefix: 'p/', style: 'path', credentials },
      { pause: 1, ...patience },
    );
  }
  const saying =
    (status: number, text = '', headers: Record<string, string> = {}): Doing =>
    (_request, response) =>
      void response.writeHead(status, headers).end(text);
  const hangUp: Doing = (request) => request.socket.destroy();
  const silence: Doing = () => undefined;
  const refusing = (status: number, code: string): Doing => saying(status, `<Error><Code>${code}</Code></Error>`);
  const NEITHER = [saying(200, '<VersioningConfiguration/>'), refusing(404, 'ObjectLockConfigurationNotFoundError')];
  const filesOf = async (doings: readonly Doing[], patience?: Partial<Patience>) =>
    s3FileStore(await bucketThat([...NEITHER, ...doings], patience));
  async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const drafts = async (): Promise<number> =>
    (await readdir(tmpdir())).filter((name) => name.startsWith('waarborg-draft-')).length;

  it('refuses what its lock does not is no lock: one that is over by its own clock is told as the refusal that it is', async () => {
    const until = '2026-03-02T12:00:00Z';
    const versions = saying(
      200,
      `<ListVersionsResult><Version><Key>p/${'a'.repeat(64)}</Key><VersionId>1</VersionId><IsLatest>false</IsLatest></Version>` +
        `<DeleteMarker><Key>p/${'a'.repeat(64)}</Key><VersionId>2</VersionId><IsLatest>true</IsLatest></DeleteMarker></ListVersionsResult>`,
    );
    const remove = async (now: string): Promise<unknown> => {
      const files = s3FileStore(
        await bucketThat([
          ...[saying(200, '<Status>Enabled</Status>'), NEITHER[1]!, versions],
          saying(403, '<Error><Code>AccessDenied</Code></Error>', { date: new Date(now).toUTCString() }),
          saying(200, `<Retention><RetainUntilDate>${until}</RetainUntilDate></Retention>`),
        ]),
      );
      return (await files).remove('a'.repeat(64)).catch((error: unknown) => error);
    };
    expect(await remove('2026-03-02T11:59:00Z')).toBeInstanceOf(FileLocked);
    expect(await remove('2026-03-02T12:00:00Z')).toMatchObject({
      name: 'StoreUnavailable',
      message: expect.stringContaining('AccessDenied'),
    });
  });

  it.each<[string, Doing]>([
    ['hangs up', hangUp],
    ['is busy', refusing(503, 'SlowDown')],
    ['fails', refusing(500, 'InternalError')],
    ['waited for too long', refusing(400, 'RequestTimeout')],
    ['was asked by two at once', refusing(409, 'ConditionalRequestConflict')],
  ])('%s is asked again, with the whole of the file', async (_what, doing) => {
    const files = await filesOf([doing, doing, saying(200)]);
    const bytes = randomBytes(300_000);
    const address = createHash('sha256').update(bytes).digest('hex');
    expect(await files.put(bytesOf(bytes))).toEqual({ address, size: bytes.length });
    const puts = seen.slice(2);
    expect(puts.map(({ line, body }) => [line, body.equals(bytes)])).toEqual(
      Array.from({ length: 3 }, () => [`PUT /b/p/${address}`, true]),
    );
    expect(puts[0]!.headers).toMatchObject({
      'x-amz-content-sha256': address,
      'x-amz-checksum-sha256': Buffer.from(address, 'hex').toString('base64'),
      'content-length': '300000',
      'if-none-match': '*',
    });
  });

  it.each<[string, Doing, string]>([
    ['hangs up for good', hangUp, 'file store: ECONNRESET'],
    ['says nothing', silence, 'file store: ETIMEDOUT'],
    ['is busy for good', refusing(503, 'SlowDown'), 'file store: 503 SlowDown'],
    ['refuses us', refusing(403, 'AccessDenied'), 'file store: 403 AccessDenied'],
    ['answers with what is no answer', saying(418, '<html>'), 'file store: 418 without a word'],
  ])('%s makes the store unavailable, and leaves no draft', async (_what, doing, message) => {
    const before = await drafts();
    const files = await filesOf([doing], { silence: 200 });
    const failure: unknown = await files.put(bytesOf(randomBytes(100_000))).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreUnavailable);
    expect((failure as Error).message).toBe(message);
    expect(await drafts()).toBe(before);
  });

  it('knows no conditions is sent the file without', async () => {
    const files = await filesOf([refusing(501, 'NotImplemented'), saying(200)]);
    await files.put(bytesOf(randomBytes(10)));
    expect(seen.slice(2).map(({ headers }) => headers['if-none-match'])).toEqual(['*', undefined]);
  });

  it('holds other bytes at the address is sent the right ones', async () => {
    const files = await filesOf([refusing(412, 'PreconditionFailed'), saying(200, 'changed'), saying(200)]);
    const { address } = await files.put(bytesOf(randomBytes(10)));
    expect(seen.slice(2).map(({ line }) => line)).toEqual([
      ...[`PUT /b/p/${address}`, `GET /b/p/${address}`, `PUT /b/p/${address}`],
    ]);
    expect(seen.at(-1)!.headers['if-none-match']).toBeUndefined();
  });

  it('breaks off in the middle of a file ends it as unavailable, not as a shorter one', async () => {
    const cut: Doing = (request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write(Buffer.alloc(500), () => request.socket.destroy());
    };
    const mute: Doing = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write(Buffer.alloc(500));
    };
    for (const doing of [cut, mute]) {
      const files = await filesOf([doing], { silence: 200 });
      const reading = (async () => {
        for await (const piece of files.get('0'.repeat(64))) expect(piece.length).toBe(500);
      })();
      await expect(reading).rejects.toBeInstanceOf(StoreUnavailable);
      server!.closeAllConnections();
      server!.close();
    }
  });

  it('answers more than an answer can have is given up', async () => {
    const bucket = await bucketThat([saying(200, 'x'.repeat(5_000_000))]);
    await expect(bucket.ask({ method: 'GET' })).rejects.toThrow('an answer of more than 4194304 bytes');
  });

  it('answers before it has read the file is not sent the rest, nor anything else on that connection', async () => {
    const ports = new Set<number | undefined>();
    server = createServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const place = {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'r',
      bucket: 'b',
      prefix: '',
      style: 'path',
    } as const;
    const bucket = new Bucket({ ...place, credentials: { id: 'i', secret: 's' } }, { pause: 1 });
    const endless = {
      ...{ size: 1e9, sha256: '0'.repeat(64) },
      *pieces() {
        for (;;) yield Buffer.alloc(65_536);
      },
    };
    for (let times = 0; times < 3; times += 1) {
      const answer = await bucket.ask({ method: 'PUT', key: 'k', body: endless }).catch((error: unknown) => error);
      // A server that closes at once may be met as one that hangs up.
      expect(answer).toMatchObject(answer instanceof Error ? { status: undefined } : { status: 403 });
    }
    expect(ports.size).toBeGreaterThanOrEqual(3);
  });

  it('loses its answer to a checkpoint that it has put: that one is published', async () => {
    let note = 'one\n';
    const probes = [saying(412), saying(412)];
    const giving: Doing = (_request, response) => void response.writeHead(200, { etag: '"e"' }).end(note);
    const putAndLost: Doing = (request, _response, body) => {
      note = body.toString();
      request.socket.destroy();
    };
    const files = new S3LogFiles(await bucketThat([...probes, giving, putAndLost, saying(412), giving]));
    expect(await files.publish('two\n', 'one\n')).toBe(true);
    expect(seen[3]!.headers).toMatchObject({ 'if-match': '"e"', 'cache-control': 'no-cache' });
  });

  it('writes over what stands there is refused before the log is written', async () => {
    for (const doings of [[saying(200)], [saying(412), saying(200)], [refusing(501, 'NotImplemented')]]) {
      const files = new S3LogFiles(await bucketThat(doings));
      await expect(files.write('tile/0/000', Buffer.from('t'))).rejects.toThrow('does not keep to If-None-Match');
      await expect(files.publish('note\n')).rejects.toThrow('does not keep to If-None-Match');
      expect(seen.every(({ line }) => line === 'PUT /b/p/conditional-writes')).toBe(true);
      server!.closeAllConnections();
      server!.close();
    }
  });

  it('says that a tile is there and does not give it is asked for it some times, and not for ever', async () => {
    const probes = [saying(412), saying(412)];
    const turns = Array.from({ length: 5 }, () => [saying(412), refusing(404, 'NoSuchKey')]).flat();
    const files = new S3LogFiles(await bucketThat([...probes, ...turns, saying(200)]));
    await expect(files.write('tile/0/000', Buffer.from('t'))).rejects.toThrow('does not give it');
  });

  it('forbids to read is not one where the log has nothing', async () => {
    const files = new S3LogFiles(await bucketThat([refusing(403, 'AccessDenied')]));
    await expect(files.read('tile/0/000')).rejects.toThrow('403 AccessDenied');
    await expect(files.checkpoint()).rejects.toThrow('403 AccessDenied');
  });

  it('is nobody’s yet is made this owner’s, and that of another stays the other’s', async () => {
    const none = refusing(404, 'NoSuchKey');
    expect(await boundBucket(await bucketThat([none, saying(200), saying(200, 'one\n')]), 'one')).toBe('one');
    expect(seen.map(({ line }) => line)).toEqual(['GET /b/p/belongs-to', 'PUT /b/p/belongs-to', 'GET /b/p/belongs-to']);
    expect([seen[1]!.headers['if-none-match'], seen[1]!.body.toString()]).toEqual(['*', 'one\n']);
    // The other was first, in between.
    server!.close();
    expect(await boundBucket(await bucketThat([none, saying(412), saying(200, 'other\n')]), 'one')).toBe('other');
    server!.close();
    expect(await boundBucket(await bucketThat([saying(200, 'other\n')]), 'one')).toBe('other');
    expect(seen).toHaveLength(1);
  });

  it('does not say whose it is takes no files', async () => {
    const refused = boundBucket(await bucketThat([refusing(403, 'AccessDenied')]), 'one');
    await expect(refused).rejects.toBeInstanceOf(StoreUnavailable);
  });
});
