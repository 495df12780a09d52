import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '#libs/testing';
import { lookAtDatabase } from './index.js';

/** What a server says to everybody while it recovers. */
const STARTING = ['SFATAL', 'C57P03', 'Mthe database system is starting up', ''].map((field) => `${field}\0`).join('');

let database: TestDatabase;
let door: Server;
/** What becomes of the next connections, one after the other; then they are handed on. */
let first: ('starting' | 'broken off' | 'refused')[];

beforeEach(async () => {
  database = await testDatabase();
  const { hostname, port } = new URL(database.url);
  door = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    const what = first.shift();
    if (what === undefined) {
      const server = connect(Number(port), hostname);
      server.on('error', () => socket.destroy());
      socket.pipe(server).pipe(socket);
      return;
    }
    socket.once('data', () => {
      if (what === 'broken off') return socket.destroy();
      const fields = Buffer.from(what === 'starting' ? STARTING : STARTING.replace('57P03', '28P01'));
      const head = Buffer.alloc(5);
      head.write('E');
      head.writeInt32BE(fields.length + 4, 1);
      socket.end(Buffer.concat([head, fields]));
    });
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
});
afterEach(async () => {
  door.close();
  await database.drop();
});

const throughTheDoor = (): string => {
  const url = new URL(database.url);
  url.hostname = '127.0.0.1';
  url.port = String((door.address() as { port: number }).port);
  return url.href;
};

it('waits for a server that recovers, says so once, and knows it then', async () => {
  first = ['starting', 'broken off', 'starting'];
  let told = 0;
  const found = await lookAtDatabase(throughTheDoor(), () => (told += 1));
  expect(found).toEqual(await lookAtDatabase(database.url));
  expect(told).toBe(1);
  expect(first).toEqual([]);
});

it('waits for no server that refuses for another reason', async () => {
  first = ['refused', 'starting'];
  await expect(lookAtDatabase(throughTheDoor())).rejects.toMatchObject({ name: 'StoreUnavailable' });
  expect(first).toEqual(['starting']);
});
