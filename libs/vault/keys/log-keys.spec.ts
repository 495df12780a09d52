import { expect, it } from '@jest/globals';
import { unless } from '#libs/testing';
import { knowsMlDsa44 } from './key-material.js';
import { KeysUnusable } from './key-provider.js';
import { memoryKeyProvider } from './memory-key-provider.js';
import { LOG_KEY_OVERLAP, logKeys } from './signing-keys.js';

it('A new key of the log signs at once, beside the one before for a while; all of them are to verify with', async () => {
  let now = 1_000_000;
  const keys = memoryKeyProvider(() => now);
  const log = logKeys(keys);
  const signing = async (): Promise<readonly string[]> => (await log.signing(now)).map(({ id }) => id);
  const [first] = await signing();
  expect(await signing()).toEqual([first]);
  now += LOG_KEY_OVERLAP;
  const second = await keys.rotate('log');
  expect(await signing()).toEqual([second, first]);
  now += LOG_KEY_OVERLAP - 1;
  expect(await signing()).toEqual([second, first]);
  const third = await keys.rotate('log');
  expect(await signing()).toEqual([third, second, first]);
  now += 1;
  expect(await signing()).toEqual([third, second]);
  now += LOG_KEY_OVERLAP;
  expect(await signing()).toEqual([third]);
  expect((await log.verification()).map(({ id }) => id)).toEqual([third, second, first]);
});

const newer = unless(knowsMlDsa44() ? undefined : `Node ${process.version} does not know ML-DSA-44`);
const older = unless(knowsMlDsa44() ? 'this Node knows ML-DSA-44' : undefined);

it('Without a second key the log signs with Ed25519 alone, and can at once', async () => {
  const log = logKeys(memoryKeyProvider());
  await expect(log.begin()).resolves.toBeUndefined();
  expect((await log.signing(0)).map(({ privateKey }) => privateKey.asymmetricKeyType)).toEqual(['ed25519']);
});

older.it('A Node without ML-DSA-44 signs with no less than was asked for: it says what to do', async () => {
  const keys = memoryKeyProvider();
  const log = logKeys(keys, 'ml-dsa-44');
  const what = `this Node (${process.version}) knows no ML-DSA-44: start with Node 24.6 or newer, or without LOG_SECOND_KEY`;
  await expect(log.begin()).rejects.toThrow(new KeysUnusable(what));
  await expect(log.signing(0)).rejects.toThrow(what);
  await expect(keys.rotate('log-ml-dsa-44')).rejects.toThrow(what);
  // What Ed25519 has signed is verified all the same.
  expect(await log.verification()).toHaveLength(1);
});

newer.it(
  'A second key is one that was made: none is made at a start, where each process would have its own',
  async () => {
    const log = logKeys(memoryKeyProvider(), 'ml-dsa-44');
    await expect(log.begin()).rejects.toThrow('npm run log-keys -- rotate ml-dsa-44');
    await expect(log.signing(0)).rejects.toThrow('there is none');
  },
);

newer.it(
  'Two kinds of key sign, each beside the one before it for a while, and go on to be verified with',
  async () => {
    let now = 1_000_000;
    const keys = memoryKeyProvider(() => now);
    const [both, alone] = [logKeys(keys, 'ml-dsa-44'), logKeys(keys)];
    const [ed25519] = (await both.verification()).map(({ id }) => id);
    const first = await keys.rotate('log-ml-dsa-44');
    const signing = async (): Promise<readonly string[]> => (await both.signing(now)).map(({ id }) => id);
    await both.begin();
    expect(await signing()).toEqual([ed25519, first]);
    now += LOG_KEY_OVERLAP;
    const second = await keys.rotate('log-ml-dsa-44');
    expect(await signing()).toEqual([ed25519, second, first]);
    now += LOG_KEY_OVERLAP;
    expect(await signing()).toEqual([ed25519, second]);
    // Who does not want it any more shows it for what it has signed.
    expect((await alone.signing(now)).map(({ id }) => id)).toEqual([ed25519]);
    expect((await alone.verification()).map(({ id }) => id)).toEqual([ed25519, second, first]);
  },
);
