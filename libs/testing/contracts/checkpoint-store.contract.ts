import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CheckpointMoved, type Checkpoint, type CheckpointStore } from '#libs/eventing';

export interface CheckpointStoreHarness {
  readonly checkpoints: CheckpointStore;
  close(): Promise<void>;
}

const at = (position: bigint, epoch = 1): Checkpoint => ({ store: 'store-a', epoch, position });

/** What every checkpoint store must do. */
export function checkpointStoreContract(name: string, open: () => Promise<CheckpointStoreHarness>): void {
  describe(`checkpoint store contract: ${name}`, () => {
    let harness: CheckpointStoreHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(async () => {
      await harness.close();
    });

    it('knows nothing of a reader that never moved', async () => {
      expect(await harness.checkpoints.read('nobody')).toBeUndefined();
    });

    it('moves from nothing to a place, and from place to place', async () => {
      const { checkpoints } = harness;
      await checkpoints.move('mover', undefined, at(5n));
      expect(await checkpoints.read('mover')).toEqual(at(5n));
      await checkpoints.move('mover', at(5n), at(9_007_199_254_740_993n));
      expect(await checkpoints.read('mover')).toEqual(at(9_007_199_254_740_993n));
    });

    it('keeps the event at the place, and takes the same place of another event for another one', async () => {
      const { checkpoints } = harness;
      const named = { ...at(5n), event: 'one@1' };
      await checkpoints.move('named', undefined, named);
      expect(await checkpoints.read('named')).toEqual(named);
      for (const from of [at(5n), { ...named, event: 'other@1' }]) {
        await expect(checkpoints.move('named', from, at(6n))).rejects.toBeInstanceOf(CheckpointMoved);
      }
      await checkpoints.move('named', named, at(6n));
      expect(await checkpoints.read('named')).toEqual(at(6n));
    });

    it('refuses a move from another place than the stored one, and writes nothing', async () => {
      const { checkpoints } = harness;
      await expect(checkpoints.move('refused', at(1n), at(2n))).rejects.toBeInstanceOf(CheckpointMoved);
      expect(await checkpoints.read('refused')).toBeUndefined();
      await checkpoints.move('refused', undefined, at(1n));
      for (const from of [undefined, at(2n), at(1n, 2), { ...at(1n), store: 'store-b' }]) {
        await expect(checkpoints.move('refused', from, at(3n))).rejects.toBeInstanceOf(CheckpointMoved);
      }
      expect(await checkpoints.read('refused')).toEqual(at(1n));
    });

    it('lets one of several concurrent moves win', async () => {
      const moves = Array.from({ length: 8 }, (_, index) =>
        harness.checkpoints.move('raced', undefined, at(BigInt(index))),
      );
      const results = await Promise.allSettled(moves);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });
}
