import { afterAll, beforeAll, expect } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unless } from '#libs/testing';
import {
  cosigner,
  encodeBundle,
  formatCheckpoint,
  formatVerifierKey,
  judgeCheckpoint,
  leafHash,
  logSigner,
  MemoryTree,
  parseVerifierKey,
  publicKeyPem,
  secretKey,
  signNote,
  TILE_WIDTH,
  tilePath,
  tilesBetween,
  trusting,
  type TilePlace,
} from '#libs/transparency-log';

// A log of ours, read by Go's checksum database and torchwood: the same tiles, proofs, notes and cosignatures.

const run = promisify(execFile);
const sources = fileURLToPath(new URL('go', import.meta.url));
const program = fileURLToPath(new URL('../../node_modules/.cache/waarborg-read-log/read-log', import.meta.url));

/** What keeps the program from being built, if anything does. Modules are fetched in CI only; else they are here or not. */
async function missing(): Promise<string | undefined> {
  const fetch = process.env['CI'] === 'true' ? {} : { GOPROXY: 'off' };
  const env = { ...process.env, ...fetch, GOFLAGS: '', GOTOOLCHAIN: 'local' };
  await mkdir(dirname(program), { recursive: true });
  try {
    await run('go', ['build', '-mod=readonly', '-o', program, '.'], { cwd: sources, env, timeout: 300_000 });
    return undefined;
  } catch (error) {
    const { code, stderr = '' } = error as { code?: string | number; stderr?: string };
    if (code === 'ENOENT') return 'needs Go';
    if (/module lookup disabled|dial tcp|proxyconnect|no such host|requires go/.test(stderr)) {
      return 'needs Go 1.24 and what go -C test/transparency-log/go mod download brings';
    }
    throw error;
  }
}

const secretOf = (seed: Buffer) =>
  secretKey(
    createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
      format: 'der',
      type: 'pkcs8',
    }),
  );

/** Three levels of tiles, and entries of all lengths up to that of a page. */
const SIZE = 65_900;
const ORIGIN = 'waarborg.invalid/log';
const log = logSigner(ORIGIN, secretOf(Buffer.alloc(32, 1)));
const witnessSeed = Buffer.alloc(32, 11);
const witness = cosigner('witness.invalid/11', secretOf(witnessSeed));
const entryOf = (index: number): Buffer => Buffer.alloc(index % 701 === 0 ? index % 4096 : 32, `entry ${index}; `);

let folder: string;
const tree = new MemoryTree();
const write = async (path: string, bytes: string | Buffer): Promise<void> => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), bytes);
};

function bytesOf({ level, index, width }: TilePlace): Buffer {
  const places = Array.from({ length: width }, (_, at) => index * TILE_WIDTH + at);
  if (level === 'entries') return encodeBundle(places.map(entryOf));
  return Buffer.concat(places.map((at) => tree.nodeAt({ level: level * 8, index: at })));
}

const base64 = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('base64'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarborg-log-'));
  for (let index = 0; index < SIZE; index += 1) tree.append(leafHash(entryOf(index)));
  for (const place of tilesBetween(0, SIZE)) await write(tilePath(place), bytesOf(place));
  const text = formatCheckpoint({ origin: ORIGIN, size: SIZE, root: tree.root() });
  await write('checkpoint', await signNote(text, [log, witness], 1_796_000_000n));
  await write('vkey', formatVerifierKey(log.key));
  await write('key.pem', publicKeyPem(log.key));
  await write('witness-seed', witnessSeed);
  const sizes = [1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, SIZE];
  const pairs = sizes.flatMap((size) => sizes.filter((less) => less <= size).map((less) => [less, size] as const));
  const proofs = {
    inclusion: pairs.map(([less, size]) => ({
      ...{ index: less - 1, size },
      hashes: base64(tree.inclusionProof(less - 1, size)),
    })),
    consistency: pairs.map(([older, size]) => ({ older, size, hashes: base64(tree.consistencyProof(older, size)) })),
  };
  await write('proofs.json', JSON.stringify(proofs));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = unless(await missing());

read.it('Go reads our log: notes, entries, tiles and proofs; and we verify what Go signs', async () => {
  const { stdout } = await run(program, [folder], { maxBuffer: 1e7 });
  const told = JSON.parse(stdout) as Readonly<Record<'key' | 'note' | 'cosigned' | 'cosigner', string>>;
  expect(told).toMatchObject({
    origin: ORIGIN,
    size: SIZE,
    root: tree.root().toString('base64'),
    signedBy: [ORIGIN, 'witness.invalid/11'],
    entries: SIZE,
    proofs: 110,
    cosigner: formatVerifierKey(witness.key),
  });
  const key = parseVerifierKey(told.key);
  expect(judgeCheckpoint(told.note, trusting(key)).checkpoint.size).toBe(SIZE);
  const policy = { ...trusting(key), witnesses: [{ name: 'w', key: witness.key }], quorum: 'w' };
  const both = told.note + told.cosigned.slice(told.cosigned.indexOf('\n\n') + 2);
  expect(judgeCheckpoint(both, policy).witnesses).toEqual([{ name: 'w', timestamp: expect.any(BigInt) }]);
});

read.it('Go refuses our log with one byte changed in a tile, and with another key', async () => {
  const path = join(folder, 'tile/1/000');
  const tile = await readFile(path);
  const bad = Buffer.from(tile);
  bad[4000]! ^= 1;
  await writeFile(path, bad);
  await expect(run(program, [folder])).rejects.toMatchObject({
    stderr: expect.stringContaining('invalid transparency proof'),
  });
  await writeFile(path, tile);
  await write('vkey', formatVerifierKey(logSigner(ORIGIN, secretOf(Buffer.alloc(32, 2))).key));
  await expect(run(program, [folder])).rejects.toMatchObject({
    stderr: expect.stringContaining('the log has not signed with its key'),
  });
});

const openssl = unless(
  await run('openssl', ['version']).then(
    () => undefined,
    () => 'needs openssl',
  ),
);

openssl.it('openssl reads our key and verifies a signature with it', async () => {
  const text = formatCheckpoint({ origin: ORIGIN, size: SIZE, root: tree.root() });
  const [, line = ''] = (await signNote(text, [log], 0n)).split('\n\n');
  await write('text', text);
  await write('signature', Buffer.from(line.trim().split(' ')[2]!, 'base64').subarray(4));
  const paths = ['text', 'signature', 'key.pem'].map((name) => join(folder, name));
  const verifying = (file: string) =>
    run('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', paths[2]!, '-rawin', '-in', file, '-sigfile', paths[1]!]);
  expect((await verifying(paths[0]!)).stdout).toContain('Signature Verified Successfully');
  await expect(verifying(paths[2]!)).rejects.toThrow('Command failed');
});
