import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { generateKeyPairSync } from 'node:crypto';
import { readConfiguration } from '#libs/configuration';
import {
  createApp,
  DIRECT_ROUTES,
  ForPersons,
  localIssuer,
  Scopes,
  startApp,
  type DirectRoutes,
  type LocalIssuer,
  type TokenRequest,
} from '../index.js';

@Controller('v1/samples')
class SampleController {
  @Scopes('registration')
  @Get(':id')
  read() {
    return {};
  }

  @Scopes('registration', 'audit')
  @Post('_search')
  search() {
    return { items: [], next: null };
  }

  @Scopes('registration')
  @ForPersons()
  @Post(':id/decisions')
  decide() {
    return {};
  }

  @Get('forgotten/scope')
  forgotten() {
    return {};
  }
}

@Controller('access/v1/raw')
class DirectController {
  constructor(@Inject(DIRECT_ROUTES) direct: DirectRoutes) {
    direct.add(this, 'decide', '/access/v1/raw');
  }

  @Scopes('decision', 'audit')
  @Post()
  decide() {
    return { decision: false };
  }
}

@Module({ controllers: [SampleController, DirectController] })
class SampleModule {}

const ID = '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';
const rsaKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

describe('the guard over HTTP', () => {
  const lines: string[] = [];
  let app: NestFastifyApplication;
  let issuer: LocalIssuer;
  let base: string;
  let token: string;

  beforeAll(async () => {
    const configuration = readConfiguration(['--port', '0'], {});
    issuer = localIssuer({ id: 'k1', privateKey: rsaKey() }, configuration);
    token = await issuer.issue({ client: 'back-office', role: 'supplier' });
    const logTo = { write: (line: string) => void lines.push(line) };
    app = await createApp(SampleModule, { configuration, tokenVerifier: issuer, logTo });
    base = await startApp(app, configuration);
  });
  afterAll(async () => {
    await app.close();
  });

  const call = (method: string, path: string, options: { body?: unknown; text?: string; headers?: object } = {}) => {
    const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${token}`, ...type, ...options.headers };
    return fetch(base + path, { method, headers, ...(body === undefined ? {} : { body }) });
  };
  const problem = async (response: Response) => {
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    return (await response.json()) as { code: string };
  };

  it('lets nobody in without a token, with one it can not trust, or with the wrong scope', async () => {
    const settings = { mode: 'development', publicBaseUrl: base, oin: '00000099000000001000' } as const;
    const other = localIssuer({ id: 'k1', privateKey: rsaKey() }, settings);
    const none = [{ alg: 'none' }, { iss: 'x' }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const rejected = [
      'nonsense',
      `${none.join('.')}.`,
      await other.issue({ client: 'back-office', role: 'supplier' }),
      await issuer.issue({ client: 'back-office', role: 'supplier', issuedAt: Math.floor(Date.now() / 1_000) - 7_200 }),
      await issuer.issue({ client: 'back-office', role: 'supplier', issuedAt: Math.floor(Date.now() / 1_000) + 600 }),
    ];
    for (const bad of rejected) {
      const response = await call('GET', `/v1/samples/${ID}`, { headers: { authorization: `Bearer ${bad}` } });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="waarborg", error="invalid_/);
      expect((await problem(response)).code).toBe('unauthenticated');
    }
    const without = await fetch(`${base}/v1/samples/${ID}`);
    expect(without.status).toBe(401);
    const auditor = await issuer.issue({ client: 'auditor', clerk: 'a-1', role: 'auditor' });
    const response = await call('GET', `/v1/samples/${ID}`, { headers: { authorization: `Bearer ${auditor}` } });
    expect(response.status).toBe(403);
    expect(JSON.stringify(await problem(response))).toContain('registration');
    const either = await call('POST', '/v1/samples/_search', {
      body: { person: ID },
      headers: { authorization: `Bearer ${auditor}` },
    });
    expect(either.status).toBe(200);
  });

  it('reads no body of a stranger', async () => {
    const headers = { authorization: 'Bearer nonsense' };
    for (const path of ['/v1/samples/_search', '/access/v1/raw']) {
      expect((await call('POST', path, { text: '{broken', headers })).status).toBe(401);
    }
    expect((await call('POST', '/v1/nothing', { body: {}, headers })).status).toBe(404);
  });

  it('opens no door that names no scope', async () => {
    const response = await call('GET', '/v1/samples/forgotten/scope');
    expect(response.status).toBe(500);
  });

  it('guards a direct route in the same way', async () => {
    const refused = await call('POST', '/access/v1/raw', { body: {} });
    expect([refused.status, (await problem(refused)).code]).toEqual([403, 'missing-scope']);
    const network = await issuer.issue({ client: 'broker', role: 'network' });
    const headers = { authorization: `Bearer ${network}` };
    expect((await call('POST', '/access/v1/raw', { body: {}, headers })).status).toBe(200);
    const form = await call('POST', '/access/v1/raw', {
      text: '{}',
      headers: { ...headers, 'content-type': 'text/plain' },
    });
    expect(form.status).toBe(400);
    await problem(form);
  });

  it('asks for a person where a scope or a route is for persons only, in front of Fastify and behind it', async () => {
    const as = async (claims: Omit<TokenRequest, 'client'>) => ({
      authorization: `Bearer ${await issuer.issue({ client: 'office', ...claims })}`,
    });
    const decisions = `/v1/samples/${ID}/decisions`;
    for (const [path, claims] of [
      ['/v1/samples/_search', { scopes: ['audit'] }],
      ['/v1/samples/_search', { scopes: ['audit'], clerk: 'office' }],
      ['/access/v1/raw', { scopes: ['audit'] }],
      ['/access/v1/raw', { scopes: ['audit', 'intake'], clerk: 'office' }],
      [decisions, { scopes: ['registration'] }],
    ] as const) {
      const headers = await as(claims);
      // The second time the token is known, which is what a direct route looks at.
      for (let time = 0; time < 2; time++) {
        const response = await call('POST', path, { body: {}, headers });
        expect([path, response.status, (await problem(response)).code]).toEqual([path, 403, 'person-required']);
      }
    }
    for (const [path, claims] of [
      ['/v1/samples/_search', { scopes: ['audit'], clerk: 'a-1' }],
      ['/v1/samples/_search', { scopes: ['audit', 'registration'] }],
      ['/access/v1/raw', { scopes: ['audit'], clerk: 'a-1' }],
      ['/access/v1/raw', { scopes: ['audit', 'decision'] }],
      [decisions, { scopes: ['registration'], clerk: 'c-17' }],
    ] as const) {
      const headers = await as(claims);
      for (let time = 0; time < 2; time++) {
        expect([path, (await call('POST', path, { body: {}, headers })).status < 300]).toEqual([path, true]);
      }
    }
  });

  it('writes a line to the security log for each refusal, without the token', () => {
    const security = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ log }) => log === 'security');
    expect(security).toContainEqual(
      expect.objectContaining({ status: 401, reason: 'no token', route: '/v1/samples/:id' }),
    );
    expect(security).toContainEqual(
      expect.objectContaining({ status: 403, client: 'office', reason: 'no person', route: '/access/v1/raw' }),
    );
    expect(security).toContainEqual(
      expect.objectContaining({ status: 403, client: 'auditor', needed: 'registration', trace: expect.any(String) }),
    );
    expect(lines.join('')).not.toContain(token.split('.')[2]);
  });
});
