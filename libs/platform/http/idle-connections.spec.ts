import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '#libs/testing';
import { endIdleConnections } from './idle-connections.js';

const LIMITS = { keepAlive: 3_000, headers: 2_000, request: 4_000 };
const SILENCE = 60_000;

describe('a connection between two requests', () => {
  let server: Server;
  let served: Socket;
  let caller: Socket;
  let got: string;
  const during: (number | undefined)[] = [];
  beforeEach(async () => {
    during.length = 0;
    server = createServer({ keepAliveTimeout: LIMITS.keepAlive }, (request, response) => {
      served = request.socket;
      during.push(served.timeout);
      response.end('answered');
    });
    server.timeout = SILENCE;
    endIdleConnections(server, LIMITS, () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    got = '';
    caller = connect((server.address() as AddressInfo).port, '127.0.0.1');
    caller.setEncoding('utf8').on('data', (text: string) => (got += text));
  });
  afterEach(async () => {
    caller.destroy();
    server.close();
    await once(server, 'close');
  });
  const answers = (): number => got.split('answered').length - 1;
  async function ask(): Promise<void> {
    const before = answers();
    caller.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await until('it is answered', () => answers() > before);
  }

  it('is kept for longer than the caller was told, so that a request of the last moment is not met by a reset', async () => {
    await ask();
    expect(got).toContain('Keep-Alive: timeout=3');
    await until('it waits for the next', () => served.timeout !== SILENCE);
    await until('it waits for longer', () => served.timeout === LIMITS.keepAlive + LIMITS.headers);
  });

  it('has all of its time again while the next one is answered', async () => {
    await ask();
    await until('it waits for longer', () => served.timeout === LIMITS.keepAlive + LIMITS.headers);
    await ask();
    expect(during).toEqual([SILENCE, SILENCE]);
  });
});
