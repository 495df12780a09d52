import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { onWindows, unless } from '#libs/testing';
import {
  addCheckpointRequest,
  formatCheckpoint,
  formatVerifierKey,
  isSupported,
  judgeCheckpoint,
  leafHash,
  logSigner,
  MAX_REQUEST_BYTES,
  MemoryTree,
  secretKey,
  signNote,
  trusting,
  verifierKey,
  withSignatures,
  witnessedPath,
  type Witnessed,
} from '#libs/transparency-log';
import { FolderWitnessStore, readWitnessSettings, startWitness, WitnessRefused, type RunningWitness } from './index.js';

const ORIGIN = 'register.example/log';
const secretOf = (number: number) =>
  secretKey(
    createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, number)]),
      ...{ format: 'der', type: 'pkcs8' },
    }),
  );
const log = logSigner(ORIGIN, secretOf(1));

const treeOf = (size: number, kind = 'entry'): MemoryTree => {
  const tree = new MemoryTree();
  for (let index = 0; index < size; index += 1) tree.append(leafHash(Buffer.from(`${kind} ${index}`)));
  return tree;
};
const checkpointOf = (size: number, signer = log, kind = 'entry'): Promise<string> =>
  signNote(formatCheckpoint({ origin: signer.key.name, size, root: treeOf(size, kind).root() }), [signer], 0n);
const requestOf = async (old: number, size: number): Promise<Buffer> =>
  addCheckpointRequest(
    old,
    old === 0 || old === size ? [] : treeOf(size).consistencyProof(old, size),
    await checkpointOf(size),
  );

describe('a witness that runs', () => {
  let folder: string;
  let logs: string;
  let witness: RunningWitness;
  let now = 1_796_000_000_000;
  const said: string[] = [];
  const settings = (...more: readonly string[]) =>
    readWitnessSettings(
      [...['--dir', join(folder, 'w1'), '--name', 'witness.example/w1'], ...['--logs', logs, '--port', '0', ...more]],
      {},
    );
  const start = (...more: readonly string[]): Promise<RunningWitness> =>
    startWitness(
      settings(...more),
      (line) => void said.push(line),
      () => now,
    );
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-witness-'));
    logs = join(folder, 'logs');
    said.length = 0;
    await writeFile(logs, `log ${formatVerifierKey(log.key)}\n`);
    witness = await start();
  });
  afterEach(async () => {
    await witness.stop();
    await rm(folder, { recursive: true });
  });
  const post = (body: Uint8Array | string): Promise<Response> =>
    fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body });
  const add = async (old: number, size: number) => {
    const answer = await post(await requestOf(old, size));
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
  };
  const shown = async (origin = ORIGIN): Promise<Response> => fetch(`${witness.url}/${witnessedPath(origin)}`);

  it('cosigns what goes on, shows it to everybody, and is believed by its key', async () => {
    expect((await shown()).status).toBe(404);
    const { status, body } = await add(0, 3);
    expect(status).toBe(200);
    const cosigned = withSignatures(await checkpointOf(3), [body]);
    const policy = { ...trusting(log.key), witnesses: [{ name: 'w', key: witness.key }], groups: [], quorum: 'w' };
    expect(judgeCheckpoint(cosigned, policy).witnesses).toEqual([{ name: 'w', timestamp: 1_796_000_000n }]);
    const answer = await shown();
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      ...[200, 'text/plain; charset=utf-8', cosigned],
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect((await add(3, 20)).status).toBe(200);
    expect(await (await fetch(`${witness.url}/vkey`)).text()).toBe(`${formatVerifierKey(witness.key)}\n`);
  });

  it('answers each status of the specification', async () => {
    await add(0, 20);
    expect(await add(3, 33)).toEqual({ status: 409, type: 'text/x.tlog.size', body: '20\n' });
    expect((await post('no request\n')).status).toBe(400);
    expect((await post('x'.repeat(MAX_REQUEST_BYTES + 10))).status).toBe(400);
    const stranger = await checkpointOf(33, logSigner(ORIGIN, secretOf(9)));
    expect((await post(`old 20\n\n${stranger}`)).status).toBe(403);
    const unknown = await checkpointOf(33, logSigner('other.example/log', secretOf(9)));
    expect((await post(`old 0\n\n${unknown}`)).status).toBe(404);
    const fork = await checkpointOf(33, log, 'another entry');
    const proof = treeOf(33).consistencyProof(20, 33);
    expect((await post(addCheckpointRequest(20, proof, fork))).status).toBe(422);
    expect(said).toEqual([expect.stringMatching(/^A checkpoint was refused: /)]);
    expect((await fetch(`${witness.url}/add-checkpoint`)).status).toBe(405);
    for (const path of ['', 'logs', 'witness.json', '../witness.json', `${'0'.repeat(64)}/checkpoint`]) {
      expect([path, (await fetch(`${witness.url}/${path}`)).status]).toEqual([path, 404]);
    }
    expect((await add(20, 33)).status).toBe(200);
  });

  it('lets one of several requests at once win, and knows after a restart what it has seen', async () => {
    await add(0, 20);
    const bodies = await Promise.all([21, 22, 33, 40, 41, 50].map((size) => requestOf(20, size)));
    const answers = await Promise.all(bodies.map(post));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
    const before = await (await shown()).text();
    const { key } = witness;
    await witness.stop();
    witness = await start();
    expect(witness.key).toEqual(key);
    expect(await (await shown()).text()).toBe(before);
    expect((await add(0, 60)).status).toBe(409);
  });

  it('cosigns nothing while its clock stands before what it has signed, or what it keeps is damaged', async () => {
    await add(0, 20);
    now -= 1_000;
    expect((await add(20, 33)).status).toBe(500);
    now += 1_000;
    const [hex] = await readdir(join(folder, 'w1', 'logs'));
    const [state] = await readdir(join(folder, 'w1', 'logs', hex!));
    const path = join(folder, 'w1', 'logs', hex!, state!);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, 40));
    expect((await add(20, 33)).status).toBe(500);
    expect((await shown()).status).toBe(500);
    await writeFile(path, text);
    expect((await add(20, 33)).status).toBe(200);
  });

  it('has a key of its own: of no other name, and of no log that it watches', async () => {
    await witness.stop();
    await expect(start('--name', 'witness.example/w2')).rejects.toThrow('is the key of witness.example/w1, not of');
    const same = verifierKey(ORIGIN, 'ed25519', witness.key.publicKey);
    await writeFile(logs, `log ${formatVerifierKey(same)}\n`);
    await expect(start()).rejects.toThrow('no log is its own witness');
    await writeFile(logs, `log ${formatVerifierKey(log.key)}\n`);
    await writeFile(join(folder, 'w1', 'witness.json'), '{"name":');
    await expect(start()).rejects.toThrow(WitnessRefused);
    await rm(join(folder, 'w1', 'witness.json'));
    witness = await start();
  });

  unless(onWindows('file modes mean nothing there')).it('refuses a key that others may read', async () => {
    await witness.stop();
    await chmod(join(folder, 'w1', 'witness.json'), 0o644);
    await expect(start()).rejects.toThrow('chmod 600');
    await chmod(join(folder, 'w1', 'witness.json'), 0o600);
    witness = await start();
  });
});

describe('what a witness keeps', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'waarborg-witness-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const seen = async (size: number): Promise<Witnessed> => ({
    ...{ size, root: treeOf(size).root(), timestamp: BigInt(size), note: await checkpointOf(size) },
  });

  it('is compared and stored in one step, by whatever process', async () => {
    const [one, other] = [new FolderWitnessStore(folder), new FolderWitnessStore(folder)];
    expect(await one.latest(ORIGIN)).toBeUndefined();
    expect(await one.replace(ORIGIN, 1, await seen(2))).toBe(false);
    const firsts = await Promise.all(
      [1, 2, 3, 4].map(async (size) => (size % 2 === 0 ? one : other).replace(ORIGIN, 0, await seen(size))),
    );
    expect(firsts.filter((won) => won).length).toBeLessThanOrEqual(1);
    let size = (await other.latest(ORIGIN))!.size;
    // Each goes on from what it sees; whoever was told yes is what the next one sees.
    for (let round = 0; round < 5; round += 1) {
      const next = await Promise.all([size + 1, size + 2].map(seen));
      const won = await Promise.all(next.map((each, at) => (at === 0 ? one : other).replace(ORIGIN, size, each)));
      expect(won.filter(Boolean).length).toBeLessThanOrEqual(1);
      const latest = (await one.latest(ORIGIN))!;
      if (won.includes(true)) expect(latest).toEqual(next[won.indexOf(true)]);
      size = latest.size;
    }
    expect(await one.replace(ORIGIN, size - 1, await seen(size + 5))).toBe(false);
    expect((await one.latest('other.example/log'))?.size).toBeUndefined();
  });
});

describe('a log whose key is of a kind that not every Node knows', () => {
  const pq = verifierKey(ORIGIN, 'ml-dsa-44-cosignature', Buffer.alloc(1312, 5));
  const isKnown = isSupported(pq.kind);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-witness-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const settings = async (...keys: (typeof pq)[]) => {
    const logs = join(folder, 'logs');
    await writeFile(logs, keys.map((key) => `log ${formatVerifierKey(key)}\n`).join(''));
    return readWitnessSettings(
      ['--dir', join(folder, 'w1'), '--name', 'witness.example/w1', '--logs', logs, '--port', '0'],
      {},
    );
  };
  const postTo = async (url: string, note: string): Promise<Response> =>
    fetch(`${url}/add-checkpoint`, { method: 'POST', body: addCheckpointRequest(0, [], note) });

  unless(isKnown ? 'this Node knows ML-DSA-44' : undefined).it(
    'is watched by its other key, and what is not checked is said',
    async () => {
      await expect(settings(pq)).rejects.toThrow(`has no key of ${ORIGIN} by which this Node (${process.version})`);
      const said: string[] = [];
      const witness = await startWitness(await settings(log.key, pq), (line) => void said.push(line));
      try {
        expect(said).toEqual([expect.stringContaining(`not checked: signatures of ${ORIGIN} (${pq.id})`)]);
        const [id, signature] = [Buffer.from(pq.id, 'hex'), Buffer.alloc(2428, 1)];
        const line = `\u2014 ${ORIGIN} ${Buffer.concat([id, signature]).toString('base64')}\n`;
        const both = withSignatures(await checkpointOf(3), [line]);
        expect((await postTo(witness.url, both)).status).toBe(200);
        // It shows what it has verified, and nothing that it has not.
        const shown = await (await fetch(`${witness.url}/${witnessedPath(ORIGIN)}`)).text();
        expect([shown.includes(line), shown.startsWith(await checkpointOf(3))]).toEqual([false, true]);
        const alone = `${formatCheckpoint({ origin: ORIGIN, size: 3, root: treeOf(3).root() })}\n${line}`;
        const refused = await postTo(witness.url, alone);
        expect([refused.status, await refused.text()]).toEqual([
          403,
          expect.stringContaining(`not checked: ${ORIGIN} (${pq.id})`),
        ]);
      } finally {
        await witness.stop();
      }
    },
  );

  unless(isKnown ? undefined : `Node ${process.version} does not know ML-DSA-44`).it(
    'is watched by that key alone, and one that does not fit is refused',
    async () => {
      const generate = generateKeyPairSync as unknown as (type: string) => { privateKey: KeyObject };
      const signer = logSigner(ORIGIN, secretKey(generate('ml-dsa-44').privateKey));
      const witness = await startWitness(await settings(log.key, signer.key), () => undefined);
      try {
        const text = formatCheckpoint({ origin: ORIGIN, size: 3, root: treeOf(3).root() });
        const wrong = await signNote(text.replace('3', '4'), [signer], 0n);
        const line = wrong.slice(wrong.indexOf('\u2014'));
        expect((await postTo(witness.url, `${await signNote(text, [log], 0n)}${line}`)).status).toBe(403);
        const note = await signNote(text, [signer], 0n);
        expect((await postTo(witness.url, note)).status).toBe(200);
        expect(await (await fetch(`${witness.url}/${witnessedPath(ORIGIN)}`)).text()).toContain(note);
      } finally {
        await witness.stop();
      }
    },
  );
});

describe('the settings of a witness', () => {
  it('are refused with every fault at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waarborg-witness-'));
    try {
      const file = join(folder, 'logs');
      const faultsOf = (args: readonly string[], environment: Record<string, string> = {}): string => {
        try {
          readWitnessSettings(args, environment);
          return '';
        } catch (error) {
          return (error as Error).message;
        }
      };
      expect(faultsOf(['--name', 'a b', '--port', '70000'])).toMatch(/--name .*\n.*--port .*\n.*--logs/);
      expect(faultsOf(['--name', 'w', '--logs', file])).toContain("can't be read (ENOENT)");
      await writeFile(file, 'log nonsense\n');
      expect(faultsOf(['--name', 'w', '--logs', file])).toContain('line 1');
      await writeFile(file, '# none\n');
      expect(faultsOf(['--name', 'w', '--logs', file])).toContain('no line "log KEY"');
      await writeFile(file, `log ${formatVerifierKey(log.key)}`);
      expect(faultsOf(['--name', 'w', '--logs', file])).toContain(file);
      await writeFile(file, `log ${formatVerifierKey(log.key)}\nquorum none\n`);
      expect(faultsOf(['--name', ORIGIN, '--logs', file])).toContain('is that of a log');
      expect(faultsOf(['--name', 'w', '--logs', file, '--unknown'])).toContain('--unknown');
      expect(faultsOf(['--name', 'w', '--logs', file, '--port', '65536'])).toContain('--port');
      expect(faultsOf(['--name', 'w', '--logs', file, '--port', '65535'])).toBe('');
      const read = readWitnessSettings([], { WITNESS_NAME: 'w', WITNESS_LOGS: file, WITNESS_PORT: '0' });
      expect(read).toMatchObject({ name: 'w', host: '127.0.0.1', port: 0 });
      expect(read.logs.get(ORIGIN)).toEqual([log.key]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
