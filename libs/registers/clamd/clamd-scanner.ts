import { connect, type Socket } from 'node:net';
import { ScannerAway, VirusFound, type VirusScanner } from '#libs/registers';

export interface ClamdSettings {
  readonly host: string;
  readonly port: number;
  /** Milliseconds without a word in either direction. */
  readonly silence?: number;
}

const SILENCE = 30_000;
/** A verdict is one line; more of it is not read. */
const MOST_REPLY = 4_096;

/**
 * A scanner that is asked by ClamAV's protocol (clamd(8), INSTREAM): `zINSTREAM` and a zero byte, each piece behind its length
 * in four bytes, a length of nothing at the end; the answer is a line with a zero byte behind it: `stream: OK`,
 * `stream: <name> FOUND`, or one that ends in ERROR. A connection for each file.
 */
export const clamdScanner = ({ host, port, silence = SILENCE }: ClamdSettings): VirusScanner => ({
  async *through(bytes) {
    const socket = connect({ host, port });
    socket.setTimeout(silence, () => socket.destroy(new ScannerAway('the scanner does not answer')));
    const reply = replyOf(socket);
    // It may speak up, or go, while the file is still coming: what it said counts.
    reply.catch(() => undefined);
    try {
      await send(socket, Buffer.from('zINSTREAM\0'), reply);
      for await (const chunk of bytes) {
        // A length of nothing would be the end.
        if (chunk.length === 0) continue;
        await send(socket, lengthOf(chunk.length), reply);
        await send(socket, chunk, reply);
        yield chunk;
      }
      await send(socket, lengthOf(0), reply);
      judge(await reply);
    } finally {
      socket.destroy();
    }
  },
});

function judge(reply: string): void {
  if (reply === 'stream: OK') return;
  const [, name] = /^stream: (.{1,200}) FOUND$/.exec(reply) ?? [];
  if (name !== undefined) throw new VirusFound(name);
  // Such as a size limit that is lower than ours.
  throw new ScannerAway(
    `the scanner took no file: ${/^[\x20-\x7e]{1,100} ERROR$/.test(reply) ? reply : 'unknown answer'}`,
  );
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

/** Waits until there is room for more; ends when the scanner has answered already, which it does before it hangs up. */
async function send(socket: Socket, bytes: Uint8Array, reply: Promise<string>): Promise<void> {
  const answered = async (): Promise<never> => {
    judge(await reply);
    throw new ScannerAway('the scanner answered before the file was whole');
  };
  if (socket.destroyed) return answered();
  if (socket.write(bytes)) return;
  const drained = new Promise<void>((resolve) => socket.once('drain', resolve));
  const ended = answered();
  // Of the two the other one may come to its end when nobody waits any more.
  ended.catch(() => undefined);
  await Promise.race([drained, ended]);
}

/** What the scanner says, without its zero byte. */
function replyOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      const end = said.indexOf('\0');
      if (end >= 0) resolve(said.slice(0, end).trim());
      else if (said.length > MOST_REPLY) socket.destroy(new ScannerAway('the scanner says too much'));
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      reject(error instanceof ScannerAway ? error : new ScannerAway(`the scanner is away: ${error.code ?? 'unknown'}`)),
    );
    socket.on('close', () => reject(new ScannerAway('the scanner hung up')));
  });
}
