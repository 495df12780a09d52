import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unless } from '#libs/testing';
import { obstacle, READY_WITHIN, type Installation, type SuiteProcess } from '../chaos/suite-process.js';
import { client } from '../e2e/support/client.js';
import { until } from '../e2e/support/until.js';
import { runningInstallation, type RunningInstallation } from './running-installation.js';

const partOf = (token: string, part: 0 | 1): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(token.split('.')[part]!, 'base64url').toString()) as Readonly<Record<string, unknown>>;
const keyOf = (token: string): unknown => partOf(token, 0)['kid'];

/** docs/operations.md, Tokens: what an operator types, beside a suite that runs. */
unless(obstacle()).describe('npm run token-keys', () => {
  let place: Installation;
  let suite: SuiteProcess;
  let running: RunningInstallation | undefined;
  beforeAll(async () => {
    running = await runningInstallation();
    ({ place, suite } = running);
  }, READY_WITHIN);
  afterAll(() => running?.end(), READY_WITHIN);

  const status = async (token: string): Promise<number> => (await client(suite.url, token).get('/v1/services')).status;
  /** A suite may believe what it has verified for five seconds; a slow machine gets three times as long to say so. */
  const refused = (token: string): Promise<void> =>
    until('the token is refused', async () => (await status(token)) === 401, 15_000);
  const keyFiles = async (): Promise<readonly string[]> => (await readdir(join(place.dataDir, 'keys'))).sort();

  it('makes a new key that signs from then on, and lets older tokens count', async () => {
    const before = place.token('supplier');
    expect(await status(before)).toBe(200);
    const rotated = await place.tool('token-keys', 'rotate');
    const after = place.token('supplier');
    expect(keyOf(after)).not.toBe(keyOf(before));
    expect(rotated).toMatchObject({ status: 0 });
    expect(rotated.output).toContain('within 6 hours');
    expect(rotated.output).toContain(`Signs: ${String(keyOf(after))}\nStill counts: ${String(keyOf(before))}\n`);
    expect([await status(before), await status(after)]).toEqual([200, 200]);
  });

  it('takes one key back by its name: what it signed is refused, what others signed is not', async () => {
    const copied = place.token('supplier');
    await place.tool('token-keys', 'rotate');
    const kept = place.token('supplier');
    expect([await status(copied), await status(kept)]).toEqual([200, 200]);
    const withdrawn = await place.tool('token-keys', 'withdraw', '--key', String(keyOf(copied)));
    expect(withdrawn).toMatchObject({ status: 0 });
    expect(withdrawn.output).toContain(`Withdrawn: ${String(keyOf(copied))}. What they signed is refused`);
    await refused(copied);
    expect(await status(kept)).toBe(200);
    expect(keyOf(place.token('supplier'))).toBe(keyOf(kept));
  });

  it('takes all keys back where none is named, and goes on with a new one', async () => {
    await place.tool('token-keys', 'rotate');
    const before = place.token('supplier');
    expect(await status(before)).toBe(200);
    const withdrawn = await place.tool('token-keys', 'withdraw');
    expect(withdrawn).toMatchObject({ status: 0 });
    expect(withdrawn.output).not.toContain('Still counts');
    await refused(before);
    const after = place.token('supplier');
    expect(withdrawn.output).toContain(`Signs: ${String(keyOf(after))}\n`);
    expect(await status(after)).toBe(200);
  });

  it.each([
    ['nothing is said', [], 'say what to do with the keys of tokens: rotate or withdraw'],
    ['another word is said', ['remove'], '"remove" is not understood'],
    ['a key is named for a new one', ['rotate', '--key', 'token-1-00000000'], 'rotate makes a new one'],
    ['there is no such key', ['withdraw', '--key', 'token-99-00000000'], 'there is no token key token-99-00000000'],
    ['the key is not one of tokens', ['withdraw', '--key', 'master-1-00000000'], 'there is no token key master-1-'],
  ])('changes nothing where %s', async (_what, words, message) => {
    const before = await keyFiles();
    const ended = await place.tool('token-keys', ...words);
    expect(ended).toMatchObject({ status: 1 });
    expect(ended.output).toContain(message);
    expect(ended.output).not.toMatch(/^\s+at /m);
    expect(await keyFiles()).toEqual(before);
  });

  it.each([
    ['of a clerk in a role in which a person acts', ['--role', 'auditor'], 'local-clerk'],
    ['of the clerk that is named', ['--role', 'supplier', '--clerk', 'c-17'], 'c-17'],
    ['of the program where nobody is named', ['--role', 'supplier', '--clerk', ''], 'the program'],
    ['of the program in every other role', ['--role', 'network'], 'the program'],
  ])('finds the tokens that npm run token makes %s', async (_whose, words, whose) => {
    const { output } = await place.tool('token', ...words);
    const { sub, client_id: program } = partOf(
      output.split('\n').find((line) => line.startsWith('ey'))!,
      1,
    );
    expect(sub === undefined || sub === program ? 'the program' : sub).toBe(whose);
  });
});
