import { setTimeout as delay } from 'node:timers/promises';
import { failureOf, isFinal, unavailable } from './errors.js';
import type { Trouble } from './observer.js';

const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 500;

/** The pauses between tries, in milliseconds: each twice the one before. */
export function* pauses(first = FIRST_PAUSE, longest = LONGEST_PAUSE): Generator<number, never> {
  for (let pause = first; ; pause = Math.min(pause * 2, longest)) yield pause;
}

/**
 * Reads, and tries again while the server is away, starts or another node takes the lead; rejects with `StoreUnavailable`
 * when that takes longer than `milliseconds`.
 */
export async function patiently<Result>(
  milliseconds: number,
  trouble: Trouble,
  read: () => Promise<Result>,
): Promise<Result> {
  const end = performance.now() + milliseconds;
  for (const pause of pauses()) {
    try {
      return await read();
    } catch (error) {
      if (isFinal(error)) throw error;
      const isHopeless = ['denied', 'deleted'].includes(failureOf(error));
      if (isHopeless || performance.now() + pause > end) throw unavailable(error);
      trouble('reading is tried again', error);
      await delay(pause);
    }
  }
  throw new Error('pauses never end');
}
