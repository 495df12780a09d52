import { HASH_BYTES, leafHash, sha256, sha256Is } from './hashing.js';
import { judgeCheckpoint, type BelievedCheckpoint } from './judge-checkpoint.js';
import { LogFault } from './log-fault.js';
import { MAX_NOTE_BYTES, parseNote } from './note.js';
import { type TrustPolicy } from './policy.js';
import { base64, base64Hash, decimal, MAX_PROOF_HASHES, utf8 } from './text.js';
import { checkInclusion } from './tree.js';

// c2sp.org/tlog-proof: that an entry is in a log, in one text that is verified without the log.

/** An event has at most 512 KiB, and base64 makes four bytes of three. */
export const MAX_PROOF_BYTES = 1024 * 1024 + MAX_NOTE_BYTES;

export interface LogProof {
  /** What belongs to it and is covered by nothing but what it leads to. */
  readonly extra?: Buffer;
  readonly index: number;
  /** From the leaf's sibling to the child of the root. */
  readonly hashes: readonly Buffer[];
  /** The signed note, as the log has published it. */
  readonly checkpoint: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';

export function formatProof({ extra, index, hashes, checkpoint }: LogProof): string {
  const head = [
    HEADER,
    ...(extra === undefined || extra.length === 0 ? [] : [`extra ${extra.toString('base64')}`]),
    `index ${index}`,
  ];
  const text = `${[...head, ...hashes.map((hash) => hash.toString('base64'))].join('\n')}\n\n${checkpoint}`;
  parseProof(text);
  return text;
}

/** Throws unless the bytes are a proof, in the one form that it has. What it proves is another question. */
export function parseProof(proof: Uint8Array | string): LogProof {
  const length = typeof proof === 'string' ? Buffer.byteLength(proof) : proof.length;
  if (length > MAX_PROOF_BYTES) {
    throw new LogFault('receipt-too-large', `a proof of ${length} bytes; up to ${MAX_PROOF_BYTES} are read`);
  }
  const text = typeof proof === 'string' ? proof : utf8(proof);
  if (text === undefined) throw malformed('it is not UTF-8');
  const end = text.indexOf('\n\n');
  if (end < 0) throw malformed('no empty line stands before a checkpoint');
  const [header, ...lines] = text.slice(0, end).split('\n');
  if (header !== HEADER) throw malformed(`its first line is not ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') === true ? base64(lines.shift()!.slice(6)) : null;
  if (extra === undefined || extra?.length === 0) throw malformed('its extra data are not base64');
  const index = decimal(/^index (.+)$/.exec(lines.shift() ?? '')?.[1] ?? '');
  if (index === undefined) throw malformed('it has no line with the index of an entry below 2^53');
  if (lines.length > MAX_PROOF_HASHES) throw malformed(`it has ${lines.length} hashes, more than any tree is high`);
  const hashes = lines.map((line, at) => {
    const hash = base64Hash(line);
    if (hash === undefined) throw malformed(`hash ${at} is not 32 bytes in base64`);
    return hash;
  });
  const checkpoint = text.slice(end + 2);
  parseNote(checkpoint);
  return { ...(extra === null ? {} : { extra }), index, hashes, checkpoint };
}

const malformed = (why: string): LogFault => new LogFault('receipt-malformed', `not a proof of an entry: ${why}`);

export interface BelievedEntry extends BelievedCheckpoint {
  readonly index: number;
}

/** Throws unless the policy believes the proof's checkpoint, and the proof shows that this entry is in the log. */
export function verifyProof(
  proof: LogProof,
  entry: Uint8Array,
  policy: TrustPolicy,
  options: { readonly origin?: string } = {},
): BelievedEntry {
  const believed = judgeCheckpoint(proof.checkpoint, policy, options);
  const { size, root } = believed.checkpoint;
  checkInclusion(leafHash(entry), proof.index, { start: 0, end: size }, proof.hashes, root);
  return { ...believed, index: proof.index };
}

/** Salts have so many random bytes: who does not have one can't try which record an entry is of. */
export const SALT_BYTES = 32;
const DOMAIN = Buffer.from('waarborg-record-v1\0');
/** Bytes that stand before the salt in what is hashed. */
export const RECORD_HEAD = DOMAIN.length;
const RECORD_AT = RECORD_HEAD + SALT_BYTES;

// Almost every record fits; the domain stands in it already.
const kept = Buffer.concat([DOMAIN], 64 * 1024);

/** What the log has of a record of the archive: 32 bytes that say nothing of it to those who do not have its salt. */
export function recordEntry(salt: Uint8Array, record: Uint8Array): Buffer {
  if (salt.length !== SALT_BYTES)
    throw new LogFault('out-of-range', `a salt of ${salt.length} bytes, not ${SALT_BYTES}`);
  const length = RECORD_AT + record.length;
  if (length > kept.length) return sha256(Buffer.concat([DOMAIN, salt, record]));
  kept.set(salt, DOMAIN.length);
  kept.set(record, RECORD_AT);
  return sha256(kept.subarray(0, length));
}

/**
 * Whether `bytes[from, to)`, a salt and right behind it its record, is what the log has at `entries[at, end)`. Hashed where it
 * stands: writes over the `RECORD_HEAD` bytes before `from`.
 */
export function isEntryOf(
  bytes: Uint8Array,
  from: number,
  to: number,
  entries: Uint8Array,
  at: number,
  end: number,
): boolean {
  const begin = from - RECORD_HEAD;
  if (begin < 0 || to - from < SALT_BYTES || to > bytes.length)
    throw new LogFault('out-of-range', 'no salt and record');
  bytes.set(DOMAIN, begin);
  const hashed = new Uint8Array(bytes.buffer, bytes.byteOffset + begin, to - begin);
  return end - at === HASH_BYTES && sha256Is(hashed, entries, at);
}

export interface Receipt {
  readonly salt: Uint8Array;
  /** Its canonical bytes, as they were hashed. */
  readonly record: Uint8Array;
  readonly index: number;
  readonly hashes: readonly Buffer[];
  readonly checkpoint: string;
}

/** A proof that carries its record: what is handed to those who have to show it. */
export const formatReceipt = ({ salt, record, ...proof }: Receipt): string => {
  recordEntry(salt, record);
  return formatProof({ ...proof, extra: Buffer.concat([salt, record]) });
};

export interface BelievedReceipt extends BelievedEntry {
  readonly record: Buffer;
}

/** Throws unless the receipt's record is in a log that the policy believes. Needs nothing but these bytes. */
export function verifyReceipt(
  receipt: Uint8Array | string,
  policy: TrustPolicy,
  options: { readonly origin?: string } = {},
): BelievedReceipt {
  const proof = parseProof(receipt);
  if (proof.extra === undefined || proof.extra.length <= SALT_BYTES) {
    throw malformed('it carries no record: its extra data have to be 32 bytes of salt and the record');
  }
  const [salt, record] = [proof.extra.subarray(0, SALT_BYTES), proof.extra.subarray(SALT_BYTES)];
  return { ...verifyProof(proof, recordEntry(salt, record), policy, options), record };
}
