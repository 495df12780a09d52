import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  /** The same address, through the proxy. */
  through(url: string): string;
  /** Passes answers on (default), or drops the next one and cuts the caller off, leaving the server alone. */
  loseNextAnswer(): void;
  /** Keeps back the next request and cuts its caller off. `deliver` hands it to the server later, as a network may. */
  delayNextRequest(): { readonly held: Promise<void>; deliver(): void };
  /**
   * Loses the next request that holds the text, with its connection, and lets every other connection wait until `reopen`:
   * what became of it can't be asked before that.
   */
  loseRequest(holding: string): { readonly lost: Promise<void>; reopen(): void };
  /**
   * From now on the server ends every session in the very packet of its n-th answer, as one that is shut down under load
   * may; the first answer is the one with which a session begins. 0: it ends none. With `asked`: only with the answer to
   * a request that holds this text. Resolves when it has ended one.
   */
  endSessions(atAnswer: number, asked?: string): Promise<void>;
  /** Cuts every connection. */
  cut(): void;
  close(): Promise<void>;
}

/** A message of the server that it ends the session: severity, code and text, each behind its letter. */
const FATAL = ((): Buffer => {
  const fields = ['SFATAL', 'VFATAL', 'C57P01', 'Mterminating connection due to administrator command'];
  const body = Buffer.from(`${fields.join('\0')}\0\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
})();

/** What comes last in every answer: that the server is ready for the next question, and in which state. */
const READY = Buffer.from('Z\0\0\0\x05');
const isAnswered = (data: Buffer): boolean =>
  data.length >= READY.length + 1 && data.subarray(-READY.length - 1, -1).equals(READY);

/** A proxy between a driver and a server on this machine, for faults that only a network can make. */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<{ readonly caller: Socket; readonly server: Socket }>();
  const toDeliver: [Socket, Buffer][] = [];
  let losing = false;
  let ending: { readonly at: number; readonly asked: string; readonly ended: () => void } | undefined;
  let requestSeen: (() => void) | undefined;
  let losingRequest: { readonly holding: string; readonly lost: () => void } | undefined;
  let open: Promise<void> = Promise.resolve();

  const proxy = createServer({ pauseOnConnect: true }, (caller) => {
    const server = connect(Number(port), hostname);
    void open.then(() => caller.resume());
    const pair = { caller, server };
    pairs.add(pair);
    caller.on('data', (data) => {
      if (losingRequest !== undefined && data.includes(losingRequest.holding)) {
        const { lost } = losingRequest;
        losingRequest = undefined;
        caller.destroy();
        server.destroy();
        return lost();
      }
      if (requestSeen === undefined) return void server.write(data);
      toDeliver.push([server, data]);
      requestSeen();
      requestSeen = undefined;
      caller.destroy();
    });
    let [answers, asked] = [0, Buffer.alloc(0)];
    caller.on('data', (data) => (asked = data));
    server.on('data', (data) => {
      if (isAnswered(data)) answers += 1;
      if (losing) {
        losing = false;
        return void caller.destroy();
      }
      if (ending === undefined || answers < ending.at || !asked.includes(ending.asked)) return void caller.write(data);
      caller.end(Buffer.concat([data, FATAL]));
      server.destroy();
      ending.ended();
    });
    server.on('close', () => {
      pairs.delete(pair);
      // What was written is delivered first.
      if (!caller.writableEnded) caller.destroy();
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
    loseRequest: (holding) => {
      let reopen = (): void => undefined;
      const lost = new Promise<void>((resolve) => {
        losingRequest = {
          holding,
          lost: () => {
            const others = [...pairs].map((pair) => pair.caller.pause());
            open = new Promise((opened) => {
              reopen = () => {
                for (const other of others) other.resume();
                opened();
              };
            });
            resolve();
          },
        };
      });
      return { lost, reopen: () => reopen() };
    },
    endSessions: (at, asked = '') =>
      new Promise((ended) => {
        ending = at === 0 ? undefined : { at, asked, ended };
        if (at === 0) ended();
      }),
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
