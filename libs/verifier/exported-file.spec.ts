import { describe, expect, it } from '@jest/globals';
import { createHash, createHmac } from 'node:crypto';
import { trusting } from '#libs/transparency-log';
import { ExportFault, saltIn, verifyExport, type FileToVerify } from './exported-file.js';
import { logKey, saltOf, TestLog } from './log.tests.js';
import { UsageFault } from './options.js';
import { receiptReport, statusOf, textOf } from './report.js';
import { verifyReceiptOf } from './verify-log.js';

const FILE = Buffer.from('id,recordedAt\r\n2b1f7c52,2026-03-02T15:00:01.000Z\r\n');
const SALT = saltOf(7);
const READING = '7cade154-2c17-4ba2-b7bc-cf97f238ced8';
const hmac = createHmac('sha256', SALT).update(FILE).digest('hex');
const HEADERS = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ndate: now\r\nexport-salt: ${SALT.toString('hex')}\r\n\r\n`;

const made = { bytes: FILE.length, hmac, items: 1, salt: { sealed: 'v1.reading.x' } };
const recordWith = (data: object, kind = 'reading'): string =>
  JSON.stringify({
    position: '35',
    record: {
      actor: { client: 'local-auditor', clerk: 'c-1' },
      data: {
        ...{ question: { format: 'csv', list: 'checks' }, readAt: '2026-03-02T16:00:00.000Z', what: 'exports' },
        ...data,
      },
      ...{ id: READING, kind },
    },
  });

const fileOf = (bytes: Buffer, salt: string | undefined = HEADERS): FileToVerify => ({
  name: 'sample.csv',
  read: (bound) => bytes.subarray(0, bound + 1),
  ...(salt === undefined ? {} : { salt: { name: 'headers', text: salt } }),
});
const withoutSalt: FileToVerify = { name: 'sample.csv', read: (bound) => FILE.subarray(0, bound + 1) };

function faultOf(record: string, file: FileToVerify): string {
  try {
    verifyExport(Buffer.from(record), file);
    return 'none';
  } catch (error) {
    if (error instanceof ExportFault) return `${error.code}: ${error.message}`;
    if (error instanceof UsageFault) return error.message;
    throw error;
  }
}

describe('a file that was taken along', () => {
  it('is the one that its reading names, which says when it was made, for whom and of what', () => {
    const said = {
      ...{ file: 'sample.csv', bytes: FILE.length, items: 1, madeAt: '2026-03-02T16:00:00.000Z' },
      ...{ client: 'local-auditor', clerk: 'c-1', list: 'checks', format: 'csv' },
    };
    const record = Buffer.from(recordWith({ export: made }));
    expect(verifyExport(record, fileOf(FILE))).toEqual(said);
    expect(verifyExport(record, fileOf(FILE, `${SALT.toString('hex').toUpperCase()}\n`))).toEqual(said);
  });

  it('of before, whose reading has its bare hash, needs no salt', () => {
    const sha256 = createHash('sha256').update(FILE).digest('hex');
    const record = recordWith({ export: { bytes: FILE.length, items: 1, sha256 } });
    expect(faultOf(record, withoutSalt)).toBe('none');
    const other = Buffer.from(FILE);
    other[3]! ^= 1;
    expect(faultOf(record, { ...withoutSalt, read: () => other })).toContain(
      'export-mismatch: sample.csv does not have',
    );
  });

  it('is another one by a byte, by its length, or under another salt', () => {
    const record = recordWith({ export: made });
    const other = Buffer.from(FILE);
    other[20]! ^= 1;
    const mismatch = `export-mismatch: sample.csv under the salt of headers does not have the hash that reading ${READING} has of its file`;
    expect(faultOf(record, fileOf(other))).toBe(mismatch);
    expect(faultOf(record, fileOf(FILE, saltOf(8).toString('hex')))).toBe(mismatch);
    const had = `and the file of reading ${READING} had ${FILE.length}`;
    expect(faultOf(record, fileOf(FILE.subarray(1)))).toBe(
      `export-mismatch: sample.csv has ${FILE.length - 1} bytes, ${had}`,
    );
    expect(faultOf(record, fileOf(Buffer.concat([FILE, FILE])))).toBe(
      `export-mismatch: sample.csv has more bytes, ${had}`,
    );
  });

  it('is judged by no record but the reading of an export', () => {
    const missing = 'export-missing: the record of the receipt is not the reading of an export, which has its hash';
    for (const record of [
      recordWith({}),
      recordWith({ export: made }, 'decision'),
      recordWith({ export: made, what: 'export-ends' }),
      recordWith({ export: { ...made, hmac: 'abc' } }),
      recordWith({ export: { ...made, bytes: -1 } }),
      ...['no JSON', 'null', '[]'],
    ]) {
      expect(faultOf(record, fileOf(FILE))).toBe(missing);
    }
  });

  it('is not judged without its salt: that nobody can', () => {
    expect(faultOf(recordWith({ export: made }), withoutSalt)).toBe(
      'sample.csv is verified with the salt that came with it: --salt with the headers of the answer',
    );
    for (const text of [
      '',
      'export-salt: abc\r\n',
      `x${SALT.toString('hex')}`,
      `not-export-salt: ${SALT.toString('hex')}`,
    ]) {
      expect(() => saltIn('headers', text)).toThrow('headers has no salt');
    }
  });
});

describe('beside its receipt', () => {
  const verdictOf = async (file: FileToVerify, receipt?: string) => {
    const log = await TestLog.of(20);
    await log.add(recordWith({ export: made }));
    const bytes = Buffer.from(receipt ?? (await log.receipt(20)));
    const verdict = await verifyReceiptOf({ receipt: bytes, policy: trusting(logKey.key), file });
    return receiptReport('r', verdict, { policy: trusting(logKey.key), from: 'key', isOnTrust: false });
  };

  it('is told with what it is, and what is not shown of it', async () => {
    const report = await verdictOf(fileOf(FILE));
    expect(statusOf(report)).toBe(0);
    expect(textOf(report)).toContain(
      `export      yes: sample.csv is the file, ${FILE.length} bytes, 1 item, of checks as csv, made at 2026-03-02T16:00:00.000Z, ` +
        'for clerk c-1, client local-auditor\n',
    );
    expect(report.notProven.join()).toContain('that the file was handed over whole');
  });

  it('does not hold where it is another file, or the receipt does not hold', async () => {
    const report = await verdictOf(fileOf(FILE.subarray(1)));
    expect(report).toMatchObject({ holds: false, index: 20, faults: [{ code: 'export-mismatch' }] });
    expect(report.export).toBeUndefined();
    expect(statusOf(report)).toBe(1);
    expect(await verdictOf(fileOf(FILE), 'nothing')).toMatchObject({
      holds: false,
      faults: [{ code: 'receipt-malformed' }],
    });
  });
});
