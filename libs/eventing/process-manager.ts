import type { DomainEvent, Recorded } from '#libs/kernel';
import type { EventSerializer } from './event-serializer.js';
import { CannotApply, follow, type Follower } from './follower.js';
import type { EventFeed, StoredEvent } from './ports/event-store.js';
import type { Checkpoint, CheckpointStore } from './ports/projection-store.js';
import type { StoreIdentity } from './projector.js';

/**
 * Drives a process that spans streams. `react` may be called again for an event it has seen (the process was killed
 * before the checkpoint moved), so that every command in it has to be idempotent: key = the event's id.
 */
export interface ProcessManager {
  readonly name: string;
  readonly handles: readonly string[];
  /** It may lie behind for long without anybody being answered wrongly: health only asks that it goes on. */
  readonly mayLag?: boolean;
  /** Throws `CannotApply` for what can never succeed; everything else is tried again until it does. */
  react(event: Recorded<DomainEvent>): Promise<void>;
}

export interface ProcessManagerParts {
  readonly checkpoints: CheckpointStore;
  readonly feed: EventFeed;
  readonly serializer: EventSerializer;
  readonly identity: StoreIdentity;
  readonly onTrouble?: (name: string, error: unknown, stopped: boolean) => void;
}

export function startProcessManager(manager: ProcessManager, parts: ProcessManagerParts): Follower {
  const { checkpoints, feed, serializer, identity, onTrouble } = parts;
  let stored: Checkpoint | undefined;

  const isOfThisStore = (checkpoint: Checkpoint | undefined): checkpoint is Checkpoint =>
    checkpoint?.store === identity.store && checkpoint.epoch === identity.epoch;

  const moveTo = async (position: bigint): Promise<void> => {
    if (position === (isOfThisStore(stored) ? stored.position : 0n)) return;
    const next = { ...identity, position };
    await checkpoints.move(manager.name, stored, next);
    stored = next;
  };

  return follow<StoredEvent>({
    name: manager.name,
    feed,
    types: manager.handles,
    ...(manager.mayLag === undefined ? {} : { mayLag: manager.mayLag }),
    ...(onTrouble === undefined ? {} : { onTrouble }),

    async begin() {
      stored = await checkpoints.read(manager.name);
      // After a restored backup (another epoch) everything is gone through again: the commands are idempotent.
      return isOfThisStore(stored) ? stored.position : 0n;
    },

    async apply(page) {
      for (const item of page.items) {
        let event: Recorded<DomainEvent>;
        try {
          event = serializer.read(item);
        } catch (error) {
          throw new CannotApply(error instanceof Error ? error.message : String(error), item.position, item.type, {
            cause: error,
          });
        }
        await manager.react(event);
        await moveTo(item.position);
      }
      if (page.items.length > 0) await moveTo(page.upTo);
    },
  });
}
