import { isUtf8 } from 'node:buffer';
import { SALT_BYTES } from '#libs/transparency-log';

// The archive's export of records: what stands behind the entries of a log, a JSON object a line (docs/verify.md).

/** What can be wrong with an export, or between it and its log. Closed: programs decide by the code. */
export const RECORD_FAULTS = {
  'record-malformed': 'a line that is not { index, salt, record }',
  'record-order': 'a line whose index is not above that of the line before it',
  'record-beyond': 'a record of an entry that the log does not have',
  'record-mismatch': 'a record that does not hash to the entry at its index',
  'record-missing': 'an entry without a record, and named by no record of a destruction or of orphans',
  'account-malformed': 'a record of a destruction or of orphans that does not say which entries before it it is about',
} as const;

export type RecordFaultCode = keyof typeof RECORD_FAULTS;

/** The records are not those of the log; the message names what and where. Never a bug or broken I/O. */
export class RecordFault extends Error {
  override readonly name = 'RecordFault';

  constructor(
    readonly code: RecordFaultCode,
    message: string,
    /** The first entry that it is about, where it is about entries. */
    readonly index?: number,
  ) {
    super(message);
  }
}

export interface ExportedRecord {
  readonly index: number;
  readonly salt: Uint8Array;
  /** Its canonical bytes, as they were hashed. */
  readonly record: Uint8Array;
}

/** A record has at most 512 KiB and what is said of it; as text in JSON each of its quotes has two bytes. */
const MAX_LINE_BYTES = 2 * 1024 * 1024;
const NEWLINE = 0x0a;

/** The records of an export, page by page. Throws `RecordFault` with the line that is none. */
export async function* readRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly ExportedRecord[]> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const page: ExportedRecord[] = [];
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      number += 1;
      const line = bytes.subarray(from, to);
      const record = recordOf(line, number);
      if (record instanceof RecordFault) {
        // Those before it are believed.
        yield page;
        throw record;
      }
      page.push(record);
      from = to + 1;
    }
    yield page;
    rest = bytes.subarray(from);
    if (rest.length > MAX_LINE_BYTES) throw tooLong(number + 1);
  }
  if (rest.length === 0) return;
  const last = recordOf(rest, number + 1);
  if (last instanceof RecordFault) throw last;
  yield [last];
}

function recordOf(line: Buffer, number: number): ExportedRecord | RecordFault {
  if (line.length > MAX_LINE_BYTES) return tooLong(number);
  const value = isUtf8(line) ? jsonOf(line.toString()) : undefined;
  if (typeof value !== 'object' || value === null) return malformed(number, 'it is not a JSON object');
  const { index, salt, record, ...more } = value as Readonly<Record<string, unknown>>;
  const other = Object.keys(more)[0];
  if (other !== undefined) return malformed(number, `it has a member ${JSON.stringify(other.slice(0, 40))}`);
  if (!Number.isSafeInteger(index) || (index as number) < 0)
    return malformed(number, 'its index is not that of an entry');
  const salted = typeof salt === 'string' ? Buffer.from(salt, 'base64') : undefined;
  if (salted?.length !== SALT_BYTES || salted.toString('base64') !== salt) {
    return malformed(number, `its salt is not ${SALT_BYTES} bytes in base64`);
  }
  if (typeof record !== 'string' || record === '' || !record.isWellFormed()) {
    return malformed(number, 'its record is not the text of one');
  }
  return { index: index as number, salt: salted, record: Buffer.from(record) };
}

const malformed = (number: number, why: string): RecordFault =>
  new RecordFault('record-malformed', `line ${number} of the records: ${why}`);

const tooLong = (number: number): RecordFault => malformed(number, `it has more than ${MAX_LINE_BYTES} bytes`);

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
