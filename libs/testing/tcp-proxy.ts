import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What a network does to everything that passes, for as long as it is said to. */
export interface Toxics {
  /** Milliseconds by which everything comes later, either way. */
  readonly latency: number;
  /** Keeps everything back, in order, and tells nobody. What was kept back passes when it is lifted. */
  readonly stalled: boolean;
  /** Swallows everything and tells nobody, as a machine that is gone. Connections it met are reset when it is lifted. */
  readonly halfOpen: boolean;
  /** Resets whoever calls. */
  readonly refusing: boolean;
  /** Milliseconds after which one side hears that the other one has closed. */
  readonly slowClose: number;
}

const HEALTHY: Toxics = { latency: 0, stalled: false, halfOpen: false, refusing: false, slowClose: 0 };

export interface TcpProxy {
  /** Makes these of the network what is said, and leaves the others; `heal` makes it a good one. */
  poison(toxics: Partial<Toxics>): void;
  heal(): void;
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
  /** Ends every connection by a reset, as a machine does that knows nothing of it any more. */
  reset(): void;
  /** Connections that are open now, and of those the ones that lost something to a half-open network. */
  connections(): number;
  broken(): number;
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

interface Pair {
  readonly caller: Socket;
  readonly server: Socket;
  /** It lost bytes: what comes after them would make no sense to anybody. */
  broken: boolean;
  /** Of each socket what is under way to it. */
  readonly underWay: Map<Socket, (() => void)[]>;
}

/** A proxy between a driver and a server on this machine, for faults that only a network can make. */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<Pair>();
  let toxics = HEALTHY;
  const toDeliver: [Socket, Buffer][] = [];
  let losing = false;
  let ending: { readonly at: number; readonly asked: string; readonly ended: () => void } | undefined;
  let requestSeen: (() => void) | undefined;
  let losingRequest: { readonly holding: string; readonly lost: () => void } | undefined;
  let open: Promise<void> = Promise.resolve();

  const resetPair = ({ caller, server }: Pair): void => {
    caller.resetAndDestroy();
    server.resetAndDestroy();
  };
  /** Does it in its order, once the network lets it through. */
  const pass = (pair: Pair, to: Socket, deliver: () => void): void => {
    if (toxics.halfOpen) return void (pair.broken = true);
    const underWay = pair.underWay.get(to)!;
    if (toxics.latency === 0 && !toxics.stalled && underWay.length === 0) return deliver();
    underWay.push(deliver);
    setTimeout(() => {
      if (!toxics.stalled) underWay.shift()?.();
    }, toxics.latency);
  };
  /** The other side hears of a close behind all that is under way to it, as late as is said. */
  const closing = (pair: Pair, to: Socket, hear: () => void): void => {
    if (toxics.slowClose > 0) setTimeout(() => pass(pair, to, hear), toxics.slowClose);
    else pass(pair, to, hear);
  };

  const proxy = createServer({ pauseOnConnect: true }, (caller) => {
    if (toxics.refusing) return void caller.on('error', () => undefined).resetAndDestroy();
    const server = connect(Number(port), hostname);
    void open.then(() => caller.resume());
    const pair: Pair = { caller, server, broken: false, underWay: new Map([caller, server].map((to) => [to, []])) };
    pairs.add(pair);
    caller.on('data', (data) => {
      if (losingRequest !== undefined && data.includes(losingRequest.holding)) {
        const { lost } = losingRequest;
        losingRequest = undefined;
        caller.destroy();
        server.destroy();
        return lost();
      }
      if (requestSeen === undefined) return pass(pair, server, () => void server.write(data));
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
      if (ending === undefined || answers < ending.at || !asked.includes(ending.asked)) {
        return pass(pair, caller, () => void caller.write(data));
      }
      caller.end(Buffer.concat([data, FATAL]));
      server.destroy();
      ending.ended();
    });
    server.on('close', () => {
      closing(pair, caller, () => {
        pairs.delete(pair);
        // What was written is delivered first.
        if (!caller.writableEnded) caller.destroy();
      });
    });
    caller.on('close', () => {
      closing(pair, server, () => {
        // What was kept back is still to be delivered on this connection.
        if (!toDeliver.some(([socket]) => socket === server)) server.destroy();
      });
    });
    for (const socket of [caller, server]) socket.on('error', () => undefined).setNoDelay(true);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));

  const change = (to: Toxics): void => {
    const before = toxics;
    toxics = to;
    if (before.halfOpen && !to.halfOpen) for (const pair of pairs) if (pair.broken) resetPair(pair);
    if (!before.stalled || to.stalled) return;
    for (const pair of pairs) {
      for (const underWay of pair.underWay.values()) for (const deliver of underWay.splice(0)) deliver();
    }
  };

  return {
    poison: (some) => change({ ...toxics, ...some }),
    heal: () => change(HEALTHY),
    reset: () => {
      for (const pair of pairs) resetPair(pair);
    },
    connections: () => pairs.size,
    broken: () => [...pairs].filter((pair) => pair.broken).length,
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
