import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Inject, Module, Post, Req, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { generateKeyPairSync } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { StoreUnavailable } from '#libs/eventing';
import { until } from '#libs/testing';
import { readConfiguration } from '#libs/configuration';
import {
  createApp,
  DIRECT_ROUTES,
  invalidRequest,
  localIssuer,
  Scopes,
  startApp,
  type DirectAnswer,
  type DirectRequest,
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
  unspeakable: () => {
    throw invalidRequest([{ code: 'unknown-member', facts: { number: 1n as never } }]);
  },
  nothing: () => undefined as never,
  circle: () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    return circle;
  },
};

@Controller('v1/direct')
class DirectController {
  constructor(@Inject(DIRECT_ROUTES) direct: DirectRoutes) {
    direct.add(this, 'post', PATH);
  }

  @Scopes('registration')
  @Post()
  post(@Req() request: DirectRequest): object | Promise<object> {
    return deeds[(request.body as { do: string }).do]!(request);
  }
}

@Module({ controllers: [DirectController] })
class SampleModule {}

interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

const fastifyOf = (app: NestFastifyApplication): FastifyInstance => app.getHttpAdapter().getInstance();

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

describe('a direct route', () => {
  const lines: string[] = [];
  const agent = new Agent({ keepAlive: true });
  let app: NestFastifyApplication;
  let issuer: LocalIssuer;
  let base: string;
  let token: string;
  /** Requests that Fastify was given. It is done with one only after the caller has the answer. */
  let handedOn = 0;

  beforeAll(async () => {
    const configuration = readConfiguration(['--port', '0'], {});
    issuer = localIssuer({ id: 'k1', privateKey }, configuration);
    token = await issuer.issue({ client: 'back-office', role: 'supplier' });
    const logTo = { write: (line: string) => void lines.push(line) };
    app = await createApp(SampleModule, { configuration, tokenVerifier: issuer, logTo });
    fastifyOf(app).addHook('onRequest', (_request, _reply, done) => {
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
    options: {
      readonly chunked?: boolean;
      readonly headers?: Readonly<Record<string, string>>;
      readonly agent?: Agent;
      readonly base?: string;
    } = {},
  ): Promise<Received> =>
    new Promise((resolve, reject) => {
      const { chunked = false, headers = {} } = options;
      const length = chunked ? {} : { 'content-length': String(Buffer.byteLength(text)) };
      const sent = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...length, ...headers };
      const outgoing = httpRequest(
        (options.base ?? base) + PATH,
        { method: 'POST', agent: options.agent ?? agent, headers: sent },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode!,
              headers: response.headers,
              body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
            }),
          );
        },
      );
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
    ['an answer', bodyOf('echo'), 200],
    ['an answer that takes a while', bodyOf('later'), 200],
    ['faults', bodyOf('fault'), 400],
    ['faults found later', bodyOf('faultLater'), 400],
    ['a store that is away', bodyOf('away'), 503],
    ['a mistake of ours', bodyOf('bug'), 500],
    ['an answer that is no JSON', bodyOf('circle'), 500],
    ['a fault that can not be written', bodyOf('unspeakable'), 500],
    ['broken JSON', '{"do":', 400],
    ['a member twice', '{"do":"echo","do":"later"}', 400],
    ['an empty body', '', 500],
  ])('answers %s as Fastify would', async (_what, text, status) => {
    await send(bodyOf('echo'));
    const before = handedOn;
    const plain = await send(text);
    expect(handedOn).toBe(before);
    const ordinary = await send(text, { chunked: true });
    expect(handedOn).toBe(before + 1);
    expect(plain.status).toBe(status);
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
    const auditor = await issuer.issue({ client: 'auditor', clerk: 'a-1', role: 'auditor' });
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

  it('costs nobody else his answer when one can not be given', async () => {
    await send(bodyOf('echo'));
    const answers = await Promise.all(
      ['echo', 'nothing', 'unspeakable', 'bug', 'circle', 'later', 'echo'].map((deed) => send(bodyOf(deed))),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 500, 500, 500, 500, 200, 200]);
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

  it('answers what is under way when the application closes, then lets the connection go', async () => {
    const configuration = readConfiguration(['--port', '0', '--log-level', 'silent'], {});
    // Where an idle connection may live for as long as this test may take, the end does not wait for it.
    const limits = { keepAlive: 600_000, silence: 600_000 };
    const closing = await createApp(SampleModule, { configuration, tokenVerifier: issuer, limits });
    let preClose = (): void => undefined;
    const isClosing = new Promise<void>((resolve) => (preClose = resolve));
    fastifyOf(closing).addHook('preClose', (done) => {
      preClose();
      done();
    });
    const url = await startApp(closing, configuration);
    const own = { agent: new Agent({ keepAlive: true }), base: url };
    expect((await send(bodyOf('echo'), own)).status).toBe(200);
    const underWay = send(bodyOf('held'), own);
    await held.arrived;
    let isClosed = false;
    const closed = closing.close().then(() => (isClosed = true));
    await isClosing;
    held.release();
    expect((await underWay).status).toBe(200);
    try {
      await until('the application is closed', () => isClosed);
      await expect(send(bodyOf('echo'), own)).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/);
    } finally {
      own.agent.destroy();
      await closed;
    }
  });

  const started = async (controller: Type): Promise<unknown> => {
    @Module({ controllers: [controller] })
    class Wrong {}
    const configuration = readConfiguration(['--port', '0', '--log-level', 'silent'], {});
    const wrong = await createApp(Wrong, { configuration, tokenVerifier: issuer });
    try {
      return await startApp(wrong, configuration);
    } finally {
      await wrong.close();
    }
  };

  it('has to be a route of Nest, which documents it', async () => {
    @Controller('v1/other')
    class Undocumented {
      constructor(@Inject(DIRECT_ROUTES) direct: DirectRoutes) {
        direct.add(this, 'answer', '/v1/nowhere');
      }
      @Scopes('registration')
      answer() {
        return {};
      }
    }
    await expect(started(Undocumented)).rejects.toThrow('no route of Nest is called /v1/nowhere');
  });

  it('has to name its scopes, once', async () => {
    @Controller('v1/other')
    class Open {
      constructor(@Inject(DIRECT_ROUTES) direct: DirectRoutes) {
        direct.add(this, 'answer', '/v1/other');
      }
      @Post()
      answer() {
        return {};
      }
    }
    await expect(started(Open)).rejects.toThrow('names no scope');
    @Controller('v1/other')
    class Twice {
      constructor(@Inject(DIRECT_ROUTES) direct: DirectRoutes) {
        direct.add(this, 'answer', '/v1/other');
        direct.add(this, 'answer', '/v1/other');
      }
      @Scopes('registration')
      @Post()
      answer() {
        return {};
      }
    }
    await expect(started(Twice)).rejects.toThrow("can't be made a direct route any more");
  });
});
