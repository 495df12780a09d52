import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface ClamdDouble {
  readonly port: number;
  /** Files that were whole, as they came. */
  readonly scanned: readonly Buffer[];
  close(): Promise<void>;
}

export interface ClamdDoubleOptions {
  /** What it finds something in. */
  readonly finds?: string;
  /** Most bytes of a file, as StreamMaxLength of clamd: it answers and hangs up. */
  readonly most?: number;
  /** It never answers. */
  readonly isMute?: boolean;
  /** It hangs up instead of an answer. */
  readonly hangsUp?: boolean;
}

/** A server that speaks as clamd does, as far as INSTREAM goes (clamd(8)), and finds what it is told to find. */
export async function clamdDouble(options: ClamdDoubleOptions = {}): Promise<ClamdDouble> {
  const { finds, most = 25 * 1024 * 1024, isMute = false, hangsUp = false } = options;
  const scanned: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    let held = Buffer.alloc(0);
    let isBegun = false;
    const pieces: Buffer[] = [];
    const answer = (text: string): void => {
      if (hangsUp) socket.destroy();
      else if (!isMute) socket.end(`${text}\0`);
    };
    const read = (): void => {
      if (!isBegun) {
        const end = held.indexOf(0);
        if (end < 0) return;
        if (held.subarray(0, end).toString('latin1') !== 'zINSTREAM') return answer('UNKNOWN COMMAND');
        held = held.subarray(end + 1);
        isBegun = true;
      }
      while (held.length >= 4) {
        const length = held.readUInt32BE(0);
        if (length === 0) {
          const whole = Buffer.concat(pieces);
          scanned.push(whole);
          return answer(finds !== undefined && whole.includes(finds) ? 'stream: Test-Signature FOUND' : 'stream: OK');
        }
        if (held.length < 4 + length) return;
        pieces.push(Buffer.from(held.subarray(4, 4 + length)));
        held = held.subarray(4 + length);
        if (pieces.reduce((sum, piece) => sum + piece.length, 0) > most) {
          return answer('INSTREAM size limit exceeded. ERROR');
        }
      }
    };
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      read();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    scanned,
    close: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
}
