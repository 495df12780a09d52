import { describe, expect, it } from '@jest/globals';
import { SALT_BYTES } from '#libs/transparency-log';
import { PLACE, RecordFault } from './record-page.js';
import { readRecords } from './records.js';
import { inPieces, lineOf, recordOf, saltOf } from './log.tests.js';

interface ExportedRecord {
  readonly index: number;
  readonly salt: Buffer;
  readonly record: Buffer;
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<ExportedRecord[]> {
  const all: ExportedRecord[] = [];
  for await (const { bytes, places } of readRecords(chunks)) {
    for (let at = 0; at < places.length; at += PLACE) {
      const [index, from, to] = places.slice(at, at + PLACE) as [number, number, number];
      const record = from + SALT_BYTES;
      all.push({
        index,
        salt: Buffer.from(bytes.subarray(from, record)),
        record: Buffer.from(bytes.subarray(record, to)),
      });
    }
  }
  return all;
}

async function refusal(...lines: readonly (string | Buffer)[]): Promise<string> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (const line of lines) yield Buffer.concat([Buffer.from(line), Buffer.from('\n')]);
  }
  try {
    await read(chunks());
  } catch (error) {
    if (error instanceof RecordFault && error.code === 'record-malformed') return error.message;
    throw error;
  }
  return 'read';
}

describe('an export of records', () => {
  const lines = [0, 1, 7, 300].map((index) => lineOf(index, recordOf(index)));

  it.each([1, 7, 64, 1_000_000])('is read in pieces of %i bytes', async (length) => {
    const records = await read(inPieces(lines, length));
    expect(records.map(({ index }) => index)).toEqual([0, 1, 7, 300]);
    for (const { index, salt, record } of records) {
      expect(Buffer.from(salt)).toEqual(saltOf(index));
      expect(Buffer.from(record).toString()).toBe(recordOf(index));
    }
  });

  it('needs no newline behind its last line, and may have none at all', async () => {
    const bytes = Buffer.from(lines.join('\n'));
    async function* whole(): AsyncGenerator<Buffer> {
      yield bytes;
    }
    expect(await read(whole())).toHaveLength(4);
    expect(await read(inPieces([]))).toEqual([]);
  });

  it.each([
    ['', 'it is not a JSON object'],
    ['{', 'it is not a JSON object'],
    ['null', 'it is not a JSON object'],
    ['{}', 'its index is not that of an entry'],
    [JSON.stringify({ index: -1, salt: '', record: 'x' }), 'its index is not that of an entry'],
    [JSON.stringify({ index: 1.5, salt: '', record: 'x' }), 'its index is not that of an entry'],
    [JSON.stringify({ index: 2 ** 53, salt: '', record: 'x' }), 'its index is not that of an entry'],
    [JSON.stringify({ index: '1', salt: '', record: 'x' }), 'its index is not that of an entry'],
    [JSON.stringify({ index: 1, record: 'x' }), 'its salt is not 32 bytes in base64'],
    [lineOf(1, 'x', Buffer.alloc(31)), 'its salt is not 32 bytes in base64'],
    [lineOf(1, 'x').replace('=', ''), 'its salt is not 32 bytes in base64'],
    [lineOf(1, ''), 'its record is not the text of one'],
    [lineOf(1, 'x').replace('"x"', '{"event":{}}'), 'its record is not the text of one'],
    [lineOf(1, 'x').replace('"x"', '"\\ud800"'), 'its record is not the text of one'],
    [lineOf(1, 'x').replace('{', '{"id":1,'), 'it has a member "id"'],
  ])('is refused at the line %s', async (line, why) => {
    expect(await refusal(lineOf(0, 'x'), line)).toBe(`line 2 of the records: ${why}`);
  });

  it('is refused where it is not UTF-8, and where a line is longer than any record', async () => {
    const bad = Buffer.from(lineOf(0, 'xy'));
    bad[bad.indexOf('xy')] = 0xff;
    expect(await refusal(bad)).toBe('line 1 of the records: it is not a JSON object');
    const long = lineOf(0, 'x'.repeat(3_000_000));
    expect(await refusal(long)).toBe('line 1 of the records: it has more than 2097152 bytes');
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) yield Buffer.alloc(65_536, 'x');
    }
    await expect(read(endless())).rejects.toThrow('line 1 of the records: it has more than 2097152 bytes');
  });
});
