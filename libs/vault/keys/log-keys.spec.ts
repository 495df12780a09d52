import { expect, it } from '@jest/globals';
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
