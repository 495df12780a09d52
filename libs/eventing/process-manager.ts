import type { DomainEvent, Recorded, StreamId } from '#libs/kernel';
import type { EventSerializer } from './event-serializer.js';
import { CannotApply, follow, type Follower } from './follower.js';
import {
  AppendOutcomeUnknown,
  itemOf,
  placeAt,
  RevisionConflict,
  START,
  StoreUnavailable,
} from './ports/event-store.js';
import type { EventFeed, Page, StoredEvent } from './ports/event-store.js';
import type { Fence } from './ports/leases.js';
import type { ParkedStep, ParkedSteps } from './ports/parked-steps.js';
import type { Checkpoint, CheckpointStore } from './ports/projection-store.js';
import { checkpointAt, isHeld, placeOf, type StoreIdentity } from './projector.js';
import { asSpan, spanOver } from './tracing.js';

/**
 * Drives a process that spans streams. `react` may be called again for an event it has seen (the process was killed
 * before the checkpoint moved), so that every command in it has to be idempotent: key = the event's id.
 */
export interface ProcessManager {
  readonly name: string;
  readonly handles: readonly string[];
  /** It may lie behind for long without anybody being answered wrongly: health only asks that it goes on. */
  readonly mayLag?: boolean;
  /**
   * Throws `CannotApply` for what can never succeed; everything else is tried again. `traceparent` is the step's, for the
   * commands in it.
   */
  react(event: Recorded<DomainEvent>, traceparent?: string): Promise<void>;
  /**
   * The same for several events in order, for who asks little of each: their checkpoint moves once. Where it throws what
   * does not lie with the store, each is taken by `react`, so that the one that can't succeed is put aside alone.
   */
  reactTogether?(events: readonly Recorded<DomainEvent>[]): Promise<void>;
}

export interface ProcessManagerParts {
  readonly checkpoints: CheckpointStore;
  readonly feed: EventFeed;
  readonly serializer: EventSerializer;
  readonly identity: StoreIdentity;
  /** Where steps go that can't succeed; without it the first of them stops the process manager. */
  readonly parkedSteps?: ParkedSteps;
  /**
   * The turn in which it acts: without it what it writes of itself is refused by nobody. Its commands need none: their ids
   * are derived from the event, and they expect the revision that they read.
   */
  readonly fence?: Fence;
  /**
   * Its checkpoints lie where no turns are known. They move from where they were read only, so that of two who act one is
   * told that it is not alone, and begins anew behind the other.
   */
  readonly unfencedCheckpoints?: boolean;
  readonly onTrouble?: (name: string, error: unknown, stopped: boolean) => void;
}

/** Told as a trouble: a step was put aside, those behind it go on. */
export class StepParked extends Error {
  override readonly name = 'StepParked';
  constructor({ type, at, stream, reason }: ParkedStep, options?: ErrorOptions) {
    super(`${type} at position ${at.position} of ${stream}: ${reason} (npm run parked -- list)`, options);
  }
}

/** Failures in a row of one step, for a reason that does not lie with the store, before it is put aside. */
const ATTEMPTS = 6;
/** Steps that are taken at once at most: of each, somebody may hold a lock until the last of them is written. */
const TOGETHER = 500;
/** Between two looks at whether a person has decided, in milliseconds. */
const LOOK_EVERY = 1_000;

/**
 * Reacts to every event of its types in order. A step that can't succeed is put aside, durably and with alarm; what comes
 * later on its stream is put aside behind it, in order, and everything else goes on. A person releases or drops it
 * (`ParkedSteps`); what waited behind it follows by itself.
 */
export function startProcessManager(manager: ProcessManager, parts: ProcessManagerParts): Follower {
  const { checkpoints, feed, serializer, identity, parkedSteps, fence, onTrouble } = parts;
  let stored: Checkpoint | undefined;
  let parked: readonly ParkedStep[] = [];
  let lookedAt = performance.now();
  /** Places of steps that are tried again, and how often they failed. */
  const failures = new Map<bigint, number>();

  const isOfThisStore = ({ store, epoch }: Checkpoint): boolean => store === identity.store && epoch === identity.epoch;
  /**
   * After a restored backup (another epoch, or another event at that place) everything is gone through again: the commands
   * are idempotent.
   */
  let isStoredHeld = false;
  const reached = (): bigint => (stored !== undefined && isStoredHeld ? stored.position : START);

  const moveTo = async (page: Pick<Page<StoredEvent>, 'upTo' | 'upToItem'>): Promise<void> => {
    if (page.upTo === reached()) return;
    const next = checkpointAt(identity, page);
    await checkpoints.move(manager.name, stored, next, parts.unfencedCheckpoints === true ? undefined : fence);
    stored = next;
    isStoredHeld = true;
  };

  const look = async (): Promise<void> => {
    if (parkedSteps === undefined) return;
    const all = await parkedSteps.list(manager.name);
    parked = all.filter(({ at }) => isOfThisStore(at));
    lookedAt = performance.now();
    // A restored store is gone through again: what stands at those places now is met anew.
    for (const { at } of all) if (!isOfThisStore(at)) await parkedSteps.remove(manager.name, at.position, fence);
  };

  const park = async (item: StoredEvent, state: 'failed' | 'waiting', reason: string, cause?: unknown) => {
    const { position, stream, type } = item;
    const step: ParkedStep = { process: manager.name, at: { ...identity, position }, stream, type, reason, state };
    // The item is there still: a store that went back keeps no step of what it has lost.
    await feed.read(placeAt(item), 1);
    await parkedSteps!.park(step, fence);
    parked = [...parked.filter(({ at }) => at.position !== position), step];
    onTrouble?.(manager.name, new StepParked(step, { cause }), false);
  };

  const isParked = (stream: StreamId): boolean => parked.some((step) => step.stream === stream);

  const read = (item: StoredEvent): Recorded<DomainEvent> => {
    try {
      return serializer.read(item);
    } catch (error) {
      // Not put aside: another version may know it, and would then never react to it.
      throw new Unreadable(error instanceof Error ? error.message : String(error), item.position, item.type, {
        cause: error,
      });
    }
  };

  /** Takes the step, or puts it aside; answers whether it was taken. */
  const take = async (item: StoredEvent): Promise<boolean> => {
    const event = read(item);
    try {
      await asSpan(
        `react ${manager.name}`,
        { ...spanOver([event.metadata.traceparent]), attributes: { 'waarborg.type': event.type } },
        (traceparent) => manager.react(event, traceparent),
      );
      failures.delete(item.position);
      return true;
    } catch (error) {
      if (parkedSteps === undefined || isPassing(error)) throw error;
      const times = (failures.get(item.position) ?? 0) + 1;
      failures.set(item.position, times);
      if (!(error instanceof CannotApply) && times < ATTEMPTS) throw error;
      failures.delete(item.position);
      await park(item, 'failed', reasonOf(error), error);
      return false;
    }
  };

  /** Takes all steps at once where that is possible; else answers false, and each is to be taken by itself. */
  const takeTogether = async (items: readonly StoredEvent[]): Promise<boolean> => {
    if (manager.reactTogether === undefined || items.length < 2 || items.some(({ stream }) => isParked(stream)))
      return false;
    try {
      const events = items.map(read);
      await asSpan(
        `react ${manager.name}`,
        {
          ...spanOver(events.map(({ metadata }) => metadata.traceparent)),
          attributes: { 'waarborg.events': events.length },
        },
        () => manager.reactTogether!(events),
      );
      for (const { position } of items) failures.delete(position);
      return true;
    } catch (error) {
      if (isPassing(error)) throw error;
      return false;
    }
  };

  const takeEach = async (items: readonly StoredEvent[]): Promise<void> => {
    for (const item of items) {
      if (isParked(item.stream)) {
        read(item);
        await park(item, 'waiting', 'stands behind another parked step of its stream');
      } else await take(item);
      await moveTo({ upTo: item.position, upToItem: itemOf(item) });
    }
  };

  /** Goes on with streams whose first parked step was released, or stands first because the one before has gone. */
  const goOn = async (): Promise<void> => {
    if (parkedSteps === undefined || parked.length === 0 || performance.now() - lookedAt < LOOK_EVERY) return;
    await look();
    const stuck = new Set<StreamId>();
    for (const step of parked) {
      if (stuck.has(step.stream)) continue;
      const { position } = step.at;
      const item = step.state === 'failed' ? undefined : await feed.at(position);
      if (item !== undefined && (await take(item))) {
        await parkedSteps.remove(manager.name, position, fence);
        parked = parked.filter(({ at }) => at.position !== position);
      } else stuck.add(step.stream);
    }
  };

  const follower = follow<StoredEvent>({
    name: manager.name,
    feed,
    types: manager.handles,
    ...(manager.mayLag === undefined ? {} : { mayLag: manager.mayLag }),
    ...(onTrouble === undefined ? {} : { onTrouble }),

    async begin() {
      stored = await checkpoints.read(manager.name);
      isStoredHeld = stored !== undefined && isOfThisStore(stored) && (await isHeld(feed, stored));
      // After the checkpoint: whoever moved it past a step had put that aside before.
      await look();
      return (isStoredHeld ? placeOf(stored) : undefined) ?? reached();
    },

    async apply(page) {
      await goOn();
      for (let from = 0; from < page.items.length; from += TOGETHER) {
        const items = page.items.slice(from, from + TOGETHER);
        if (await takeTogether(items)) {
          const last = items.at(-1)!;
          await moveTo({ upTo: last.position, upToItem: itemOf(last) });
        } else await takeEach(items);
      }
      if (page.items.length > 0) await moveTo(page);
    },
  });
  return {
    ...follower,
    status: () => ({ ...follower.status(), ...(parked.length === 0 ? {} : { parked: parked.length }) }),
  };
}

/** Only who says that it can never succeed says so in words that may be kept. */
const reasonOf = (error: unknown): string =>
  error instanceof CannotApply
    ? error.message
    : `failed ${ATTEMPTS} times (${error instanceof Error ? error.name : typeof error})`;

class Unreadable extends CannotApply {}

/** It lies with the store or with others who write to the same stream: tried again for as long as it takes. */
const isPassing = (error: unknown): boolean =>
  error instanceof StoreUnavailable || error instanceof AppendOutcomeUnknown || error instanceof RevisionConflict;
