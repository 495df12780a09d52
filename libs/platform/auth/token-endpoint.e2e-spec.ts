import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readConfiguration } from '#libs/configuration';
import {
  ClientRefused,
  createApp,
  fileLocalClients,
  localIssuer,
  ROLES,
  Scopes,
  startApp,
  TOKEN_PATH,
  type LocalClients,
} from '../index.js';

@Controller('v1/samples')
class SampleController {
  @Scopes('registration')
  @Get()
  read() {
    return {};
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

let folder: string;
let clients: LocalClients;
let app: NestFastifyApplication;
let base: string;
const lines: string[] = [];
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'waarborg-clients-')), 'clients');
  clients = fileLocalClients(folder);
  const configuration = readConfiguration(['--port', '0'], {});
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const issuer = localIssuer({ id: 'k1', privateKey }, configuration);
  app = await createApp(SampleModule, {
    configuration,
    tokenVerifier: issuer,
    tokenEndpoint: { issuer, clients },
    logTo: { write: (line) => void lines.push(line) },
  });
  base = await startApp(app, configuration);
});
afterAll(async () => {
  await app?.close();
  await rm(join(folder, '..'), { recursive: true, force: true });
});

const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const FORM = 'application/x-www-form-urlencoded';
const ask = async (
  authorization: string | undefined,
  body: string = 'grant_type=client_credentials',
  type: string = FORM,
) => {
  const response = await fetch(base + TOKEN_PATH, {
    method: 'POST',
    headers: { 'content-type': type, ...(authorization === undefined ? {} : { authorization }) },
    body,
  });
  const answer = (await response.json()) as Readonly<Record<string, unknown>>;
  return { status: response.status, headers: response.headers, answer };
};
const claimsOf = (token: unknown): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(String(token).split('.')[1]!, 'base64url').toString()) as Readonly<Record<string, unknown>>;

describe('POST /oauth/token', () => {
  it('gives a client a token for an hour in the scopes of its role, with which the API is used', async () => {
    const secret = await clients.add({ id: 'back-office', role: 'supplier', clerk: 'clerk-1' });
    const { status, headers, answer } = await ask(basic('back-office', secret));
    expect(status).toBe(200);
    expect(answer).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: ROLES.supplier.join(' '),
    });
    expect(headers.get('cache-control')).toBe('no-store');
    const { client_id, sub, scope, iat, exp } = claimsOf(answer['access_token']);
    expect({ client_id, sub, scope }).toEqual({
      client_id: 'back-office',
      sub: 'clerk-1',
      scope: ROLES.supplier.join(' '),
    });
    expect(Number(exp) - Number(iat)).toBe(3_600);
    const used = await fetch(`${base}/v1/samples`, {
      headers: { authorization: `Bearer ${String(answer['access_token'])}` },
    });
    expect(used.status).toBe(200);
  });

  it('gives fewer scopes where fewer are asked for, and none that the role has not', async () => {
    const secret = await clients.add({ id: 'narrow', role: 'supplier' });
    const body = (scope: string): string => `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`;
    const fewer = await ask(basic('narrow', secret), body('registration revocation registration'));
    expect(fewer).toMatchObject({ status: 200, answer: { scope: 'registration revocation' } });
    const { scope, sub } = claimsOf(fewer.answer['access_token']);
    expect([scope, sub]).toEqual(['registration revocation', undefined]);
    for (const asked of ['audit', 'registration audit', 'nonsense', 'registration  revocation', 'constructor'])
      expect([asked, await ask(basic('narrow', secret), body(asked))]).toMatchObject([
        asked,
        { status: 400, answer: { error: 'invalid_scope' } },
      ]);
  });

  it('takes a name and secret that are form-encoded, and any parameter that it does not know', async () => {
    const secret = await clients.add({ id: 'encoded', role: 'network' });
    const encoded = basic('%65ncoded', secret.replaceAll('-', '%2D'));
    const body = 'grant_type=client_credentials&audience=x&scope=&resource=y&client_id=encoded';
    expect(await ask(encoded, body)).toMatchObject({ status: 200, answer: { scope: 'decision' } });
    expect(await ask(encoded, body, `${FORM}; charset=UTF-8`)).toMatchObject({ status: 200 });
  });

  it('takes a body as it is only', async () => {
    const secret = await clients.add({ id: 'compressing', role: 'network' });
    const response = await fetch(base + TOKEN_PATH, {
      method: 'POST',
      headers: { 'content-type': FORM, 'content-encoding': 'gzip', authorization: basic('compressing', secret) },
      body: gzipSync('grant_type=client_credentials'),
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: 'invalid_request', error_description: 'the body comes as it is, without Content-Encoding' },
    ]);
  });

  it('is refused in one way, whoever the stranger says he is', async () => {
    const secret = await clients.add({ id: 'known', role: 'supplier' });
    const refused = await Promise.all([
      ask(undefined),
      ask(basic('known', `${secret}x`)),
      ask(basic('known', '')),
      ask(basic('unknown', secret)),
      ask(basic('../known', secret)),
      ask(basic('constructor', secret)),
      ask(basic('%', secret)),
      ask('Basic !!!'),
      ask(`Bearer ${secret}`),
      ask(`Basic ${Buffer.from('known').toString('base64')}`),
    ]);
    for (const { status, headers, answer } of refused) {
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Basic realm="waarborg"']);
      expect(answer).toEqual({ error: 'invalid_client', error_description: expect.any(String) });
    }
    expect(new Set(refused.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
  });

  it.each<[string, string, string, number, string]>([
    ['the grant is missing', '', FORM, 400, 'invalid_request'],
    ['the grant has no value', 'grant_type=', FORM, 400, 'invalid_request'],
    ['the grant is another', 'grant_type=password', FORM, 400, 'unsupported_grant_type'],
    ['a parameter comes twice', 'grant_type=client_credentials&x=1&x=2', FORM, 400, 'invalid_request'],
    [
      'the secret comes in the body as well',
      'grant_type=client_credentials&client_secret=s',
      FORM,
      400,
      'invalid_request',
    ],
    ['another client is named', 'grant_type=client_credentials&client_id=other', FORM, 400, 'invalid_request'],
    ['the body is JSON', '{"grant_type":"client_credentials"}', 'application/json', 400, 'invalid_request'],
    ['the body is broken JSON', '{"grant_type', 'application/json', 400, 'invalid_request'],
    ['the body is of another type', 'grant_type=client_credentials', 'text/plain', 400, 'invalid_request'],
    ['the body is too long', `grant_type=client_credentials&x=${'x'.repeat(9_000)}`, FORM, 400, 'invalid_request'],
  ])('is refused by RFC 6749 where %s', async (what, body, type, status, error) => {
    const id = `client-${what.replace(/[^a-z]+/g, '-')}`;
    const secret = await clients.add({ id, role: 'supplier' });
    const given = await ask(basic(id, secret), body, type);
    expect(given).toMatchObject({ status, answer: { error } });
    expect(given.headers.get('cache-control')).toBe('no-store');
  });

  it('leaves a line in the security log for each refusal, without names or secrets', async () => {
    const secret = await clients.add({ id: 'quiet', role: 'supplier' });
    lines.length = 0;
    await ask(basic('quiet', `${secret}x`));
    const [line] = lines
      .map((one) => JSON.parse(one) as Record<string, unknown>)
      .filter(({ log }) => log === 'security');
    expect(line).toMatchObject({ route: TOKEN_PATH, status: 401, reason: 'invalid_client' });
    expect(lines.join('')).not.toContain('quiet');
    expect(lines.join('')).not.toContain(secret);
  });

  it('is nowhere where tokens come from elsewhere', async () => {
    const configuration = readConfiguration(['--port', '0'], {});
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const issuer = localIssuer({ id: 'k1', privateKey }, configuration);
    const without = await createApp(SampleModule, {
      configuration,
      tokenVerifier: issuer,
      logTo: { write: () => undefined },
    });
    try {
      const url = await startApp(without, configuration);
      const response = await fetch(url + TOKEN_PATH, {
        method: 'POST',
        headers: { 'content-type': FORM, authorization: basic('known', 'x') },
        body: 'grant_type=client_credentials',
      });
      expect(response.status).toBe(404);
    } finally {
      await without.close();
    }
  });
});

describe('clients of the local issuer', () => {
  it('are kept without their secret, in files for this user alone', async () => {
    const secret = await clients.add({ id: 'kept', role: 'auditor', clerk: 'auditor-1' });
    expect(secret).toMatch(/^[\w-]{43}$/);
    const path = join(folder, 'kept.json');
    expect(await readFile(path, 'utf8')).not.toContain(secret);
    expect((await stat(path)).mode & 0o077).toBe(0);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(await clients.all()).toContainEqual({ id: 'kept', role: 'auditor', clerk: 'auditor-1' });
  });

  it('get nothing any more from the moment they are removed', async () => {
    const secret = await clients.add({ id: 'leaving', role: 'supplier' });
    expect((await ask(basic('leaving', secret))).status).toBe(200);
    expect([await clients.remove('leaving'), await clients.remove('leaving')]).toEqual([true, false]);
    expect((await ask(basic('leaving', secret))).status).toBe(401);
  });

  it('have names of their own: one is not replaced, and none leads out of the folder', async () => {
    const secret = await clients.add({ id: 'first', role: 'supplier' });
    await expect(clients.add({ id: 'first', role: 'network' })).rejects.toBeInstanceOf(ClientRefused);
    expect((await ask(basic('first', secret))).status).toBe(200);
    for (const id of ['', 'a b', '../up', 'Upper', '.hidden', 'x'.repeat(65), 'a/b', 'constructor\0'])
      await expect(clients.add({ id, role: 'supplier' })).rejects.toBeInstanceOf(ClientRefused);
    await expect(clients.add({ id: 'own', role: 'supplier', clerk: 'own' })).rejects.toThrow(/^the clerk is another/);
    expect(await clients.remove('../clients/first')).toBe(false);
  });

  it('are not beside what a command left that was killed while it added one', async () => {
    const draft = join(folder, '.new-0123456789ab');
    await writeFile(draft, '{"role":');
    await utimes(draft, 0, 0);
    await clients.add({ id: 'after-a-kill', role: 'supplier' });
    const names = await readdir(folder);
    expect(names).toContain('after-a-kill.json');
    expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('whose file is damaged are told to whoever runs the suite, and to nobody else; they get nothing', async () => {
    const secret = await clients.add({ id: 'damaged', role: 'supplier' });
    await writeFile(join(folder, 'damaged.json'), '{"role":"super"}');
    await expect(clients.all()).rejects.toThrow(/damaged\.json is damaged/);
    const hash = createHash('sha256').update(secret).digest('hex');
    await writeFile(join(folder, 'damaged.json'), `{"role":"operations","secretHash":"${hash}","role":"supplier"}`);
    await expect(clients.all()).rejects.toThrow(/damaged\.json is damaged/);
    lines.length = 0;
    const { status, headers, answer } = await ask(basic('damaged', secret));
    expect([status, headers.get('content-type')]).toEqual([500, 'application/problem+json; charset=utf-8']);
    expect(answer['code']).toBe('internal-error');
    expect(JSON.stringify(answer)).not.toMatch(/damaged/);
    expect(lines.filter((line) => line.includes('"log":"operations"')).join('')).toMatch(/damaged\.json is damaged/);
  });
});
