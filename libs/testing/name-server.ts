import { createSocket } from 'node:dgram';

/** A DNS server on this machine. */
export interface NameServer {
  /** As resolvers take it. */
  readonly address: string;
  /** Names that were asked for, each as often as it was. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Numbers of one family that a name has: these, none at all (`unknown`), or no word about it (`silent`). */
export type Named = readonly string[] | 'unknown' | 'silent';

const HEADER = 12;
const TYPE_A = 1;
const TYPE_AAAA = 28;
const CLASS_IN = 1;
const ANSWERS = 0x8180;
const NAME_ERROR = 3;
/** The name of the question, by its place. */
const SAME_NAME = 0xc000 | HEADER;
/** A record without its bytes. */
const RECORD = 12;

/** All eight groups are written out. */
const bytesOfIPv6 = (number: string): Buffer =>
  Buffer.from(number.split(':').flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));

/** Answers questions for numbers as it is told to. Of IPv6 a name has none where nothing else is told of that. */
export async function nameServer(
  namedAs: (name: string) => Named,
  namedAsIPv6: (name: string) => Named | undefined = () => undefined,
): Promise<NameServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (question, { port, address }) => {
    const labels: string[] = [];
    let at = HEADER;
    for (let length = question[at]!; length > 0; length = question[at]!) {
      labels.push(question.toString('latin1', at + 1, at + 1 + length).toLowerCase());
      at += 1 + length;
    }
    const name = labels.join('.');
    const type = question.readUInt16BE(at + 1);
    asked.push(name);
    const ofIPv6 = type === TYPE_AAAA ? namedAsIPv6(name) : undefined;
    const named = ofIPv6 ?? namedAs(name);
    if (named === 'silent') return;
    const numbers = named === 'unknown' || (type !== TYPE_A && ofIPv6 === undefined) ? [] : named;
    const header = Buffer.alloc(HEADER);
    question.copy(header, 0, 0, 2);
    header.writeUInt16BE(ANSWERS | (named === 'unknown' ? NAME_ERROR : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(numbers.length, 6);
    const records = numbers.map((number) => {
      const bytes = type === TYPE_A ? Buffer.from(number.split('.').map(Number)) : bytesOfIPv6(number);
      const record = Buffer.alloc(RECORD);
      record.writeUInt16BE(SAME_NAME, 0);
      record.writeUInt16BE(type, 2);
      record.writeUInt16BE(CLASS_IN, 4);
      record.writeUInt16BE(bytes.length, 10);
      return Buffer.concat([record, bytes]);
    });
    socket.send(Buffer.concat([header, question.subarray(HEADER, at + 5), ...records]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}
