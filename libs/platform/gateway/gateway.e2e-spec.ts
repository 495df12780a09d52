import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '#libs/testing';
import { readConfiguration } from '#libs/configuration';
import { startGateway, type GatewayLimits, type RunningGateway } from './start-gateway.js';

/** A request as an instance got it. */
interface Got {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answering = (got: Got, response: ServerResponse, request: IncomingMessage) => void;

/** An instance of an app that keeps what it got and answers as it is told. */
interface Fake {
  readonly port: number;
  readonly got: Got[];
  answering: Answering;
  ready: boolean;
  end(): Promise<void>;
}

const told: Answering = (got, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ told: got.url }));
};

async function fake(port = 0): Promise<Fake> {
  const server: Server = createServer((request, response) => {
    if (request.url === '/health/ready') {
      response.writeHead(instance.ready ? 200 : 503).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const got = { method: request.method!, url: request.url!, headers: request.headers, body };
      instance.got.push(got);
      instance.answering(got, response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const instance: Fake = {
    port: (server.address() as AddressInfo).port,
    got: [],
    answering: told,
    ready: true,
    end: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return instance;
}

const dying: Answering = (_got, _response, request) => request.socket.destroy();
const silent: Answering = () => undefined;

describe('the gateway', () => {
  let checks: Fake[];
  let means: Fake;
  let gateway: RunningGateway;
  const lines: string[] = [];
  const errors: string[] = [];

  async function start(limits: Partial<GatewayLimits> = {}): Promise<void> {
    const origin = ({ port }: Fake): string => `http://127.0.0.1:${port}`;
    const upstreams = { archive: checks.map(origin), issuance: [origin(means)] };
    gateway = await startGateway({
      configuration: readConfiguration(
        ['--port', '0', '--log-level', 'error', '--public-base-url', 'https://register.example'],
        {},
      ),
      routes: [{ path: '/v1/checks', app: 'archive' }, { path: '/v1/means', app: 'issuance' }, { path: '/problems' }],
      upstreams,
      log: (line) => void lines.push(line),
      logTo: { write: (line) => void errors.push(line) },
      limits,
    });
  }
  beforeEach(async () => {
    checks = [await fake(), await fake()];
    means = await fake();
    lines.length = 0;
    errors.length = 0;
  });
  afterEach(async () => {
    await gateway?.stop();
    await Promise.all([...checks, means].map((one) => one.end()));
  });

  const send = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${gateway.url}${path}`, init);
  const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
    send(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const gotBy = (): readonly number[] => [...checks, means].map(({ got }) => got.length);
  const figure = async (line: string): Promise<string | undefined> =>
    new RegExp(`^waarborg_${line} (\\d+)$`, 'm').exec(await (await send('/metrics')).text())?.[1];

  it('asks the app that owns the address, and any where none does', async () => {
    await start();
    for (const path of ['/v1/means/1?after=x%20y', '/v1/means', '/v1/means/_search']) {
      expect(await (await send(path)).json()).toEqual({ told: path });
    }
    expect(gotBy()).toEqual([0, 0, 3]);
    // No address of that app, though it begins alike.
    for (let times = 0; times < 3; times++) await send('/v1/means-products');
    expect(gotBy().reduce((sum, count) => sum + count)).toBe(6);
    expect(gotBy()).not.toEqual([0, 0, 6]);
  });

  it('passes bodies and headers on as they came, in both directions', async () => {
    await start();
    const body = '{ "b":1.0,  "a":"\\u00e9é" }\n';
    means.answering = (_got, response) => {
      response
        .writeHead(201, {
          ETag: '"7"',
          Location: 'https://register.example/v1/means/1',
          'API-Version': '9.9.9',
          'Idempotency-Replayed': 'true',
          'Trace-Id': 'of-the-app',
          'Content-Type': 'application/problem+json; charset=utf-8',
          'X-Request-ID': 'mine',
          'Keep-Alive': 'timeout=7',
        })
        .end(body);
    };
    const answer = await post('/v1/means', body, {
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': 'key-12345',
      'x-request-id': 'mine',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      authorization: 'Bearer x',
    });
    expect([answer.status, await answer.text()]).toEqual([201, body]);
    const names = [
      'etag',
      'location',
      'api-version',
      'idempotency-replayed',
      'trace-id',
      'content-type',
      'x-request-id',
    ];
    expect(names.map((name) => answer.headers.get(name))).toEqual([
      '"7"',
      'https://register.example/v1/means/1',
      '9.9.9',
      'true',
      'of-the-app',
      'application/problem+json; charset=utf-8',
      'mine',
    ]);
    expect(answer.headers.get('keep-alive')).not.toBe('timeout=7');
    const [{ headers, body: received }] = means.got as [Got];
    expect(received).toBe(body);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'idempotency-key': 'key-12345',
      'x-request-id': 'mine',
      authorization: 'Bearer x',
    });
    expect(headers['traceparent']).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
  });

  it('lets nobody say what only a gateway says', async () => {
    await start();
    await send('/v1/means/1', {
      headers: {
        forwarded: 'for=1.2.3.4;proto=ftp',
        'x-forwarded-for': '1.2.3.4',
        'x-forwarded-proto': 'ftp',
        'x-forwarded-port': '1',
        'x-real-ip': '1.2.3.4',
        'client-cert': ':abc:',
        'client-cert-chain': ':abc:',
        'x-ssl-client-verify': 'SUCCESS',
        'proxy-authorization': 'Basic x',
      },
    });
    const [{ headers }] = means.got as [Got];
    expect(headers).toMatchObject({
      forwarded: 'for=127.0.0.1;host="register.example";proto=https',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'register.example',
      'x-forwarded-proto': 'https',
    });
    expect(Object.keys(headers).filter((name) => /cert|ssl|real-ip|port|proxy/.test(name))).toEqual([]);
  });

  it('takes no instance for broken by what a caller says of the host', async () => {
    await start();
    const posted = (host: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = { host, 'content-type': 'application/json' };
        ask(`${gateway.url}/v1/means`, { method: 'POST', headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode!);
        })
          .on('error', reject)
          .end('{}');
      });
    for (const host of ['[::', 'caf\xe9', 'a b', 'elsewhere.example'])
      expect([host, await posted(host)]).toEqual([host, 200]);
    expect(means.got.map(({ headers }) => headers.host)).toEqual(means.got.map(() => `127.0.0.1:${means.port}`));
    expect(means.got).toHaveLength(4);
    expect(lines.filter((line) => line.includes('does not answer'))).toEqual([]);
    expect(await figure('gateway_unanswered_total')).toBeUndefined();
  });

  it('drops what Connection names, so that nobody can take away what the gateway says', async () => {
    await start();
    const status = await new Promise<number>((resolve, reject) => {
      const headers = { Connection: 'close, x-own, x-forwarded-for, authorization', 'X-Own': '1', 'X-Other': '2' };
      ask(`${gateway.url}/v1/means/1`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode!);
      })
        .on('error', reject)
        .end();
    });
    const [{ headers }] = means.got as [Got];
    expect([status, headers['x-own'], headers['x-other']]).toEqual([200, undefined, '2']);
    expect(headers['x-forwarded-for']).toBe('127.0.0.1');
  });

  it('shares requests among the instances, and passes over who is not ready', async () => {
    await start();
    for (let times = 0; times < 6; times++) await send('/v1/checks/1');
    expect(gotBy()).toEqual([3, 3, 0]);
    checks[1]!.ready = false;
    await until(
      'the second is known not to be ready',
      async () => (await figure('gateway_upstreams\\{app="archive",state="live"\\}')) === '1',
    );
    for (let times = 0; times < 4; times++) await send('/v1/checks/1');
    expect(gotBy()).toEqual([7, 3, 0]);
    // Nobody is ready: who is not knows best what he can't answer.
    checks[0]!.ready = false;
    await until('the first is not either', async () => (await send('/health/ready')).status === 503);
    expect((await send('/v1/checks/1')).status).toBe(200);
    expect((await send('/health/live')).status).toBe(200);
  });

  it.each([
    ['a read', '/v1/checks/1', undefined],
    ['a search', '/v1/checks/_search', '{"limit":1}'],
  ])('sends %s to another instance when one dies over it', async (_, path, body) => {
    await start();
    checks[0]!.answering = dying;
    checks[1]!.answering = dying;
    for (const one of checks) {
      one.answering = (got, response, request) => {
        // Whoever is asked first.
        if (checks.every(({ got: all }) => all.length < 2) && gotBy()[0]! + gotBy()[1]! === 1)
          dying(got, response, request);
        else told(got, response, request);
      };
    }
    const answer = await (body === undefined ? send(path) : post(path, body));
    expect([answer.status, await answer.json()]).toEqual([200, { told: path }]);
    expect(gotBy()).toEqual([1, 1, 0]);
    expect(checks.map(({ got }) => got[0]!.body)).toEqual([body ?? '', body ?? '']);
    expect(await figure('gateway_retries_total\\{app="archive"\\}')).toBe('1');
  });

  it.each(['/v1/checks', '/v1/checks/_batch', '/access/v1/evaluation'])(
    'sends a command or a question at %s once, and says that its outcome is unknown',
    async (path) => {
      await start();
      for (const one of [...checks, means]) one.answering = dying;
      const answer = await post(path, '{}', { 'idempotency-key': 'key-12345' });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(await answer.json()).toMatchObject({ code: 'outcome-unknown', status: 503 });
      expect(gotBy().reduce((sum, count) => sum + count)).toBe(1);
    },
  );

  it.each(['/v1/checks#/_search', '/access/v1/evaluation#/_search', '/v1/%61udit/checks/_search'])(
    'sends %s once as well: an app reads its address as another one',
    async (path) => {
      await start();
      for (const one of [...checks, means]) one.answering = dying;
      const { port } = new URL(gateway.url);
      // As it is written: most clients would write it anew.
      const status = await new Promise<number>((resolve, reject) => {
        ask({ host: '127.0.0.1', port, path, method: 'POST' }, (answer) => {
          answer.resume();
          resolve(answer.statusCode!);
        })
          .on('error', reject)
          .end('{}');
      });
      expect([status, gotBy().reduce((sum, count) => sum + count)]).toEqual([503, 1]);
    },
  );

  it('sends a command to another instance when the first takes no connection', async () => {
    await start();
    await checks[0]!.end();
    for (let times = 0; times < 4; times++) expect((await post('/v1/checks', '{"a":1}')).status).toBe(200);
    expect(checks[1]!.got.map(({ body }) => body)).toEqual(Array(4).fill('{"a":1}'));
    expect(lines.some((line) => /^archive at \S+ does not answer$/.test(line))).toBe(true);
  });

  it('sends a command to another instance when the first ends and has not begun with it', async () => {
    await start();
    checks[0]!.answering = (_got, response) => {
      response.writeHead(503, { Connection: 'close', 'Retry-After': '1', 'Content-Language': 'en' }).end('{}');
    };
    for (let times = 0; times < 3; times++) {
      const answer = await post('/v1/checks', '{}');
      expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('content-language')]).toEqual([
        ...[200, null, null],
      ]);
    }
    expect(checks[1]!.got).toHaveLength(3);
  });

  it('passes on what an app says it can not do now', async () => {
    await start();
    means.answering = (_got, response) => {
      response.writeHead(503, { 'Retry-After': '10' }).end('later');
    };
    const answer = await send('/v1/means/1');
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([503, '10', 'later']);
    expect(gotBy()).toEqual([0, 0, 1]);
  });

  it('waits for no instance for ever: a read goes elsewhere, a command is in doubt', async () => {
    await start({ read: 200, command: 400 });
    checks[0]!.answering = silent;
    checks[1]!.answering = silent;
    const command = await post('/v1/checks', '{}', { 'idempotency-key': 'key-12345' });
    expect([command.status, ((await command.json()) as { code: string }).code]).toEqual([503, 'outcome-unknown']);
    checks[1]!.answering = told;
    for (let times = 0; times < 2; times++) expect((await send('/v1/checks/1')).status).toBe(200);
  });

  it('says 503 where nobody is there, finds an instance again, and is ready by then', async () => {
    await start();
    const { port } = means;
    await means.end();
    const answer = await post('/v1/means', '{}');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.json()).toMatchObject({
      code: 'unavailable',
      type: 'https://register.example/problems/unavailable',
    });
    expect((await send('/health/ready')).status).toBe(503);
    means = await fake(port);
    await until('the gateway is ready', async () => (await send('/health/ready')).status === 200);
    expect((await post('/v1/means', '{}')).status).toBe(200);
  });

  it('cuts an answer short that its instance did not finish', async () => {
    await start();
    means.answering = (_got, response, request) => {
      response.writeHead(200, { 'Content-Length': '1000' }).write('{ "half": ');
      setImmediate(() => request.socket.destroy());
    };
    const answer = await send('/v1/means/1');
    await expect(answer.text()).rejects.toThrow();
  });

  it('has the limits of the apps: size, time, tunnels, broken requests', async () => {
    await start({ request: 300, headers: 300 });
    const large = await post('/v1/means', 'x'.repeat(1024 * 1024 + 1));
    expect([large.status, ((await large.json()) as { code: string }).code]).toEqual([413, 'body-too-large']);
    expect((await post('/v1/means', 'x'.repeat(1024 * 1024))).status).toBe(200);
    const raw = (text: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(text));
        let answer = '';
        socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
        socket.on('close', () => resolve(answer.split('\r\n')[0]!));
      });
    expect(await raw('POST /v1/means HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf')).toContain('408');
    expect(await raw('CONNECT example:443 HTTP/1.1\r\nHost: x\r\n\r\n')).toContain('400');
    expect(await raw('nonsense\r\n\r\n')).toContain('400');
    const odd = await send('/v1/means/1', { method: 'PROPFIND' });
    expect([odd.status, odd.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    expect(gotBy()).toEqual([0, 0, 1]);
  });

  it('holds no more of all bodies together than it may', async () => {
    await start({ held: 1_000 });
    expect((await post('/v1/means', 'x'.repeat(900))).status).toBe(200);
    expect((await post('/v1/means', 'x'.repeat(900))).status).toBe(200);
    const answer = await post('/v1/means', 'x'.repeat(1_100));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    // What was refused is held no longer.
    expect((await post('/v1/means', 'x'.repeat(900))).status).toBe(200);
  });

  /** A caller who writes as he likes, and what he was answered so far. */
  function stranger(): { readonly socket: Socket; answer(): string; send(text: string): void } {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    socket.on('error', () => undefined);
    return { socket, answer: () => answer, send: (text) => void socket.write(text) };
  }
  const head = (more: string): string => `POST /v1/means HTTP/1.1\r\nHost: x\r\n${more}\r\n\r\n`;

  it('lets those who are slow with their bodies lose first when too much is held, and the others pass', async () => {
    await start({ held: 3_000, slow: 100 });
    const slow = [900, 1_000, 800].map((length) => {
      const one = stranger();
      one.send(`${head('Content-Length: 1001')}${'x'.repeat(length)}`);
      return one;
    });
    const answers = (): readonly string[] => slow.map(({ answer }) => answer().split(' ')[1] ?? '');
    const begun = performance.now();
    await until('they are slow', () => performance.now() - begun > 300);
    const small = stranger();
    small.send(`${head('Content-Length: 11')}${'x'.repeat(10)}`);
    expect((await post('/v1/means', 'x'.repeat(900))).status).toBe(200);
    await until('the worst of them has lost', () => answers()[1] === '408');
    expect(answers()).toEqual(['', '408', '']);
    expect(slow[1]!.answer()).toMatch(/"code":"bad-request"/);
    await until('he is hung up on', () => slow[1]!.socket.closed);
    for (let times = 0; times < 10; times++) expect((await post('/v1/means', 'x'.repeat(1_900))).status).toBe(200);
    expect(answers()).toEqual(['408', '408', '']);
    // Who holds next to nothing keeps nobody out, however long he takes.
    small.send('x');
    slow[2]!.send('x'.repeat(201));
    await until('the others get their answer', () => answers()[2] === '200' && small.answer().includes(' 200 '));
    expect(await figure('unreadable_requests_total\\{reason="late"\\}')).toBe('2');
  });

  it('blames itself for no body that breaks off', async () => {
    await start();
    const one = stranger();
    one.send(`${head('Content-Length: 100')}half`);
    for (let times = 0; times < 10; times++) await send('/health/live');
    one.socket.destroy();
    await until('it is known', async () => (await figure('unreadable_requests_total\\{reason="malformed"\\}')) === '1');
    expect([errors, gotBy()]).toEqual([[], [0, 0, 0]]);
  });

  it('ends nobody’s body who is not slow', async () => {
    await start({ held: 1_000, slow: 60_000 });
    const other = stranger();
    other.send(`${head('Content-Length: 800')}${'x'.repeat(799)}`);
    await until('it is held', async () => (await post('/v1/means', 'x'.repeat(900))).status === 503);
    other.send('x');
    await until('it is answered', () => other.answer().includes(' 200 '));
    expect((await post('/v1/means', 'x'.repeat(900))).status).toBe(200);
  });

  it('holds one body of a connection, however many are sent without waiting for answers', async () => {
    await start({ command: 500 });
    means.answering = silent;
    const one = stranger();
    const body = 'x'.repeat(700_000);
    one.send(`${head(`Content-Length: ${body.length}`)}${body}${head(`Content-Length: ${body.length}`)}${body}`);
    await until('both are answered', () => one.answer().split(' 503 ').length === 3);
    expect(one.answer()).toMatch(/"outcome-unknown"[^]*"unavailable"/);
    expect(means.got).toHaveLength(1);
  });

  it('lets go of what it holds for requests whose caller hung up before it was their turn', async () => {
    await start({ held: 1_500_000 });
    means.answering = silent;
    const body = 'x'.repeat(700_000);
    for (let times = 0; times < 4; times++) {
      const one = stranger();
      one.send(`${head('Content-Length: 1')}x${head(`Content-Length: ${body.length}`)}${body}`);
      const before = means.got.length;
      await until('both are asked of the app', () => means.got.length === before + 2);
      one.socket.destroy();
    }
    means.answering = told;
    await until('there is room', async () => (await post('/v1/means', body)).status === 200);
    for (let times = 0; times < 4; times++) expect((await post('/v1/means', body)).status).toBe(200);
  });

  it('holds no more memory for a body that comes in a byte at a time', async () => {
    await start({ request: 60_000 });
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = (): number => {
      collect();
      return process.memoryUsage().heapUsed / 1024 / 1024;
    };
    const one = stranger();
    const before = used();
    one.send(head('Transfer-Encoding: chunked'));
    const part = '1\r\nx\r\n'.repeat(10_000);
    for (let sent = 0; sent < 40; sent++) {
      await new Promise<void>((resolve) => void one.socket.write(part, () => resolve()));
    }
    // This process reads a piece of it in each turn, and has several for each of these.
    for (let times = 0; times < 50; times++) expect((await send('/health/live')).status).toBe(200);
    expect(used() - before).toBeLessThan(30);
    one.send('0\r\n\r\n');
    await until('it is answered', () => one.answer().includes(' 200 '));
    expect(means.got.at(-1)!.body).toBe('x'.repeat(400_000));
  });

  it('ends when the answers under way have gone, and takes nothing new', async () => {
    await start();
    let go!: () => void;
    means.answering = (got, response, request) => void (go = () => told(got, response, request));
    const under = send('/v1/means/1');
    await until('the instance is asked', () => means.got.length === 1);
    const stopped = gateway.stop();
    await until('nobody new is let in', () =>
      send('/health/live').then(
        () => false,
        () => true,
      ),
    );
    go();
    expect((await under).status).toBe(200);
    await stopped;
  });
});
