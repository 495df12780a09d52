import { expect, it } from '@jest/globals';
import {
  addCheckpointRequest,
  checkInclusion,
  checkLog,
  decodeBundle,
  EMPTY_ROOT,
  encodeBundle,
  formatCheckpoint,
  growLog,
  judgeCheckpoint,
  LOG_FAULTS,
  LogFault,
  logSigner,
  MAX_NOTE_BYTES,
  MAX_PROOF_BYTES,
  parseCheckpoint,
  parseNote,
  parsePolicy,
  parseProof,
  parseVerifierKey,
  readWitnessAnswer,
  trusting,
  verifyNote,
  type LogFaultCode,
} from './index.js';
import { checkpointOf, entryOf, leafOf, log, MemoryFiles, nextLog, secretOf, treeOf, witnesses } from './log.tests.js';

const root = (size: number): Buffer => treeOf(size).root(size);
const proof = (): Buffer[] => treeOf(5).inclusionProof(2, 5);
const whole = { start: 0, end: 5 };

function changed(path: string, bytes: Buffer | undefined): Promise<void> {
  const source = new MemoryFiles(257);
  if (bytes === undefined) source.files.delete(path);
  else source.files.set(path, bytes);
  return checkLog({ source, size: 257, root: root(257) });
}

/** The plainest way to each fault. */
const FAULTS: Readonly<Record<LogFaultCode, () => unknown>> = {
  'out-of-range': () => treeOf(5).inclusionProof(5, 5),
  'proof-length': () => checkInclusion(leafOf(2), 2, whole, proof().slice(1), root(5)),
  'proof-mismatch': () => checkInclusion(leafOf(3), 2, whole, proof(), root(5)),
  'tile-missing': () => changed('tile/0/000', undefined),
  'tile-length': () => changed('tile/0/000', Buffer.alloc(3)),
  'tile-mismatch': () => changed('tile/1/000.p/1', Buffer.alloc(32)),
  'bundle-malformed': () => decodeBundle(Buffer.of(0), { level: 'entries', index: 0, width: 1 }),
  'entry-too-large': () => encodeBundle([Buffer.alloc(65_536)]),
  'entry-mismatch': () => changed('tile/entries/001.p/1', encodeBundle([entryOf(0)])),
  'root-mismatch': () => checkLog({ source: new MemoryFiles(5), size: 5, root: root(4) }),
  'note-malformed': () => parseNote('words'),
  'note-too-large': () => parseNote('x'.repeat(MAX_NOTE_BYTES + 1)),
  'key-malformed': () => parseVerifierKey('words'),
  'key-unsupported': () => parseVerifierKey('a+00000000+/w=='),
  'signature-missing': async () => verifyNote(parseNote(await checkpointOf(5, log)), [nextLog.key]),
  'signature-invalid': async () => {
    const { text, signatures } = parseNote(await checkpointOf(5, log));
    return verifyNote({ text: `${text}more\n`, signatures }, [log.key]);
  },
  'checkpoint-malformed': () => parseCheckpoint('words\n'),
  'origin-malformed': () => formatCheckpoint({ origin: 'a b', size: 0, root: EMPTY_ROOT }),
  'other-origin': async () => judgeCheckpoint(await checkpointOf(5, log), trusting(logSigner('a', secretOf(1)).key)),
  'policy-malformed': () => parsePolicy('words\n'),
  'quorum-missing': async () => {
    const policy = { ...trusting(log.key), witnesses: [{ name: 'w', key: witnesses[0]!.key }], quorum: 'w' };
    return judgeCheckpoint(await checkpointOf(5, log), policy);
  },
  'receipt-malformed': () => parseProof('words'),
  'receipt-too-large': () => parseProof('x'.repeat(MAX_PROOF_BYTES + 1)),
  'request-malformed': async () => addCheckpointRequest(-1, [], await checkpointOf(5, log)),
  'answer-malformed': () => readWitnessAnswer(409, Buffer.from('words'), 'any', []),
};

it.each(Object.entries(FAULTS))('%s', async (code, act) => {
  const fault: unknown = await Promise.resolve()
    .then(act)
    .catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(LogFault);
  expect(fault).toMatchObject({ code, name: 'LogFault', message: expect.stringMatching(/^\S.*\S$/) });
});

it('every fault has its meaning in a line', () => {
  expect(Object.keys(FAULTS)).toEqual(Object.keys(LOG_FAULTS));
  for (const meaning of Object.values(LOG_FAULTS)) expect(meaning).toMatch(/^\S[^\n]+[^.\s]$/);
});

it('what is no fault of the log is no such error', async () => {
  const source = { read: () => Promise.reject(new Error('no answer')) };
  await expect(growLog(source, 5, [entryOf(5)])).rejects.not.toBeInstanceOf(LogFault);
});
