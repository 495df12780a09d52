import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { GivenText } from './given-text.js';

/** How the giving of a file ended is told once, before the receiver has its end. */

const bytes = Buffer.alloc(200_000, 'x');
type End = { readonly whole: boolean; readonly bytes: number };

describe('a text on its way out', () => {
  it('has its end only when that is on record', async () => {
    const ends: End[] = [];
    let release: () => void = () => undefined;
    const durable = new Promise<void>((resolve) => (release = resolve));
    const isTold = new Promise<void>((told) => {
      const text = new GivenText(bytes, async (end) => {
        ends.push(end);
        told();
        await durable;
      });
      const pieces: Buffer[] = [];
      text.on('data', (piece: Buffer) => pieces.push(piece));
      text.on('end', () => ends.push({ whole: true, bytes: Buffer.concat(pieces).length }));
    });
    await isTold;
    expect(ends).toEqual([{ whole: true, bytes: 200_000 }]);
    release();
    await new Promise(setImmediate);
    expect(ends).toHaveLength(2);
    expect(ends[1]).toEqual(ends[0]);
  });

  it('that breaks off is told with what was handed over, also where nothing was', async () => {
    for (const reads of [0, 1]) {
      const ends: End[] = [];
      const text = new GivenText(bytes, async (end) => void ends.push(end));
      text.on('error', () => undefined);
      if (reads > 0) await once(text, 'readable');
      text.destroy(new Error('gone'));
      await new Promise((resolve) => text.once('close', resolve));
      expect(ends).toEqual([{ whole: false, bytes: reads === 0 ? 0 : expect.any(Number) }]);
      expect(ends[0]!.bytes < bytes.length).toBe(true);
    }
  });

  it('is no whole file to the receiver where its end can’t be recorded', async () => {
    const text = new GivenText(bytes, () => Promise.reject(new Error('away')));
    text.resume();
    const [error] = (await once(text, 'error')) as [Error];
    expect([error.message, text.readableEnded]).toEqual(['away', false]);
  });
});
