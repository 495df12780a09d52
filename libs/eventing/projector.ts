import { setTimeout as delay } from 'node:timers/promises';
import type { DomainEvent, Recorded } from '#libs/kernel';
import type { EventSerializer } from './event-serializer.js';
import { CannotApply, follow, holds, type Follower } from './follower.js';
import {
  endOf,
  START,
  type EventFeed,
  type Feed,
  type Page,
  type Place,
  type StoredEvent,
} from './ports/event-store.js';
import type { RecordLog } from './ports/record-log.js';
import { CheckpointMoved } from './ports/projection-store.js';
import type {
  CatchUp,
  Checkpoint,
  OpenedTable,
  Projection,
  ProjectionStore,
  Row,
  TableDeclaration,
} from './ports/projection-store.js';
import { recordSource } from './record-source.js';
import { asSpan, spanOver } from './tracing.js';

/** Which store positions belong to; part of every checkpoint and of every position given to a caller. */
export interface StoreIdentity {
  readonly store: string;
  readonly epoch: number;
}

export interface ProjectorParts {
  readonly projections: ProjectionStore;
  readonly feed: EventFeed;
  readonly serializer: Pick<EventSerializer, 'read'>;
  /** For read models that are made from records; nobody keeps one without. */
  readonly records?: RecordLog;
  readonly identity: StoreIdentity;
  /** Lets those that build their tables do so one after the other; who ends before his turn rejects. */
  readonly inTurn?: InTurn;
  readonly onTrouble?: (name: string, error: unknown, stopped: boolean) => void;
}

export type InTurn = <Result>(work: () => Promise<Result>, ending: AbortSignal) => Promise<Result>;

/** The table that a read model is answered from, and who keeps it up to date. */
export interface Answering<R extends Row = Row> {
  readonly projection: Projection<R>;
  readonly follower: Follower;
}

export interface Projector<R extends Row = Row> extends Follower {
  /** While its table is built: that of the earlier version, where this release reads it; else `undefined`. */
  answering(): Answering<R> | undefined;
}

/** A checkpoint that moved past unhandled events only is written at most this often (milliseconds). */
const IDLE_CHECKPOINT = 1_000;
/** Between two looks at whether tables of earlier versions are in use still, in milliseconds. */
const RETIRE_EVERY = 60_000;
/** How long one that was not the first lets another process go first, and between two looks meanwhile, in milliseconds. */
const STAND_BACK = 250;
const SHORTEST_LOOK = 2;
const LONGEST_LOOK = 25;
/** As many events are applied one page after the other sooner than a table is built and swapped. */
const FEW_EVENTS = 1_000;

/**
 * Keeps one read model up to date: rows and checkpoint in one transaction, page by page. A version that has no table yet
 * builds it; meanwhile, and beside older releases that do the same, it keeps up the earlier one that it reads.
 *
 * Of several processes that keep the same table up one is the first to write each page; the checkpoint tells the others.
 * Who was not the first once lets the others go first from then on: he watches the checkpoint, and writes again himself
 * when a page is not there in time. So nobody waits for a turn that a dead process holds.
 */
export function startProjector<R extends Row>(projection: Projection<R>, given: ProjectorParts): Projector<R> {
  const parts = withSource(projection, given);
  const { projections, feed, serializer, identity, onTrouble } = parts;
  const own = projection as unknown as Projection;
  let stored: Checkpoint | undefined;
  let storedAt = performance.now();
  let isBuilding = false;
  let standIn: Answering<R> | undefined;
  /** Another process is the one that writes, as far as is known. */
  let standsBack = false;
  /** When to look at earlier tables next; `undefined` = there is none left. */
  let retireAt: number | undefined;

  async function apply(page: Page<StoredEvent>): Promise<void> {
    // Another process may be further than this page.
    const reached = stored?.position;
    if (reached !== undefined && page.upTo < reached) return;
    const items = reached === undefined ? page.items : page.items.filter(({ position }) => position > reached);
    const events = items.map((item) => readable(serializer, item));
    if (standsBack && (events.length === 0 || (await isWritten(page)))) return;
    if (events.length === 0) {
      const idle = page.upTo === (stored?.position ?? START) || performance.now() - storedAt < IDLE_CHECKPOINT;
      if (idle) return;
    }
    if (events.length === 0) return keep(page, events);
    const span = {
      ...spanOver(events.map(({ metadata }) => metadata.traceparent)),
      attributes: { 'waarborg.read_model': projection.name, 'waarborg.events': events.length },
    };
    await asSpan(`project ${projection.name}`, span, () => keep(page, events));
  }

  async function keep(page: Page<StoredEvent>, events: readonly Recorded<DomainEvent>[]): Promise<void> {
    const keys = [...new Set(events.flatMap((event) => projection.keys(event)))];
    const rows = new Map<string, R | undefined>(keys.length === 0 ? [] : await projections.load(projection, keys));
    const changes = foldPage(projection, rows, events);
    // What a fold gave back as it was is there already.
    for (const [key, row] of changes) if (row !== undefined && row === rows.get(key)) changes.delete(key);
    const next = checkpointAt(identity, page);
    try {
      await projections.commit(projection, changes, stored, next);
    } catch (error) {
      standsBack = error instanceof CheckpointMoved;
      throw error;
    }
    stored = next;
    storedAt = performance.now();
  }

  /** Lets another process write the page; false when it does not come to it. */
  async function isWritten({ upTo }: Page<StoredEvent>): Promise<boolean> {
    const end = performance.now() + STAND_BACK;
    for (let pause = SHORTEST_LOOK; ; pause = Math.min(pause * 2, LONGEST_LOOK)) {
      const found = await projections.checkpoint(own);
      if (found !== undefined && sameStore(found, identity) && found.position >= upTo) {
        stored = found;
        storedAt = performance.now();
        return true;
      }
      if (performance.now() >= end) break;
      await delay(pause);
    }
    standsBack = false;
    return false;
  }

  /** Answers from its own table once that shows no less than the earlier one did. */
  async function takeOver(upTo: bigint): Promise<void> {
    if (standIn !== undefined && upTo < standIn.follower.status().position) return;
    const gone = standIn;
    isBuilding = false;
    standIn = undefined;
    retireAt = performance.now();
    if (gone === undefined) return;
    await gone.follower.stop();
    await projections.leave(gone.projection as unknown as Projection);
  }

  async function retire(): Promise<void> {
    retireAt = performance.now() + RETIRE_EVERY;
    try {
      if (await projections.retire(own)) retireAt = undefined;
    } catch (error) {
      // It is looked at again; nobody waits for it.
      onTrouble?.(projection.name, error, false);
    }
  }

  const follower = follow<StoredEvent>({
    name: projection.name,
    feed,
    types: projection.handles,
    ...(onTrouble === undefined ? {} : { onTrouble }),

    async begin(ending, building) {
      let opened = await projections.open(own);
      const foreign = opened.checkpoint !== undefined && !sameStore(opened.checkpoint, identity);
      if (foreign && !isEarlier(opened.checkpoint, identity)) {
        return { outdated: `the table of ${projection.name} is of another store or a later epoch` };
      }
      if (await isToBeBuilt(parts, opened)) {
        ending.throwIfAborted();
        building();
        isBuilding = true;
        standIn ??= standInFor(projection, opened, parts);
        const { inTurn = (work) => work() } = parts;
        opened = await inTurn(async () => {
          // Another process may have built it by now.
          if (!(await isToBeBuilt(parts, await projections.open(own)))) return projections.open(own);
          await rebuildProjection(projection, parts, () => ending.throwIfAborted());
          return projections.open(own);
        }, ending);
      }
      // Rows of events that are not there: nobody knows why, so a person looks at it.
      if (opened.checkpoint !== undefined && !(await isHeld(feed, opened.checkpoint))) {
        return { outdated: `the table of ${projection.name} holds what the store does not` };
      }
      stored = opened.checkpoint;
      retireAt ??= performance.now();
      // Before anybody is told that it has come so far: then it answers as well.
      if (isBuilding) await takeOver(stored?.position ?? START);
      return placeOf(stored) ?? stored?.position ?? START;
    },

    async apply(page) {
      await apply(page);
      if (!page.caughtUp) return;
      if (isBuilding) await takeOver(page.upTo);
      if (!isBuilding && retireAt !== undefined && performance.now() >= retireAt) await retire();
    },
  });

  return {
    ...follower,
    answering() {
      if (!isBuilding) return { projection, follower };
      return standIn?.follower.status().state === 'running' ? standIn : undefined;
    },
    async stop() {
      await Promise.all([follower.stop(), standIn?.follower.stop()]);
    },
  };
}

/** The parts with the log that the read model is made from in the place of the events. */
function withSource<Parts extends Omit<ProjectorParts, 'onTrouble'>>(
  { name, log }: Pick<Projection, 'name' | 'log'>,
  parts: Parts,
): Parts {
  if (log === undefined) return parts;
  if (parts.records === undefined) throw new Error(`read model ${name} is made from records, and there are none`);
  return { ...parts, ...recordSource(parts.records) };
}

async function isToBeBuilt(
  { feed, identity }: ProjectorParts,
  { checkpoint, outdated, earlier }: OpenedTable,
): Promise<boolean> {
  if (outdated) return true;
  if (checkpoint !== undefined) return !sameStore(checkpoint, identity);
  return earlier.length > 0 || (await holdsMoreThan(feed, FEW_EVENTS));
}

/** By counting them: positions tell nothing about how many there are. */
async function holdsMoreThan(feed: EventFeed, events: number): Promise<boolean> {
  let count = 0;
  for (let after: bigint | Place = START; ;) {
    const page: Page<StoredEvent> = await feed.read(after, events + 1 - count);
    count += page.items.length;
    if (count > events) return true;
    if (page.caughtUp) return false;
    after = endOf(page);
  }
}

/** Keeps up the earlier table that this version reads, where it is there, of this store and of columns that fit. */
function standInFor<R extends Row>(
  projection: Projection<R>,
  { earlier }: OpenedTable,
  parts: ProjectorParts,
): Answering<R> | undefined {
  const { readsEarlier, table, ...others } = projection;
  const found = earlier.find(({ version }) => version === readsEarlier);
  if (found === undefined || !sameStore(found.checkpoint, parts.identity) || !isPartOf(found.table, table)) return;
  const { columns } = found.table;
  const only = (row: R | undefined): R | undefined =>
    row && (Object.fromEntries(Object.entries(row).filter(([column]) => column in columns)) as R);
  const stand: Projection<R> = {
    ...others,
    version: found.version,
    table: found.table,
    fold: (row, event, key) => only(projection.fold(row, event, key)),
  };
  return { projection: stand, follower: startProjector(stand, parts) };
}

const isPartOf = (earlier: TableDeclaration, table: TableDeclaration): boolean =>
  earlier.key === table.key &&
  earlier.newestFirst === table.newestFirst &&
  Object.entries(earlier.columns).every(([column, type]) => table.columns[column] === type);

/** Builds a read model anew from the first event and puts it in the live one's place. Answers how many rows it has. */
export async function rebuildProjection<R extends Row>(
  projection: Projection<R>,
  given: Omit<ProjectorParts, 'onTrouble'>,
  onProgress: (events: number, position: bigint) => void = () => undefined,
): Promise<{ readonly events: number; readonly rows: number }> {
  const parts = withSource(projection, given);
  const rows = new Map<string, R | undefined>();
  let end: Page<StoredEvent> = { items: [], upTo: START, caughtUp: false };
  let count = 0;
  for await (const page of parts.feed.replay(START, { types: projection.handles })) {
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

/**
 * Whether the store holds what was read up to the checkpoint; one that names no event is judged by the head alone, unless
 * nothing was read yet (`START`, or 0n where a version before wrote it).
 */
export async function isHeld(feed: Pick<Feed<unknown>, 'head' | 'read'>, checkpoint: Checkpoint): Promise<boolean> {
  const place = placeOf(checkpoint);
  if (place !== undefined) return holds(feed, place);
  return checkpoint.position <= 0n || checkpoint.position <= (await feed.head());
}

const sameStore = (checkpoint: Checkpoint, identity: StoreIdentity): boolean =>
  checkpoint.store === identity.store && checkpoint.epoch === identity.epoch;

const isEarlier = (checkpoint: Checkpoint | undefined, identity: StoreIdentity): boolean =>
  checkpoint?.store === identity.store && checkpoint.epoch < identity.epoch;

function readable(serializer: Pick<EventSerializer, 'read'>, item: StoredEvent): Recorded<DomainEvent> {
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
