import { decisionIndexProjection, ENDING, indexMaps, type DecisionIndexRow } from '#libs/application';
import type { DomainEvent, Recorded } from '#libs/kernel';
import {
  CannotApply,
  endOf,
  follow,
  foldPage,
  isHeld,
  placeOf,
  START,
  type DecisionInstances,
  type EventFeed,
  type EventSerializer,
  type Follower,
  type Place,
  type ProjectionStore,
  type StoredEvent,
  type StoreIdentity,
} from '#libs/eventing';
import type { LiveIndex } from './decision-index.js';
import { lease } from './lease.js';

export interface LiveIndexParts {
  readonly projections: ProjectionStore;
  readonly feed: EventFeed;
  readonly serializer: EventSerializer;
  readonly identity: StoreIdentity;
  readonly instances: DecisionInstances;
  /** Name of this instance among the live ones; another one at every start. */
  readonly instance: string;
  readonly leaseMilliseconds: number;
  /** Types of events that end something; those of this version unless said otherwise. */
  readonly ending?: readonly string[];
  readonly onTrouble?: (name: string, error: unknown, stopped: boolean) => void;
}

export interface RunningIndex {
  readonly index: LiveIndex;
  readonly follower: Follower;
  /** Answers nothing any more from here on. */
  stop(): Promise<void>;
}

const NAME = 'decision-index-in-memory';

/** Categories of the streams that it reads. */
const INDEXED = ['authorization-', 'means-', 'party-'];

/**
 * Loads the index from its projection's table and keeps it up to date from the feed, by the same fold. A page is folded
 * as a whole before anything is put in its place, so that no answer sees half of it.
 *
 * It looks at every type on the streams of its objects: one that this version does not know may end something, so that it
 * stops there and its lease runs out. What it knows and does not need passes by.
 */
export function startLiveIndex(parts: LiveIndexParts): RunningIndex {
  const { projections, feed, serializer, identity, onTrouble } = parts;
  const ending = new Set(parts.ending ?? ENDING);
  const maps = indexMaps();
  let position = START;
  /** The same with the id of the event there: what is read next has to follow it. */
  let end: bigint | Place = START;
  let loaded = false;

  const held = lease({
    instances: parts.instances,
    instance: parts.instance,
    milliseconds: parts.leaseMilliseconds,
    ending: [...ending],
    position: () => position,
    head: () => feed.head(),
    onTrouble: (error, stopped) => onTrouble?.(`${NAME} lease`, error, stopped),
  });

  const follower = follow<StoredEvent>({
    name: NAME,
    feed,
    ...(onTrouble === undefined ? {} : { onTrouble }),

    async begin() {
      if (loaded) return end;
      const opened = await projections.open(decisionIndexProjection as never);
      const { rows, checkpoint } = await projections.snapshot(decisionIndexProjection);
      const isOfHere = checkpoint?.store === identity.store && checkpoint.epoch === identity.epoch;
      // A table of another version, of another epoch or of events that are not there is not waited for: the events that
      // are say the same.
      if (!opened.outdated && isOfHere && (await isHeld(feed, checkpoint))) {
        for (const row of rows) maps.put(row);
        position = checkpoint.position;
        end = placeOf(checkpoint) ?? position;
      }
      loaded = true;
      held.begin();
      return end;
    },

    async apply(page) {
      const events = page.items.flatMap((item) => {
        if (decisionIndexProjection.handles.includes(item.type)) return [readable(serializer, item)];
        if (serializer.knows(item.type) || !INDEXED.some((category) => item.stream.startsWith(category))) return [];
        throw new CannotApply(`${item.type} is unknown to this version: install a newer one`, item.position, item.type);
      });
      const touched = new Map<string, DecisionIndexRow | undefined>();
      for (const event of events) {
        for (const key of decisionIndexProjection.keys(event)) touched.set(key, maps.row(key));
      }
      // No event of these types takes a row away.
      for (const row of foldPage(decisionIndexProjection, touched, events).values())
        if (row !== undefined) maps.put(row);
      position = page.upTo;
      end = endOf(page);
      held.moved({ ended: events.some((event) => ending.has(event.type)), caughtUp: page.caughtUp });
    },
  });

  return {
    follower,
    index: {
      means: (pseudonym) => maps.means(pseudonym),
      otherMeans: (means) => maps.otherMeans(means),
      party: (organization) => maps.party(organization),
      partyById: (party) => maps.partyById(party),
      paths: (party, pseudonym, intermediaries) => maps.paths(party, pseudonym, intermediaries),
      represented: (pseudonym, intermediaries) => maps.represented(pseudonym, intermediaries),
      get position() {
        return position;
      },
      get current() {
        return held.current;
      },
      get lease() {
        return held.held;
      },
      get fenced() {
        return held.fenced;
      },
      waitFor: (wanted, milliseconds) => follower.waitFor(wanted, milliseconds),
    },
    async stop() {
      await held.stop();
      await follower.stop();
    },
  };
}

function readable(serializer: EventSerializer, item: StoredEvent): Recorded<DomainEvent> {
  try {
    return serializer.read(item);
  } catch (error) {
    throw new CannotApply(error instanceof Error ? error.message : String(error), item.position, item.type, {
      cause: error,
    });
  }
}
