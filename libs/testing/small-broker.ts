import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Kafka's numbers of what it is asked. */
const [METADATA, HANDSHAKE, VERSIONS, AUTHENTICATE] = [3, 17, 18, 36];

export interface SmallBroker {
  readonly address: string;
  /** Ends once nobody is connected any more. */
  close(): Promise<void>;
}

/** As much of a broker as a client meets before its first topic, over real sockets. */
export async function smallBroker(does: {
  /** The one broker that it tells of, as number 7. Absent: itself. */
  readonly tellsOf?: { readonly host: string; readonly port: number };
  /** Instead of letting everybody in. */
  readonly onLogin?: (connection: Socket) => void;
}): Promise<SmallBroker> {
  const connections = new Set<Socket>();
  const server = createServer((connection) => {
    connections.add(connection);
    let read = Buffer.alloc(0);
    connection.on('error', () => undefined);
    connection.on('close', () => connections.delete(connection));
    connection.on('data', (data) => {
      read = Buffer.concat([read, data]);
      while (read.length >= 4 && read.length >= 4 + read.readInt32BE(0)) {
        const request = read.subarray(4, 4 + read.readInt32BE(0));
        read = read.subarray(4 + request.length);
        const key = request.readInt16BE(0);
        if (key === AUTHENTICATE && does.onLogin !== undefined) return does.onLogin(connection);
        const { port } = server.address() as AddressInfo;
        const body = answerTo(key, does.tellsOf ?? { host: '127.0.0.1', port });
        connection.write(Buffer.concat([int32(4 + body.length), request.subarray(4, 8), body]));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}

function answerTo(key: number, { host, port }: { readonly host: string; readonly port: number }): Buffer {
  const fine = int16(0);
  if (key === VERSIONS) {
    const known = [
      [METADATA, 0, 2],
      [HANDSHAKE, 0, 1],
      [VERSIONS, 0, 0],
      [AUTHENTICATE, 0, 0],
    ];
    return Buffer.concat([fine, int32(known.length), ...known.flat().map(int16)]);
  }
  if (key === HANDSHAKE) return Buffer.concat([fine, int32(1), text('PLAIN')]);
  if (key === AUTHENTICATE) return Buffer.concat([fine, NOTHING, int32(0)]);
  const brokers = [int32(1), int32(7), text(host), int32(port), NOTHING];
  return Buffer.concat([...brokers, NOTHING, int32(7), int32(0)]);
}

const int16 = (number: number): Buffer => {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(number);
  return buffer;
};
const int32 = (number: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(number);
  return buffer;
};
const text = (value: string): Buffer => Buffer.concat([int16(value.length), Buffer.from(value)]);
/** A text that is not there. */
const NOTHING = int16(-1);
