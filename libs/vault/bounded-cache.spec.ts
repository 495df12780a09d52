import { describe, expect, it } from '@jest/globals';
import { boundedCache } from './bounded-cache.js';

describe('the bounded cache', () => {
  const setUp = (entries: number) => {
    let time = 0;
    const loads: string[] = [];
    const cache = boundedCache<string>({ entries, ttlMilliseconds: 100 }, () => time);
    const get = (name: string) =>
      cache.get(name, async () => {
        loads.push(name);
        return name.toUpperCase();
      });
    return { cache, get, loads, wait: (milliseconds: number) => void (time += milliseconds) };
  };

  it('loads a value once while it is kept', async () => {
    const { get, loads } = setUp(10);
    expect([await get('a'), await get('a')]).toEqual(['A', 'A']);
    expect(loads).toEqual(['a']);
  });

  it('loads again when the time is over, however often the value was used', async () => {
    const { get, loads, wait } = setUp(10);
    await get('a');
    wait(99);
    await get('a');
    expect(loads).toEqual(['a']);
    wait(1);
    await get('a');
    expect(loads).toEqual(['a', 'a']);
  });

  it('drops what was used longest ago when it is full', async () => {
    const { get, loads } = setUp(2);
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await get(name);
    expect(loads).toEqual(['a', 'b', 'c', 'b']);
  });

  it('keeps nothing when it has no room', async () => {
    const { get, loads } = setUp(0);
    await get('a');
    await get('a');
    expect(loads).toEqual(['a', 'a']);
  });

  it('keeps nothing of a load that failed', async () => {
    const { cache, get } = setUp(10);
    await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await get('a')).toBe('A');
  });

  it('does not keep what was being loaded while it was forgotten', async () => {
    const { cache, get, loads } = setUp(10);
    let finish = (_: string): void => undefined;
    const loading = cache.get('a', () => new Promise<string>((resolve) => (finish = resolve)));
    cache.forget('a');
    finish('stale');
    expect(await loading).toBe('stale');
    expect(await get('a')).toBe('A');
    expect(loads).toEqual(['a']);
  });
});
