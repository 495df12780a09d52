import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { unless } from '#libs/testing';
import { fileKeyProvider, signingKey } from '#libs/vault';
import { installation, obstacle, READY_WITHIN, type Installation, type SuiteProcess } from '../chaos/suite-process.js';
import { runningInstallation, type RunningInstallation } from './running-installation.js';
import { verify } from './verify.js';

/** docs/audit.md: the case on a suite that runs, so that its log can be looked at with tools of others. */
unless(obstacle()).describe('npm run demo -- --against URL', () => {
  let place: Installation;
  let suite: SuiteProcess;
  let running: RunningInstallation | undefined;
  beforeAll(async () => {
    running = await runningInstallation();
    ({ place, suite } = running);
  }, READY_WITHIN);
  afterAll(() => running?.end(), READY_WITHIN);

  const sizeOfLog = async (): Promise<number> =>
    Number((await (await fetch(`${suite.url}/log/checkpoint`)).text()).split('\n')[1]);

  it('plays the case there, ends, and leaves it running with a log that is intact', async () => {
    const before = await sizeOfLog();
    const played = await place.tool('demo/main', '--against', suite.url);
    expect([played.status, played.output]).toEqual([0, expect.stringContaining('The demo went through.')]);
    expect(played.output).toContain(`npm run verify -- ${suite.url}/log`);
    expect((await fetch(`${suite.url}/health/ready`)).status).toBe(200);
    expect(await sizeOfLog()).toBeGreaterThan(before + 100);
    expect((await verify(`${suite.url}/log`)).status).toBe(0);
  });

  it('says what is wrong with an address at which nothing is ready, or that is none', async () => {
    for (const [address, says] of [
      ['http://127.0.0.1:1', 'start it first'],
      ['localhost', 'is the address of a suite'],
      [`${suite.url}/v1`, 'is the address of a suite'],
    ] as const) {
      const refused = await place.tool('demo/main', '--against', address);
      expect([refused.status, refused.output]).toEqual([1, expect.stringContaining(says)]);
    }
  });

  it('says whose keys are asked for where it has those of another suite', async () => {
    const stranger = await installation();
    try {
      await signingKey(await fileKeyProvider(join(stranger.dataDir, 'keys')), 'token');
      const refused = await stranger.tool('demo/main', '--against', suite.url);
      const says = `the suite at ${suite.url} takes no tokens by the keys in ${join(stranger.dataDir, 'keys')}: name the folder`;
      expect([refused.status, refused.output]).toEqual([1, expect.stringContaining(says)]);
    } finally {
      await stranger.remove();
    }
  });
});
