import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  formatCheckpoint,
  formatReceipt,
  formatVerifierKey,
  growLog,
  logSigner,
  recordEntry,
  secretKey,
  signNote,
  TileTree,
  type TileSource,
} from '#libs/transparency-log';

// What an auditor has: the tarball in an empty folder, a log, and its key. The registry of packages is out of reach.

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const SIZE = 300;
const seed = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 1)]);
const signer = logSigner(
  'waarborg.invalid/log',
  secretKey(createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' })),
);
const saltOf = (index: number): Buffer => Buffer.alloc(32, index);
const recordOf = (index: number): Buffer => Buffer.from(`{"record":${index}}`);

let project: string;

/** The npm that runs this test, where one does. */
function npmProgram(): readonly [program: string, ...first: string[]] {
  const script = process.env['npm_execpath'];
  return script !== undefined && /npm-cli\.[cm]?js$/.test(script) ? [process.execPath, script] : ['npm'];
}

const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(WAARBORG_|JEST_|NODE_|INIT_CWD|npm_(?!execpath))/.test(name)),
  );

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function inProject(program: string, ...args: readonly string[]): Promise<Ended> {
  try {
    return { status: 0, ...(await run(program, args, { cwd: project, env: environment() })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}

const npx = (...args: readonly string[]): Promise<Ended> => {
  const [program, ...first] = npmProgram();
  return inProject(program, ...first, 'exec', '--offline', '--', 'waarborg-verify', ...args);
};

const write = async (path: string, content: string | Buffer): Promise<void> => {
  await mkdir(dirname(join(project, path)), { recursive: true });
  await writeFile(join(project, path), content);
};

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'waarborg-auditor-'));
  await writeFile(join(project, 'package.json'), '{ "name": "audit", "private": true }');
  const packed = await inProject(process.execPath, join(root, 'deploy', 'local', 'verify-pack.mjs'), project);
  const tarball = packed.stdout.trim().split('\n').at(-1)!;
  const [program, ...first] = npmProgram();
  const cache = ['--cache', join(project, 'cache')];
  const installed = await inProject(program, ...first, 'install', '--offline', ...cache, '--no-audit', tarball);
  expect(installed).toMatchObject({ status: 0 });
  const source: TileSource = { read: (path) => readFile(join(project, 'log', path)).catch(() => undefined) };
  const indexes = Array.from({ length: SIZE }, (_, index) => index);
  const { files, range } = await growLog(
    source,
    0,
    indexes.map((index) => recordEntry(saltOf(index), recordOf(index))),
  );
  for (const { path, bytes } of files) await write(`log/${path}`, bytes);
  const text = formatCheckpoint({ origin: 'waarborg.invalid/log', size: SIZE, root: range.root() });
  const checkpoint = await signNote(text, [signer], 0n);
  await write('log/checkpoint', checkpoint);
  await write('log/vkey', formatVerifierKey(signer.key));
  await write('key', formatVerifierKey(signer.key));
  const lines = indexes.map((index) =>
    JSON.stringify({ index, salt: saltOf(index).toString('base64'), record: recordOf(index).toString() }),
  );
  await write('records.ndjson', `${lines.join('\n')}\n`);
  const hashes = await new TileTree(source, SIZE).inclusionProof(7);
  const receipt = formatReceipt({ salt: saltOf(7), record: recordOf(7), index: 7, hashes, checkpoint });
  await write('7.tlog-proof', receipt);
});
afterAll(() => rm(project, { recursive: true, force: true }));

it('brings nothing with it, and is the text of the project', async () => {
  const there = await readdir(join(project, 'node_modules'));
  expect(there.filter((name) => !name.startsWith('.'))).toEqual(['waarborg-verify']);
  const place = join(project, 'node_modules', 'waarborg-verify');
  const manifest = JSON.parse(await readFile(join(place, 'package.json'), 'utf8')) as Readonly<Record<string, unknown>>;
  expect(Object.keys(manifest).filter((member) => /dependencies|scripts/i.test(member))).toEqual([]);
  expect(await readdir(join(place, 'dist', 'libs'))).toEqual(['transparency-log', 'verifier']);
  for (const library of ['transparency-log', 'verifier']) {
    for (const name of await readdir(join(place, 'dist', 'libs', library))) {
      const text = await readFile(join(place, 'dist', 'libs', library, name), 'utf8');
      const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from!);
      expect(imported.filter((from) => !/^(node:|\.\/|#libs\/transparency-log$)/.test(from))).toEqual([]);
    }
  }
});

it('verifies a log and its records, and a receipt offline', async () => {
  const whole = await npx('log', '--key', 'key', '--records', 'records.ndjson');
  expect(whole).toMatchObject({ status: 0, stderr: '' });
  expect(whole.stdout).toContain('intact      yes');
  expect(whole.stdout).toContain('complete    yes');
  const receipt = await npx('--receipt', '7.tlog-proof', '--key', 'key', '--json');
  expect(receipt.status).toBe(0);
  expect(JSON.parse(receipt.stdout)).toMatchObject({ holds: true, index: 7, record: '{"record":7}' });
});

it('hashes a long log on a thread of its own, and names what is wrong in it', async () => {
  const long = 20_300;
  const entries = Array.from({ length: long }, (_, index) => recordEntry(saltOf(index), recordOf(index)));
  const { files, range } = await growLog({ read: () => Promise.resolve(undefined) }, 0, entries);
  for (const { path, bytes } of files) await write(`long/${path}`, bytes);
  const text = formatCheckpoint({ origin: 'waarborg.invalid/log', size: long, root: range.root() });
  await write('long/checkpoint', await signNote(text, [signer], 0n));
  const right = await npx('long', '--key', 'key', '--json');
  expect(right.status).toBe(0);
  expect(JSON.parse(right.stdout)).toMatchObject({ intact: true, size: long });
  // An entry amid a full bundle, and one of the last bundle, which is hashed in turn.
  for (const [path, at, index] of [
    ['long/tile/entries/041', 34 * 7 + 2, 41 * 256 + 7],
    ['long/tile/entries/079.p/76', 34 * 3 + 2, 79 * 256 + 3],
  ] as const) {
    const bytes = await readFile(join(project, path));
    bytes[at]! ^= 1;
    await write(path, bytes);
    const wrong = await npx('long', '--key', 'key', '--json');
    expect(wrong.status).toBe(1);
    const { intact, faults } = JSON.parse(wrong.stdout) as { intact: boolean; faults: readonly object[] };
    expect(intact).toBe(false);
    expect(faults).toMatchObject([{ code: 'entry-mismatch', index }]);
    bytes[at]! ^= 1;
    await write(path, bytes);
  }
});

it('ends with the status that its README lists', async () => {
  const readme = await readFile(join(project, 'node_modules', 'waarborg-verify', 'README.md'), 'utf8');
  expect([...readme.matchAll(/^- (\d): /gm)].map(([, status]) => Number(status))).toEqual([0, 1, 2, 3, 4]);
  await write('records.short', (await readFile(join(project, 'records.ndjson'), 'utf8')).replace(/.*\n$/, ''));
  await write('bad/checkpoint', (await readFile(join(project, 'log', 'checkpoint'), 'utf8')).replace('300', '301'));
  for (const [status, ...args] of [
    [0, 'log', '--key', 'key'],
    [1, 'bad', '--key', 'key'],
    [2, 'nowhere', '--key', 'key'],
    [3, 'node_modules', '--key', 'key'],
    [4, 'log', '--key', 'key', '--records', 'records.short'],
  ] as const) {
    expect({ args, ...(await npx(...args)) }).toMatchObject({ status });
  }
});

it('runs from the project as well, on files named from where it was asked', async () => {
  const [program, ...first] = npmProgram();
  const within = ['--prefix', root, 'run', '--silent', 'verify', '--'];
  const asked = await inProject(program, ...first, ...within, 'log', '--key', 'key');
  expect(asked.stdout).toContain('intact      yes');
  expect(asked.status).toBe(0);
});
