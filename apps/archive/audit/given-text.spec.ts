import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { GivenText } from './given-text.js';

/** How the giving of a file ended is told before the receiver has its end. */

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

  it('counts nothing that nobody takes', async () => {
    for (const length of [1_000, 60_000, 200_000]) {
      const ends: End[] = [];
      const text = new GivenText(Buffer.alloc(length, 'x'), async (end) => void ends.push(end));
      // A receiver who takes one piece and has no room for another.
      const receiver = new Writable({ highWaterMark: 1, write: () => undefined });
      receiver.on('error', () => undefined);
      text.on('error', () => undefined);
      text.pipe(receiver);
      for (let turns = 0; turns < 10; turns++) await turn();
      text.destroy(new Error('gone'));
      await new Promise((resolve) => text.once('close', resolve));
      expect(ends).toEqual([{ whole: false, bytes: Math.min(length, 65_536) }]);
    }
  });

  it('that breaks off behind its last byte is told so as well', async () => {
    const ends: End[] = [];
    const isOver = new Promise<void>((over) => {
      const text = new GivenText(bytes, async (end) => {
        ends.push(end);
        // While it is being recorded that all was handed over.
        if (end.whole) text.destroy(new Error('reset'));
      });
      text.on('error', () => over());
      text.resume();
    });
    await isOver;
    expect(ends).toEqual([
      { whole: true, bytes: 200_000 },
      { whole: false, bytes: 200_000 },
    ]);
  });

  it('is no whole file to the receiver where its end can’t be recorded', async () => {
    const text = new GivenText(bytes, () => Promise.reject(new Error('away')));
    text.resume();
    const [error] = (await once(text, 'error')) as [Error];
    expect([error.message, text.readableEnded]).toEqual(['away', false]);
  });
});
