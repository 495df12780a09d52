import { expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { headersToApp, headersToCaller } from './headers.js';

const base = new URL('https://register.example');
const toApp = (headers: IncomingMessage['headers'], remoteAddress = '192.0.2.7', certificate?: Buffer) =>
  headersToApp({ headers, socket: { remoteAddress } } as IncomingMessage, { base, length: 2, certificate });

it('an app gets none of what is of the caller’s connection, or that only a gateway may say', () => {
  const dropped = [
    ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'],
    ...['transfer-encoding', 'upgrade', 'expect', 'x-real-ip', 'x-forwarded-port', 'x-forwarded-client-cert'],
    ...['client-cert', 'client-cert-chain', 'x-client-cert', 'ssl-client-verify', 'x-ssl-client-cert', 'x-own'],
    'host',
  ];
  const given = {
    ...Object.fromEntries(dropped.map((name) => [name, 'x'])),
    connection: 'close, X-Own ,X-FORWARDED-FOR',
  };
  const passed = toApp({ ...given, accept: 'a/b', authorization: 'Bearer x', 'content-length': '9' });
  expect(Object.keys(passed).sort()).toEqual([
    ...['accept', 'authorization', 'content-length', 'forwarded', 'traceparent'],
    ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
  ]);
  expect(passed['content-length']).toBe('2');
});

it('an app is told where the caller is, in one spelling, and which certificate he has shown', () => {
  for (const [address, plain, node] of [
    ['192.0.2.7', '192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8::1', '"[2001:db8::1]"'],
  ]) {
    const said = toApp({ host: 'elsewhere.example', 'x-forwarded-for': '1.2.3.4', forwarded: 'for=1.2.3.4' }, address);
    expect(said['x-forwarded-for']).toBe(plain);
    expect(said['forwarded']).toBe(`for=${node};host="register.example";proto=https`);
  }
  expect(toApp({ 'client-cert': ':eA==:' }, '192.0.2.7', Buffer.from('der'))['client-cert']).toBe(':ZGVy:');
});

it('a caller gets none of what is of the app’s connection', () => {
  const given = { connection: 'close, X-Own', 'x-own': '1', 'keep-alive': 'x', upgrade: 'x', etag: '"1"' };
  expect(headersToCaller(given)).toEqual({ etag: '"1"' });
});
