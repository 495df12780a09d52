import { afterAll, beforeAll, expect } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unless } from '#libs/testing';
import {
  formatCheckpoint,
  formatVerifierKey,
  growLog,
  logSigner,
  recordEntry,
  secretKey,
  signNote,
  type TileSource,
} from '#libs/transparency-log';
import { verify } from '#libs/verifier';
import { aicsSays, fsckAccepts, fsckSays, missingAics, missingFsck, type Said } from './foreign-tools.js';

// One log of 100,000 entries before three readers: ours, and two that are not: Tessera's fsck (Go) and aics-tlog (Python).

const SIZE = 100_000;
const ORIGIN = 'waarborg.invalid/log';
const seed = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 1)]);
const signer = logSigner(ORIGIN, secretKey(createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' })));
const entryOf = (index: number): Buffer => recordEntry(Buffer.alloc(32, index), Buffer.from(`{"record":${index}}`));

let folder: string;
let rootHash: Buffer;
const file = (path: string): string => join(folder, path);
const write = async (path: string, bytes: string | Buffer): Promise<void> => {
  await mkdir(dirname(file(path)), { recursive: true });
  await writeFile(file(path), bytes);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarborg-log-'));
  const source: TileSource = { read: () => Promise.resolve(undefined) };
  const entries = Array.from({ length: SIZE }, (_, index) => entryOf(index));
  const { files, range } = await growLog(source, 0, entries);
  for (const { path, bytes } of files) await write(`log/${path}`, bytes);
  rootHash = range.root();
  const text = formatCheckpoint({ origin: ORIGIN, size: SIZE, root: rootHash });
  await write('log/checkpoint', await signNote(text, [signer], 0n));
  await write('key', formatVerifierKey(signer.key));
  await write('entry', entryOf(70_123));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** While one byte of a file of the log is another. */
async function whileChanged(path: string, at: number, work: () => Promise<void>): Promise<void> {
  const bytes = await readFile(file(path));
  const bad = Buffer.from(bytes);
  bad[at]! ^= 1;
  await write(path, bad);
  try {
    await work();
  } finally {
    await write(path, bytes);
  }
}

/** Whether ours finds it intact. */
async function ours(): Promise<boolean> {
  async function* nothing(): AsyncGenerator<Uint8Array> {}
  const around = { input: nothing(), out: () => undefined, err: () => undefined, isTerminal: false };
  return (await verify([file('log'), '--key', file('key')], around)) === 0;
}

const byFsck = unless(await missingFsck());
const said = (): Promise<string> => fsckSays(pathToFileURL(file('log')).href, file('key'));

byFsck.it('fsck finds our log of 100,000 entries right, as ours does', async () => {
  expect(await ours()).toBe(true);
  expect(await said()).toContain(fsckAccepts(SIZE, rootHash));
});

for (const [what, path, at] of [
  ['an entry', 'log/tile/entries/273', 34 * 5 + 7],
  ['a tile of leaves', 'log/tile/0/273', 99],
  ['a tile above', 'log/tile/1/000', 99],
  ['the checkpoint', 'log/checkpoint', 30],
] as const) {
  byFsck.it(`fsck refuses our log with one byte of ${what} changed, as ours does`, async () => {
    await whileChanged(path, at, async () => {
      expect(await ours()).toBe(false);
      const answer = await said();
      expect(answer).not.toContain('Successfully');
      expect(answer).not.toBe('');
    });
  });
}

const byAics = unless(await missingAics());
const saidOf = (entry = file('entry'), key = file('key')): Promise<Said> => aicsSays(file('log'), 70_123, entry, key);

byAics.it('aics-tlog finds an entry in our log, and no other one in its place', async () => {
  expect(await saidOf()).toMatchObject({ ok: true, index: 70_123 });
  await write('other', entryOf(70_124));
  expect((await saidOf(file('other'))).ok).toBe(false);
});

byAics.it('aics-tlog refuses our log with one byte of a tile changed, and with another key', async () => {
  for (const path of ['log/tile/0/273', 'log/tile/1/001.p/134']) {
    await whileChanged(path, 32 * 3, async () => {
      expect(await ours()).toBe(false);
      expect((await saidOf()).ok).toBe(false);
    });
  }
  const other = logSigner(ORIGIN, secretKey(createPrivateKey({ key: seed.fill(2, 16), format: 'der', type: 'pkcs8' })));
  await write('other-key', formatVerifierKey(other.key));
  expect((await saidOf(file('entry'), file('other-key'))).ok).toBe(false);
});
