import type { DomainEvent, Recorded } from '#libs/kernel';
import type { EventSerializer } from './event-serializer.js';
import { CannotApply, follow, holds, type Follower } from './follower.js';
import { endOf, type EventFeed, type Page, type Place, type StoredEvent } from './ports/event-store.js';
import {
  NewerReadModel,
  type CatchUp,
  type Checkpoint,
  type Projection,
  type ProjectionStore,
  type Row,
} from './ports/projection-store.js';

/** Which store positions belong to; part of every checkpoint and of every position given to a caller. */
export interface StoreIdentity {
  readonly store: string;
  readonly epoch: number;
}

export interface ProjectorParts {
  readonly projections: ProjectionStore;
  readonly feed: EventFeed;
  readonly serializer: EventSerializer;
  readonly identity: StoreIdentity;
  readonly onTrouble?: (name: string, error: unknown, stopped: boolean) => void;
}

/** A checkpoint that moved past unhandled events only is written at most this often (milliseconds). */
const IDLE_CHECKPOINT = 1_000;

/** Keeps one read model up to date: rows and checkpoint in one transaction, page by page. */
export function startProjector<R extends Row>(projection: Projection<R>, parts: ProjectorParts): Follower {
  const { projections, feed, serializer, identity, onTrouble } = parts;
  let stored: Checkpoint | undefined;
  let storedAt = performance.now();

  return follow<StoredEvent>({
    name: projection.name,
    feed,
    types: projection.handles,
    ...(onTrouble === undefined ? {} : { onTrouble }),

    async begin(ending) {
      let opened = await projections.open(projection as unknown as Projection);
      const foreign = opened.checkpoint !== undefined && !sameStore(opened.checkpoint, identity);
      // What an older release or an earlier epoch made is made anew here; a newer table is left to those that know it.
      if (opened.outdated || foreign) {
        const isOlder = !foreign || isEarlier(opened.checkpoint, identity);
        if (!isOlder || !(await isMadeAnew(projection, parts, ending))) return 'outdated';
        opened = await projections.open(projection as unknown as Projection);
      }
      // Rows of events that are not there: nobody knows why, so a person looks at it.
      if (opened.checkpoint !== undefined && !(await isHeld(feed, opened.checkpoint))) {
        return { outdated: `the table of ${projection.name} holds what the store does not` };
      }
      stored = opened.checkpoint;
      return placeOf(stored) ?? stored?.position ?? 0n;
    },

    async apply(page) {
      const events = page.items.map((item) => readable(serializer, item));
      if (events.length === 0) {
        const idle = page.upTo === (stored?.position ?? 0n) || performance.now() - storedAt < IDLE_CHECKPOINT;
        if (idle) return;
      }
      const keys = [...new Set(events.flatMap((event) => projection.keys(event)))];
      const rows = new Map<string, R | undefined>(keys.length === 0 ? [] : await projections.load(projection, keys));
      const changes = foldPage(projection, rows, events);
      const next = checkpointAt(identity, page);
      await projections.commit(projection, changes, stored, next);
      stored = next;
      storedAt = performance.now();
    },
  });
}

/** Builds it anew in the background; false where a newer release has made the table since. */
async function isMadeAnew<R extends Row>(
  projection: Projection<R>,
  parts: ProjectorParts,
  ending: AbortSignal,
): Promise<boolean> {
  try {
    await rebuildProjection(projection, parts, () => ending.throwIfAborted());
    return true;
  } catch (error) {
    if (error instanceof NewerReadModel) return false;
    throw error;
  }
}

/** Builds a read model anew from the first event and puts it in the live one's place. Answers how many rows it has. */
export async function rebuildProjection<R extends Row>(
  projection: Projection<R>,
  parts: Omit<ProjectorParts, 'onTrouble'>,
  onProgress: (events: number, position: bigint) => void = () => undefined,
): Promise<{ readonly events: number; readonly rows: number }> {
  const rows = new Map<string, R | undefined>();
  let end: Page<StoredEvent> = { items: [], upTo: 0n, caughtUp: false };
  let count = 0;
  for await (const page of parts.feed.replay(0n, { types: projection.handles })) {
    const events = page.items.map((item) => readable(parts.serializer, item));
    for (const [key, row] of foldPage(projection, rows, events)) {
      if (row === undefined) rows.delete(key);
      else rows.set(key, row);
    }
    count += events.length;
    end = page;
    onProgress(count, end.upTo);
  }
  const whole = [...rows.values()].filter((row) => row !== undefined);
  // The live table goes on meanwhile; what it has applied since is folded into the new one before it takes its place.
  const catchUp: CatchUp<R> = async (upTo) => {
    const all = new Map<string, R | undefined>();
    while (end.upTo < upTo) {
      const page = await parts.feed.read(endOf(end));
      const events = page.items
        .filter(({ type }) => projection.handles.includes(type))
        .map((item) => readable(parts.serializer, item));
      for (const [key, row] of foldPage(projection, rows, events)) {
        rows.set(key, row);
        all.set(key, row);
      }
      count += events.length;
      end = page;
      // The live table may claim more than the log holds: then there is nothing more to come.
      if (page.caughtUp) break;
    }
    const { position, event } = checkpointAt(parts.identity, end);
    return { changes: all, position, ...(event === undefined ? {} : { event }) };
  };
  await parts.projections.replace(projection, whole, checkpointAt(parts.identity, end), catchUp);
  return { events: count, rows: [...rows.values()].filter((row) => row !== undefined).length };
}

/** The checkpoint of a reader that has applied this page. */
export const checkpointAt = (
  { store, epoch }: StoreIdentity,
  { upTo, upToItem }: Pick<Page<unknown>, 'upTo' | 'upToItem'>,
): Checkpoint => ({
  store,
  epoch,
  position: upTo,
  ...(upToItem === undefined ? {} : { event: upToItem }),
});

/** The checkpoint as a place, where it names its event. */
export const placeOf = (checkpoint: Checkpoint | undefined): Place | undefined =>
  checkpoint?.event === undefined ? undefined : { position: checkpoint.position, item: checkpoint.event };

/** Whether the store holds what was read up to the checkpoint; one that names no event is judged by the head alone. */
export async function isHeld(feed: EventFeed, checkpoint: Checkpoint): Promise<boolean> {
  const place = placeOf(checkpoint);
  return place === undefined ? checkpoint.position <= (await feed.head()) : holds(feed, place);
}

const sameStore = (checkpoint: Checkpoint, identity: StoreIdentity): boolean =>
  checkpoint.store === identity.store && checkpoint.epoch === identity.epoch;

const isEarlier = (checkpoint: Checkpoint | undefined, identity: StoreIdentity): boolean =>
  checkpoint?.store === identity.store && checkpoint.epoch < identity.epoch;

function readable(serializer: EventSerializer, item: StoredEvent): Recorded<DomainEvent> {
  try {
    return serializer.read(item);
  } catch (error) {
    throw new CannotApply(error instanceof Error ? error.message : String(error), item.position, item.type, {
      cause: error,
    });
  }
}

/** Folds events into rows; answers the rows that they touched. `rows` is what is known, and is not changed. */
export function foldPage<R extends Row>(
  projection: Projection<R>,
  rows: ReadonlyMap<string, R | undefined>,
  events: readonly Recorded<DomainEvent>[],
): Map<string, R | undefined> {
  const changes = new Map<string, R | undefined>();
  for (const event of events) {
    try {
      for (const key of new Set(projection.keys(event))) {
        const before = changes.has(key) ? changes.get(key) : rows.get(key);
        changes.set(key, projection.fold(before, event, key));
      }
    } catch (error) {
      throw new CannotApply(
        `${projection.name} can't apply ${event.type}: ${error instanceof Error ? error.message : String(error)}`,
        event.position,
        event.type,
        { cause: error },
      );
    }
  }
  return changes;
}
