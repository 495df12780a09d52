import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { memoryStores } from '#libs/adapters/memory';
import {
  testAuthority,
  testAuthorizationServer,
  until,
  type TestAuthorizationServer,
  type TestCertificate,
} from '#libs/testing';
import { readConfiguration } from '#libs/configuration';
import { createApp, organizationLogins, Scopes, startApp, startGateway, type OrganizationLogins } from '../index.js';

@Controller('v1/samples')
class SampleController {
  @Scopes('intake')
  @Get()
  read() {
    return {};
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

const AUDIENCE = 'https://register.example';

interface Started {
  readonly base: string;
  readonly lines: string[];
  end(): Promise<void>;
}

let server: TestAuthorizationServer;
let folder: string;
const started: Started[] = [];
const authority = testAuthority();
const own = authority.issue(['127.0.0.1', 'localhost']);
/** Nobody whom anybody knows has signed this one, which is as good: the token names it. */
const client: TestCertificate = testAuthority('Client').issue(['back-office']);
const stranger: TestCertificate = testAuthority('Client').issue(['back-office']);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waarborg-mtls-'));
  writeFileSync(join(folder, 'cert.pem'), own.certificate);
  writeFileSync(join(folder, 'key.pem'), own.key, { mode: 0o600 });
  server = await testAuthorizationServer({ audience: AUDIENCE, scopes: ['intake'], bindsToCertificates: true });
});
afterAll(async () => {
  // A gateway first, then the app behind it.
  for (const one of started.reverse()) await one.end();
  await server.close();
  rmSync(folder, { recursive: true });
});

async function start(settings: readonly string[], limits = {}): Promise<Started> {
  const configuration = readConfiguration(
    ['--port', '0', '--auth-issuer', server.issuer, '--auth-audience', AUDIENCE, ...settings],
    {},
  );
  const logins: OrganizationLogins = organizationLogins(configuration.authorizationServer!, {
    ...{ configuration, usedProofs: memoryStores().usedProofs, log: () => undefined },
  });
  await logins.server.begin();
  const lines: string[] = [];
  const app: NestFastifyApplication = await createApp(SampleModule, {
    ...{ configuration, tokenVerifier: logins.verifier, limits },
    logTo: { write: (line: string) => void lines.push(line) },
  });
  const one = {
    base: await startApp(app, configuration),
    lines,
    async end() {
      logins.server.close();
      await app.close();
    },
  };
  started.push(one);
  return one;
}
const withTls = (more: readonly string[] = ['--tls-client-certificates', 'ask'], limits = {}): Promise<Started> =>
  start(['--tls-cert-file', join(folder, 'cert.pem'), '--tls-key-file', join(folder, 'key.pem'), ...more], limits);

const boundTo = (certificate: TestCertificate): Promise<string> => server.token('intake', { certificate });
const free = (): Promise<string> => server.sign(server.claims());

function overTls(base: string, token: string, shown?: TestCertificate, headers = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const certificate = shown === undefined ? {} : { cert: shown.certificate, key: shown.key };
    request(
      `${base}/v1/samples`,
      {
        ca: authority.certificate,
        agent: false,
        ...certificate,
        headers: { authorization: `Bearer ${token}`, ...headers },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode!);
      },
    )
      .on('error', reject)
      .end();
  });
}

describe('tokens that are bound to a certificate', () => {
  it('are taken from who shows it in the handshake, and from nobody else', async () => {
    const at = await withTls();
    expect(at.base).toMatch(/^https:/);
    const token = await boundTo(client);
    expect(await overTls(at.base, token, client)).toBe(200);
    // Known by now, and proven by nobody.
    expect(await overTls(at.base, token)).toBe(401);
    expect(await overTls(at.base, token, stranger)).toBe(401);
    const header = { 'client-cert': `:${client.der.toString('base64')}:` };
    expect(await overTls(at.base, token, undefined, header)).toBe(401);
    expect(await overTls(at.base, token, stranger, header)).toBe(401);
    expect(await overTls(at.base, await free())).toBe(200);
  });

  it('are nobody’s where no certificates are asked for', async () => {
    const at = await withTls([]);
    expect(await overTls(at.base, await boundTo(client), client)).toBe(401);
  });

  it('are taken at the word of a gateway that is named, and of no other', async () => {
    const named = await start(['--trusted-proxies', '127.0.0.1']);
    const unnamed = await start(['--trusted-proxies', '192.0.2.1']);
    const token = await boundTo(client);
    const ask = async (at: Started, ...values: readonly string[]): Promise<number> => {
      const headers = new Headers({ authorization: `Bearer ${token}` });
      for (const value of values) headers.append('client-cert', value);
      return (await fetch(`${at.base}/v1/samples`, { headers })).status;
    };
    const good = `:${client.der.toString('base64')}:`;
    expect([await ask(named, good), await ask(unnamed, good)]).toEqual([200, 401]);
    for (const bad of ['', good.slice(1), good.slice(0, -1), `${good};a=1`, `:${stranger.der.toString('base64')}:`]) {
      expect([bad.length, await ask(named, bad)]).toEqual([bad.length, 401]);
    }
    expect(await ask(named, good, good)).toBe(401);
    expect(await ask(named)).toBe(401);
    // An address in a header is no connection.
    const forwarded = { authorization: `Bearer ${token}`, 'client-cert': good, 'x-forwarded-for': '192.0.2.1' };
    expect((await fetch(`${unnamed.base}/v1/samples`, { headers: forwarded })).status).toBe(401);
  });

  it('are not proven by the certificate of the gateway itself', async () => {
    const at = await withTls(['--tls-client-certificates', 'ask', '--trusted-proxies', '127.0.0.1']);
    const token = await boundTo(client);
    expect(await overTls(at.base, token, client)).toBe(401);
    expect(await overTls(at.base, token, stranger, { 'client-cert': `:${client.der.toString('base64')}:` })).toBe(200);
  });
});

describe('tokens that are bound to a certificate, through the gateway', () => {
  const HEADER = 'client-cert';
  const word = (of: TestCertificate): string => `:${of.der.toString('base64')}:`;
  const ours = ['--tls-client-certificates', 'ask'];
  const withOurTls = (more: readonly string[] = []): readonly string[] => [
    ...['--tls-cert-file', join(folder, 'cert.pem'), '--tls-key-file', join(folder, 'key.pem'), ...more],
  ];
  /** A gateway with these settings before an app that takes the word of this machine, or of none. */
  async function through(settings: readonly string[], named = '127.0.0.1'): Promise<string> {
    const app = await start(['--trusted-proxies', named]);
    const gateway = await startGateway({
      configuration: readConfiguration(['--port', '0', '--log-level', 'silent', ...settings], {}),
      ...{
        routes: [{ path: '/v1/samples', app: 'archive' }],
        upstreams: { archive: [app.base] },
        log: () => undefined,
      },
    });
    started.push({ base: gateway.url, lines: [], end: () => gateway.stop() });
    return gateway.url;
  }
  const plainly = async (base: string, token: string, ...values: readonly string[]): Promise<number> => {
    const headers = new Headers({ authorization: `Bearer ${token}` });
    for (const value of values) headers.append(HEADER, value);
    return (await fetch(`${base}/v1/samples`, { headers })).status;
  };

  it('are taken from who shows it to the gateway, and from nobody who only says so', async () => {
    const base = await through(withOurTls(ours));
    const token = await boundTo(client);
    expect(await overTls(base, token, client)).toBe(200);
    expect(await overTls(base, token)).toBe(401);
    expect(await overTls(base, token, stranger)).toBe(401);
    for (const name of [HEADER, 'Client-Cert', 'CLIENT-CERT']) {
      expect(await overTls(base, token, undefined, { [name]: word(client) })).toBe(401);
      expect(await overTls(base, token, stranger, { [name]: word(client) })).toBe(401);
      // What he has shown counts, beside what he says.
      expect(await overTls(base, token, client, { [name]: word(stranger) })).toBe(200);
    }
    expect(await overTls(base, token, client, { connection: `close, ${HEADER}` })).toBe(200);
    expect(await overTls(base, await free())).toBe(200);
  });

  it('are nobody’s where the gateway asks for no certificate, or the app takes no word of it', async () => {
    const token = await boundTo(client);
    expect(await overTls(await through(withOurTls()), token, client)).toBe(401);
    expect(await overTls(await through(withOurTls(ours), '192.0.2.1'), token, client)).toBe(401);
  });

  it('are taken at the word of what ends TLS before the gateway, where the gateway is told so', async () => {
    const token = await boundTo(client);
    const behind = await through(['--trusted-proxies', '127.0.0.1']);
    expect([await plainly(behind, token, word(client)), await plainly(behind, token)]).toEqual([200, 401]);
    for (const bad of [[word(stranger)], [word(client), word(client)], [word(client).slice(1)], ['']]) {
      expect([bad, await plainly(behind, token, ...bad)]).toEqual([bad, 401]);
    }
    const before = await through(['--trusted-proxies', '192.0.2.1']);
    expect(await plainly(before, token, word(client))).toBe(401);
    // Its own certificate is not its client's.
    const both = await through([...withOurTls(ours), '--trusted-proxies', '127.0.0.1']);
    expect(await overTls(both, token, client)).toBe(401);
    expect(await overTls(both, token, stranger, { [HEADER]: word(client) })).toBe(200);
  });
});

describe('TLS of our own', () => {
  const speak = (base: string, version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> =>
    new Promise((resolve, reject) => {
      const socket = connectTls({
        ...{ host: '127.0.0.1', port: Number(new URL(base).port), ca: authority.certificate },
        ...{ minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' },
      });
      socket.once('secureConnect', () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
      socket.once('error', reject);
    });

  it('speaks 1.2 and 1.3 and nothing older', async () => {
    const { base } = await withTls();
    expect([await speak(base, 'TLSv1.2'), await speak(base, 'TLSv1.3')]).toEqual(['TLSv1.2', 'TLSv1.3']);
    await expect(speak(base, 'TLSv1.1')).rejects.toThrow();
  });

  it('cuts who speaks plainly to it, or says nothing, and goes on', async () => {
    const at = await withTls([], { headers: 300, keepAlive: 300, request: 600 });
    const { port } = new URL(at.base);
    const said = (words: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => void (words === '' || socket.write(words)));
        let got = '';
        socket.on('data', (data) => (got += data.toString('latin1')));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(got));
      });
    expect(await said('GET /v1/samples HTTP/1.1\r\nHost: x\r\n\r\n')).not.toContain('200');
    expect(await said('')).toBe('');
    expect(await overTls(at.base, await free())).toBe(200);
  });

  it('ends no connection that is in use, however long', async () => {
    const at = await withTls([], { headers: 200, keepAlive: 200, request: 1_000 });
    const asking = `GET /v1/samples HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await free()}\r\n\r\n`;
    const socket = connectTls({ host: '127.0.0.1', port: Number(new URL(at.base).port), ca: authority.certificate });
    let closed = false;
    socket.on('close', () => (closed = true)).on('error', () => undefined);
    await once(socket, 'secureConnect');
    let answers = 0;
    socket.on('data', (data: Buffer) => (answers += data.toString('latin1').split('HTTP/1.1 200').length - 1));
    // Longer than one that is idle is left alone, with its second look.
    for (let asked = 1, end = performance.now() + 2_500; performance.now() < end && !closed; asked++) {
      socket.write(asking);
      await until('it is answered', () => answers === asked || closed);
    }
    expect([closed, answers > 1]).toEqual([false, true]);
    socket.destroy();
  });

  it('ends connections that are idle', async () => {
    const at = await withTls([], { headers: 200, keepAlive: 200, request: 1_000 });
    let closed = false;
    const socket = connectTls({ host: '127.0.0.1', port: Number(new URL(at.base).port), ca: authority.certificate });
    socket.on('close', () => (closed = true));
    socket.on('error', () => undefined);
    // An empty line between two requests starts Node's own time anew, and ours not.
    const dripping = setInterval(() => void (socket.destroyed || socket.write('\r\n')), 50);
    await until('the idle one is closed', () => closed);
    clearInterval(dripping);
    expect(at.lines.join('')).toContain('late');
  });
});
