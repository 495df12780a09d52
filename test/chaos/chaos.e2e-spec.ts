import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { whyNoKafka } from '#libs/embedded';
import { unless } from '#libs/testing';
import { obstacle } from './suite-process.js';

const LIMIT = 600_000;

interface Shown {
  readonly passed: boolean;
  readonly faults: readonly string[];
  readonly rounds: number;
  readonly acknowledged: number;
  readonly allowed: number;
  readonly revocations: number;
  readonly checks: readonly { readonly name: string; readonly found: number; readonly controlFound?: number }[];
}

const noCluster = (): string | undefined =>
  obstacle() ?? (process.platform === 'linux' ? whyNoKafka() : 'processes are found through /proc');

/** The short form of `npm run chaos`, always with the same seed. */
unless(noCluster()).describe('strikes under load', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-chaos-spec-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function chaos(on: string, rounds: number): Promise<Shown> {
    const json = join(folder, `${on}.json`);
    const args = ['test/chaos/chaos.mjs', '--seed', '13', '--rounds', String(rounds), '--on', on, '--json', json];
    const said = await promisify(execFile)(process.execPath, args, { timeout: LIMIT, maxBuffer: 2 ** 24 }).catch(
      (error: { readonly stdout?: string; readonly stderr?: string }) => error,
    );
    const text = await readFile(json, 'utf8').catch(() => {
      throw new Error(`it showed nothing:\n${said.stdout ?? ''}${said.stderr ?? ''}`);
    });
    return JSON.parse(text) as Shown;
  }

  it(
    'lose, double, reorder and wrongly allow nothing on a cluster, while every control is found out',
    async () => {
      const shown = await chaos('cluster', 4);
      expect(shown.faults).toEqual([]);
      expect(shown.checks.map(({ name, found }) => [name, found])).toEqual(shown.checks.map(({ name }) => [name, 0]));
      expect(shown.checks.filter(({ controlFound }) => controlFound !== undefined)).toHaveLength(6);
      for (const { controlFound = 1 } of shown.checks) expect(controlFound).toBeGreaterThan(0);
      expect(Math.min(shown.acknowledged, shown.allowed, shown.revocations)).toBeGreaterThan(0);
      expect([shown.passed, shown.rounds]).toEqual([true, 4]);
    },
    LIMIT,
  );
});
