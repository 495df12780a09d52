import { beforeEach, describe, expect, it } from '@jest/globals';
import { epochOf, instantFromEpoch, type Instant } from '#libs/kernel';
import type { Leases } from '#libs/eventing';
import { until } from '#libs/testing';
import { registerClock } from './register-clock.js';

const YEAR = 365 * 86_400_000;
const START = Date.parse('2026-03-02T16:00:00Z');

describe('the time by which is judged what is due', () => {
  let own: number;
  let register: number;
  let gone: number;
  let asked: number;
  let isTaken: boolean;
  const leases: Leases = {
    async take(name, holder, milliseconds) {
      asked += 1;
      if (isTaken && asked % 2 === 1) return undefined;
      return { ...{ name, holder, token: 1n }, until: instantFromEpoch(register + milliseconds) };
    },
    leave: async () => undefined,
    stands: async () => true,
  };
  const clock = () => registerClock({ leases, holder: 'test', now: () => instantFromEpoch(own) }, () => gone);
  const at = (milliseconds: number): Instant => instantFromEpoch(milliseconds);
  beforeEach(() => {
    own = register = START;
    gone = asked = 0;
    isTaken = false;
  });

  it('is the register’s where the clock of the process is years ahead, also when it is set while it runs (ARCH-10)', async () => {
    own = START + 9 * YEAR;
    const time = clock();
    expect(epochOf(time.now())).toBeLessThan(START);
    expect(await time.refreshed()).toBe(at(START));
    const running = clock();
    own = START;
    expect(await running.refreshed()).toBe(at(START));
    own += 20 * YEAR;
    expect(epochOf(running.now())).toBe(START);
    expect(await running.refreshed()).toBe(at(START));
  });

  it('is the process’s where the register’s clock is ahead', async () => {
    register = START + 9 * YEAR;
    expect(await clock().refreshed()).toBe(at(START));
  });

  it('goes on by itself, and asks now and then, and after a jump', async () => {
    const time = clock();
    await time.refreshed();
    for (const step of [1_000, 60_000]) {
      own += step;
      register += step;
      gone += step;
    }
    expect(await time.refreshed()).toBe(at(START + 61_000));
    expect(asked).toBe(1);
    own += YEAR;
    register += YEAR;
    expect(epochOf(time.now())).toBeLessThan(START + YEAR);
    await until('the register was asked', () => Promise.resolve(epochOf(time.now()) > START + YEAR));
    expect(asked).toBe(2);
    own += 700_000;
    register += 700_000;
    gone += 700_000;
    expect(await time.refreshed()).toBe(at(START + YEAR + 761_000));
    expect(asked).toBe(3);
  });

  it('is asked for again where another process asks just then', async () => {
    isTaken = true;
    expect(await clock().refreshed()).toBe(at(START));
    expect(asked).toBe(2);
  });
});
