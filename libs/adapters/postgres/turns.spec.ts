import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '#libs/eventing';
import { Turns } from './turns.js';

/** Work that goes on until this test ends it. */
function work() {
  let end!: () => void;
  const done = new Promise<void>((resolve) => (end = resolve));
  let began = false;
  return { end, began: () => began, run: () => ((began = true), done) };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('let a few of one name work at once, the others in the order in which they came', async () => {
    const turns = new Turns({ atOnce: 2, waiting: 10, patience: 60_000 });
    const works = [work(), work(), work(), work()];
    const all = works.map(({ run }) => turns.take('a', run));
    await settled();
    expect(works.map(({ began }) => began())).toEqual([true, true, false, false]);
    works[1]!.end();
    await settled();
    expect(works.map(({ began }) => began())).toEqual([true, true, true, false]);
    for (const { end } of works) end();
    await Promise.all(all);
  });

  it('are of each name apart', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 1, patience: 60_000 });
    const stuck = work();
    const one = turns.take('stuck', stuck.run);
    expect(await turns.take('other', async () => 'answer')).toBe('answer');
    stuck.end();
    await one;
  });

  it('are refused when too many wait, or wait too long, and given back whatever became of the work', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 1, patience: 20 });
    const stuck = work();
    const first = turns.take('a', stuck.run);
    const second = turns.take('a', async () => 'never');
    await expect(turns.take('a', async () => 'never')).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(second).rejects.toThrow('no turn within 20 ms');
    stuck.end();
    await first;
    for (let count = 0; count < 3; count++) {
      await expect(turns.take('a', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    }
    expect(await turns.take('a', async () => 'answer')).toBe('answer');
  });
});
