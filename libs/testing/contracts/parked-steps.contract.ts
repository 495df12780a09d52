import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fenced, type Leases, type ParkedStep, type ParkedSteps } from '#libs/eventing';
import type { StreamId } from '#libs/kernel';

export interface ParkedStepsHarness {
  readonly parkedSteps: ParkedSteps;
  readonly leases: Leases;
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

    it('changes nothing for a turn that is over', async () => {
      const name = 'process/f';
      const first = (await harness.leases.take(name, 'one', 60_000))!;
      await parked.park(step('f', 1n), first);
      await harness.leases.leave(first);
      const second = (await harness.leases.take(name, 'two', 60_000))!;
      await expect(parked.park(step('f', 2n), first)).rejects.toBeInstanceOf(Fenced);
      await expect(parked.park(step('f', 1n, { state: 'released' }), first)).rejects.toBeInstanceOf(Fenced);
      await expect(parked.remove('f', 1n, first)).rejects.toBeInstanceOf(Fenced);
      expect(await parked.list('f')).toEqual([step('f', 1n)]);
      expect(await parked.remove('f', 9n, second)).toBe(false);
      expect(await parked.remove('f', 1n, second)).toBe(true);
    });
  });
}
