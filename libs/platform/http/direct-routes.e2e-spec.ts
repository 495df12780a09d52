import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Inject, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { generateKeyPairSync } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { StoreUnavailable } from '#libs/eventing';
import {
  createApp,
  DIRECT_ROUTES,
  fastifyOf,
  invalidRequest,
  localIssuer,
  readConfiguration,
  Scopes,
  startApp,
  type DirectAnswer,
  type DirectRoutes,
  type LocalIssuer,
} from '../index.js';

const PATH = '/v1/direct';

/** Holds an answer back until the test lets it go. */
const held = (() => {
  const [arrived, released] = [gate(), gate()];
  return { arrived: arrived.opened, arrive: arrived.open, released: released.opened, release: released.open };
})();

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** What the route does, by the `do` of its body. */
const deeds: Readonly<Record<string, DirectAnswer>> = {
  echo: ({ body, caller }) => ({ body, client: caller.client }),
  later: async ({ body }) => {
    await new Promise((resolve) => setImmediate(resolve));
    return { body };
  },
  held: async () => {
    held.arrive();
    await held.released;
    return { held: true };
  },
  fault: () => {
    throw invalidRequest([
      { pointer: '/a', code: 'unknown-member' },
      { pointer: '/b', code: 'missing-member' },
    ]);
  },
  faultLater: () => Promise.reject(invalidRequest([{ pointer: '/a', code: 'unknown-member' }])),
  away: () => Promise.reject(new StoreUnavailable('gone', 7)),
  bug: () => {
    throw new Error('secret of the program');
  },
  circle: () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    return circle;
  },
};

@Controller('v1/direct')
class DirectController {
  constructor(@Inject(DIRECT_ROUTES) direct: DirectRoutes) {
    direct.add(PATH, ['registration'], (request) => deeds[(request.body as { do: string }).do]!(request));
  }

  @Scopes('registration')
  @Post()
  post(): never {
    throw new Error('never reached: the direct route answers');
  }
}

@Module({ controllers: [DirectController] })
class SampleModule {}

interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

describe('a direct route', () => {
  const lines: string[] = [];
  const agent = new Agent({ keepAlive: true });
  let app: NestFastifyApplication;
  let issuer: LocalIssuer;
  let base: string;
  let token: string;
  /** Answers that Fastify gave, rather than the direct lane. */
  let handedOn = 0;

  beforeAll(async () => {
    const configuration = readConfiguration(['--port', '0'], {});
    issuer = localIssuer({ id: 'k1', privateKey }, configuration);
    token = await issuer.issue({ client: 'back-office', role: 'supplier' });
    const logTo = { write: (line: string) => void lines.push(line) };
    app = await createApp(SampleModule, { configuration, tokenVerifier: issuer, logTo });
    fastifyOf(app).addHook('onResponse', (_request, _reply, done) => {
      handedOn++;
      done();
    });
    base = await startApp(app, configuration);
  });
  afterAll(async () => {
    agent.destroy();
    await app.close();
  });

  /** `chunked`: without a length, which is nothing that a plain request has. */
  const send = (
    text: string,
    { chunked = false, headers = {} }: { chunked?: boolean; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Received> =>
    new Promise((resolve, reject) => {
      const length = chunked ? {} : { 'content-length': String(Buffer.byteLength(text)) };
      const sent = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...length, ...headers };
      const outgoing = httpRequest(base + PATH, { method: 'POST', agent, headers: sent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
          }),
        );
      });
      outgoing.on('error', reject);
      if (chunked) outgoing.write(text.slice(0, 1));
      outgoing.end(chunked ? text.slice(1) : text);
    });
  const bodyOf = (deed: string): string => JSON.stringify({ do: deed });
  const withoutIds = ({ status, headers, body }: Received): object => {
    const { date: _date, 'trace-id': _trace, traceparent: _parent, ...others } = headers;
    // Fastify ends the connection when a body could not be read; it was read here.
    const { connection: _connection, 'keep-alive': _keepAlive, ...same } = others;
    const { instance: _instance, ...rest } = body;
    return { status, headers: same, body: rest };
  };

  it('knows a token from its first request on, which takes the ordinary way', async () => {
    const first = await send(bodyOf('echo'));
    expect([first.status, handedOn]).toEqual([200, 1]);
    const second = await send(bodyOf('echo'));
    expect([second.status, handedOn]).toEqual([200, 1]);
    expect(second.body).toEqual({ body: { do: 'echo' }, client: 'back-office' });
  });

  it.each([
    ['an answer', bodyOf('echo')],
    ['an answer that takes a while', bodyOf('later')],
    ['faults', bodyOf('fault')],
    ['faults found later', bodyOf('faultLater')],
    ['a store that is away', bodyOf('away')],
    ['a mistake of ours', bodyOf('bug')],
    ['an answer that is no JSON', bodyOf('circle')],
    ['broken JSON', '{"do":'],
    ['a member twice', '{"do":"echo","do":"later"}'],
    ['an empty body', ''],
  ])('answers %s as Fastify would', async (_what, text) => {
    await send(bodyOf('echo'));
    const before = handedOn;
    const plain = await send(text);
    expect(handedOn).toBe(before);
    const ordinary = await send(text, { chunked: true });
    expect(handedOn).toBe(before + 1);
    expect(withoutIds(plain)).toEqual(withoutIds(ordinary));
    expect(plain.headers['trace-id']).toMatch(/^[0-9a-f]{32}$/);
    if (plain.status !== 200) expect(plain.body['instance']).toBe(`urn:trace:${plain.headers['trace-id'] as string}`);
  });

  it('says what failed to the log, and nothing of it to the caller', async () => {
    await send(bodyOf('echo'));
    lines.length = 0;
    const { status, body } = await send(bodyOf('bug'));
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(lines.join('')).toContain('secret of the program');
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ log: 'access', route: PATH, method: 'POST', status: 500, client: 'back-office' }),
    );
  });

  it('hands on what is not plain: no token, a wrong scope, another media type, too large a body', async () => {
    const auditor = await issuer.issue({ client: 'auditor', role: 'auditor' });
    const refusals = [
      await send(bodyOf('echo'), { headers: { authorization: 'Bearer nonsense' } }),
      await send(bodyOf('echo'), { headers: { authorization: `Bearer ${auditor}` } }),
      await send(bodyOf('echo'), { headers: { authorization: `Bearer ${auditor}` } }),
      await send('x', { headers: { 'content-type': 'text/plain' } }),
      await send(JSON.stringify({ do: 'echo', x: 'x'.repeat(1024 * 1024) })),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([401, 403, 403, 415, 413]);
  });

  it('goes on with the trace of the caller and gives his request id back', async () => {
    await send(bodyOf('echo'));
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { headers } = await send(bodyOf('echo'), { headers: { traceparent, 'x-request-id': 'r 1' } });
    expect(headers['trace-id']).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(headers['x-request-id']).toBe('r 1');
  });

  it('gives each of many callers at once his own answer', async () => {
    await send(bodyOf('echo'));
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    const answers = await Promise.all(
      numbers.map((number) => send(JSON.stringify({ do: number % 3 === 0 ? 'later' : 'echo', number }))),
    );
    expect(answers.map(({ body }) => (body['body'] as { number: number }).number)).toEqual(numbers);
  });

  it('is measured like any other route', async () => {
    await send(bodyOf('echo'));
    const count = async (): Promise<number> => {
      const text = await (await fetch(`${base}/metrics`)).text();
      const line =
        /^waarborg_http_request_duration_seconds_count\{method="POST",route="\/v1\/direct",status="200"\} (\d+)$/m;
      return Number(line.exec(text)?.[1]);
    };
    const before = await count();
    await send(bodyOf('echo'));
    await send(bodyOf('echo'), { chunked: true });
    expect(await count()).toBe(before + 2);
  });

  it('outlives a caller who leaves in the middle of his body', async () => {
    await send(bodyOf('echo'));
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    socket.write(
      `POST ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"do":',
    );
    socket.destroy();
    expect((await send(bodyOf('echo'))).status).toBe(200);
  });

  it('answers what is under way when the application closes, and nothing after that', async () => {
    const configuration = readConfiguration(['--port', '0', '--log-level', 'silent'], {});
    const closing = await createApp(SampleModule, { configuration, tokenVerifier: issuer });
    const url = (await startApp(closing, configuration)) + PATH;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const ask = (deed: string) => fetch(url, { method: 'POST', headers, body: bodyOf(deed) });
    expect((await ask('echo')).status).toBe(200);
    const underWay = ask('held');
    await held.arrived;
    const closed = closing.close();
    held.release();
    expect((await underWay).status).toBe(200);
    await closed;
    await expect(ask('echo')).rejects.toThrow();
  });

  it('has to be a route of Nest, which documents it', async () => {
    @Controller('v1/other')
    class Undocumented {
      constructor(@Inject(DIRECT_ROUTES) direct: DirectRoutes) {
        direct.add('/v1/nowhere', ['registration'], () => ({}));
      }
    }
    @Module({ controllers: [Undocumented] })
    class Wrong {}
    const configuration = readConfiguration(['--port', '0', '--log-level', 'silent'], {});
    const wrong = await createApp(Wrong, { configuration, tokenVerifier: issuer });
    await expect(startApp(wrong, configuration)).rejects.toThrow('/v1/nowhere');
    await wrong.close();
  });
});
