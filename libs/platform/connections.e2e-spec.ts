import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject, Module, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { generateKeyPairSync } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createApp, DIRECT_ROUTES, localIssuer, Open, readConfiguration, Scopes, startApp } from './index.js';
import type { DirectRequest, DirectRoutes } from './index.js';

@Controller()
class SampleController {
  constructor(@Inject(DIRECT_ROUTES) direct: DirectRoutes) {
    direct.add(this, 'post', '/v1/direct');
  }

  @Open()
  @Get('v1/status')
  status() {
    return { status: 'available' };
  }

  @Scopes('registration')
  @Post('v1/direct')
  post(@Req() { body }: DirectRequest) {
    return { body };
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const CONNECTIONS = 12;
const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

describe('connections of strangers', () => {
  const lines: string[] = [];
  let app: NestFastifyApplication;
  let base: string;
  let figures: string;
  let token: string;

  beforeAll(async () => {
    const port = await freePort();
    figures = `http://localhost:${port}`;
    const configuration = readConfiguration(
      ['--port', '0', '--host', 'localhost', '--internal-port', String(port)],
      {},
    );
    const issuer = localIssuer({ id: 'k1', privateKey }, configuration);
    token = await issuer.issue({ client: 'office', role: 'supplier' });
    app = await createApp(SampleModule, {
      configuration,
      tokenVerifier: issuer,
      logTo: { write: (line) => void lines.push(line) },
      limits: { headers: 300, request: 700, keepAlive: 300, connections: CONNECTIONS },
    });
    base = await startApp(app, configuration);
  });
  afterAll(() => app.close());

  const open = (at = base): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(at);
      const socket: Socket = connect(Number(port), hostname, () => resolve(socket)).once('error', reject);
    });
  const readUntilClosed = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      const chunks: Buffer[] = [];
      socket.on('data', (data: Buffer) => chunks.push(data));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    });
  /** Sends and reads until the server has closed. */
  const exchangeAt = async (at: string, ...pieces: readonly (string | Buffer)[]): Promise<string> => {
    const socket = await open(at);
    const answered = readUntilClosed(socket);
    for (const piece of pieces) socket.write(piece);
    return answered;
  };
  const exchange = (...pieces: readonly (string | Buffer)[]): Promise<string> => exchangeAt(base, ...pieces);
  const figure = async (reason: string): Promise<number> => {
    const text = await exchangeAt(figures, 'GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    return Number(new RegExp(`waarborg_unreadable_requests_total\\{reason="${reason}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  };
  const securityLines = (reason: string): Record<string, unknown>[] =>
    lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ log, reason: of }) => log === 'security' && of === reason);

  it.each([
    ['malformed', 400, ['nonsense Jansen\r\n\r\n']],
    ['malformed', 400, ['GET /v1/status HTTP/1.1\r\nHost: x\r\nBad\x00Header: Jansen\r\n\r\n']],
    [
      'malformed',
      400,
      ['POST /v1/direct HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ],
    ['headers-too-large', 431, ['GET /v1/status HTTP/1.1\r\nHost: x\r\nX-Long: ', 'Jansen'.repeat(4_000), '\r\n\r\n']],
    ['late', 408, ['GET /v1/status HTTP/1.1\r\nHost: x\r\n']],
    [
      'late',
      408,
      [
        'POST /v1/direct HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\nContent-Length: 10\r\n',
        'Content-Type: application/json\r\n\r\n{',
      ],
    ],
    ['malformed', 400, ['GET /v1/status HTTP/1.1\r\nX-Name: Jansen\r\n\r\n']],
    [
      'malformed',
      400,
      [
        'POST /v1/direct HTTP/1.1\r\nAuthorization: Bearer TOKEN\r\nContent-Length: 2\r\n',
        'Content-Type: application/json\r\n\r\n{}',
      ],
    ],
    ['unsupported', 417, ['POST /v1/direct HTTP/1.1\r\nHost: x\r\nExpect: Jansen\r\nContent-Length: 2\r\n\r\n{}']],
    ['unsupported', 400, ['CONNECT jansen.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', 'Jansen']],
    ['address', 400, ['GET /v1/%ff%Jansen HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n']],
  ] as const)('are refused when they are %s with %i, a line and a figure', async (reason, status, pieces) => {
    const before = await figure(reason);
    const begun = performance.now();
    const answer = await exchange(...pieces.map((piece) => piece.replace('TOKEN', token)));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('application/problem+json');
    // Node by itself looks every thirty seconds at who is late.
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect(await figure(reason)).toBe(before + 1);
    const trace = /Trace-Id: (\w+)/i.exec(answer)![1];
    expect(securityLines(reason)).toContainEqual(expect.objectContaining({ status, trace, level: 'warn' }));
    expect(lines.join('')).not.toContain('Jansen');
  });

  it('are ended when nothing comes, before the first request and after one', async () => {
    expect(await exchange()).toMatch(/^HTTP\/1.1 408 /);
    const kept = await exchange('GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(kept).toMatch(/^HTTP\/1.1 200 /);
    expect(kept).not.toContain('HTTP/1.1 408');
  });

  it.each([
    ['the public port', '/v1/status', () => base],
    ['the port of the figures', '/metrics', () => figures],
  ])('are ended at %s when nothing but empty lines comes, before a request and after one', async (_, path, at) => {
    const held = async (first: string): Promise<string> => {
      const socket = await open(at());
      const dripping = setInterval(() => socket.write('\r\n'), 50);
      const text = readUntilClosed(socket);
      socket.write(first);
      try {
        return await text;
      } finally {
        clearInterval(dripping);
      }
    };
    const before = await figure('late');
    expect(await held(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1.1 200 /);
    expect(await figure('late')).toBe(before + 1);
    await held('\r\n');
    expect(await figure('late')).toBe(before + 2);
    expect(securityLines('late').length).toBeGreaterThanOrEqual(2);
  });

  it('are not ended while requests come and are answered', async () => {
    const socket = await open();
    const text = readUntilClosed(socket);
    const end = performance.now() + 1_500;
    while (performance.now() < end) {
      const answered = new Promise((resolve) => socket.once('data', resolve));
      socket.write('GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n');
      await answered;
    }
    expect(socket.closed).toBe(false);
    socket.destroy();
    expect((await text).match(/HTTP\/1.1 200 /g)!.length).toBeGreaterThan(2);
  });

  it('are capped at every address that is listened at, and counted', async () => {
    // Of a name with two addresses only the one that is guarded.
    expect(app.getHttpAdapter().getInstance().addresses()).toHaveLength(1);
    const before = await figure('too-many-connections');
    const sockets = await Promise.all(Array.from({ length: CONNECTIONS + 8 }, () => open()));
    const closed = await Promise.race(
      sockets.map((socket) => new Promise<string>((resolve) => socket.once('close', () => resolve('closed')).resume())),
    );
    expect(closed).toBe('closed');
    for (const socket of sockets) socket.destroy();
    for (;;) {
      const now = await figure('too-many-connections').catch(() => undefined);
      if (now === undefined) continue;
      expect(now).toBeGreaterThan(before);
      break;
    }
    expect(securityLines('too-many-connections').length).toBeGreaterThan(0);
  });

  it('get their own id back unchanged, or are told that it can not be', async () => {
    const sent = async (id: string, path: string): Promise<{ status: number; back: string | undefined }> => {
      const body = path === '/v1/direct' ? '{}' : '';
      const head = `${body === '' ? 'GET' : 'POST'} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n`;
      const text = await exchange(
        Buffer.from(`${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`),
        Buffer.from(`X-Request-ID: ${id}\r\n\r\n${body}`, 'latin1'),
      );
      return { status: Number(text.slice(9, 12)), back: /^x-request-id: (.*)\r$/im.exec(text)?.[1] };
    };
    // The second time the token is known and the direct route answers by itself.
    for (const path of ['/v1/status', '/v1/direct', '/v1/direct', '/v1/nothing']) {
      expect(await sent('a b/~"\t{}', path)).toMatchObject({ back: 'a b/~"\t{}' });
      for (const id of ['caf\xe9', '\xc3\xa9', '\x80\xff']) {
        expect([path, await sent(id, path)]).toEqual([path, { status: 400, back: undefined }]);
      }
    }
  });
});
