import { describe, expect, it } from '@jest/globals';
import { memoryKeyProvider } from './memory-key-provider.js';
import { answerKeys } from './signing-keys.js';

const KEPT_FOR = 300_000;

describe('a key of answers', () => {
  it('is published first and signs later, but for the first of an installation (LVL-14)', async () => {
    let now = 1_000_000;
    const keys = memoryKeyProvider(() => now);
    const answers = answerKeys(keys, 'ES256');
    const signing = async (): Promise<string> => (await answers.signing(now - KEPT_FOR)).id;
    const published = async (): Promise<readonly string[]> => (await answers.verification()).map(({ id }) => id);
    await answers.begin();
    const first = await signing();
    expect(await published()).toEqual([first]);

    now += 10 * KEPT_FOR;
    const second = await keys.rotate('answer-es256');
    expect([await published(), await signing()]).toEqual([[second, first], first]);
    now += KEPT_FOR - 1;
    expect(await signing()).toBe(first);
    now += 1;
    expect(await signing()).toBe(second);

    // Two in a row: each waits for its own turn.
    const third = await keys.rotate('answer-es256');
    now += KEPT_FOR / 2;
    const fourth = await keys.rotate('answer-es256');
    now += KEPT_FOR / 2;
    expect(await signing()).toBe(third);
    now += KEPT_FOR / 2;
    expect(await signing()).toBe(fourth);
  });

  it('stops at once when it is withdrawn, whatever was published for how long', async () => {
    let now = 1_000_000;
    const keys = memoryKeyProvider(() => now);
    const answers = answerKeys(keys, 'ES256');
    const signing = async (): Promise<string> => (await answers.signing(now - KEPT_FOR)).id;
    await answers.begin();
    const first = await signing();
    now += KEPT_FOR;
    const second = await keys.rotate('answer-es256');
    await keys.withdraw('answer-es256', first);
    expect(await signing()).toBe(second);
    await keys.withdraw('answer-es256', second);
    expect([first, second]).not.toContain(await signing());
  });
});
