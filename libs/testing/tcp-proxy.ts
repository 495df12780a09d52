import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  /** The same address, through the proxy. */
  through(url: string): string;
  /** Passes answers on (default), or drops the next one and cuts the caller off, leaving the server alone. */
  loseNextAnswer(): void;
  /** Keeps back the next request and cuts its caller off. `deliver` hands it to the server later, as a network may. */
  delayNextRequest(): { readonly held: Promise<void>; deliver(): void };
  /** Cuts every connection. */
  cut(): void;
  close(): Promise<void>;
}

/** A proxy between a driver and a server on this machine, for faults that only a network can make. */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<{ readonly caller: Socket; readonly server: Socket }>();
  const toDeliver: [Socket, Buffer][] = [];
  let losing = false;
  let requestSeen: (() => void) | undefined;

  const proxy = createServer((caller) => {
    const server = connect(Number(port), hostname);
    const pair = { caller, server };
    pairs.add(pair);
    caller.on('data', (data) => {
      if (requestSeen === undefined) return void server.write(data);
      toDeliver.push([server, data]);
      requestSeen();
      requestSeen = undefined;
      caller.destroy();
    });
    server.on('data', (data) => {
      if (!losing) return void caller.write(data);
      losing = false;
      caller.destroy();
    });
    server.on('close', () => {
      pairs.delete(pair);
      caller.destroy();
    });
    caller.on('close', () => {
      // What was kept back is still to be delivered on this connection.
      if (!toDeliver.some(([socket]) => socket === server)) server.destroy();
    });
    for (const socket of [caller, server]) socket.on('error', () => undefined).setNoDelay(true);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));

  return {
    through: (url) => {
      const moved = new URL(url);
      moved.hostname = '127.0.0.1';
      moved.port = String((proxy.address() as AddressInfo).port);
      return moved.href;
    },
    loseNextAnswer: () => {
      losing = true;
    },
    delayNextRequest: () => {
      const held = new Promise<void>((resolve) => (requestSeen = resolve));
      return {
        held,
        deliver: () => {
          for (const [socket, data] of toDeliver) socket.write(data);
        },
      };
    },
    cut: () => {
      for (const { caller, server } of pairs) {
        caller.destroy();
        server.destroy();
      }
    },
    close: async () => {
      for (const { caller, server } of pairs) {
        caller.destroy();
        server.destroy();
      }
      await new Promise<void>((resolve) => proxy.close(() => resolve()));
    },
  };
}
