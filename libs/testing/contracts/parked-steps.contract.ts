import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ParkedStep, ParkedSteps } from '#libs/eventing';
import type { StreamId } from '#libs/kernel';

export interface ParkedStepsHarness {
  readonly parkedSteps: ParkedSteps;
  close(): Promise<void>;
}

const step = (process: string, position: bigint, changes: Partial<ParkedStep> = {}): ParkedStep => ({
  process,
  at: { store: 'store-a', epoch: 1, position },
  stream: `counter-${position}` as StreamId,
  type: 'Counted',
  reason: 'nothing to add to',
  state: 'failed',
  ...changes,
});

/** What every store of parked steps must do. */
export function parkedStepsContract(name: string, open: () => Promise<ParkedStepsHarness>): void {
  describe(`parked steps contract: ${name}`, () => {
    let harness: ParkedStepsHarness;
    let parked: ParkedSteps;
    beforeAll(async () => {
      harness = await open();
      parked = harness.parkedSteps;
    });
    afterAll(async () => {
      await harness.close();
    });

    it('gives back what was parked, in order, of one process and of all', async () => {
      expect(await parked.list()).toEqual([]);
      const steps = [step('a', 9n), step('a', 10n, { state: 'waiting' }), step('b', 9_007_199_254_740_993n)];
      for (const each of [...steps].reverse()) await parked.park(each);
      expect(await parked.list('a')).toEqual(steps.slice(0, 2));
      expect(await parked.list('nobody')).toEqual([]);
      expect(await parked.list()).toEqual(steps);
    });

    it('keeps the newest reason and state of a step', async () => {
      const again = step('c', 1n, { reason: 'still nothing', state: 'waiting', at: { ...step('c', 1n).at, epoch: 2 } });
      await parked.park(step('c', 1n));
      await parked.park(again);
      expect(await parked.list('c')).toEqual([again]);
    });

    it('releases a step that failed, once, and no other', async () => {
      await parked.park(step('d', 1n));
      await parked.park(step('d', 2n, { state: 'waiting' }));
      expect(await parked.release('d', 1n)).toBe(true);
      expect(await parked.release('d', 1n)).toBe(false);
      expect(await parked.release('d', 2n)).toBe(false);
      expect(await parked.release('d', 3n)).toBe(false);
      expect((await parked.list('d')).map(({ state }) => state)).toEqual(['released', 'waiting']);
    });

    it('removes a step, and says whether it was there', async () => {
      await parked.park(step('e', 1n));
      expect(await parked.remove('e', 2n)).toBe(false);
      expect(await parked.remove('e', 1n)).toBe(true);
      expect(await parked.remove('e', 1n)).toBe(false);
      expect(await parked.list('e')).toEqual([]);
    });
  });
}
