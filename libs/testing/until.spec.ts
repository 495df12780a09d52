import { describe, expect, it } from '@jest/globals';
import { patience } from './until.js';

describe('the patience of a test', () => {
  it('is over when the process ran for longer', () => {
    let now = 0;
    const { isOver, end } = patience(3_000, () => now);
    try {
      for (const at of [1_000, 2_000, 3_000]) {
        now = at;
        expect([at, isOver()]).toEqual([at, false]);
      }
      now = 3_001;
      expect(isOver()).toBe(true);
    } finally {
      end();
    }
  });

  it('counts no time in which the process was stopped', () => {
    let now = 0;
    const { isOver, end } = patience(3_000, () => now);
    try {
      now = 600_000;
      expect(isOver()).toBe(false);
      now += 1_500;
      expect(isOver()).toBe(true);
    } finally {
      end();
    }
  });
});
