import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { webhookAddresses } from '#libs/application';
import { answering, receiver, unless, until, type Answering, type Receiver } from '#libs/testing';
import type { Found } from './find-numbers.js';
import { postWebhook, type Posting } from './post-webhook.js';

const open: Receiver[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});
const receiving = async (...asked: Parameters<typeof receiver>): Promise<Receiver> => {
  const one = await receiver(...asked);
  open.push(one);
  return one;
};

const here = webhookAddresses({ allowHttp: true, allowed: ['127.0.0.1'] });
const world = webhookAddresses({ allowHttp: true, allowed: [] });
const post = (address: string, more: Partial<Posting> = {}, signal = new AbortController().signal) =>
  postWebhook(
    address,
    { 'content-type': 'application/json', 'webhook-id': 'w-1' },
    '{"één":1}',
    { addresses: here, limit: 20_000, ...more },
    signal,
  );
const at =
  (...numbers: readonly string[]) =>
  async (): Promise<readonly Found[]> =>
    numbers.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('an attempt to deliver', () => {
  it('posts headers and body as they are, to path and query, on a connection of its own', async () => {
    const one = await receiving();
    expect(await post(`${one.url}/hook?token=secret`)).toEqual({ status: 204 });
    expect(await post(`${one.url}/hook?token=secret`)).toEqual({ status: 204 });
    const [{ path, headers, body }] = one.received as [never];
    expect([path, body]).toEqual(['/hook?token=secret', '{"één":1}']);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'w-1', 'content-length': '11' });
    expect(one.connections()).toBe(2);
  });

  it.each([200, 202, 301, 400, 410, 500, 503])('tells the status %d as it is', async (status) => {
    const one = await receiving(answering(status));
    expect(await post(one.url)).toEqual({ status });
  });

  it('tells for how long the receiver wants to be left alone', async () => {
    const one = await receiving(answering(429, { 'retry-after': '120' }));
    expect(await post(one.url)).toEqual({ status: 429, retryAfter: '120' });
  });

  it('follows no redirect, to the inside or anywhere', async () => {
    const inside = await receiving();
    const one = await receiving(answering(307, { location: `${inside.url}/admin` }));
    expect(await post(one.url)).toEqual({ status: 307 });
    expect(inside.connections()).toBe(0);
  });

  it('connects to nothing of the inside network, by number or by name', async () => {
    const one = await receiving();
    const refused = { failed: 'the address is not allowed' };
    for (const host of ['127.0.0.1', '2130706433', '[::ffff:127.0.0.1]', '0.0.0.0']) {
      expect(await post(`http://${host}:${one.port}/`, { addresses: world })).toEqual(refused);
    }
    expect(await post(`http://localhost:${one.port}/`, { addresses: world })).toEqual(refused);
    expect(await post(`http://receiver.test:${one.port}/`, { addresses: world, resolve: at('127.0.0.1') })).toEqual(
      refused,
    );
    // One number of the world does not make the other one good.
    expect(
      await post(`http://receiver.test:${one.port}/`, { addresses: here, resolve: at('127.0.0.1', '10.0.0.1') }),
    ).toEqual(refused);
    expect(await post(`http://receiver.test:${one.port}/`, { resolve: at() })).toEqual(refused);
    expect(
      await post(`http://receiver.test:${one.port}/`, {
        addresses: webhookAddresses({ allowHttp: false, allowed: ['127.0.0.1'] }),
        resolve: at('127.0.0.1'),
      }),
    ).toEqual(refused);
    expect(one.connections()).toBe(0);
  });

  it('asks for the numbers of a name once, and connects to what was judged', async () => {
    const one = await receiving();
    let asked = 0;
    // The first answer is allowed, every later one leads inside: as a name does that changes between look and connect.
    const resolve = async (): Promise<readonly Found[]> => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    expect(await post(`http://receiver.test:${one.port}/`, { resolve })).toEqual({ status: 204 });
    expect(asked).toBe(1);
    expect(await post(`http://receiver.test:${one.port}/`, { resolve })).toEqual({
      failed: 'the address is not allowed',
    });
    expect([asked, one.connections()]).toEqual([2, 1]);
  });

  it('finds a name by itself, in no thread that others wait for, and ends that with the attempt', async () => {
    const one = await receiving();
    const both = webhookAddresses({ allowHttp: true, allowed: ['127.0.0.1', '::1'] });
    expect(await post(`http://localhost:${one.port}/`, { addresses: both })).toEqual({ status: 204 });
    const posting = post('http://nobody.invalid/', { limit: 5_000 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(process.getActiveResourcesInfo()).not.toContain('GetAddrInfoReqWrap');
    expect(await posting).toEqual({ failed: expect.stringMatching(/^no answer/) });
    let told: AbortSignal | undefined;
    const never = (_hostname: string, signal: AbortSignal): Promise<never> => {
      told = signal;
      return new Promise(() => undefined);
    };
    expect(await post('http://receiver.test/', { limit: 50, resolve: never })).toEqual({
      failed: 'no answer within 50 ms',
    });
    expect(told?.aborted).toBe(true);
  });

  it('says what went wrong without a word of the address', async () => {
    const gone = await receiver();
    await gone.close();
    expect(await post(`${gone.url}/token-1`)).toEqual({ failed: 'no answer (ECONNREFUSED)' });
    const unknown = async (): Promise<never> => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND token-1.test'), { code: 'ENOTFOUND' });
    };
    expect(await post('http://token-1.test/', { resolve: unknown })).toEqual({ failed: 'no answer (ENOTFOUND)' });
  });

  it('waits for an answer no longer than its limit', async () => {
    const one = await receiving(() => undefined);
    expect(await post(one.url, { limit: 150 })).toEqual({ failed: 'no answer within 150 ms' });
    // Nor where not even a connection comes about.
    const never = (): Promise<never> => new Promise(() => undefined);
    expect(await post('http://receiver.test/', { limit: 150, resolve: never })).toEqual({
      failed: 'no answer within 150 ms',
    });
  });

  it.each<[string, string]>([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'x-long: aaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(3_000)}`],
    ['nothing, and the end', ''],
  ])('takes %s for no answer', async (_what, text) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.end(text));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { readonly port: number };
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ failed: expect.stringMatching(/^no answer/) });
    await new Promise((resolve) => server.close(resolve));
  });

  it('reads no more of an answer than it needs, and lets its status count', async () => {
    let sent = 0;
    let cut = false;
    const huge: Answering = (_received, response) => {
      response.on('close', () => void (cut = true));
      response.writeHead(200);
      const more = (): void => {
        for (; !cut; sent += 65_536) {
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
        }
      };
      more();
    };
    const one = await receiving(huge);
    expect(await post(one.url)).toEqual({ status: 200 });
    await until('the receiver was cut off', () => cut);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('lets a status count whose body never ends', async () => {
    const one = await receiving((_received, response) => void response.writeHead(200).write('a'));
    expect(await post(one.url, { limit: 300 })).toEqual({ status: 200 });
  });

  it('ends when it is interrupted', async () => {
    const one = await receiving(() => undefined);
    const ending = new AbortController();
    const posting = post(one.url, {}, ending.signal);
    await until('the request came', () => one.received.length === 1);
    ending.abort();
    expect(await posting).toEqual({ failed: 'interrupted' });
    expect(await post(one.url, {}, ending.signal)).toEqual({ failed: 'interrupted' });
  });
});

const noOpenssl = (): string | undefined => {
  try {
    execFileSync('openssl', ['version']);
    return undefined;
  } catch {
    return 'there is no openssl to make a certificate with';
  }
};

unless(noOpenssl()).describe('an attempt over TLS', () => {
  const certificate = (): { key: string; cert: string } => {
    const folder = mkdtempSync(join(tmpdir(), 'waarborg-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=receiver.test', '-addext', 'subjectAltName=DNS:receiver.test'];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-keyout', key, '-out', cert, ...subject],
      ],
      { stdio: 'ignore' },
    );
    const made = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    rmSync(folder, { recursive: true });
    return made;
  };

  it('goes to whom the certificate names, and to nobody else', async () => {
    const tls = certificate();
    const one = await receiving(answering(204), tls);
    const strict = {
      addresses: webhookAddresses({ allowHttp: false, allowed: ['127.0.0.1'] }),
      resolve: at('127.0.0.1'),
    };
    expect(await post(`https://receiver.test:${one.port}/`, { ...strict, ca: tls.cert })).toEqual({ status: 204 });
    expect(await post(`https://other.test:${one.port}/`, { ...strict, ca: tls.cert })).toEqual({
      failed: 'no answer (ERR_TLS_CERT_ALTNAME_INVALID)',
    });
    expect(await post(`https://receiver.test:${one.port}/`, strict)).toEqual({
      failed: 'no answer (DEPTH_ZERO_SELF_SIGNED_CERT)',
    });
    expect(one.received).toHaveLength(1);
  });
});
