import { createHash, createHmac } from 'node:crypto';
import { UsageFault } from './options.js';

// What an auditor took along as a file (`/v1/audit/_export`), held against the reading that a receipt carries.

/** What can be wrong between a file and the receipt of the reading that it left. Closed: programs decide by the code. */
export const EXPORT_FAULTS = {
  'export-missing': 'the record of the receipt is not the reading of an export',
  'export-mismatch': 'the file, or its salt, is not the one that was handed out',
} as const;

export type ExportFaultCode = keyof typeof EXPORT_FAULTS;

/** The file is not that of the receipt; the message names which, and why. Never a bug or broken I/O. */
export class ExportFault extends Error {
  override readonly name = 'ExportFault';

  constructor(
    readonly code: ExportFaultCode,
    message: string,
  ) {
    super(message);
  }
}

/** A file of one's own, and the text that has its salt. */
export interface FileToVerify {
  readonly name: string;
  /** Its bytes; of a file with more than `bound` one more is enough. */
  read(bound: number): Buffer;
  /** What `saltIn` reads; absent: nothing with a salt was given. */
  readonly salt?: { readonly name: string; readonly text: string };
}

/** What the reading says of the file. */
export interface VerifiedExport {
  readonly file: string;
  readonly bytes: number;
  readonly items: number;
  /** When it was made, for whom, and of what, as the record has it; `null` where it does not say. */
  readonly madeAt: string | null;
  readonly client: string | null;
  readonly clerk: string | null;
  readonly list: string | null;
  readonly format: string | null;
}

/** Of the headers of an answer: far more than a server sends. */
export const MAX_SALT_BYTES = 64 * 1024;

/**
 * Whether a file is the one whose reading this record is. Throws `ExportFault` where it is not, `UsageFault` where the salt is
 * missing without which nobody can say.
 */
export function verifyExport(record: Uint8Array, file: FileToVerify): VerifiedExport {
  const { reading, hash, ...said } = readingOf(record);
  const bytes = file.read(said.bytes);
  // Before the hash: of a longer file only the beginning was read.
  if (bytes.length !== said.bytes) {
    const has = bytes.length > said.bytes ? 'more' : String(bytes.length);
    throw mismatch(`${file.name} has ${has} bytes, and the file of reading ${reading} had ${said.bytes}`);
  }
  const salt = hash.isKeyed ? saltOf(file) : undefined;
  const digest = salt === undefined ? createHash('sha256') : createHmac('sha256', salt);
  if (digest.update(bytes).digest('hex') !== hash.hex) {
    const what = salt === undefined ? 'does not have' : `under the salt of ${file.salt!.name} does not have`;
    throw mismatch(`${file.name} ${what} the hash that reading ${reading} has of its file`);
  }
  return { file: file.name, ...said };
}

const mismatch = (why: string): ExportFault => new ExportFault('export-mismatch', why);

interface ReadingOfExport extends Omit<VerifiedExport, 'file'> {
  readonly reading: string;
  /** Readings of before have the bare SHA-256. */
  readonly hash: { readonly hex: string; readonly isKeyed: boolean };
}

function readingOf(record: Uint8Array): ReadingOfExport {
  const stored = member(parsed(record), 'record');
  const data = member(stored, 'data');
  const made = member(data, 'export');
  const [hmac, sha256] = [hexIn(made, 'hmac'), hexIn(made, 'sha256')];
  const [bytes, items] = [member(made, 'bytes'), member(made, 'items')];
  const reading = textIn(stored, 'id');
  const hex = hmac ?? sha256;
  const isExport = member(stored, 'kind') === 'reading' && member(data, 'what') === 'exports';
  if (!isExport || reading === null || hex === undefined || !isCount(bytes) || !isCount(items)) {
    throw new ExportFault(
      'export-missing',
      'the record of the receipt is not the reading of an export, which has its hash',
    );
  }
  const [actor, question] = [member(stored, 'actor'), member(data, 'question')];
  return {
    ...{ reading, hash: { hex, isKeyed: hmac !== undefined }, bytes, items },
    ...{ madeAt: textIn(data, 'readAt'), client: textIn(actor, 'client'), clerk: textIn(actor, 'clerk') },
    ...{ list: textIn(question, 'list'), format: textIn(question, 'format') },
  };
}

function parsed(record: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(record).toString()) as unknown;
  } catch {
    return undefined;
  }
}

const member = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? (of as Record<string, unknown>)[name] : undefined;

function textIn(of: unknown, name: string): string | null {
  const text = member(of, name);
  return typeof text === 'string' ? text : null;
}

function hexIn(of: unknown, name: string): string | undefined {
  const text = member(of, name);
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text) ? text : undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function saltOf({ name, salt }: FileToVerify): Buffer {
  if (salt === undefined) {
    throw new UsageFault(`${name} is verified with the salt that came with it: --salt with the headers of the answer`);
  }
  return saltIn(salt.name, salt.text);
}

/** Of the headers that came with the file (`curl -D`), or of a file with nothing else in it: 64 hexadecimal digits. */
export function saltIn(name: string, text: string): Buffer {
  const alone = /^\s*([0-9a-f]{64})\s*$/i.exec(text);
  // A file of headers has those of every answer that came before the last one: of a proxy, or a 100.
  const named = alone ?? [...text.matchAll(/^export-salt:[ \t]*([0-9a-f]{64})[ \t]*\r?$/gim)].at(-1);
  if (text.length > MAX_SALT_BYTES || named === undefined) {
    throw new UsageFault(`${name} has no salt: neither a header Export-Salt, nor 64 hexadecimal digits`);
  }
  return Buffer.from(named[1]!, 'hex');
}
