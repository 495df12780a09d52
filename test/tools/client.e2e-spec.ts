import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { unless } from '#libs/testing';
import { installation, obstacle, READY_WITHIN, type Installation, type SuiteProcess } from '../chaos/suite-process.js';
import { client } from '../e2e/support/client.js';
import { runningInstallation, type RunningInstallation } from './running-installation.js';

/** docs/operations.md, Tokens: what somebody types who connects a program of his. */
unless(obstacle()).describe('npm run client', () => {
  let place: Installation;
  let suite: SuiteProcess;
  let running: RunningInstallation | undefined;
  beforeAll(async () => {
    running = await runningInstallation();
    ({ place, suite } = running);
  }, READY_WITHIN);
  afterAll(() => running?.end(), READY_WITHIN);

  const secretIn = (output: string): string => /^[\w-]{43}$/m.exec(output)![0];
  const tokenFor = async (name: string, secret: string): Promise<Response> =>
    fetch(`${suite.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });

  it('adds a program that gets tokens from the running suite, lists it, and removes it', async () => {
    const added = await place.tool('client', 'add', 'back-office', '--role', 'supplier');
    expect(added).toMatchObject({ status: 0 });
    const secret = secretIn(added.output);
    const { access_token: token } = (await (await tokenFor('back-office', secret)).json()) as { access_token: string };
    expect((await client(suite.url, token).get('/v1/services')).status).toBe(200);
    const listed = await place.tool('client', 'list');
    expect(listed).toMatchObject({ status: 0 });
    expect(listed.output).toContain('back-office\tsupplier\tlocal-clerk\n');
    expect(listed.output).not.toContain(secret);
    expect(await place.tool('client', 'remove', 'back-office')).toMatchObject({ status: 0 });
    expect((await tokenFor('back-office', secret)).status).toBe(401);
    expect((await place.tool('client', 'list')).output).toContain('There are none yet');
  });

  it.each([
    ['nothing is said', [], 'say what to do with the clients: add, remove or list'],
    ['another word is said', ['rename', 'x'], 'say what to do with the clients'],
    ['no client is named', ['add', '--role', 'supplier'], 'say which client to add'],
    ['no role is said', ['add', 'back-office'], '--role must be one of supplier'],
    ['there is no such client', ['remove', 'nobody'], 'there is no client nobody'],
    ['the name is none', ['add', 'Back Office', '--role', 'supplier'], 'the name has 1 to 64 small letters'],
  ])('says in a line what is missing where %s', async (_what, words, message) => {
    const ended = await place.tool('client', ...words);
    expect(ended).toMatchObject({ status: 1 });
    expect(ended.output).toContain(message);
    expect(ended.output).not.toMatch(/^\s+at /m);
  });
});

unless(obstacle()).describe('a tool for a register that is there', () => {
  it.each([
    ['token', ['--role', 'supplier']],
    ['token-keys', ['rotate']],
    ['client', ['list']],
  ])('makes no keys in an empty folder: %s', async (name, words) => {
    const empty = await installation();
    try {
      const ended = await empty.tool(name, ...words);
      expect(ended).toMatchObject({ status: 1 });
      expect(ended.output).toContain(`no keys are in ${empty.dataDir}/keys: start the suite on`);
      expect(await readdir(empty.dataDir)).toEqual([]);
    } finally {
      await empty.remove();
    }
  });
});
