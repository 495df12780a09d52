import { isUtf8 } from 'node:buffer';
import { RECORD_HEAD, SALT_BYTES } from '#libs/transparency-log';
import { isCopy, readCopy } from './copied-records.js';
import { RecordFault, type RecordPage } from './record-page.js';

// The archive's export of records: what stands behind the entries of a log, a JSON object a line, or a binary copy of the
// table (docs/verify.md).

/** A record has at most 512 KiB and what is said of it; as text in JSON each of its quotes has two bytes. */
const MAX_LINE_BYTES = 2 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The records of an export, page by page. Throws `RecordFault` with the line or row that is none. The chunks are its own from
 * then on.
 */
export async function* readRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RecordPage> {
  const iterator = chunks[Symbol.asyncIterator]();
  let first = await iterator.next();
  // An empty chunk says nothing of what it begins.
  while (first.done !== true && first.value.length === 0) first = await iterator.next();
  if (first.done === true) return;
  const { value } = first;
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield value;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  yield* isCopy(value) ? readCopy(all()) : readLines(all());
}

async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RecordPage> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const page = new PageOfLines(bytes.length);
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      number += 1;
      const fault = page.add(bytes.subarray(from, to), number);
      if (fault !== undefined) {
        // Those before it are believed.
        yield page;
        throw fault;
      }
      from = to + 1;
    }
    yield page;
    rest = bytes.subarray(from);
    if (rest.length > MAX_LINE_BYTES) throw tooLong(number + 1);
  }
  if (rest.length === 0) return;
  const last = new PageOfLines(rest.length);
  const fault = last.add(rest, number + 1);
  if (fault !== undefined) throw fault;
  yield last;
}

class PageOfLines implements RecordPage {
  readonly bytes: Buffer;
  readonly places: number[] = [];
  #end = 0;

  /** As long as its lines: no line is as short as head, salt and record, for the salt in base64 and the names are longer. */
  constructor(length: number) {
    this.bytes = Buffer.allocUnsafe(length);
  }

  add(line: Buffer, number: number): RecordFault | undefined {
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
    const from = this.#end + RECORD_HEAD;
    this.bytes.set(salted, from);
    this.#end = from + SALT_BYTES;
    this.#end += this.bytes.write(record, this.#end);
    this.places.push(index as number, from, this.#end);
    return undefined;
  }
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
