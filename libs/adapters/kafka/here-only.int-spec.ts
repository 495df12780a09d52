import { describe, expect, it } from '@jest/globals';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { BEYOND, hereOnly, type Resolve } from './here-only.js';

const FAR = { address: '192.0.2.1', family: 4 };
const HERE = { address: '127.0.0.1', family: 4 };
const NAMES: Readonly<Record<string, LookupAddress[]>> = {
  'tunnel.example': [HERE],
  'both.example': [FAR, HERE],
  'far.example': [FAR, { address: '2001:db8::1', family: 6 }],
};
const resolve: Resolve = (name, _options, callback) => {
  const found = NAMES[name];
  if (found === undefined) callback(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), []);
  else callback(null, found);
};

/** `connected`, or the code of what kept it from that. */
async function reached(host: string): Promise<unknown> {
  const server = createServer((socket) => socket.on('error', () => undefined).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await new Promise((resolved) => {
      const { port } = server.address() as AddressInfo;
      const socket = hereOnly(resolve)({ host, port, ssl: {}, onConnect: () => resolved('connected') });
      socket.on('error', ({ code }: NodeJS.ErrnoException) => resolved(code)).on('data', () => undefined);
    });
  } finally {
    server.close();
  }
}

describe('sockets that stay on this machine', () => {
  it.each([
    ['127.0.0.1', 'connected'],
    ['tunnel.example', 'connected'],
    ['both.example', 'connected'],
    ['far.example', BEYOND],
    ['192.0.2.1', BEYOND],
    ['2001:db8::1', BEYOND],
    ['0.0.0.0', BEYOND],
    ['nowhere.example', 'ENOTFOUND'],
  ])('lead to %s: %s', async (host, answer) => {
    expect(await reached(host)).toBe(answer);
  });
});
