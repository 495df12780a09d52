import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  cosigner,
  decodeBundle,
  encodeBundle,
  leafHash,
  parsePolicy,
  formatVerifierKey,
  trusting,
} from '#libs/transparency-log';
import { readRecords } from './records.js';
import { verifyLog, verifyReceiptOf, type LogToVerify, type LogVerdict } from './verify-log.js';
import {
  accounting,
  inPieces,
  lineOf,
  logKey,
  nextKey,
  recordOf,
  saltOf,
  secretOf,
  TestLog,
  witness,
} from './log.tests.js';

const policy = trusting(logKey.key);

interface More extends Partial<Omit<LogToVerify, 'records'>> {
  readonly records?: readonly string[];
}

const verified = async (log: TestLog, { records, ...more }: More = {}): Promise<LogVerdict> =>
  verifyLog({
    ...{ source: log, policy, checkpoint: more.checkpoint ?? (await log.checkpoint()) },
    ...more,
    ...(records === undefined ? {} : { records: readRecords(inPieces(records)) }),
  });

let log: TestLog;
let lines: readonly string[];
beforeAll(async () => {
  log = await TestLog.of(70_000);
  lines = log.lines();
});

describe('a log as it was signed', () => {
  it('is intact, and with its records complete', async () => {
    const progress: number[] = [];
    const onProgress = (entries: number, size: number): number => progress.push(entries / size);
    const { believed, fault, account } = await verified(log, { records: lines, onProgress });
    expect(fault).toBeUndefined();
    expect(believed?.checkpoint).toMatchObject({ origin: 'waarborg.invalid/log', size: 70_000 });
    expect(account).toEqual({
      ...{ isComplete: true, records: 70_000, wrong: 0, faults: [] },
      ...{ destroyed: 0, orphaned: 0, unexplained: 0, stillThere: 0 },
    });
    expect(progress).toHaveLength(274);
    expect(progress.at(-1)).toBe(1);
  });

  it('is intact with no entry, and with one', async () => {
    for (const size of [0, 1]) {
      const small = await TestLog.of(size);
      const { fault, account } = await verified(small, { records: small.lines() });
      expect(fault).toBeUndefined();
      expect(account).toMatchObject({ isComplete: true, records: size });
    }
  });

  it('is believed by the next key while both sign, and by a policy whose witness has seen it', async () => {
    const small = await TestLog.of(5);
    const both = await small.checkpoint(logKey, nextKey, witness);
    expect((await verified(small, { checkpoint: both, policy: trusting(nextKey.key) })).fault).toBeUndefined();
    const file = `log ${formatVerifierKey(logKey.key)}\nwitness w ${formatVerifierKey(witness.key)}\nquorum w\n`;
    const asked = { policy: parsePolicy(file) };
    expect((await verified(small, { checkpoint: both, ...asked })).believed?.witnesses).toEqual([
      { name: 'w', timestamp: expect.any(BigInt) },
    ]);
    expect((await verified(small, asked)).fault).toMatchObject({ code: 'quorum-missing' });
  });

  it('goes on from what it showed before', async () => {
    const older = await TestLog.of(300);
    const empty = await new TestLog().checkpoint();
    const earlier = new Map([
      ['then', await older.checkpoint()],
      ['in the beginning', empty],
      ['now', await log.checkpoint()],
    ]);
    expect((await verified(log, { earlier })).fault).toBeUndefined();
  });
});

const change = (path: string, edit: (bytes: Buffer) => Buffer | void) => (copy: TestLog) => {
  const bytes = copy.files.get(path)!;
  copy.files.set(path, edit(bytes) ?? bytes);
};
const flip =
  (at: number) =>
  (bytes: Buffer): void => {
    bytes[at]! ^= 1;
  };
const entriesOf = (bytes: Buffer): Buffer[] => decodeBundle(bytes, { level: 'entries', index: 1, width: 256 });

describe('a log that was tampered with is not intact, and the reason and the place are named:', () => {
  it.each<[what: string, tamper: (copy: TestLog) => void, fault: { code: string; index?: number; message: string }]>([
    [
      'a byte of an entry',
      change('tile/entries/001', flip(34 * 44 + 2)),
      { code: 'entry-mismatch', index: 300, message: 'entry 300 does not hash to what tile/0/001 has' },
    ],
    [
      'an entry exchanged for another',
      change('tile/entries/001', (bytes) => {
        const entries = entriesOf(bytes);
        entries[7] = entries[9]!;
        return encodeBundle(entries);
      }),
      { code: 'entry-mismatch', index: 263, message: 'entry 263 does not hash to what tile/0/001 has' },
    ],
    [
      'two entries that changed places',
      change('tile/entries/001', (bytes) => {
        const entries = entriesOf(bytes);
        [entries[3], entries[4]] = [entries[4]!, entries[3]!];
        return encodeBundle(entries);
      }),
      { code: 'entry-mismatch', index: 259, message: 'entry 259 does not hash to what tile/0/001 has' },
    ],
    [
      'an entry too many in a full bundle',
      change('tile/entries/001', (bytes) => encodeBundle([...entriesOf(bytes), Buffer.alloc(32)])),
      { code: 'bundle-malformed', index: 512, message: 'tile/entries/001 has 34 bytes behind its 256 entries' },
    ],
    [
      'an entry too few',
      change('tile/entries/001', (bytes) => encodeBundle(entriesOf(bytes).slice(0, -1))),
      { code: 'bundle-malformed', index: 511, message: 'tile/entries/001 ends in entry 511; it has to have 256' },
    ],
    [
      'a byte left over',
      change('tile/entries/273.p/112', (bytes) => Buffer.concat([bytes, Buffer.of(0)])),
      { code: 'bundle-malformed', index: 70_000, message: 'tile/entries/273.p/112 has 1 bytes behind its 112 entries' },
    ],
    [
      'a hash of a leaf',
      change('tile/0/002', flip(32 * 5)),
      { code: 'entry-mismatch', index: 517, message: 'entry 517 does not hash to what tile/0/002 has' },
    ],
    [
      'a hash above the leaves',
      change('tile/1/000', flip(32 * 3)),
      {
        ...{ code: 'tile-mismatch', index: 768 },
        message: 'hash 3 of tile/1/000 is not that of the entries 768 to 1023',
      },
    ],
    [
      'a hash at the top',
      change('tile/2/000.p/1', flip(1)),
      {
        ...{ code: 'tile-mismatch', index: 0 },
        message: 'hash 0 of tile/2/000.p/1 is not that of the entries 0 to 65535',
      },
    ],
    [
      'an entry and its leaf together',
      (copy) => {
        change('tile/entries/001', (bytes) => {
          const entries = entriesOf(bytes);
          entries[0] = Buffer.alloc(32, 7);
          return encodeBundle(entries);
        })(copy);
        change('tile/0/001', (bytes) => void leafHash(Buffer.alloc(32, 7)).copy(bytes))(copy);
      },
      { code: 'tile-mismatch', index: 256, message: 'hash 1 of tile/1/000 is not that of the entries 256 to 511' },
    ],
    [
      'a tile cut off',
      change('tile/0/002', (bytes) => bytes.subarray(1)),
      { code: 'tile-length', message: 'tile/0/002 has 8191 bytes where 8192 belong' },
    ],
    [
      'a tile that is not there',
      (copy) => void copy.files.delete('tile/0/002'),
      { code: 'tile-missing', message: 'tile/0/002 is not there' },
    ],
    [
      'a bundle that is not there',
      (copy) => void copy.files.delete('tile/entries/003'),
      { code: 'tile-missing', index: 768, message: 'tile/entries/003 is not there' },
    ],
  ])('%s', async (_what, tamper, expected) => {
    const copy = log.copy();
    tamper(copy);
    const { believed, fault, account } = await verified(copy, { records: lines });
    expect({ code: fault?.code, message: fault?.message, index: fault?.index }).toEqual({
      index: undefined,
      ...expected,
    });
    expect(believed?.checkpoint.size).toBe(70_000);
    expect(account).toBeUndefined();
  });

  it('a history written anew below a checkpoint of before', async () => {
    const other = await new TestLog().add('{"another":"one"}', ...log.records.slice(1, 600));
    const checkpoint = await (await TestLog.of(600)).checkpoint();
    expect((await verified(other, { checkpoint })).fault).toMatchObject({
      code: 'root-mismatch',
      message: 'the 600 entries have another root than the checkpoint',
    });
  });

  it('a history written anew and signed again, by whoever kept a checkpoint', async () => {
    const other = await new TestLog().add('{"another":"one"}', ...log.records.slice(1, 600));
    expect((await verified(other)).fault).toBeUndefined();
    const earlier = new Map([['kept', await (await TestLog.of(300)).checkpoint()]]);
    const { fault } = await verified(other, { earlier });
    expect(fault?.code).toBe('proof-mismatch');
    expect(fault?.message).toContain('the log does not go on from kept, at 300 entries');
    const same = new Map([['kept', await (await TestLog.of(600)).checkpoint()]]);
    expect((await verified(other, { earlier: same })).fault?.message).toBe(
      'the log does not go on from kept, at 600 entries: the roots are others',
    );
  });

  it('a log that has become shorter, by whoever kept a checkpoint', async () => {
    const earlier = new Map([['kept', await log.checkpoint()]]);
    expect((await verified(await TestLog.of(600), { earlier })).fault).toMatchObject({
      code: 'proof-mismatch',
      message: 'the log has 600 entries and had 70000 before, at kept',
      index: 600,
    });
  });

  it('a kept checkpoint that is none, or of another log', async () => {
    for (const [note, code] of [
      ['nothing', 'note-malformed'],
      [await log.checkpoint(nextKey), 'signature-missing'],
    ] as const) {
      const { fault } = await verified(log, { earlier: new Map([['kept', note]]) });
      expect(fault?.code).toBe(code);
      expect(fault?.message).toContain('kept: ');
    }
  });
});

describe('a checkpoint that is not believed', () => {
  it('has another root or size than was signed, another key, or is of another log', async () => {
    const small = await TestLog.of(5);
    const good = await small.checkpoint();
    for (const [checkpoint, code] of [
      [good.replace('\n5\n', '\n6\n'), 'signature-invalid'],
      [good.replace(/\n5\n./, (text) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`), 'signature-invalid'],
      [await small.checkpoint(nextKey), 'signature-missing'],
      [good.replaceAll('waarborg.invalid', 'other.invalid'), 'other-origin'],
      [good.slice(0, -1), 'note-malformed'],
      ['', 'note-malformed'],
    ] as const) {
      const { fault, believed } = await verified(small, { checkpoint });
      expect(fault?.code).toBe(code);
      expect(believed).toBeUndefined();
    }
  });
});

describe('records behind the entries', () => {
  /** 300 entries; the last three account for others. */
  let small: TestLog;
  beforeAll(async () => {
    small = await TestLog.of(297);
    await small.add(
      accounting('RecordsDestroyed', [10, 19], [255, 256]),
      accounting('LogRestored', [40, 41]),
      accounting('RecordsRead', [50, 51]),
    );
  });

  const without = (...indexes: readonly number[]): string[] =>
    small.lines().filter((_, index) => !indexes.includes(index));
  const from = (first: number, last: number): number[] =>
    Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const accountOf = async (records: readonly string[]) => (await verified(small, { records })).account!;
  const told = async (records: readonly string[]): Promise<string[]> =>
    (await accountOf(records)).faults.map(({ code, message }) => `${code}: ${message}`);

  it('may be gone where a record of the log says that they were destroyed, or are orphans', async () => {
    expect(await accountOf(without(...from(10, 19), 255, 256, 40, 41))).toEqual({
      ...{ isComplete: true, records: 286, wrong: 0, faults: [] },
      ...{ destroyed: 12, orphaned: 2, unexplained: 0, stillThere: 0 },
    });
    expect(await accountOf(small.lines())).toMatchObject({ isComplete: true, records: 300, stillThere: 14 });
  });

  it('are missing otherwise, and the first entries are named', async () => {
    expect(await told(without(3, 50, 51))).toEqual([
      'record-missing: entry 3 has no record, and no record of a destruction or of orphans names it',
      'record-missing: entry 50 has no record, and no record of a destruction or of orphans names it',
      'record-missing: entry 51 has no record, and no record of a destruction or of orphans names it',
    ]);
    const { unexplained, faults } = await accountOf([]);
    expect(unexplained).toBe(300);
    expect(faults.map(({ index }) => index)).toEqual(from(0, 9));
    // What says that others were destroyed has to be there itself.
    expect((await accountOf(without(10, 297))).faults.map(({ index }) => index)).toEqual([10, 297]);
    expect((await accountOf(without(299))).faults.map(({ index }) => index)).toEqual([299]);
  });

  it('have to hash to their entry: another record, salt or index is named', async () => {
    const changed = (index: number, line: string): string[] =>
      small.lines().map((old, at) => (at === index ? line : old));
    for (const line of [
      lineOf(70, `${recordOf(70)} `),
      lineOf(70, recordOf(71)),
      lineOf(70, recordOf(70), saltOf(71)),
    ]) {
      expect(await told(changed(70, line))).toEqual(['record-mismatch: the record of entry 70 does not hash to it']);
    }
    // A destruction that the log does not have excuses nothing.
    const forged = changed(60, lineOf(60, accounting('RecordsDestroyed', [0, 5]))).filter((_, at) => at !== 5);
    expect((await accountOf(forged)).faults.map(({ code, index }) => [code, index])).toEqual([
      ['record-missing', 5],
      ['record-mismatch', 60],
    ]);
  });

  it('come in the order of their entries, each once, and none behind the last', async () => {
    const all = small.lines();
    const twice = [...all.slice(0, 8), all[7]!, ...all.slice(8)];
    expect(await told(twice)).toEqual(['record-order: the record of entry 7 comes behind that of entry 7']);
    const back = [...all.slice(0, 8), all[2]!, ...all.slice(8)];
    expect(await accountOf(back)).toMatchObject({ isComplete: false, records: 8, readUpTo: 8, unexplained: 0 });
    const atEnd = [...all, all[4]!];
    expect(await told(atEnd)).toEqual(['record-order: the record of entry 4 comes behind that of entry 299']);
    expect(await told([...all, lineOf(300, 'x')])).toEqual([
      'record-beyond: a record of entry 300, and the log has 300 at this checkpoint',
    ]);
  });

  it('end at a line that is none, and the log is intact all the same', async () => {
    const all = small.lines();
    const { fault, account } = await verified(small, { records: [...all.slice(0, 280), 'x', ...all.slice(281)] });
    expect(fault).toBeUndefined();
    expect(account).toMatchObject({ isComplete: false, records: 280, readUpTo: 280 });
    expect(account!.faults.map(({ message }) => message)).toEqual(['line 281 of the records: it is not a JSON object']);
  });

  it.each([
    [
      'nothing',
      accounting('RecordsDestroyed').replace('"indexes":[]', '"indexes":{}'),
      'is RecordsDestroyed, and names no entries',
    ],
    [
      'itself',
      accounting('RecordsDestroyed', [3, 10]),
      'is RecordsDestroyed, and has no range of entries before it in place 0 of its indexes',
    ],
    [
      'what follows',
      accounting('LogRestored', [1, 2], [5, 50]),
      'is LogRestored, and has no range of entries before it in place 1 of its indexes',
    ],
    [
      'a range that ends before it begins',
      accounting('LogRestored', [2, 1]),
      'is LogRestored, and has no range of entries before it in place 0 of its indexes',
    ],
  ])('are refused where a record of a destruction names %s', async (_what, record, why) => {
    const bad = await TestLog.of(10);
    await bad.add(record);
    await bad.add(...[11, 12, 13].map(recordOf));
    const { account } = await verified(bad, { records: bad.lines() });
    expect(account!.faults.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      `account-malformed: entry 10 ${why}`,
    ]);
  });

  it('let errors of reading through as they are', async () => {
    async function* broken(): AsyncGenerator<never> {
      throw new Error('no answer');
    }
    const checkpoint = await small.checkpoint();
    await expect(verifyLog({ source: small, policy, checkpoint, records: broken() })).rejects.toThrow('no answer');
    const silent = { read: () => Promise.reject(new Error('nobody there')) };
    await expect(verifyLog({ source: silent, policy, checkpoint })).rejects.toThrow('nobody there');
  });

  it('are let go where the log is not intact', async () => {
    let isClosed = false;
    async function* records() {
      try {
        yield* readRecords(inPieces([lineOf(0, recordOf(0))]));
        yield { bytes: Buffer.alloc(0), places: [] };
      } finally {
        isClosed = true;
      }
    }
    const copy = small.copy();
    copy.files.delete('tile/0/001.p/44');
    const { fault } = await verifyLog({
      ...{ source: copy, policy },
      checkpoint: await small.checkpoint(),
      records: records(),
    });
    expect(fault?.code).toBe('tile-missing');
    expect(isClosed).toBe(true);
  });
});

describe('a receipt', () => {
  let small: TestLog;
  beforeAll(async () => {
    small = await TestLog.of(400);
  });
  const bytesOf = async (index: number): Promise<Buffer> => Buffer.from(await small.receipt(index));

  it('holds offline, and against the log as it is now', async () => {
    const receipt = await bytesOf(123);
    const { believed, fault, now } = await verifyReceiptOf({ receipt, policy });
    expect({ fault, now }).toEqual({ fault: undefined, now: undefined });
    expect(believed).toMatchObject({ index: 123, record: Buffer.from(recordOf(123)) });
    const against = { source: log, checkpoint: await log.checkpoint() };
    const later = await verifyReceiptOf({ receipt, policy, log: against });
    expect(later.fault).toBeUndefined();
    expect(later.now?.size).toBe(70_000);
  });

  it('holds by a policy where enough of its witnesses have cosigned, and not with fewer, also beside the log', async () => {
    const other = cosigner('witness.invalid/12', secretOf(12));
    const lines = [
      `log ${formatVerifierKey(logKey.key)}`,
      ...[witness, other].map(({ key }, nth) => `witness w${nth} ${formatVerifierKey(key)}`),
    ];
    const oneOf = parsePolicy([...lines, 'group any-of any w0 w1', 'quorum any-of', ''].join('\n'));
    const both = parsePolicy([...lines, 'group all-of all w0 w1', 'quorum all-of', ''].join('\n'));
    const cosigned = Buffer.from(await small.receipt(123, logKey, witness));
    const alone = await bytesOf(123);
    const log = { source: small, checkpoint: await small.checkpoint() };
    for (const beside of [{}, { log }]) {
      const { believed, fault } = await verifyReceiptOf({ receipt: cosigned, policy: oneOf, ...beside });
      expect([fault, believed?.witnesses.map(({ name }) => name)]).toEqual([undefined, ['w0']]);
      for (const [receipt, asked] of [
        [alone, oneOf],
        [cosigned, both],
      ] as const) {
        const refused = await verifyReceiptOf({ receipt, policy: asked, ...beside });
        expect(refused.fault).toMatchObject({ code: 'quorum-missing' });
        expect(refused.believed).toBeUndefined();
      }
    }
  });

  it('does not hold with another key, record, salt, index, hash or checkpoint', async () => {
    const receipt = (await bytesOf(123)).toString();
    const others = (await bytesOf(124)).toString();
    const extra = /^extra .*$/m;
    const otherSalt = receipt.replace(/^extra ./m, (text) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`);
    const hash = /^index 123\n(.*)$/m;
    for (const [forged, code] of [
      [receipt.replace(extra, extra.exec(others)![0]), 'proof-mismatch'],
      [otherSalt, 'proof-mismatch'],
      [receipt.replace('index 123', 'index 122'), 'proof-mismatch'],
      [receipt.replace(hash, `index 123\n${saltOf(1).toString('base64')}`), 'proof-mismatch'],
      [receipt.replace(hash, 'index 123'), 'proof-length'],
      [receipt.replace('\n400\n', '\n401\n'), 'signature-invalid'],
      [receipt.replace(extra, 'extra AAAA'), 'receipt-malformed'],
      [receipt.slice(1), 'receipt-malformed'],
    ] as const) {
      expect((await verifyReceiptOf({ receipt: Buffer.from(forged), policy })).fault).toMatchObject({ code });
    }
    const byNext = await verifyReceiptOf({ receipt: Buffer.from(receipt), policy: trusting(nextKey.key) });
    expect(byNext.fault).toMatchObject({ code: 'signature-missing' });
  });

  it('does not hold against a log that does not go on from its checkpoint', async () => {
    const receipt = await bytesOf(123);
    const other = await new TestLog().add('{"another":"one"}', ...log.records.slice(1, 600));
    for (const [source, why] of [
      [other, 'the log does not go on from the checkpoint of the receipt, at 400 entries'],
      [await TestLog.of(300), 'the log has 300 entries and had 400 before, at the checkpoint of the receipt'],
    ] as const) {
      const against = { source, checkpoint: await source.checkpoint() };
      const { fault } = await verifyReceiptOf({ receipt, policy, log: against });
      expect(fault?.code).toBe('proof-mismatch');
      expect(fault?.message).toContain(why);
    }
  });
});
