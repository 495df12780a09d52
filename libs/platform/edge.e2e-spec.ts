import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { KeyDestroyed, StoreUnavailable } from '#libs/eventing';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { until } from '#libs/testing';
import { readConfiguration } from '#libs/configuration';
import {
  ApiCommand,
  ApiQueryOperation,
  CheckedBody,
  Command,
  created,
  createApp,
  IsChoice,
  IsInstant,
  IsText,
  IsUuidString,
  localIssuer,
  Nested,
  NestedList,
  Open,
  Optional,
  packageVersion,
  PathId,
  ProblemException,
  problemOfRejections,
  startApp,
  type CommandRequest,
  type KeyedRequest,
  type LocalIssuer,
} from './index.js';

class Role {
  @IsUuidString() person!: string;
}

class RegisterRequest {
  @IsUuidString() application!: string;
  @IsChoice(['EH2+', 'EH3', 'EH4']) aimedLevel!: string;
  @IsInstant() @Optional() receivedAt?: string;
  @Nested(() => Role) submitter!: Role;
  @NestedList(() => Role) @Optional() others?: Role[];
  @IsText(500) @Optional() deviationReason?: string;
}

class RegisterAnswer {
  @IsUuidString() id!: string;
}

const docs = {
  summary: 'Register',
  description: 'Registers a sample.',
  answer: RegisterAnswer,
  examples: { one: { id: 'x' } },
};
const bodyExamples = { empty: {} };

/** What comes of a body that was not judged, by its key. */
const IN_VAIN: Readonly<Record<string, Error>> = {
  'answered-of-nothing': new TypeError('Cannot read properties of undefined'),
  'answered-otherwise': new ProblemException(409, 'idempotency-key-reused'),
  'answered-of-erased': new KeyDestroyed('person p1'),
  'answered-elsewhere': new StoreUnavailable('the store is away', 7),
};

@Controller('v1/samples')
class SampleController {
  @Post()
  @ApiCommand({ ...docs, scopes: ['registration'], body: RegisterRequest, bodyExamples })
  register(@Command(RegisterRequest) request: CommandRequest<RegisterRequest>) {
    const thrown = IN_VAIN[request.context.key];
    if (thrown !== undefined) throw thrown;
    return created('/v1/samples/1', {
      body: { id: '1', request: request.body, context: request.context },
      revision: 0,
      position: 'p',
      replayed: true,
    });
  }

  @Post('_search')
  @ApiQueryOperation({ ...docs, scopes: ['registration', 'audit'], body: Role, bodyExamples })
  search(@CheckedBody(Role) body: Role) {
    return { items: [body], next: null };
  }

  @Get(':id')
  @ApiQueryOperation({ ...docs, scopes: ['registration'] })
  read(@PathId() id: string) {
    if (id.startsWith('0')) throw new StoreUnavailable('no', 2);
    if (id.startsWith('1')) throw new Error('secret: Jansen');
    if (id.startsWith('2')) {
      throw problemOfRejections([
        { code: 'aspect-unscored', kind: 'refused', facts: { aspect: 'IV' } },
        { code: 'level-too-low', kind: 'refused' },
      ]);
    }
    return { id };
  }
}

@Controller()
class OpenController {
  @Open()
  @Get('v1/status')
  status() {
    return { status: 'available' };
  }
}

@Module({ controllers: [SampleController, OpenController] })
class SampleModule {}

const ID = '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';
const rsaKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const good = { application: ID, aimedLevel: 'EH3', submitter: { person: ID } };

describe('the edge over HTTP', () => {
  let app: NestFastifyApplication;
  let issuer: LocalIssuer;
  let base: string;
  let token: string;
  const lines: string[] = [];
  const asked: KeyedRequest[] = [];

  beforeAll(async () => {
    const configuration = readConfiguration(['--port', '0', '--public-base-url', 'http://register.example'], {});
    issuer = localIssuer({ id: 'k1', privateKey: rsaKey() }, configuration);
    token = await issuer.issue({ client: 'back-office', clerk: 'c-17', role: 'supplier' });
    app = await createApp(SampleModule, {
      configuration,
      tokenVerifier: issuer,
      answeredBefore: async (request) => {
        asked.push(request);
        return request.key.startsWith('answered-');
      },
      logTo: { write: (line) => void lines.push(line) },
      // A busy machine reads a body that comes in bit by bit for longer than a request may take.
      limits: { request: 240_000 },
      rejections: [
        {
          'aspect-unscored': {
            kind: 'refused',
            title: { en: 'Aspect without a score', nl: 'Aspect zonder score' },
            meaning: { en: 'No row of the aspect holds.', nl: 'Aan geen rij van het aspect is voldaan.' },
            rule: 'REG-16',
          },
        },
      ],
    });
    base = (await startApp(app, configuration)).replace('[::1]', '127.0.0.1');
  });
  afterAll(async () => {
    await app.close();
  });

  const call = (method: string, path: string, options: { body?: unknown; text?: string; headers?: object } = {}) =>
    fetch(base + path, {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token}`,
        ...(options.body !== undefined || options.text !== undefined ? { 'content-type': 'application/json' } : {}),
        ...options.headers,
      },
      ...(options.text !== undefined
        ? { body: options.text }
        : options.body !== undefined
          ? { body: JSON.stringify(options.body) }
          : {}),
    });
  const post = (body: unknown, headers: object = {}) =>
    call('POST', '/v1/samples', { body, headers: { 'idempotency-key': 'key-00000001', ...headers } });
  const problem = async (response: Response) => {
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.headers.get('api-version')).toBe(packageVersion());
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = (await response.json()) as Record<string, unknown> & {
      code: string;
      errors?: Record<string, unknown>[];
    };
    expect(body).toMatchObject({ status: response.status, instance: `urn:trace:${response.headers.get('trace-id')}` });
    expect(body['type']).toBe(`http://register.example/problems/${String(body['code'])}`);
    return body;
  };

  it('answers a command with status, location, entity tag, position and the envelope that came in', async () => {
    const response = await post({ ...good, receivedAt: '2026-03-02T11:12:00+01:00' }, { 'if-match': '"4"' });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/v1/samples/1');
    expect(response.headers.get('etag')).toBe('"0"');
    expect(response.headers.get('idempotency-replayed')).toBe('true');
    expect(await response.json()).toMatchObject({
      position: 'p',
      request: { receivedAt: '2026-03-02T10:12:00.000Z' },
      context: {
        client: 'back-office',
        actor: { client: 'back-office', clerk: 'c-17' },
        key: 'key-00000001',
        ifMatch: 4,
      },
    });
  });

  it('continues a trace that came in, and gives the request id back unchanged', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const response = await call('GET', '/v1/status', {
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, 'x-request-id': 'bfe9eb29' },
    });
    expect(response.headers.get('trace-id')).toBe(traceId);
    expect(response.headers.get('traceparent')).toContain(traceId);
    expect(response.headers.get('x-request-id')).toBe('bfe9eb29');
  });

  it('sends the security headers of the design rules, and none for other origins', async () => {
    const response = await call('GET', '/v1/status', { headers: { origin: 'https://elsewhere.example' } });
    const names = ['content-security-policy', 'strict-transport-security', 'x-content-type-options', 'x-frame-options'];
    expect(names.map((name) => response.headers.get(name))).toEqual([
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'max-age=31536000; includeSubDomains',
      'nosniff',
      'DENY',
    ]);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  describe('a body with faults under a key', () => {
    /** As another version took it: with a member more, and one less. */
    const older = {
      application: ID.toUpperCase(),
      submitter: { person: ID, more: 1 },
      receivedAt: '2026-03-02T11:12:00+01:00',
    };
    const under = (key: string, headers: object = {}) => post(older, { 'idempotency-key': key, ...headers });

    it('that was answered goes on as it is, to be answered again or not at all', async () => {
      asked.length = 0;
      const response = await under('answered-0001');
      expect(response.status).toBe(201);
      expect(await response.json()).toMatchObject({
        request: { ...older, application: ID, receivedAt: '2026-03-02T10:12:00.000Z' },
        context: { key: 'answered-0001', replayOnly: true },
      });
      expect(asked).toEqual([{ path: '/v1/samples', body: older, client: 'back-office', key: 'answered-0001' }]);
    });

    it('that nobody knows has its faults told', async () => {
      const { errors } = await problem(await under('key-00000001'));
      expect(errors!.map(({ pointer }) => pointer)).toEqual(['/submitter/more', '/aimedLevel']);
    });

    it('is not asked about where it has none, or where more is at fault than the body', async () => {
      asked.length = 0;
      const { context } = (await (await post(good, { 'idempotency-key': 'answered-0001' })).json()) as {
        context: object;
      };
      expect(context).not.toHaveProperty('replayOnly');
      for (const headers of [{ 'idempotency-key': 'short' }, { 'if-match': 'x' }]) {
        expect((await under('answered-0001', headers)).status).toBe(400);
      }
      expect((await call('POST', '/v1/samples/_search', { body: {} })).status).toBe(400);
      expect(asked).toEqual([]);
    });

    it.each([
      ['is another one than was answered', 'answered-otherwise', 409, 'idempotency-key-reused'],
      ['is of an object that is erased', 'answered-of-erased', 410, 'erased'],
      ['can not be looked for now', 'answered-elsewhere', 503, 'unavailable'],
      ['leads nowhere', 'answered-of-nothing', 400, 'invalid-request'],
    ])('that %s is told that, and nothing else', async (_what, key, status, code) => {
      const response = await under(key);
      expect([response.status, (await problem(response)).code]).toEqual([status, code]);
    });
  });

  it('names every fault of headers and body at once', async () => {
    const response = await call('POST', '/v1/samples', {
      body: {
        application: 'x',
        aimedLevel: 3,
        extra: 1,
        constructor: 1,
        submitter: [],
        others: [{ person: ID, more: 1 }, 7, null],
        receivedAt: '2026-02-30T00:00:00Z',
        deviationReason: null,
      },
      headers: { 'idempotency-key': 'short' },
    });
    expect(response.status).toBe(400);
    const { code, errors } = await problem(response);
    expect(code).toBe('invalid-request');
    const found = new Set(errors!.map((error) => `${String(error['pointer'])} ${String(error['code'])}`));
    expect([...found].sort()).toEqual([
      '/Idempotency-Key invalid-value',
      '/aimedLevel wrong-type',
      '/application invalid-value',
      '/constructor unknown-member',
      '/deviationReason wrong-type',
      '/extra unknown-member',
      '/others wrong-type',
      '/others/0/more unknown-member',
      '/others/1 wrong-type',
      '/others/2 wrong-type',
      '/receivedAt invalid-value',
      '/submitter wrong-type',
    ]);
  });

  it('tells as many faults as the request is long, beyond what every answer has room for', async () => {
    const text = JSON.stringify(
      Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`${'long'.repeat(150)}${at}`, at])),
    );
    const answer = await (await call('POST', '/v1/samples/_search', { text })).text();
    expect(text.length).toBeGreaterThan(32 * 1024);
    expect(answer.length).toBeGreaterThan(32 * 1024);
    expect(answer.length).toBeLessThanOrEqual(text.length);
  });

  it.each([
    ['broken JSON', '{"a":', 'malformed-json'],
    ['no body at all', '', 'required'],
    ['a list', '[]', 'wrong-type'],
    ['a member twice', '{"a":1,"a":2}', 'duplicate-member'],
    ['__proto__', '{"__proto__":{"x":1}}', 'unknown-member'],
    ['a lone surrogate', '{"a":"\\ud800"}', 'malformed-json'],
    ['a number out of range', '{"a":1e999}', 'malformed-json'],
    ['deep nesting', '['.repeat(100_000) + ']'.repeat(100_000), 'malformed-json'],
  ])('refuses %s with 400', async (_name, text, code) => {
    const response = await call('POST', '/v1/samples/_search', { text });
    expect(response.status).toBe(400);
    expect((await problem(response)).code).toBe(code);
  });

  it('refuses a body over 1 MiB with 413 and another media type with 415', async () => {
    const large = await call('POST', '/v1/samples/_search', { text: JSON.stringify({ a: 'x'.repeat(1_100_000) }) });
    expect([large.status, (await problem(large)).code]).toEqual([413, 'body-too-large']);
    const form = await call('POST', '/v1/samples/_search', { text: 'a=1', headers: { 'content-type': 'text/plain' } });
    expect([form.status, (await problem(form)).code]).toEqual([415, 'unsupported-media-type']);
  });

  it.each([
    ['compressed, as it says', gzipSync('{}')],
    ['not what it says', '{}'],
  ])('refuses a body that is said to be compressed with 415, and says how it comes: %s', async (_name, body) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    };
    const response = await fetch(`${base}/v1/samples/_search`, { method: 'POST', headers, body });
    const { code, detail } = await problem(response);
    expect([response.status, code, response.headers.get('accept-encoding')]).toEqual([
      ...[415, 'unsupported-media-type', 'identity'],
    ]);
    expect(detail).toContain('Content-Encoding');
    expect(
      (await call('POST', '/v1/samples/_search', { text: '{}', headers: { 'content-encoding': 'identity' } })).status,
    ).toBe(400);
  });

  it('holds no more memory for a body that comes in a byte at a time, and blames itself for none that breaks off', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = (): number => {
      collect();
      return process.memoryUsage().heapUsed / 1024 / 1024;
    };
    const { hostname, port } = new URL(base);
    const socket = connect(Number(port), hostname);
    const write = (text: string): Promise<void> => new Promise((resolve) => void socket.write(text, () => resolve()));
    const head = `Host: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
    const before = used();
    await write(`POST /v1/samples HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n`);
    for (let sent = 0; sent < 40; sent++) await write('1\r\n \r\n'.repeat(10_000));
    // This process reads a piece of it in each turn, and has several for each of these.
    for (let times = 0; times < 50; times++) expect((await call('GET', '/health/live')).status).toBe(200);
    expect(used() - before).toBeLessThan(30);
    lines.length = 0;
    socket.destroy();
    // On a busy machine it has many pieces still to read before it comes to the end.
    await until('it is known to have broken off', () => lines.join('').includes('"status":400'), 120_000);
    expect(lines.join('')).not.toMatch(/"status":500|operations/);
  });

  it('answers an unknown address with 404, also behind a trailing slash, and a wrong method with 405 and Allow', async () => {
    for (const path of ['/nothing', '/v1/status/', '/v1//status']) {
      const response = await call('GET', path);
      expect([path, response.status, (await problem(response)).code]).toEqual([path, 404, 'not-found']);
    }
    const response = await call('DELETE', `/v1/samples/${ID}`);
    expect([response.status, (await problem(response)).code]).toEqual([405, 'method-not-allowed']);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it('answers a malformed address as a problem', async () => {
    const response = await call('GET', '/v1/%ff');
    expect(response.status).toBe(400);
    expect((await problem(response)).code).toBe('bad-request');
    const long = await call('GET', `/v1/samples/${'a'.repeat(300)}`);
    expect(long.status).toBe(414);
    await problem(long);
  });

  it('answers what is no HTTP as a problem', async () => {
    const { hostname, port } = new URL(base);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write('nonsense\r\n\r\n'));
      let received = '';
      socket.on('data', (data) => (received += data.toString()));
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain(`API-Version: ${packageVersion()}`);
    expect(text).toContain('application/problem+json');
  });

  it('says when a store is away and when to come back', async () => {
    const response = await call('GET', `/v1/samples/0${ID.slice(1)}`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await problem(response)).code).toBe('unavailable');
  });

  it('gives nothing away of an error that nobody foresaw', async () => {
    const response = await call('GET', `/v1/samples/1${ID.slice(1)}`);
    expect(response.status).toBe(500);
    expect(JSON.stringify(await problem(response))).not.toContain('Jansen');
  });

  it('lists all reasons of a refusal in order, in Dutch when asked', async () => {
    const response = await call('GET', `/v1/samples/2${ID.slice(1)}`, {
      headers: { 'accept-language': 'nl-NL, en;q=0.5' },
    });
    expect(await problem(response)).toMatchObject({
      status: 409,
      code: 'aspect-unscored',
      title: 'Aspect zonder score',
      errors: [{ code: 'aspect-unscored', aspect: 'IV' }, { code: 'level-too-low' }],
    });
    expect(response.headers.get('content-language')).toBe('nl');
    expect(response.headers.get('vary')).toBe('Accept-Language');
  });

  it('answers 404 for an id that can not be one', async () => {
    expect((await call('GET', '/v1/samples/not-a-uuid')).status).toBe(404);
  });

  it('explains a code to people and to programs', async () => {
    const page = await call('GET', '/problems/aspect-unscored', { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('No row of the aspect holds.');
    const json = await call('GET', '/problems/aspect-unscored');
    expect(await json.json()).toMatchObject({ code: 'aspect-unscored', rule: 'REG-16' });
    expect((await call('GET', '/problems/no-such-code')).status).toBe(404);
  });

  it('measures by route template and logs neither bodies, queries, ids nor tokens', async () => {
    await call('GET', `/v1/samples/${ID}?name=Pietersen`);
    await post({ ...good, deviationReason: 'Willemsen' });
    const metrics = await (await call('GET', '/metrics')).text();
    expect(metrics).toContain('route="/v1/samples/:id"');
    expect(metrics).not.toContain(ID);
    const log = lines.join('');
    for (const secret of ['Pietersen', 'Willemsen', ID, token, token.slice(-40)]) expect(log).not.toContain(secret);
    expect(lines.map((line) => JSON.parse(line) as Record<string, unknown>)).toContainEqual(
      expect.objectContaining({ log: 'access', client: 'back-office', route: '/v1/samples/:id', status: 200 }),
    );
  });
});
