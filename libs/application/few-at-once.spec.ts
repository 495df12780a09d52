import { describe, expect, it } from '@jest/globals';
import { fewAtOnce } from './few-at-once.js';

describe('work on many items', () => {
  it('is done for four at a time and answered in their order', async () => {
    let working = 0;
    let most = 0;
    const results = await fewAtOnce(
      Array.from({ length: 50 }, (_, index) => index),
      async (item) => {
        most = Math.max(most, (working += 1));
        for (let turn = 0; turn <= item % 3; turn += 1) await Promise.resolve();
        working -= 1;
        return item * 2;
      },
    );
    expect(results).toEqual(Array.from({ length: 50 }, (_, index) => index * 2));
    expect(most).toBe(4);
    expect(await fewAtOnce([], () => Promise.reject(new Error('nothing to do')))).toEqual([]);
  });

  it('ends with the first that fails: nothing more is begun', async () => {
    const begun: number[] = [];
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      await Promise.resolve();
      if (item === 3) throw new Error('the store is away');
    };
    await expect(
      fewAtOnce(
        Array.from({ length: 100 }, (_, index) => index),
        work,
      ),
    ).rejects.toThrow('the store is away');
    expect(begun.length).toBeLessThan(20);
  });
});
