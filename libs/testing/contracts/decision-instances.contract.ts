import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DecisionInstances } from '#libs/eventing';

export interface DecisionInstancesHarness {
  readonly instances: DecisionInstances;
  close(): Promise<void>;
}

const LONG = 60_000;

/** What every registry of decision instances must do; `open` gives an empty one. */
export function decisionInstancesContract(name: string, open: () => Promise<DecisionInstancesHarness>): void {
  describe(`decision instances contract: ${name}`, () => {
    let harness: DecisionInstancesHarness;
    let instances: DecisionInstances;
    beforeAll(async () => {
      harness = await open();
      instances = harness.instances;
    });
    afterAll(async () => {
      await harness.close();
    });

    it('knows nobody behind while nobody is alive', async () => {
      expect(await instances.behind(10n)).toEqual([]);
    });

    it('names who is alive and has not seen the position, until he has', async () => {
      await instances.renew('one', 5n, LONG);
      await instances.renew('two', 10n, LONG);
      expect(await instances.behind(10n)).toEqual(['one']);
      expect(await instances.behind(11n)).toEqual(['one', 'two']);
      await instances.renew('one', 10n, LONG);
      expect(await instances.behind(10n)).toEqual([]);
    });

    it('forgets who left, also one who never came', async () => {
      await instances.renew('leaver', 0n, LONG);
      await instances.leave('leaver');
      await instances.leave('stranger');
      expect(await instances.behind(5n)).toEqual([]);
    });

    it('stops naming an instance when its lease has run out', async () => {
      await instances.renew('short', 0n, 150);
      expect(await instances.behind(1n)).toEqual(['short']);
      const until = performance.now() + 5_000;
      while ((await instances.behind(1n)).length > 0 && performance.now() < until);
      expect(await instances.behind(1n)).toEqual([]);
    });
  });
}
