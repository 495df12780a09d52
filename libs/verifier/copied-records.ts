import { RECORD_HEAD, SALT_BYTES } from '#libs/transparency-log';
import { RecordFault, type RecordPage } from './record-page.js';

// COPY … TO STDOUT (FORMAT binary) of index, salt and record, as PostgreSQL documents it: a head, rows of fields that each
// stand behind their length, and a count of -1 behind the last row.

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags, length of what may follow them. */
const HEAD_BYTES = SIGNATURE.length + 4 + 4;
const FIELDS = 3;
const INDEX_AT = 2 + 4;
const SALT_AT = INDEX_AT + 8 + 4;
/** Of a row whose record begins here. */
const RECORD_AT = SALT_AT + SALT_BYTES + 4;
/** An event has at most 512 KiB, and a record says some more of it. */
const MAX_RECORD_BYTES = 1024 * 1024;
const END = -1;

/** Whether the first bytes of an export begin such a copy: lines of JSON do not begin so. */
export const isCopy = (first: Uint8Array): boolean => first[0] === SIGNATURE[0];

/**
 * The records of a copy, page by page. Throws `RecordFault` at the row that is none, and where the copy ends before its end
 * was said. The chunks are its own from then on.
 */
export async function* readCopy(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RecordPage> {
  const reader = new CopyReader();
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (rest.length > 0) {
      // The row that ends in this chunk, by itself: not all of the chunk is copied for it.
      const lacking = reader.lengthOfRow(rest) - rest.length;
      const isKnown = lacking > 0 && lacking <= bytes.length;
      const head = Buffer.concat([rest, isKnown ? bytes.subarray(0, lacking) : bytes]);
      bytes = isKnown ? bytes.subarray(lacking) : Buffer.alloc(0);
      const { page, end, fault } = reader.read(head);
      if (page.places.length > 0) yield page;
      if (fault !== undefined) throw fault;
      rest = head.subarray(end);
      if (bytes.length === 0) continue;
      if (rest.length > 0) bytes = Buffer.concat([rest, bytes]);
    }
    const { page, end, fault } = reader.read(bytes);
    if (page.places.length > 0) yield page;
    if (fault !== undefined) throw fault;
    rest = bytes.subarray(end);
  }
  if (!reader.hasEnded) throw malformed(reader.rows, 'the copy ends in it');
}

class CopyReader {
  /** Rows that were begun, or none in the head. */
  rows = 0;
  hasEnded = false;
  #isBehindHead = false;

  /** Of the row that begins these bytes, where they say so; else 0. */
  lengthOfRow(bytes: Buffer): number {
    return this.#isBehindHead && bytes.length >= RECORD_AT ? RECORD_AT + bytes.readInt32BE(RECORD_AT - 4) : 0;
  }

  /** The whole rows that begin these bytes, where the next one begins, and what is wrong with that. */
  read(bytes: Buffer): { readonly page: RecordPage; readonly end: number; readonly fault?: RecordFault } {
    const places: number[] = [];
    const page = { bytes, places };
    let at = 0;
    if (!this.#isBehindHead) {
      const end = headOf(bytes);
      if (end instanceof RecordFault) return { page, end: 0, fault: end };
      if (end === undefined) return { page, end: 0 };
      [at, this.#isBehindHead, this.rows] = [end, true, 1];
    }
    while (at < bytes.length) {
      const fault = (why: string) => ({ page, end: at, fault: malformed(this.rows, why) });
      if (this.hasEnded) return fault('bytes follow the end of the copy');
      if (bytes.length - at < 2) break;
      const fields = bytes.readInt16BE(at);
      if (fields === END) {
        this.hasEnded = true;
        at += 2;
        continue;
      }
      if (fields !== FIELDS) return fault(`it has ${fields} columns, not index, salt and record`);
      if (bytes.length - at < RECORD_AT) break;
      const index = bytes.readUInt32BE(at + INDEX_AT) * 2 ** 32 + bytes.readUInt32BE(at + INDEX_AT + 4);
      const length = bytes.readInt32BE(at + RECORD_AT - 4);
      if (bytes.readInt32BE(at + INDEX_AT - 4) !== 8 || !Number.isSafeInteger(index)) {
        return fault('its index is not that of an entry');
      }
      if (bytes.readInt32BE(at + SALT_AT - 4) !== SALT_BYTES) return fault(`its salt is not ${SALT_BYTES} bytes`);
      if (length <= 0) return fault('its record is not the text of one');
      if (length > MAX_RECORD_BYTES) return fault(`its record has more than ${MAX_RECORD_BYTES} bytes`);
      const to = at + RECORD_AT + length;
      if (to > bytes.length) break;
      // Right before the record, over its length; what stands before it leaves room for the head.
      const salt = at + RECORD_AT - SALT_BYTES;
      bytes.copyWithin(salt, at + SALT_AT, at + SALT_AT + SALT_BYTES);
      places.push(index, salt, to);
      this.rows += 1;
      at = to;
    }
    return { page, end: at };
  }
}

/** Where the first row begins; `undefined` while that is not to be seen. */
function headOf(bytes: Buffer): number | RecordFault | undefined {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE.subarray(0, bytes.length))) {
    return new RecordFault('record-malformed', 'the records are neither lines of JSON nor a binary copy');
  }
  if (bytes.length < HEAD_BYTES) return undefined;
  const [flags, more] = [bytes.readUInt32BE(SIGNATURE.length), bytes.readUInt32BE(SIGNATURE.length + 4)];
  if (flags !== 0 || more !== 0) {
    return new RecordFault('record-malformed', 'the copy has flags or an extension that nobody knows');
  }
  return HEAD_BYTES;
}

const malformed = (row: number, why: string): RecordFault =>
  new RecordFault('record-malformed', `${row === 0 ? 'the head' : `row ${row}`} of the copy: ${why}`);

// What is hashed with a salt has room before it, in its own row.
if (RECORD_AT - SALT_BYTES < RECORD_HEAD) throw new Error('a row of a copy is too short for what is hashed with it');
