import { expect, it } from '@jest/globals';
import { Lineage, LineageBroken } from './index.js';

const gone = new LineageBroken('position 3 is gone');

it.each([0, 1])(
  'of two stores that belong together neither is gone on with when one has gone back (%d)',
  async (which) => {
    const stores = [new Lineage(), new Lineage()] as const;
    stores[0].tie(stores[1]);
    for (const store of stores) store.demand();
    stores[which]!.break(gone);
    for (const store of stores) {
      expect(await store.lost).toBe(gone);
      expect(() => store.demand()).toThrow(gone);
    }
  },
);
