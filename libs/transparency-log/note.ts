import { cosignedMessage } from './cosigned-message.js';
import { isKeyName, isSupported, KEY_KINDS, verifies, type NoteSigner, type VerifierKey } from './keys.js';
import { LogFault } from './log-fault.js';
import { bufferOf } from './tiles.js';
import { base64, utf8 } from './text.js';

// c2sp.org/signed-note: a text, an empty line, and a line for each signature.

/** What is read of a note: room for a hundred signatures of the largest kind. */
export const MAX_NOTE_BYTES = 384 * 1024;
export const MAX_SIGNATURES = 100;

export interface NoteSignature {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly keyId: string;
  /** What follows the id: a timestamp where the key's kind has one, then the signature. */
  readonly bytes: Buffer;
  /** With its newline, as it stood. */
  readonly line: string;
}

export interface SignedNote {
  /** With its last newline. Not to be believed before a signature was verified. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature that was verified. */
export interface Verified {
  readonly key: VerifierKey;
  readonly line: string;
  /** Of cosignatures: when it was made, in seconds since 1970. */
  readonly timestamp?: bigint;
}

/** Throws unless the bytes are a signed note, in the one form that it has. */
export function parseNote(note: Uint8Array | string): SignedNote {
  const bytes = typeof note === 'string' ? Buffer.from(note) : note;
  if (bytes.length > MAX_NOTE_BYTES) {
    throw new LogFault('note-too-large', `a note of ${bytes.length} bytes; up to ${MAX_NOTE_BYTES} are read`);
  }
  const all = typeof note !== 'string' ? utf8(bytes) : note.isWellFormed() ? note : undefined;
  if (all === undefined) throw malformed('it is not UTF-8');

  const control = /[\u0000-\u0009\u000b-\u001f]/.exec(all);
  if (control !== null) throw malformed(`it has a control character at ${control.index}`);
  const end = all.lastIndexOf('\n\n');
  if (end < 0) throw malformed('no empty line stands between a text and signatures');
  const lines = all.slice(end + 2);
  if (lines === '') throw malformed('no signature follows its text');
  return { text: all.slice(0, end + 1), signatures: parseSignatures(lines) };
}

/** The lines of signatures, as a witness answers with them. Throws unless they are such lines and nothing else. */
export function parseSignatures(lines: string): NoteSignature[] {
  if (!lines.endsWith('\n')) throw malformed('its last line does not end');
  const each = lines.split(/(?<=\n)/);
  if (each.length > MAX_SIGNATURES) {
    throw new LogFault('note-too-large', `${each.length} signatures; up to ${MAX_SIGNATURES} are read`);
  }
  return each.map((line, at) => {
    const [, name = '', text = ''] = /^\u2014 ([^ ]+) ([^ ]+)\n$/.exec(line) ?? [];
    const bytes = base64(text);
    if (!isKeyName(name) || bytes === undefined || bytes.length < 5) {
      throw malformed(`line ${at + 1} of its signatures is not a dash, a name and base64`);
    }
    return { name, keyId: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4), line };
  });
}

const malformed = (why: string): LogFault => new LogFault('note-malformed', `not a signed note: ${why}`);

const isBy = (signature: NoteSignature, key: VerifierKey): boolean =>
  signature.name === key.name && signature.keyId === key.id;

/**
 * Which of these keys have signed; signatures of others are ignored. Throws where one of them does not fit the text, and
 * says nothing of keys of a kind that this Node does not know: to it they are those of others.
 */
export function verifySignatures(
  { text, signatures }: Pick<SignedNote, 'text' | 'signatures'>,
  keys: readonly VerifierKey[],
): Verified[] {
  return signatures.flatMap((signature) =>
    keys
      .filter((key) => isBy(signature, key) && isSupported(key.kind))
      .map((key): Verified => {
        const { isTimed } = KEY_KINDS[key.kind];
        const timestamp = isTimed && signature.bytes.length > 8 ? signature.bytes.readBigUInt64BE() : undefined;
        const message = isTimed ? cosignedMessage(key, text, timestamp ?? 0n) : Buffer.from(text);
        const raw = isTimed ? signature.bytes.subarray(8) : signature.bytes;
        if (!verifies(key, message, raw)) {
          throw new LogFault('signature-invalid', `the signature of ${key.name} (${key.id}) is not over this text`);
        }
        return { key, line: signature.line, ...(timestamp === undefined ? {} : { timestamp }) };
      }),
  );
}

/** Throws unless at least one of these keys has signed, and none of them something else. */
export function verifyNote(note: SignedNote, keys: readonly VerifierKey[]): Verified[] {
  const verified = verifySignatures(note, keys);
  if (verified.length > 0) return verified;
  const by = [...new Set(note.signatures.map(({ name, keyId }) => `${name} (${keyId})`))].join(', ');
  const beside = notChecked(unverifiedIn(note, keys));
  throw new LogFault('signature-missing', `signed by ${by}, and by no key that is trusted for it${beside}`);
}

/** Which of these keys have signed in a way that this Node can't verify: they count for nothing, and that has to be said. */
export const unverifiedIn = (
  { signatures }: Pick<SignedNote, 'signatures'>,
  keys: readonly VerifierKey[],
): VerifierKey[] =>
  keys.filter((key) => !isSupported(key.kind) && signatures.some((signature) => isBy(signature, key)));

/** What is said of them behind a fault; nothing where there are none. */
export const notChecked = (keys: readonly VerifierKey[]): string =>
  keys.length === 0
    ? ''
    : `; not checked: ${keys.map(({ name, id }) => `${name} (${id})`).join(', ')}: this Node can't verify that kind of signature`;

/**
 * The line of a signature over a note's text. `timestamp` is that of a cosignature, in seconds since 1970. What the secret
 * key gives is verified before it is used: a service may sign with another key than it says.
 */
export async function signatureLine({ key, secret }: NoteSigner, text: string, timestamp: bigint): Promise<string> {
  if (!isSupported(key.kind)) {
    throw new LogFault('key-unsupported', `${key.name} (${key.id}): this Node can't verify what such a key signs`);
  }
  const { isTimed } = KEY_KINDS[key.kind];
  const message = isTimed ? cosignedMessage(key, text, timestamp) : Buffer.from(text);
  const raw = bufferOf(await secret.sign(message));
  if (!verifies(key, message, raw)) {
    throw new LogFault('signature-invalid', `what signs for ${key.name} (${key.id}) does not sign with that key`);
  }
  const time = Buffer.alloc(isTimed ? 8 : 0);
  if (isTimed) time.writeBigUInt64BE(timestamp);
  return `\u2014 ${key.name} ${Buffer.concat([Buffer.from(key.id, 'hex'), time, raw]).toString('base64')}\n`;
}

/** A note of this text (its last newline included), signed by each of the signers: of old and new key during a rotation. */
export async function signNote(text: string, signers: readonly NoteSigner[], timestamp: bigint): Promise<string> {
  const lines = await Promise.all(signers.map((signer) => signatureLine(signer, text, timestamp)));
  const note = `${text}\n${lines.join('')}`;
  if (parseNote(note).text !== text) throw malformed('its text does not end with a newline');
  return note;
}

/** A note with the lines of more signatures; those that it has already are not added again. */
export const withSignatures = (note: string, lines: readonly string[]): string => {
  const known = new Set(parseNote(note).signatures.map(({ line }) => line));
  return note + lines.filter((line) => !known.has(line)).join('');
};
