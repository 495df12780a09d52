import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unless } from '#libs/testing';
import {
  formatVerifierKey,
  judgeCheckpoint,
  parseNote,
  parsePolicy,
  parseVerifierKey,
  trusting,
  type Checkpoint,
} from '#libs/transparency-log';
import { knowsMlDsa44 } from '#libs/vault';
import { obstacle, READY_WITHIN, type Installation, type SuiteProcess } from '../chaos/suite-process.js';
import { client, having, type Client } from '../e2e/support/client.js';
import { until } from '../e2e/support/until.js';
import { fsckAccepts, fsckSays, missingFsck } from '../transparency-log/foreign-tools.js';
import { runningInstallation, type RunningInstallation } from './running-installation.js';
import { verify } from './verify.js';

/** docs/operations.md, Transparency log, and docs/verify.md: what operators and auditors type, on the log of a suite that runs. */

const noFsck = await missingFsck();

unless(obstacle()).describe('the log of a suite, and what is typed about it', () => {
  let place: Installation;
  let suite: SuiteProcess;
  let running: RunningInstallation | undefined;
  let supplier: Client;
  let folder: string;
  beforeAll(async () => {
    running = await runningInstallation();
    ({ place, suite } = running);
    supplier = client(suite.url, place.token('supplier'));
    folder = await mkdtemp(join(tmpdir(), 'waarborg-auditor-'));
  }, READY_WITHIN);
  afterAll(async () => {
    await running?.end();
    await rm(folder, { recursive: true, force: true });
  }, READY_WITHIN);

  const log = (): string => `${suite.url}/log`;
  const text = async (path: string): Promise<string> => (await fetch(`${log()}/${path}`)).text();
  const checkpoint = async (): Promise<Checkpoint> =>
    judgeCheckpoint(await text('checkpoint'), trusting(parseVerifierKey((await text('vkey')).trimEnd()))).checkpoint;
  const some = async (facts: number): Promise<void> => {
    const { size } = await checkpoint();
    for (let nth = 0; nth < facts; nth += 1) {
      having(await supplier.command('/v1/persons', { familyName: `Fact ${nth}` }), 201);
    }
    await until('they are in the log', async () => (await checkpoint()).size >= size + facts);
  };
  const keyFile = async (): Promise<string> => {
    const file = join(folder, `key-${(await text('vkey')).split('+')[1]}`);
    await writeFile(file, await text('vkey'));
    return file;
  };

  it('verifies it by its address, with a key and on trust', async () => {
    await some(20);
    const key = await keyFile();
    const byKey = await verify(log(), '--key', key);
    expect([byKey.status, byKey.said, byKey.report.faults]).toEqual([0, expect.anything(), []]);
    expect(byKey.report).toMatchObject({ intact: true, complete: null, onTrust: false });
    expect(byKey.report.size).toBeGreaterThanOrEqual(20);
    expect((await verify(log())).report).toMatchObject({ intact: true, onTrust: true });
  });

  unless(noFsck).it(
    'is what Tessera’s fsck, by Go’s own notes, finds right: at its address and in its folder',
    async () => {
      const key = await keyFile();
      const { size, root } = await checkpoint();
      // What was recorded since may have made it larger.
      const accepted = (said: string): boolean => said.includes("Successfully fsck'd log with size");
      const said = await fsckSays(log(), key);
      expect([accepted(said), said]).toEqual([true, expect.any(String)]);
      const folderSaid = await fsckSays(`file://${join(place.dataDir, 'log')}`, key);
      expect(accepted(folderSaid)).toBe(true);
      if ((await checkpoint()).size === size) expect(folderSaid).toContain(fsckAccepts(size, root));
    },
  );

  it('hands out the records behind it, and the log is complete with them', async () => {
    const target = join(folder, 'records of today');
    const ended = await place.tool('log-records', target);
    expect(ended).toMatchObject({ status: 0 });
    const [records, note] = [join(target, 'records.ndjson'), join(target, 'checkpoint')];
    expect((await stat(records)).mode & 0o077).toBe(0);
    const asked = [log(), '--key', await keyFile(), '--checkpoint', note, '--records'];
    const { status, report } = await verify(...asked, records);
    expect([status, report.complete, report.faults]).toEqual([0, true, []]);
    expect(report.records).toMatchObject({ records: report.size, destroyed: 0, orphaned: 0, wrong: 0 });
    const lines = (await readFile(records, 'utf8')).split('\n');
    expect(lines.join('')).not.toContain('Fact 3');
    const without = join(folder, 'without one');
    await writeFile(without, [...lines.slice(0, 7), ...lines.slice(8)].join('\n'));
    const short = await verify(...asked, without);
    expect([short.status, short.report]).toMatchObject([4, { intact: true, complete: false }]);
    expect(short.report.faults).toMatchObject([{ code: 'record-missing', index: 7 }]);
    const again = await place.tool('log-records', target);
    expect(again).toMatchObject({ status: 1 });
    expect(again.output).toContain('is there already: name another folder');
    const nowhere = await place.tool('log-records');
    expect([nowhere.status, nowhere.output]).toEqual([1, expect.stringContaining('npm run log-records -- DIR')]);
  });

  it('gets a new key beside the running suite; for a while both sign, and who has either believes it', async () => {
    const old = await keyFile();
    const rotated = await place.tool('log-keys', 'rotate');
    expect(rotated).toMatchObject({ status: 0 });
    const before = await text('checkpoint');
    expect(parseNote(before).signatures).toHaveLength(1);
    // Until something is recorded the key beside the checkpoint is the one that has signed it.
    await until('the new key is told', async () => parsePolicy(await text('policy')).logs.length === 2, 30_000);
    expect((await verify(log())).status).toBe(0);
    await some(1);
    await until('both sign', async () => parseNote(await text('checkpoint')).signatures.length === 2, 30_000);
    const next = await keyFile();
    expect(next).not.toBe(old);
    for (const key of [old, next]) expect((await verify(log(), '--key', key)).status).toBe(0);
    await writeFile(join(folder, 'policy'), await text('policy'));
    expect(parsePolicy(await text('policy')).logs).toHaveLength(2);
    expect((await verify(log(), '--policy', join(folder, 'policy'))).status).toBe(0);
    await writeFile(join(folder, 'kept'), before);
    expect((await verify(log(), '--policy', join(folder, 'policy'), '--earlier', join(folder, 'kept'))).status).toBe(0);
  });

  unless(knowsMlDsa44() ? 'this Node knows ML-DSA-44' : undefined).it(
    'gets no key of ML-DSA-44 from a Node that does not know it, and is told what to do',
    async () => {
      const ended = await place.tool('log-keys', 'rotate', 'ml-dsa-44');
      expect([ended.status, ended.output]).toEqual([1, expect.stringContaining('Node 24.6 or newer')]);
      expect(await readdir(join(place.dataDir, 'keys'))).not.toContain('log-ml-dsa-44.1.json');
    },
  );

  unless(knowsMlDsa44() ? undefined : `Node ${process.version} does not know ML-DSA-44`).it(
    'is signed by a second key of ML-DSA-44 once that was made and is asked for; who has that one alone believes it',
    async () => {
      expect(await place.tool('log-keys', 'rotate', 'ml-dsa-44')).toMatchObject({ status: 0 });
      await suite.stop();
      process.env['LOG_SECOND_KEY'] = 'ml-dsa-44';
      try {
        suite = await place.start();
      } finally {
        delete process.env['LOG_SECOND_KEY'];
      }
      supplier = client(suite.url, place.token('supplier'));
      await some(1);
      expect((await text('vkey')).split('\n')).toHaveLength(2);
      const { logs } = parsePolicy(await text('policy'));
      const second = logs.find(({ key }) => key.kind === 'ml-dsa-44-cosignature')!.key;
      expect(judgeCheckpoint(await text('checkpoint'), trusting(second)).keys).toEqual([second]);
      const file = join(folder, 'second-key');
      await writeFile(file, `${formatVerifierKey(second)}\n`);
      for (const key of [file, await keyFile()]) expect((await verify(log(), '--key', key)).status).toBe(0);
      // Who knows Ed25519 alone passes the other signature over.
      if (noFsck === undefined) expect(await fsckSays(log(), await keyFile())).toContain("Successfully fsck'd log");
    },
    2 * READY_WITHIN,
  );

  it.each([
    ['nothing is said', []],
    ['another word is said', ['withdraw']],
    ['something is said besides', ['rotate', 'now']],
  ])('gets no new key where %s', async (_what, words) => {
    const keys = async (): Promise<readonly string[]> => (await readdir(join(place.dataDir, 'keys'))).sort();
    const before = await keys();
    const ended = await place.tool('log-keys', ...words);
    expect(ended).toMatchObject({ status: 1 });
    expect(ended.output).not.toMatch(/^\s+at /m);
    expect(await keys()).toEqual(before);
  });

  it(
    'is not adopted beside a running suite, without a reason, or where it was not restored',
    async () => {
      const beside = await place.tool('adopt-restored-log', '--reason', 'A try');
      expect(beside).toMatchObject({ status: 1 });
      expect(beside.output).toContain('Another process has the store open');
      const unreasoned = await place.tool('adopt-restored-log');
      expect([unreasoned.status, unreasoned.output]).toEqual([1, expect.stringContaining('--reason says why')]);
      await suite.stop();
      const needless = await place.tool('adopt-restored-log', '--reason', 'A try');
      expect([needless.status, needless.output]).toEqual([1, expect.stringContaining('there is nothing to adopt')]);
      suite = await place.start();
      supplier = client(suite.url, place.token('supplier'));
    },
    2 * READY_WITHIN,
  );

  it('is refused, by its address, with a byte changed on its disk: the entry is named', async () => {
    await some(2);
    const { size } = await checkpoint();
    const path = join(place.dataDir, 'log', 'tile', 'entries', '000.p', String(size));
    const bytes = await readFile(path);
    const changed = Buffer.from(bytes);
    changed[34 * 9 + 2 + 5]! ^= 1;
    await writeFile(path, changed);
    const key = await keyFile();
    const { status, report } = await verify(log(), '--key', key);
    expect([status, report.intact, report.complete]).toEqual([1, false, null]);
    expect(report.faults).toMatchObject([{ index: 9 }]);
    if (noFsck === undefined) expect(await fsckSays(log(), key)).not.toContain('Successfully');
    await writeFile(path, bytes);
    await appendFile(path, 'x');
    expect((await verify(log(), '--key', key)).report).toMatchObject({ intact: false });
    await writeFile(path, bytes);
    expect((await verify(log(), '--key', key)).status).toBe(0);
  });
});
