import { epochOf, instantFromEpoch, later, type Instant } from '#libs/kernel';
import { FileLocked, FileMissing, type Chore, type Performed } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { addYears } from '#libs/scheme';

/** Kind of the work that waits for the end of the lock on a file that was destroyed. */
export const LOCKED = 'evidence-locked';

const HOUR = 3_600_000;

/**
 * Takes the bytes of a file away. Where a lock keeps them they are out of sight from now on, and go when it ends: whose file
 * it was has lost nothing by then but what nobody can open, for its key is gone.
 */
export async function takeAway({ evidence: kept, dueWork }: Backbone, address: string): Promise<void> {
  const files = await kept.files();
  await files.remove(address).catch(async (error: unknown) => {
    if (!(error instanceof FileLocked)) throw error;
    await dueWork.enqueue([{ kind: LOCKED, id: address, group: address, dueAt: error.until, payload: {} }]);
  });
}

/** Takes away what a lock kept, once it is over by the clock of the store as well. */
export const lockedFiles = ({ evidence: kept, now }: Pick<Backbone, 'evidence' | 'now'>): Chore => ({
  ...{ kind: LOCKED, perLane: 4, together: 4, keepFor: 24 * HOUR },
  async perform({ id: address }): Promise<Performed> {
    const files = await kept.files();
    try {
      await files.remove(address);
      return { is: 'done' };
    } catch (error) {
      if (!(error instanceof FileLocked)) throw error;
      const soonest = later(now(), HOUR);
      return { is: 'again', at: error.until > soonest ? error.until : soonest, reason: 'locked' };
    }
  },
});

/**
 * Locks the file of evidence that is kept, where its store has locks: for as long as it is kept at least (ARCH-10). Answers
 * false where there is no such file: somebody took it away behind our back.
 */
export async function protect(
  { evidence: kept, retention }: Pick<Backbone, 'evidence' | 'retention'>,
  { address, keptAt }: { readonly address: string; readonly keptAt: Instant },
): Promise<boolean> {
  const files = await kept.files();
  try {
    await files.protect?.(address, instantFromEpoch(addYears(epochOf(keptAt), retention.years)));
    return true;
  } catch (error) {
    if (error instanceof FileMissing) return false;
    throw error;
  }
}
