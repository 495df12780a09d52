import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { generateKeyPairSync } from 'node:crypto';
import { readConfiguration } from '#libs/configuration';
import { createApp, localIssuer, PLATFORM_MESSAGES, startApp } from '../index.js';

@Module({})
class EmptyModule {}

let app: NestFastifyApplication;
let base: string;
beforeAll(async () => {
  const configuration = readConfiguration(['--port', '0'], { PARTICIPANT_NAME: 'A <b>supplier</b>' });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const tokenVerifier = localIssuer({ id: 'k1', privateKey }, configuration);
  app = await createApp(EmptyModule, { configuration, tokenVerifier, logTo: { write: () => undefined } });
  base = await startApp(app, configuration);
});
afterAll(() => app?.close());

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(base + path, { headers });
const page = async (path: string, language = 'en'): Promise<string> => {
  const response = await get(path, { accept: 'text/html', 'accept-language': language });
  expect([path, response.status, response.headers.get('content-type')]).toEqual([
    path,
    200,
    'text/html; charset=utf-8',
  ]);
  return response.text();
};
const addressesIn = (html: string): readonly string[] =>
  [...html.matchAll(/(?:href|src|data-document)="([^"]*)"/g)].map(([, address]) => address!);
const PAGES = ['/', '/problems', '/problems/not-found', '/v1/docs', '/access/v1/docs'];

describe('pages for people', () => {
  it.each(PAGES)('load from this server only and run no script that stands in them: %s', async (path) => {
    const response = await get(path, { accept: 'text/html' });
    const policy = response.headers.get('content-security-policy')!;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    const html = await response.text();
    expect(addressesIn(html).filter((address) => !address.startsWith('/'))).toEqual([]);
    expect(html).not.toMatch(/<script(?! src=)|<style|\sstyle=|\son\w+=/);
  });

  it.each(PAGES)('lead only to what is there: %s', async (path) => {
    const addresses = addressesIn(await page(path));
    expect(addresses.length).toBeGreaterThan(1);
    const missing: string[] = [];
    for (const address of new Set(addresses)) if ((await get(address)).status !== 200) missing.push(address);
    expect(missing).toEqual([]);
  });

  it('begin at the root, which says whose register it is, and gives a program the same links', async () => {
    expect(await page('/')).toContain('A &#60;b&#62;supplier&#60;/b&#62;');
    const { links, participant } = (await (await get('/')).json()) as {
      participant: string;
      links: readonly { href: string }[];
    };
    expect(participant).toBe('A <b>supplier</b>');
    expect(links.map(({ href }) => href)).toEqual(
      expect.arrayContaining(['/v1/docs', '/v1/openapi.json', '/problems', '/health/ready']),
    );
  });

  it('show every code that a problem may carry, in the language that is preferred', async () => {
    const codes = Object.keys(PLATFORM_MESSAGES).sort();
    const english = await page('/problems');
    for (const code of codes) expect(english).toContain(`<a href="/problems/${code}">`);
    expect(english).toContain(PLATFORM_MESSAGES['not-found'].en);
    const dutch = await page('/problems', 'nl');
    expect(dutch).toContain('<html lang="nl">');
    expect(dutch).toContain(PLATFORM_MESSAGES['not-found'].nl);
    expect(await page('/problems/not-found', 'nl')).toContain(PLATFORM_MESSAGES['not-found'].meaning.nl);
    const { items } = (await (await get('/problems')).json()) as { items: readonly { code: string }[] };
    expect(items.map(({ code }) => code)).toEqual(codes);
    expect(items[0]).toEqual((await (await get(`/problems/${codes[0]!}`)).json()) as object);
  });

  it('are a problem like any other where there is no such code', async () => {
    for (const code of ['no-such-code', '__proto__', '%3Cscript%3E']) {
      const response = await get(`/problems/${code}`, { accept: 'text/html', 'accept-language': 'nl' });
      expect([code, response.status, response.headers.get('content-type'), await response.json()]).toEqual([
        ...[code, 404, 'application/problem+json; charset=utf-8'],
        expect.objectContaining({ status: 404, code: 'not-found', title: PLATFORM_MESSAGES['not-found'].nl }),
      ]);
    }
  });

  it('bring what shows the contract along, whole and with its type', async () => {
    const script = await get('/docs-files/swagger-ui-bundle.js');
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect((await script.text()).length).toBeGreaterThan(1_000_000);
    const sheet = await get('/docs-files/swagger-ui.css');
    expect([sheet.status, sheet.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(await (await get('/docs-files/start.js')).text()).toContain("getElementById('contract')");
    expect((await get('/docs-files/package.json')).status).toBe(404);
  });
});
