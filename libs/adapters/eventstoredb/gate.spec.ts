import { describe, expect, it } from '@jest/globals';
import { Gate } from './gate.js';

const LIMITS = { inFlight: 2, queuedAppends: 2, queuedBytes: 100, waitMilliseconds: 60_000 };

/** Work that ends when it is told to, in the order in which it began. */
function works(gate: Gate) {
  const begun: { readonly name: string; readonly end: () => void }[] = [];
  const work = (name: string, bytes = 1): Promise<string> =>
    gate.pass(bytes, () => new Promise((resolve) => begun.push({ name, end: () => resolve(name) })));
  return { begun, work, names: () => begun.map(({ name }) => name) };
}

describe('the gate before the server', () => {
  it('lets so many through at once, and the others in their order', async () => {
    const { begun, work, names } = works(new Gate(LIMITS, {}));
    const all = ['a', 'b', 'c', 'd'].map((name) => work(name));
    expect(names()).toEqual(['a', 'b']);
    begun[1]!.end();
    await all[1];
    expect(names()).toEqual(['a', 'b', 'c']);
    begun[0]!.end();
    begun[2]!.end();
    await Promise.all([all[0], all[2]]);
    expect(names()).toEqual(['a', 'b', 'c', 'd']);
    begun[3]!.end();
    expect(await all[3]).toBe('d');
  });

  it('refuses one too many, and too many bytes, and goes on', async () => {
    const { begun, work } = works(new Gate(LIMITS, {}));
    const first = [work('a'), work('b'), work('c', 60)];
    await expect(work('d', 50)).rejects.toMatchObject({ name: 'StoreUnavailable' });
    const last = work('e', 40);
    await expect(work('f')).rejects.toMatchObject({ name: 'StoreUnavailable' });
    for (const index of [0, 1, 2, 3]) {
      begun[index]!.end();
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(await Promise.all([...first, last])).toEqual(['a', 'b', 'c', 'e']);
  });

  it('refuses what had no turn in time, and tells how long the others waited', async () => {
    const lengths: number[] = [];
    const waits: number[] = [];
    const observer = {
      queued: (length: number) => void lengths.push(length),
      waited: (milliseconds: number) => void waits.push(milliseconds),
    };
    const { begun, work } = works(new Gate({ ...LIMITS, inFlight: 1, waitMilliseconds: 1 }, observer));
    const first = work('a');
    await expect(work('b')).rejects.toThrow('no turn within 1 ms');
    expect([lengths, waits.length]).toEqual([[1, 0], 1]);
    begun[0]!.end();
    expect(await first).toBe('a');
  });

  it('settles what is on its way before it is closed, and takes nothing more', async () => {
    const gate = new Gate(LIMITS, {});
    const { begun, work } = works(gate);
    const first = work('a');
    let isClosed = false;
    const closing = gate.close().then(() => (isClosed = true));
    await expect(work('b')).rejects.toThrow('closed');
    expect(isClosed).toBe(false);
    begun[0]!.end();
    await closing;
    expect(await first).toBe('a');
    await expect(gate.close()).resolves.toBeUndefined();
  });

  it('gives the turn of one that failed to the next', async () => {
    const gate = new Gate({ ...LIMITS, inFlight: 1 }, {});
    const failing = gate.pass(1, () => Promise.reject(new Error('failed')));
    const next = gate.pass(1, () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('failed');
    expect(await next).toBe('done');
  });
});
