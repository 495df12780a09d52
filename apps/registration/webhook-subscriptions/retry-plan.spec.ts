import { describe, expect, it } from '@jest/globals';
import { epochOf, later, type Instant } from '#libs/kernel';
import { at } from '#libs/testing';
import { nextAttempt, PATIENCE, type FailedAttempt } from './retry-plan.js';

const since = at('2026-03-02T12:00:00.000Z');
const failed = (changes: Partial<FailedAttempt> = {}): number => {
  const attempt = { attempts: 0, since, now: since, chance: 0.5, ...changes };
  const next = nextAttempt(attempt);
  return next === undefined ? Number.NaN : (epochOf(next) - epochOf(attempt.now)) / 1_000;
};

describe('a delivery that failed', () => {
  it('is tried again after growing pauses', () => {
    const pauses = Array.from({ length: 12 }, (_, attempts) => failed({ attempts }));
    expect(pauses).toEqual([5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600, 21_600, 21_600, 21_600]);
  });

  it('is tried for three days, at last when they end, and no longer', () => {
    let now: Instant = since;
    let attempts = 0;
    for (; ; attempts += 1) {
      const next = nextAttempt({ attempts, since, now, chance: 0.5 });
      if (next === undefined) break;
      now = next;
    }
    expect(now).toBe(later(since, PATIENCE));
    expect(PATIENCE).toBe(3 * 86_400_000);
    expect(attempts).toBeGreaterThan(15);
    expect(attempts).toBeLessThan(30);
  });

  it('is tried a little earlier or later, by chance', () => {
    expect([0, 0.5, 1].map((chance) => failed({ attempts: 3, chance }))).toEqual([480, 600, 720]);
  });

  it('waits for as long as the receiver asks, within bounds', () => {
    expect(failed({ retryAfter: '90' })).toBe(90);
    expect(failed({ retryAfter: 'Mon, 02 Mar 2026 12:02:00 GMT' })).toBe(120);
    expect(failed({ retryAfter: '999999999' })).toBe(6 * 3_600);
    expect(failed({ retryAfter: 'Fri, 01 Jan 2100 00:00:00 GMT' })).toBe(6 * 3_600);
    for (const nothing of ['1', 'soon', '-5', '', '1.5', 'Mon, 02 Mar 2026 11:00:00 GMT', '9'.repeat(400)]) {
      expect([nothing, failed({ retryAfter: nothing })]).toEqual([nothing, 5]);
    }
    const late = later(since, PATIENCE - 60_000);
    expect(failed({ retryAfter: '3600', now: late })).toBe(60);
  });

  it('is tried on when the clock was set back', () => {
    expect(failed({ now: later(since, -86_400_000) })).toBe(5);
  });
});
