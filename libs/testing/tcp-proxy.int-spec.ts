import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tcpProxy, until, type TcpProxy } from './index.js';

/** What one end of a connection was told. */
interface End {
  readonly socket: Socket;
  readonly got: () => string;
  readonly closed: () => string | undefined;
}

function end(socket: Socket): End {
  let got = '';
  let closed: string | undefined;
  socket.on('data', (data) => (got += data.toString()));
  socket.on('error', (error: NodeJS.ErrnoException) => (closed = error.code));
  socket.on('close', () => (closed ??= 'closed'));
  return { socket, got: () => got, closed: () => closed };
}

describe('a network with faults', () => {
  let server: Server;
  let proxy: TcpProxy;
  let reached: End[];
  let calling: End[];
  beforeEach(async () => {
    [reached, calling] = [[], []];
    server = createServer((socket) => {
      reached.push(end(socket));
      // Answers what it is told.
      socket.on('data', (data) => void socket.write(data));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await tcpProxy(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    for (const { socket } of [...calling, ...reached]) socket.destroy();
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const call = async (): Promise<End> => {
    const { hostname, port } = new URL(proxy.through('http://server'));
    const caller = end(connect(Number(port), hostname));
    calling.push(caller);
    return caller;
  };
  const answered = (caller: End, text: string): Promise<void> =>
    until(`"${text}" was answered`, () => caller.got() === text);
  const connected = async (): Promise<End> => {
    const caller = await call();
    caller.socket.write('a');
    await answered(caller, 'a');
    return caller;
  };

  it('passes everything while nothing is wrong with it', async () => {
    const caller = await connected();
    caller.socket.end();
    await until('the server hears of the end', () => reached[0]!.closed() !== undefined);
    expect(reached[0]!.got()).toBe('a');
  });

  it('is late in both directions, and keeps the order when it gets quicker', async () => {
    const caller = await connected();
    proxy.poison({ latency: 150 });
    const sent = performance.now();
    caller.socket.write('b');
    await until('it came to the server', () => reached[0]!.got() === 'ab');
    const there = performance.now() - sent;
    proxy.poison({ latency: 20 });
    caller.socket.write('c');
    await answered(caller, 'abc');
    // A timer may fire a millisecond early.
    expect(there).toBeGreaterThanOrEqual(149);
    expect(reached[0]!.got()).toBe('abc');
  });

  it('keeps back what is said while it is stalled, and brings it in its order afterwards', async () => {
    const caller = await connected();
    proxy.poison({ stalled: true });
    caller.socket.write('b');
    const other = await call();
    other.socket.write('x');
    await until('the other one has come through', () => proxy.connections() === 2);
    caller.socket.write('c');
    // Time enough for what is not kept back: on a good network beside it two questions are answered meanwhile.
    const beside = await tcpProxy(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (let count = 0; count < 2; count += 1) {
      const { hostname, port } = new URL(beside.through('http://server'));
      const quick = end(connect(Number(port), hostname));
      calling.push(quick);
      quick.socket.write('q');
      await answered(quick, 'q');
      quick.socket.destroy();
    }
    await beside.close();
    expect([caller.got(), reached[0]!.got(), caller.closed()]).toEqual(['a', 'a', undefined]);
    proxy.heal();
    await answered(caller, 'abc');
    await answered(other, 'x');
    expect(reached.map((each) => each.got()).filter((text) => text !== 'q')).toEqual(['abc', 'x']);
  });

  it('swallows what is said while it is half open, and resets whoever lost something once it is healed', async () => {
    const caller = await connected();
    const silent = await connected();
    proxy.poison({ halfOpen: true });
    caller.socket.write('b');
    const late = await call();
    late.socket.write('x');
    await until('the late one has called', () => proxy.connections() === 3);
    await until('both have lost something', () => proxy.broken() === 2);
    expect([caller.closed(), late.closed()]).toEqual([undefined, undefined]);
    proxy.heal();
    await until('both were reset', () => caller.closed() === 'ECONNRESET' && late.closed() === 'ECONNRESET');
    expect(reached.map((each) => each.got())).toEqual(['a', 'a', '']);
    silent.socket.write('b');
    await answered(silent, 'ab');
  });

  it('resets what is open, and whoever calls while it refuses', async () => {
    const caller = await connected();
    proxy.reset();
    await until('it was reset', () => caller.closed() === 'ECONNRESET');
    proxy.poison({ refusing: true });
    const refused = await call();
    await until('it was refused', () => refused.closed() === 'ECONNRESET');
    proxy.heal();
    expect((await connected()).closed()).toBeUndefined();
  });

  it('lets the other side hear late of a close', async () => {
    const caller = await connected();
    proxy.poison({ slowClose: 200 });
    const ended = performance.now();
    caller.socket.destroy();
    await until('the server hears of it', () => reached[0]!.closed() !== undefined);
    expect(performance.now() - ended).toBeGreaterThanOrEqual(199);
    await until('nothing is left of it', () => proxy.connections() === 0);
  });

  it('cuts every connection', async () => {
    const callers = [await connected(), await connected()];
    proxy.cut();
    await until('all have ended', () => callers.every((caller) => caller.closed() !== undefined));
    expect(proxy.connections()).toBe(0);
  });
});
