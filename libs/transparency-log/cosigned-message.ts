import { parseCheckpoint } from './checkpoint.js';
import { type VerifierKey } from './keys.js';
import { LogFault } from './log-fault.js';

// c2sp.org/tlog-cosignature: what a cosignature is over. A timestamp is in seconds since 1970.

/** Timestamps have 63 bits. */
const END_OF_TIME = 2n ** 63n;

/** The bytes that a key of one of the kinds with a timestamp signs for the text of a checkpoint. */
export function cosignedMessage(key: VerifierKey, text: string, timestamp: bigint): Buffer {
  const checkpoint = parseCheckpoint(text);
  if (timestamp < 0n || timestamp >= END_OF_TIME) {
    throw new LogFault('signature-invalid', `${key.name} (${key.id}) has signed at ${timestamp}, which is no time`);
  }
  if (key.kind !== 'ml-dsa-44-cosignature') return Buffer.from(`cosignature/v1\ntime ${timestamp}\n${text}`);
  const numbers = Buffer.alloc(16);
  numbers.writeBigUInt64BE(0n, 0);
  numbers.writeBigUInt64BE(BigInt(checkpoint.size), 8);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(timestamp);
  return Buffer.concat([
    Buffer.from('subtree/v1\n\0'),
    withLength(key.name),
    time,
    withLength(checkpoint.origin),
    numbers,
    checkpoint.root,
  ]);
}

function withLength(name: string): Buffer {
  const bytes = Buffer.from(name);
  if (bytes.length > 255) {
    throw new LogFault('origin-malformed', `${name.slice(0, 40)}… is too long a name for this kind of signature`);
  }
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
