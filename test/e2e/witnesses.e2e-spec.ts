import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveModule, logSignatures } from '#apps/archive';
import { readWitnessSettings, startWitness, type RunningWitness } from '#apps/witness';
import { startWaarborg } from '#libs/composition';
import { readConfiguration } from '#libs/configuration';
import {
  addCheckpointRequest,
  checkLog,
  formatVerifierKey,
  judgeCheckpoint,
  leafHash,
  MemoryTree,
  parseCheckpoint,
  parseNote,
  parsePolicy,
  parseVerifierKey,
  trusting,
  witnessedPath,
  type Checkpoint,
  type TileSource,
} from '#libs/transparency-log';
import { knowsMlDsa44 } from '#libs/vault';
import { verify } from '#libs/verifier';
import { at, paperCase } from './support/case.js';
import { having, type Client } from './support/client.js';
import { databaseSettings, freshPlace, startSuite, type Place, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

const ORIGIN = 'register.example/log';

/** A suite whose log two of our witnesses watch, one of them dead, by a policy that asks for one of the two. */
describe('a log with witnesses', () => {
  let folder: string;
  let place: Place;
  let suite: TestSuite;
  let isRunning = false;
  let supplier: Client;
  let witness: RunningWitness;
  const args = (): readonly string[] => ['--log-origin', ORIGIN, '--log-policy', join(folder, 'policy')];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-witnesses-'));
    place = await freshPlace();
    // The key of the log is there after its first start: witnesses are told of it.
    const first = await startSuite(place, ['--log-origin', ORIGIN]);
    const key = (await (await fetch(`${first.url}/log/vkey`)).text()).trimEnd();
    await first.stop();
    await writeFile(join(folder, 'logs'), `log ${key}\n`);
    const settings = (name: string) =>
      readWitnessSettings(
        [
          ...['--name', `witness.example/${name}`, '--dir', join(folder, name)],
          ...['--logs', join(folder, 'logs'), '--port', '0'],
        ],
        {},
      );
    witness = await startWitness(settings('w1'), () => undefined);
    const dead = await startWitness(settings('w2'), () => undefined);
    await dead.stop();
    const lines = [
      `log ${key}`,
      `witness w1 ${formatVerifierKey(witness.key)} ${witness.url}`,
      `witness w2 ${formatVerifierKey(dead.key)} http://127.0.0.1:${await freePort()}/`,
      ...['group any-of 1 w1 w2', 'quorum any-of', ''],
    ];
    await writeFile(join(folder, 'policy'), lines.join('\n'));
    await start(...args());
    supplier = await suite.client('supplier');
  });
  const start = async (...given: readonly string[]): Promise<void> => {
    suite = await startSuite(place, given);
    isRunning = true;
  };
  const stop = async (): Promise<void> => {
    if (isRunning) await suite.stop();
    isRunning = false;
  };
  afterAll(async () => {
    await stop();
    await witness?.stop();
    await place?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The archive alone, of which it is known that it does not start. */
  const archive = async (...given: readonly string[]): Promise<unknown> =>
    startWaarborg(
      [ArchiveModule],
      readConfiguration(['--port', '0', '--data-dir', place.dataDir, '--log-level', 'silent', ...given], {
        ...databaseSettings(place),
      }),
      () => undefined,
    );
  const text = async (path: string): Promise<string> => (await fetch(`${suite.url}/log/${path}`)).text();
  const published = async (): Promise<Checkpoint> =>
    judgeCheckpoint(await text('checkpoint'), trusting(parseVerifierKey((await text('vkey')).trimEnd()))).checkpoint;
  const seen = async (): Promise<Checkpoint> => {
    const answer = await fetch(`${witness.url}/${witnessedPath(ORIGIN)}`);
    return parseCheckpoint(parseNote(await answer.text()).text);
  };
  const verified = async (...given: readonly string[]): Promise<{ status: number; said: string }> => {
    let said = '';
    const say = (line: string): void => void (said += line);
    const none = (async function* (): AsyncGenerator<Uint8Array> {})();
    const status = await verify(given, { input: none, out: say, err: say, isTerminal: false });
    return { status, said };
  };

  it('is published without waiting for the dead one, and cosigned by the other', async () => {
    await until('the witness has seen what is published', async () => (await seen()).size === (await published()).size);
    const [one, other] = [await seen(), await published()];
    expect([one.origin, one.root.equals(other.root)]).toEqual([ORIGIN, true]);
    expect(suite.lines.join('\n')).toContain('The witness witness.example/w2: ');
  });

  it('gives a receipt that meets the policy, which the verifier believes offline (ARCH-13)', async () => {
    const case1 = await paperCase(supplier);
    const facts = {
      ...{ type: 'eSignatureValidation', about: { person: case1.director.id }, application: case1.application },
      ...{ performedAt: at(0), performedBy: { clerk: 'clerk-17' }, source: { name: 'case-file', reference: 'page-1' } },
      signature: { technology: 'pki', chainComplete: true, revocationStatus: 'good' },
    };
    const { body } = having(await supplier.command('/v1/checks', facts), 201);
    const path = `/v1/checks/${body['id'] as string}/receipt`;
    await until('it is witnessed', async () => (await supplier.get(path)).status === 200);
    const { text: receipt } = having(await supplier.get(path), 200);
    const file = join(folder, 'receipt.tlog-proof');
    await writeFile(file, receipt);
    const believed = await verified('--receipt', file, '--policy', join(folder, 'policy'));
    expect(believed).toEqual({ status: 0, said: expect.stringMatching(/holds {7}yes[^]*/) });
    expect(believed.said).toContain('witness     w1, at ');
    // By a policy of both it does not hold, nor without the witness's line.
    const policy = await readFile(join(folder, 'policy'), 'utf8');
    await writeFile(join(folder, 'both'), policy.replace('group any-of 1', 'group any-of all'));
    const unwitnessed = join(folder, 'unwitnessed.tlog-proof');
    await writeFile(unwitnessed, receipt.replace(/^\u2014 witness\.example\/w1 .*\n/m, ''));
    for (const given of [
      ['--receipt', file, '--policy', join(folder, 'both')],
      ['--receipt', unwitnessed, '--policy', join(folder, 'policy')],
    ]) {
      expect(await verified(...given)).toEqual({ status: 1, said: expect.stringContaining('quorum-missing') });
    }
    expect(parsePolicy(policy).witnesses).toHaveLength(2);
  });

  it('does not start on a database that knows less than a witness has seen signed', async () => {
    const source: TileSource = {
      async read(path) {
        const answer = await fetch(`${suite.url}/log/${path}`);
        return answer.status === 200 ? new Uint8Array(await answer.arrayBuffer()) : undefined;
      },
    };
    await until('the witness has seen what is published', async () => (await seen()).size === (await published()).size);
    const { size, root } = await published();
    const tree = new MemoryTree();
    await checkLog({ source, size, root, onEntry: (_, entry) => tree.append(leafHash(entry)) });
    const { logKeys } = suite.running.open.vault;
    await stop();
    // What the log would have signed next, of a database that has been put back since.
    for (let more = 0; more < 5; more += 1) tree.append(leafHash(Buffer.alloc(32, more)));
    const note = await logSignatures(ORIGIN, logKeys, Date.now).sign({ size: size + 5, root: tree.root() });
    const known = (await seen()).size;
    const body = addCheckpointRequest(known, tree.consistencyProof(known, size + 5), note);
    expect((await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body })).status).toBe(200);
    await expect(archive(...args())).rejects.toThrow(
      new RegExp(`The witness witness\\.example/w1 has cosigned ${size + 5} entries .* npm run adopt-restored-log`),
    );
    // Nothing was given out or signed. Without that policy it starts: it is the witness that knows.
    await start('--log-origin', ORIGIN);
    expect((await published()).size).toBeLessThan(size + 5);
  });

  it('does not start by a policy that it can not go by', async () => {
    await stop();
    await writeFile(join(folder, 'wrong'), 'witness w1 nonsense\nquorum w1\n');
    await expect(archive('--log-policy', join(folder, 'wrong'))).rejects.toThrow('LOG_POLICY: ');
    await expect(archive('--log-policy', join(folder, 'nowhere'))).rejects.toThrow("can't be read (ENOENT)");
  });

  it('does not start to sign with a second key that is not there, or that this Node does not know', async () => {
    await stop();
    const what = knowsMlDsa44()
      ? 'make it once (npm run log-keys -- rotate ml-dsa-44)'
      : 'knows no ML-DSA-44: start with Node 24.6 or newer, or without LOG_SECOND_KEY';
    await expect(archive('--log-second-key', 'ml-dsa-44')).rejects.toThrow(what);
    await expect(archive('--log-second-key', 'ml-dsa-65')).rejects.toThrow('--log-second-key');
  });
});

/** One where nobody listens any more. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
