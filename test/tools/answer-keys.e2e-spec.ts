import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unless } from '#libs/testing';
import { obstacle, READY_WITHIN, type Installation, type SuiteProcess } from '../chaos/suite-process.js';
import { until } from '../e2e/support/until.js';
import { runningInstallation, type RunningInstallation } from './running-installation.js';

/** docs/operations.md, Signed answers: what an operator types, beside a suite that runs. */
unless(obstacle()).describe('npm run answer-keys', () => {
  let place: Installation;
  let suite: SuiteProcess;
  let running: RunningInstallation | undefined;
  beforeAll(async () => {
    running = await runningInstallation();
    ({ place, suite } = running);
  }, READY_WITHIN);
  afterAll(() => running?.end(), READY_WITHIN);

  const ask = async (): Promise<{ readonly kid: string; readonly alg: string }> => {
    const response = await fetch(`${suite.url}/access/v1/evaluation`, {
      method: 'POST',
      headers: { authorization: `Bearer ${place.token('network')}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        subject: { type: 'means', id: '00000000-0000-4000-8000-000000000000' },
        action: { name: 'represent' },
        resource: { type: 'organization', id: 'kvk:69599068' },
      }),
    });
    const [header] = response.headers.get('payload-signature')!.split('.');
    return JSON.parse(Buffer.from(header!, 'base64url').toString()) as { kid: string; alg: string };
  };
  const published = async (): Promise<readonly string[]> => {
    const { keys } = (await (await fetch(`${suite.url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  };
  const keyFiles = async (): Promise<readonly string[]> => (await readdir(join(place.dataDir, 'keys'))).sort();
  /** A running suite may sign with what it had for five seconds; a slow machine gets three times as long. */
  const signsWith = (id: string): Promise<void> =>
    until('the new key signs', async () => (await ask()).kid === id, 15_000);

  it('makes a new key that is published before it signs, and keeps publishing the one before (LVL-14)', async () => {
    const { kid: before, alg } = await ask();
    expect(alg).toBe('ES256');
    const rotated = await place.tool('answer-keys', 'rotate');
    expect(rotated).toMatchObject({ status: 0 });
    const [after, ...older] = await published();
    expect([after === before, older]).toEqual([false, [before]]);
    expect(rotated.output).toContain(`Newest of ES256: ${after}\nStill published: ${before}\n`);
    expect((await ask()).kid).toBe(before);
  });

  it('takes a key back: it is published no more, and another signs', async () => {
    const { kid: copied } = await ask();
    const withdrawn = await place.tool('answer-keys', 'withdraw', '--key', copied);
    expect(withdrawn).toMatchObject({ status: 0 });
    expect(withdrawn.output).toContain(`Withdrawn: ${copied}.`);
    const [current, ...older] = await published();
    expect([current, ...older]).not.toContain(copied);
    await signsWith(current!);
  });

  it('makes one for another algorithm before the installation goes over to it', async () => {
    const before = await published();
    const made = await place.tool('answer-keys', 'rotate', '--answer-algorithm', 'PS256');
    expect(made.output).toMatch(/Newest of PS256: answer-ps256-1-[0-9a-f]{8}\n/);
    expect((await published()).filter((kid) => !before.includes(kid))).toEqual([
      expect.stringMatching(/^answer-ps256-1-/),
    ]);
    expect((await ask()).alg).toBe('ES256');
  });

  it.each([
    ['nothing is said', [], 'say what to do with the keys of answers: rotate or withdraw'],
    ['another word is said', ['remove'], '"remove" is not understood'],
    ['a key is named for a new one', ['rotate', '--key', 'answer-es256-1-00000000'], 'rotate makes a new one'],
    ['no key is named to be withdrawn', ['withdraw'], 'say with --key which key is withdrawn'],
    ['there is no such key', ['withdraw', '--key', 'answer-es256-99-00000000'], 'there is no answer-es256 key'],
    [
      'the key is none of answers',
      ['withdraw', '--key', 'master-1-00000000'],
      'there is no answer-es256 key master-1-',
    ],
    ['the algorithm is none', ['rotate', '--answer-algorithm', 'RS256'], 'must be one of ES256, PS256'],
  ])('changes nothing where %s', async (_what, words, message) => {
    const before = await keyFiles();
    const ended = await place.tool('answer-keys', ...words);
    expect(ended).toMatchObject({ status: 1 });
    expect(ended.output).toContain(message);
    expect(ended.output).not.toMatch(/^\s+at /m);
    expect(await keyFiles()).toEqual(before);
  });
});
