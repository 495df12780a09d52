import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  formatCheckpoint,
  formatProof,
  formatReceipt,
  leafHash,
  LogFault,
  logSigner,
  MAX_PROOF_BYTES,
  MemoryTree,
  parseProof,
  recordEntry,
  signNote,
  trusting,
  verifyProof,
  verifyReceipt,
  type Receipt,
  type TrustPolicy,
} from './index.js';
import { checkpointOf, entryOf, flipped, log, nextLog, NOW, ORIGIN, secretOf, treeOf, witnesses } from './log.tests.js';

const faultOf = (act: () => unknown): LogFault | undefined => {
  try {
    act();
  } catch (error) {
    if (error instanceof LogFault) return error;
    throw error;
  }
  return undefined;
};

const salt = Buffer.alloc(32, 'salt');
const record = Buffer.from(
  '{"event":{"type":"MeansIssued"},"position":"7","recordedAt":"2026-11-30T12:00:00.000Z","revision":0}',
);

/** A log of other entries with that of the record in it. */
const [SIZE, INDEX] = [13, 5];
const tree = new MemoryTree();
for (let index = 0; index < SIZE; index += 1)
  tree.append(leafHash(index === INDEX ? recordEntry(salt, record) : entryOf(index)));

const policy: TrustPolicy = {
  ...trusting(log.key),
  witnesses: witnesses.slice(0, 2).map(({ key }, at) => ({ name: `w${at}`, key })),
  groups: [{ name: 'both', threshold: 2, members: ['w0', 'w1'] }],
  quorum: 'both',
};

/** Of the receipt below, line by line. */
const PARTS = [
  ...['header', 'extra', 'index', 'hash', 'hash', 'hash', 'hash', 'empty', 'origin', 'size', 'root', 'empty'],
  ...['signature of the log', 'signature of a witness', 'signature of a witness'],
];

let receipt: Receipt;
let text: string;
beforeAll(async () => {
  const checkpoint = formatCheckpoint({ origin: ORIGIN, size: SIZE, root: tree.root() });
  const note = await signNote(checkpoint, [log, ...witnesses.slice(0, 2)], NOW);
  receipt = { salt, record, index: INDEX, hashes: tree.inclusionProof(INDEX), checkpoint: note };
  text = formatReceipt(receipt);
});

describe('a receipt', () => {
  it('is a tlog-proof, whose extra data are salt and record', () => {
    const lines = text.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'c2sp.org/tlog-proof@v1',
      `extra ${Buffer.concat([salt, record]).toString('base64')}`,
      'index 5',
    ]);
    expect(lines.slice(3, 7)).toEqual(tree.inclusionProof(INDEX).map((hash) => hash.toString('base64')));
    expect(lines[7]).toBe('');
    expect(text.endsWith(receipt.checkpoint)).toBe(true);
    expect(formatProof(parseProof(text))).toBe(text);
  });

  it('is verified with the key of the log, or with a policy', () => {
    expect(verifyReceipt(text, trusting(log.key)).record.equals(record)).toBe(true);
    expect(verifyReceipt(Buffer.from(text), policy, { origin: ORIGIN })).toMatchObject({
      index: 5,
      checkpoint: { size: SIZE },
      witnesses: [{ name: 'w0' }, { name: 'w1' }],
    });
  });

  it('has the entry of its record as the interfaces say it', () => {
    const entry = createHash('sha256')
      .update('waarborg-record-v1')
      .update(Buffer.of(0))
      .update(salt)
      .update(record)
      .digest();
    expect(recordEntry(salt, record).equals(entry)).toBe(true);
    for (const bytes of [0, 1, 65_484, 65_485, 65_486, 600_000]) {
      const input = Buffer.concat([Buffer.from('waarborg-record-v1\0'), salt, Buffer.alloc(bytes, 'record')]);
      const digest = createHash('sha256').update(input).digest('hex');
      expect(recordEntry(salt, input.subarray(51)).toString('hex')).toBe(digest);
    }
    expect(() => recordEntry(salt.subarray(1), record)).toThrow('a salt of 31 bytes');
  });

  it('with any byte changed is refused, for a reason that says what is wrong', () => {
    const codes = new Map<string, Set<string>>();
    const parts = text
      .split(/(?<=\n)/)
      .flatMap((line, at) => Array.from({ length: 2 * Buffer.byteLength(line) }, () => PARTS[at]!));
    let at = 0;
    for (const bad of flipped(Buffer.from(text))) {
      const part = parts[at]!;
      const code = faultOf(() => verifyReceipt(bad, policy))?.code ?? 'none';
      codes.set(part, (codes.get(part) ?? new Set()).add(code));
      at += 1;
    }
    expect(at).toBe(parts.length);
    expect(Object.fromEntries([...codes].map(([part, of]) => [part, [...of].sort()]))).toEqual({
      header: ['receipt-malformed'],
      extra: ['proof-mismatch', 'receipt-malformed'],
      index: ['receipt-malformed'],
      hash: ['proof-mismatch', 'receipt-malformed'],
      empty: ['note-malformed', 'receipt-malformed'],
      origin: ['other-origin', 'receipt-malformed'],
      size: ['checkpoint-malformed', 'note-malformed', 'receipt-malformed', 'signature-invalid'],
      root: ['checkpoint-malformed', 'note-malformed', 'receipt-malformed', 'signature-invalid'],
      'signature of the log': ['note-malformed', 'receipt-malformed', 'signature-invalid', 'signature-missing'],
      'signature of a witness': ['note-malformed', 'quorum-missing', 'receipt-malformed', 'signature-invalid'],
    });
  });

  it('names what is wrong with it', async () => {
    const reasonOf = (bad: string | Partial<Receipt>, by: TrustPolicy = policy): string =>
      faultOf(() => verifyReceipt(typeof bad === 'string' ? bad : formatReceipt({ ...receipt, ...bad }), by))
        ?.message ?? 'none';
    expect(reasonOf({ record: Buffer.from(`${record.toString()} `) })).toContain('entry 5 is not in the tree up to 13');
    expect(reasonOf({ salt: Buffer.alloc(32) })).toContain('entry 5 is not in the tree up to 13');
    expect(reasonOf({ index: 6 })).toContain('entry 6 is not in the tree up to 13');
    expect(reasonOf({ index: 13 })).toContain('entry 13 is not among those');
    expect(reasonOf({ hashes: receipt.hashes.slice(1) })).toContain('needs a proof of 4 hashes, not 3');
    expect(reasonOf({ checkpoint: await checkpointOf(13, log, ...witnesses) })).toContain('entry 5 is not in the tree');
    expect(reasonOf({}, trusting(nextLog.key))).toContain(`no trusted key of ${ORIGIN} has signed it`);
    expect(reasonOf({}, trusting(logSigner('other.invalid', secretOf(9)).key))).toContain(
      'for which no key is trusted',
    );
    expect(
      reasonOf({}, { ...policy, witnesses: witnesses.map(({ key }, at) => ({ name: `w${at}`, key })), quorum: 'w2' }),
    ).toBe('cosigned by "w0", "w1", which is less than "w2"');
    expect(faultOf(() => verifyReceipt(text, policy, { origin: 'other.invalid' }))?.code).toBe('other-origin');
    expect(reasonOf(formatProof({ ...receipt, extra: salt }))).toContain('it carries no record');
    expect(reasonOf(formatProof(receipt))).toContain('it carries no record');
  });
});

describe('a proof', () => {
  it('without extra data proves an entry that is known', async () => {
    const proof = parseProof(
      formatProof({ index: 7, hashes: treeOf(20).inclusionProof(7, 20), checkpoint: await checkpointOf(20, log) }),
    );
    expect(proof.extra).toBeUndefined();
    expect(verifyProof(proof, entryOf(7), trusting(log.key))).toMatchObject({ index: 7, checkpoint: { size: 20 } });
    expect(faultOf(() => verifyProof(proof, entryOf(8), trusting(log.key)))).toMatchObject({
      code: 'proof-mismatch',
      index: 7,
    });
  });

  it('of the only entry of a log has no hashes', async () => {
    const proof = parseProof(formatProof({ index: 0, hashes: [], checkpoint: await checkpointOf(1, log) }));
    expect(verifyProof(proof, entryOf(0), trusting(log.key)).index).toBe(0);
  });

  it.each<[string, (text: string) => string]>([
    ['no header', (good) => good.slice(good.indexOf('\n') + 1)],
    ['another version', (good) => good.replace('@v1', '@v2')],
    ['no index', (good) => good.replace(/index 5\n/, '')],
    ['an index with a zero before it', (good) => good.replace('index 5', 'index 05')],
    ['an index that is too large', (good) => good.replace('index 5', 'index 9007199254740993')],
    ['a negative index', (good) => good.replace('index 5', 'index -5')],
    ['two blanks before its index', (good) => good.replace('index 5', 'index  5')],
    ['its extra data behind its index', (good) => good.replace(/(extra .*\n)(index 5\n)/, '$2$1')],
    ['its extra data twice', (good) => good.replace(/(extra .*\n)/, '$1$1')],
    ['no extra data where they are announced', (good) => good.replace(/extra .*\n/, 'extra \n')],
    ['extra data that are no base64', (good) => good.replace(/extra ./, 'extra !')],
    ['a hash that is too short', (good) => good.replace(/(index 5\n)..../, '$1')],
    [
      '64 hashes',
      (good) => good.replace('index 5\n', `index 5\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(60)}`),
    ],
    ['a carriage return', (good) => good.replace('index 5', 'index 5\r')],
    ['no empty line', (good) => good.replaceAll('\n\n', '\n')],
    ['nothing in it', () => ''],
  ])('with %s is refused', (_what, change) => {
    expect(text).not.toBe(change(text));
    expect(faultOf(() => parseProof(change(text)))?.code).toBe('receipt-malformed');
  });

  it('with a checkpoint that is none is refused, and so is one that is too large', () => {
    expect(faultOf(() => parseProof(text.slice(0, text.indexOf('\n\n') + 2)))?.code).toBe('note-malformed');
    expect(faultOf(() => parseProof('x'.repeat(MAX_PROOF_BYTES + 1)))?.code).toBe('receipt-too-large');
    expect(faultOf(() => parseProof(Buffer.of(0xff, 0x0a)))?.code).toBe('receipt-malformed');
  });

  it('cut short, or with anything in between, is refused', () => {
    const bytes = Buffer.from(text);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(faultOf(() => verifyReceipt(bytes.subarray(0, length), policy))).toBeInstanceOf(LogFault);
    }
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.uint8Array({ minLength: 1, maxLength: 40 }), (at, noise) => {
        const bad = Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
        expect(faultOf(() => verifyReceipt(bad, policy))).toBeInstanceOf(LogFault);
      }),
      { seed: 15, numRuns: 500 },
    );
  });
});
