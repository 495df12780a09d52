import { CheckpointMoved } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import type { EntryOfLedger } from '#libs/domain';

/** Name of the mark of the newest entry of the ledger that is known, and of the newest up to which all is carried out. */
export const KNOWN = 'destruction-ledger';
export const CARRIED_OUT = 'destruction-ledger-carried-out';

/** Moves a mark on, never back. */
export async function markEntry({ checkpoints, identity }: Backbone, name: string, at: EntryOfLedger): Promise<void> {
  for (;;) {
    const known = await checkpoints.read(name);
    const isOfNow = known?.store === identity.store && known.epoch === identity.epoch;
    if (isOfNow && known.position >= BigInt(at.number)) return;
    try {
      await checkpoints.move(name, known, { ...identity, position: BigInt(at.number), event: at.digest });
      return;
    } catch (error) {
      // Another process has moved it meanwhile.
      if (!(error instanceof CheckpointMoved)) throw error;
    }
  }
}

export const knowEntry = (backbone: Backbone, entry: EntryOfLedger): Promise<void> => markEntry(backbone, KNOWN, entry);
