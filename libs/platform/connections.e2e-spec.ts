import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject, Module, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { until } from '#libs/testing';
import { readConfiguration } from '#libs/configuration';
import { createApp, DIRECT_ROUTES, localIssuer, Open, Scopes, startApp } from './index.js';
import type { DirectRequest, DirectRoutes } from './index.js';

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** Holds an answer back until the test lets it go. */
const [arrived, released] = [gate(), gate()];

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

  @Open()
  @Get('v1/held')
  async held() {
    arrived.open();
    await released.opened;
    return { status: 'held' };
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

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

const open = (at: string): Promise<Socket> =>
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
const exchange = async (at: string, ...pieces: readonly (string | Buffer)[]): Promise<string> => {
  const socket = await open(at);
  const answered = readUntilClosed(socket);
  for (const piece of pieces) socket.write(piece);
  return answered;
};
const STATUS = 'GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n';
/** Sends a request on a connection that stays, and waits until it is answered. */
const answeredOn = (socket: Socket, request = STATUS): Promise<string> =>
  new Promise((resolve, reject) => {
    socket.once('data', (data) => resolve(data.toString('latin1')));
    socket.once('close', () => reject(new Error('the server has ended the connection')));
    socket.write(request);
  });

/** An application with figures on a port of their own, which waits for strangers as long as `limits` says. */
async function startSample(limits: {
  readonly headers: number;
  readonly request: number;
  readonly keepAlive: number;
  readonly connections: number;
}) {
  const lines: string[] = [];
  const port = await freePort();
  const figures = `http://localhost:${port}`;
  const configuration = readConfiguration(['--port', '0', '--host', 'localhost', '--internal-port', String(port)], {});
  const issuer = localIssuer({ id: 'k1', privateKey }, configuration);
  const token = await issuer.issue({ client: 'office', role: 'supplier' });
  const app: NestFastifyApplication = await createApp(SampleModule, {
    configuration,
    tokenVerifier: issuer,
    logTo: { write: (line) => void lines.push(line) },
    limits,
  });
  return {
    app,
    base: await startApp(app, configuration),
    figures,
    token,
    lines,
    figure: async (reason: string): Promise<number> => {
      const text = await exchange(figures, 'GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      const line = new RegExp(`waarborg_unreadable_requests_total\\{reason="${reason}"\\} (\\d+)`);
      return Number(line.exec(text)?.[1] ?? 0);
    },
    securityLines: (reason: string): Record<string, unknown>[] =>
      lines
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ log, reason: of }) => log === 'security' && of === reason),
  };
}
type Sample = Awaited<ReturnType<typeof startSample>>;

/** Refused with a problem, a line in the log that names nothing of it, and one more in the figure. */
async function expectRefusal(sample: Sample, reason: string, status: number, answer: string): Promise<void> {
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toContain('application/problem+json');
  const trace = /Trace-Id: (\w+)/i.exec(answer)![1];
  expect(sample.securityLines(reason)).toContainEqual(expect.objectContaining({ status, trace, level: 'warn' }));
  expect(sample.lines.join('')).not.toContain('Jansen');
}

describe('connections of strangers who take their time', () => {
  /** Node by itself looks at who is late for the first time half a minute after a server has begun to listen. */
  const NODES_OWN_LOOK = 30_000;
  let sample: Sample;
  let begun: number;

  beforeAll(async () => {
    begun = performance.now();
    sample = await startSample({ headers: 1_000, request: 2_000, keepAlive: 1_000, connections: 100 });
  });
  afterAll(() => sample.app.close());

  // The first: by Node's own look nothing could be told apart any more once that has been.
  it('are refused when headers or body come late, long before Node would look, with 408, a line and a figure', async () => {
    const { base, figures, token, figure } = sample;
    const before = await figure('late');
    const answers = await Promise.all([
      exchange(base, 'GET /v1/status HTTP/1.1\r\nHost: x\r\nX-Name: Jansen\r\n'),
      exchange(
        base,
        `POST /v1/direct HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 10\r\n`,
        'Content-Type: application/json\r\n\r\n{',
      ),
      exchange(figures, 'GET /metrics HTTP/1.1\r\nHost: x\r\n'),
    ]);
    expect(performance.now() - begun).toBeLessThan(NODES_OWN_LOOK);
    for (const answer of answers) await expectRefusal(sample, 'late', 408, answer);
    expect(await figure('late')).toBe(before + answers.length);
  });

  it('are ended when nothing comes, before the first request and after one', async () => {
    expect(await exchange(sample.base)).toMatch(/^HTTP\/1.1 408 /);
    const kept = await exchange(sample.base, STATUS);
    expect(kept).toMatch(/^HTTP\/1.1 200 /);
    expect(kept).not.toContain('HTTP/1.1 408');
  });
});

/** Node waits for longer than any machine takes; how old connections are goes by a clock that the tests put on. */
describe('connections of strangers', () => {
  const CONNECTIONS = 12;
  const LIMIT = 60_000;
  /** How long a connection may be idle: the next request and its headers. */
  const IDLE = 2 * LIMIT;
  let sample: Sample;
  let ahead = 0;
  const trueNow = performance.now.bind(performance);
  const later = (milliseconds: number): void => void (ahead += milliseconds);

  beforeEach(() => {
    ahead = 0;
    performance.now = () => trueNow() + ahead;
  });
  afterEach(() => void (performance.now = trueNow));

  beforeAll(async () => {
    sample = await startSample({ headers: LIMIT, request: LIMIT, keepAlive: LIMIT, connections: CONNECTIONS });
  });
  afterAll(() => sample.app.close());

  /** Open at both ends: the server counts from its own. */
  const accepted = async (): Promise<Socket> => {
    const server = sample.app.getHttpServer() as Server;
    const [socket] = await Promise.all([open(sample.base), once(server, 'connection')]);
    return socket;
  };

  it.each([
    ['malformed', 400, ['nonsense Jansen\r\n\r\n']],
    ['malformed', 400, ['GET /v1/status HTTP/1.1\r\nHost: x\r\nBad\x00Header: Jansen\r\n\r\n']],
    [
      'malformed',
      400,
      ['POST /v1/direct HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ],
    ['headers-too-large', 431, ['GET /v1/status HTTP/1.1\r\nHost: x\r\nX-Long: ', 'Jansen'.repeat(4_000), '\r\n\r\n']],
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
    const before = await sample.figure(reason);
    const answer = await exchange(sample.base, ...pieces.map((piece) => piece.replace('TOKEN', sample.token)));
    await expectRefusal(sample, reason, status, answer);
    expect(await sample.figure(reason)).toBe(before + 1);
  });

  it.each([
    ['the public port', '/v1/status', () => sample.base],
    ['the port of the figures', '/metrics', () => sample.figures],
  ])('are ended at %s when nothing but empty lines comes, before a request and after one', async (_, path, at) => {
    const before = await sample.figure('late');
    /** Empty lines go on until the server has ended it. */
    const endedWhileDripping = async (socket: Socket): Promise<void> => {
      const dripping = setInterval(() => socket.write('\r\n'), 10);
      later(IDLE);
      try {
        await until('the server has ended the connection', () => socket.closed);
      } finally {
        clearInterval(dripping);
        socket.destroy();
      }
    };
    const asked = await open(at());
    void readUntilClosed(asked);
    expect(await answeredOn(asked, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1.1 200 /);
    await endedWhileDripping(asked);
    expect(await sample.figure('late')).toBe(before + 1);

    const silent = await open(at());
    void readUntilClosed(silent);
    // Another one's answer: the server has it by now.
    await sample.figure('late');
    await exchange(sample.base, 'GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await endedWhileDripping(silent);
    expect(await sample.figure('late')).toBe(before + 2);
    expect(sample.securityLines('late')).toHaveLength(before + 2);
  });

  it('are not ended while requests come and are answered, however old they are', async () => {
    const served = await accepted();
    const silent = await accepted();
    const ended = readUntilClosed(silent);
    for (let round = 0; round < 2; round++) {
      expect(await answeredOn(served)).toMatch(/^HTTP\/1.1 200 /);
      later(0.6 * IDLE);
    }
    // As old, and looked at by the same clock.
    await ended;
    expect(await answeredOn(served)).toMatch(/^HTTP\/1.1 200 /);
    served.destroy();
  });

  it('are not ended while an answer is being made', async () => {
    const waiting = await accepted();
    const silent = await accepted();
    const ended = readUntilClosed(silent);
    const answer = answeredOn(waiting, 'GET /v1/held HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrived.opened;
    later(IDLE);
    await ended;
    released.open();
    expect(await answer).toMatch(/^HTTP\/1.1 200 /);
    waiting.destroy();
  });

  it('are capped at every address that is listened at, and counted', async () => {
    // Of a name with two addresses only the one that is guarded.
    expect(sample.app.getHttpAdapter().getInstance().addresses()).toHaveLength(1);
    const before = await sample.figure('too-many-connections');
    const sockets = await Promise.all(Array.from({ length: CONNECTIONS + 8 }, () => open(sample.base)));
    const closed = await Promise.race(
      sockets.map((socket) => new Promise<string>((resolve) => socket.once('close', () => resolve('closed')).resume())),
    );
    expect(closed).toBe('closed');
    for (const socket of sockets) socket.destroy();
    for (;;) {
      const now = await sample.figure('too-many-connections').catch(() => undefined);
      if (now === undefined) continue;
      expect(now).toBeGreaterThan(before);
      break;
    }
    expect(sample.securityLines('too-many-connections').length).toBeGreaterThan(0);
  });

  it('get their own id back unchanged, or are told that it can not be', async () => {
    const sent = async (id: string, path: string): Promise<{ status: number; back: string | undefined }> => {
      const body = path === '/v1/direct' ? '{}' : '';
      const head = `${body === '' ? 'GET' : 'POST'} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${sample.token}\r\n`;
      const text = await exchange(
        sample.base,
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
