import { categoryOf } from '#libs/kernel';
import type { EventSerializer } from './event-serializer.js';
import { CannotApply, type Follower } from './follower.js';
import type { EventFeed, StoredEvent } from './ports/event-store.js';
import type { ParkedMessages } from './ports/parked-messages.js';
import type { Checkpoint, CheckpointStore } from './ports/projection-store.js';
import { checkpointAt, type StoreIdentity } from './projector.js';
import { publishedEvent, publishedText, sourceOf, topicOf } from './published-event.js';
import { reactionRunner, ReactionStopped, type Reaction } from './reaction-runner.js';
import { followAsWinner, goOnBehind, TurnOver, type TurnParts } from './winning-follower.js';

/** A reaction with the topics whose events it gets. */
export interface DeclaredReaction extends Reaction {
  readonly topics: readonly string[];
}

export interface FeedReactionParts extends TurnParts {
  readonly feed: EventFeed;
  readonly serializer: EventSerializer;
  readonly identity: StoreIdentity;
  readonly oin: string;
  readonly checkpoints: CheckpointStore;
  readonly parkedMessages: ParkedMessages;
  readonly onTrouble?: (name: string, error: unknown, stopped: boolean) => void;
}

/**
 * Feeds a reaction from the store itself, event by event in the order of the store, as if it had come over a topic. One
 * process at a time does; its checkpoint moves behind what was taken or put aside.
 */
export function startFeedReaction(reaction: DeclaredReaction, parts: FeedReactionParts): Follower {
  const { feed, serializer, identity, oin, checkpoints, parkedMessages, onTrouble } = parts;
  const name = `reaction-${reaction.name}`;
  const versionOf = (type: string): number | undefined => serializer.versionOf(type);
  let stored: Checkpoint | undefined;
  const runner = reactionRunner(reaction, {
    parked: parkedMessages,
    here: { source: sourceOf(oin), store: identity.store },
    versionOf,
    ...(onTrouble === undefined ? {} : { onTrouble }),
  });

  const messageOf = (item: StoredEvent): { readonly key: string; readonly bytes: Uint8Array } => {
    try {
      const event = publishedEvent(serializer.read(item), { oin, identity, versionOf });
      return { key: item.stream, bytes: Buffer.from(publishedText(event)) };
    } catch (error) {
      // Not put aside: another version may know it, and would then never react to it.
      throw new CannotApply(error instanceof Error ? error.message : String(error), item.position, item.type, {
        cause: error,
      });
    }
  };

  const follower = followAsWinner({
    ...{ name, feed, leases: parts.leases, holder: parts.holder, leaseMilliseconds: parts.leaseMilliseconds },
    ...(onTrouble === undefined ? {} : { onTrouble }),
    endsTurn: (error) => error instanceof TurnOver,

    async begin() {
      stored = await checkpoints.read(name);
      const begin = await goOnBehind(feed, stored, identity, name);
      runner.takeOver(() => true);
      return begin;
    },

    async apply(page, turn, over) {
      const demandTurn = async (): Promise<void> => {
        if (over.aborted) throw new TurnOver(`the turn at ${name} is over`);
      };
      for (const item of page.items) {
        const topic = topicOf(categoryOf(item.stream));
        if (!reaction.topics.includes(topic)) continue;
        await demandTurn();
        const message = { topic, place: String(item.position), ...messageOf(item) };
        await runner.deliver(message, demandTurn).catch((error: unknown) => {
          throw error instanceof ReactionStopped ? new TurnOver(error.message) : error;
        });
      }
      const next = checkpointAt(identity, page);
      if (page.items.length === 0 || (stored?.position === next.position && stored.epoch === next.epoch)) return;
      await checkpoints.move(name, stored, next, turn);
      stored = next;
    },

    left: async () => runner.takeOver(() => false),
  });
  return {
    ...follower,
    status: () => ({ ...follower.status(), ...(runner.parked() === 0 ? {} : { parked: runner.parked() }) }),
    async stop() {
      await Promise.all([runner.stop(), follower.stop()]);
    },
  };
}
