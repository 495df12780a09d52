import { beforeAll, describe, expect, it } from '@jest/globals';
import { SALT_BYTES, trusting } from '#libs/transparency-log';
import { accounting, logKey, recordOf, saltOf, TestLog } from './log.tests.js';
import { PLACE, RecordFault } from './record-page.js';
import { readRecords } from './records.js';
import { verifyLog, type LogVerdict } from './verify-log.js';

// As `COPY (SELECT index, salt, record …) TO STDOUT (FORMAT binary)` gives it.

const HEAD = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const END = Buffer.from([0xff, 0xff]);

const field = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const count = (fields: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(fields);
  return bytes;
};
const numbered = (index: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(index));
  return bytes;
};
const rowOf = (index: number | bigint, record: string | Buffer, salt = saltOf(Number(index))): Buffer =>
  Buffer.concat([count(3), field(numbered(index)), field(salt), field(Buffer.from(record))]);

const copyOf = (...rows: readonly Buffer[]): Buffer => Buffer.concat([HEAD, ...rows, END]);

async function* pieces(bytes: Buffer, length = 1000): AsyncGenerator<Buffer> {
  // Each in memory of its own: they are the reader's.
  for (let at = 0; at < bytes.length; at += length) yield Buffer.from(bytes.subarray(at, at + length));
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<[number, string, string][]> {
  const all: [number, string, string][] = [];
  for await (const { bytes, places } of readRecords(chunks)) {
    for (let at = 0; at < places.length; at += PLACE) {
      const [index, from, to] = places.slice(at, at + PLACE) as [number, number, number];
      const record = from + SALT_BYTES;
      all.push([index, bytes.toString('hex', from, record), bytes.toString('utf8', record, to)]);
    }
  }
  return all;
}

async function refusal(bytes: Buffer, length?: number): Promise<string> {
  try {
    await read(pieces(bytes, length));
  } catch (error) {
    if (error instanceof RecordFault && error.code === 'record-malformed') return error.message;
    throw error;
  }
  return 'read';
}

describe('a binary copy of the records', () => {
  const indexes = [0, 1, 7, 300, 2 ** 40];
  const whole = copyOf(...indexes.map((index) => rowOf(index, recordOf(index))));
  const expected = indexes.map((index) => [index, saltOf(index).toString('hex'), recordOf(index)]);

  it.each([1, 2, 7, 64, 150, 333, 1_000_000])('is read in pieces of %i bytes', async (length) => {
    expect(await read(pieces(whole, length))).toEqual(expected);
  });

  it('may have no rows, and has to say where it ends', async () => {
    expect(await read(pieces(copyOf()))).toEqual([]);
    const refusals = new Set<string>();
    for (let end = 1; end < whole.length; end += 1) refusals.add(await refusal(whole.subarray(0, end), 100));
    expect([...refusals]).toEqual(
      ['the head', 'row 1', 'row 2', 'row 3', 'row 4', 'row 5', 'row 6'].map(
        (where) => `${where} of the copy: the copy ends in it`,
      ),
    );
  });

  it.each([
    [Buffer.concat([copyOf(rowOf(0, 'x')), Buffer.from('x')]), 'row 2 of the copy: bytes follow the end of the copy'],
    [copyOf(count(2)), 'row 1 of the copy: it has 2 columns, not index, salt and record'],
    [copyOf(rowOf(0, 'x'), count(-2)), 'row 2 of the copy: it has -2 columns, not index, salt and record'],
    [copyOf(rowOf(-1n, 'x', saltOf(0))), 'row 1 of the copy: its index is not that of an entry'],
    [copyOf(rowOf(2n ** 53n, 'x', saltOf(0))), 'row 1 of the copy: its index is not that of an entry'],
    [
      copyOf(Buffer.concat([count(3), field(Buffer.alloc(4)), field(Buffer.alloc(36)), field(Buffer.from('xyzxyz'))])),
      'row 1 of the copy: its index is not that of an entry',
    ],
    [copyOf(rowOf(0, 'xx', Buffer.alloc(31))), 'row 1 of the copy: its salt is not 32 bytes'],
    [copyOf(rowOf(0, '')), 'row 1 of the copy: its record is not the text of one'],
    [
      copyOf(Buffer.concat([rowOf(0, 'x').subarray(0, -5), Buffer.alloc(4, 0xff)])),
      'row 1 of the copy: its record is not the text of one',
    ],
    [
      copyOf(Buffer.concat([rowOf(0, 'x').subarray(0, -5), Buffer.from([0x7f, 0xff, 0xff, 0xff])])),
      'row 1 of the copy: its record has more than 1048576 bytes',
    ],
    [Buffer.from('PGCOPX\n'), 'the records are neither lines of JSON nor a binary copy'],
    [
      Buffer.concat([HEAD.subarray(0, 11), Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]), END]),
      'the copy has flags or an extension that nobody knows',
    ],
  ])('is refused where it is none (%#)', async (bytes, why) => {
    expect(await refusal(bytes)).toBe(why);
    expect(await refusal(bytes, 1)).toBe(why);
  });

  describe('against its log', () => {
    let log: TestLog;
    beforeAll(async () => {
      log = await TestLog.of(280);
      // One accounts for entries before it, and others only look as if they did.
      await log.add(accounting('RecordsDestroyed', [10, 12], [200, 200]), '{"boxes":"taxes"}', '{"indexes":[{}]}');
    });
    const rows = (): Buffer[] => log.records.map((record, index) => rowOf(index, record));
    const verified = async (bytes: Buffer, length?: number): Promise<LogVerdict> =>
      verifyLog({
        ...{ source: log, policy: trusting(logKey.key), checkpoint: await log.checkpoint() },
        records: readRecords(pieces(bytes, length)),
      });

    it.each([100, 4096, 1_000_000])('it is complete, in pieces of %i bytes', async (length) => {
      const { fault, account } = await verified(copyOf(...rows()), length);
      expect(fault).toBeUndefined();
      expect(account).toMatchObject({ isComplete: true, records: 283, wrong: 0, stillThere: 4 });
      const left = rows().filter((_, index) => index !== 200 && (index < 10 || index > 12));
      const without = await verified(copyOf(...left), length);
      expect(without.account).toMatchObject({ isComplete: true, records: 279, destroyed: 4, unexplained: 0 });
    });

    it('a record, a salt or an index that was changed is named', async () => {
      const changed = rows();
      changed[5] = rowOf(5, recordOf(5), saltOf(6));
      changed[44] = rowOf(44, recordOf(45), saltOf(44));
      const { account } = await verified(copyOf(...changed));
      expect(account).toMatchObject({ isComplete: false, records: 281, wrong: 2 });
      expect(account!.faults.map(({ code, index }) => [code, index])).toEqual([
        ['record-mismatch', 5],
        ['record-mismatch', 44],
      ]);
      const twice = await verified(copyOf(...rows().slice(0, 9), rowOf(8, recordOf(8)), ...rows().slice(9)));
      expect(twice.account).toMatchObject({ isComplete: false, records: 9, readUpTo: 9 });
      expect(twice.account!.faults.map(({ code }) => code)).toEqual(['record-order']);
    });

    it('what stands before a copy broke off is believed', async () => {
      const { account } = await verified(copyOf(...rows()).subarray(0, 20_000));
      expect(account!.isComplete).toBe(false);
      expect(account!.records).toBeGreaterThan(80);
      expect(account!.readUpTo).toBe(account!.records);
      expect(account!.faults[0]!.message).toMatch(/^row \d+ of the copy: the copy ends in it$/);
    });
  });
});
