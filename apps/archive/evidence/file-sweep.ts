import { later } from '#libs/kernel';
import type { Chore, DueItem, Performed } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { evidenceFilesProjection } from './evidence-files.projection.js';
import { takeAway } from './take-away.js';

/** Kind of the work that looks for files without a fact. */
export const SWEEP = 'evidence-sweep';
/** Kind of the work that waits until a file without a fact goes. */
export const UNFOUNDED = 'evidence-unfounded';

const DAY = 24 * 3_600_000;
/** Files that are looked up at once. */
const TOGETHER = 200;

/** Of these addresses those that no evidence on record is behind. */
async function withoutFact({ readModels }: Backbone, addresses: readonly string[]): Promise<readonly string[]> {
  await readModels.upToDate(evidenceFilesProjection);
  const known = await readModels.store.load(evidenceFilesProjection, addresses);
  return addresses.filter((address) => !known.has(address));
}

/**
 * Looks once a day for files that no evidence on record is behind, and notes when they go. Whoever uploads notes his file
 * before it is there, but in the same database as the fact: where that was restored from a backup both are lost, and the file
 * stays. It goes after as long as a file may wait: until then a later backup may still bring its fact back.
 */
export const fileSweep = (backbone: Backbone): Chore => {
  const { dueWork, now, evidence: kept } = backbone;
  const first = { kind: SWEEP, id: 'files' } as const;
  let isNoted = false;
  const notedAt = async (): Promise<readonly DueItem[]> => {
    if (isNoted) return [];
    isNoted = (await dueWork.find(first)) !== undefined;
    return isNoted ? [] : [{ ...first, group: first.id, dueAt: now(), payload: {} }];
  };
  const note = async (addresses: readonly string[]): Promise<void> => {
    const unknown = await withoutFact(backbone, addresses);
    const dueAt = later(now(), kept.quarantine);
    if (unknown.length > 0) {
      await dueWork.enqueue(
        unknown.map((address) => ({ kind: UNFOUNDED, id: address, group: address, dueAt, payload: {} })),
      );
    }
  };
  return {
    ...{ kind: SWEEP, perLane: 1, together: 1, keepFor: DAY },
    sources: [{ name: SWEEP, due: notedAt }],
    async perform(_item, signal): Promise<Performed> {
      let batch: string[] = [];
      for await (const address of (await kept.files()).list()) {
        if (signal.aborted) break;
        batch.push(address);
        if (batch.length < TOGETHER) continue;
        await note(batch);
        batch = [];
      }
      if (batch.length > 0) await note(batch);
      return { is: 'again', at: later(now(), DAY), reason: 'swept' };
    },
  };
};

/** Takes a file away that had no fact when it was found, and has none now. */
export const unfoundedFiles = (backbone: Backbone): Chore => ({
  ...{ kind: UNFOUNDED, perLane: 4, together: 4, keepFor: DAY },
  async perform({ id: address }): Promise<Performed> {
    const unknown = await withoutFact(backbone, [address]);
    if (unknown.length > 0) await takeAway(backbone, address);
    return { is: 'done' };
  },
});
