import type { EventImport, MovedEvent } from './ports/event-import.js';
import { endOf, START, type EventFeed, type Place, type StoredEvent } from './ports/event-store.js';

/** One of the two does not hold what the other holds; nothing is written behind that. */
export class NotACopy extends Error {
  override readonly name = 'NotACopy';
}

export interface CopyFrom {
  readonly feed: EventFeed;
  readonly imports: Pick<EventImport, 'originsOf'>;
  /** Epoch that its positions are of. */
  readonly epoch: number;
}

export interface CopyTo {
  readonly feed: EventFeed;
  readonly imports: Pick<EventImport, 'write'>;
}

/** Places up to which both are known to hold the same. */
export interface CopiedUpTo {
  readonly from: bigint | Place;
  readonly to: bigint | Place;
}

export interface Copied {
  /** Events that both hold behind where it began. */
  readonly events: number;
  /** Of these, what was written now. */
  readonly written: number;
  readonly upTo: CopiedUpTo;
}

/** Most events, and UTF-16 units of their bytes, that are written together. */
const BATCH_EVENTS = 500;
const BATCH_SIZE = 4 * 1024 * 1024;

const NOTHING: CopiedUpTo = { from: START, to: START };

/**
 * Writes into the one store what the other one holds, in its order, event for event, and what is there already is
 * compared: so that it goes on where an earlier attempt ended, however that ended. For two stores that nobody else writes
 * to. Rejects with `NotACopy` when what is there is not the begin of what is copied.
 */
export async function copyEvents(
  from: CopyFrom,
  to: CopyTo,
  onProgress: (events: number) => void = () => undefined,
  behind = NOTHING,
): Promise<Copied> {
  const there = everyEvent(to.feed, behind.to);
  let isAtEnd = false;
  let [events, written] = [0, 0];
  let batch: StoredEvent[] = [];
  let size = 0;
  const write = async (): Promise<void> => {
    const origins = await from.imports.originsOf(batch);
    await to.imports.write(
      batch.map((event): MovedEvent => {
        const { id, type, bytes, stream, revision, recordedAt, position } = event;
        const origin = origins.get(id) ?? { recordedAt, position, epoch: from.epoch };
        return { id, type, bytes, stream, revision, origin };
      }),
    );
    written += batch.length;
    [batch, size] = [[], 0];
  };
  const source = everyEvent(from.feed, behind.from);
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    const event = next.value;
    events += 1;
    if (!isAtEnd) {
      const held = await there.next();
      if (held.done === true) isAtEnd = true;
      else demandSame(event, held.value);
    }
    if (!isAtEnd) {
      onProgress(events);
      continue;
    }
    batch.push(event);
    size += event.bytes.length;
    if (batch.length < BATCH_EVENTS && size < BATCH_SIZE) continue;
    await write();
    onProgress(events);
  }
  if (batch.length > 0) await write();
  if (!isAtEnd) await demandEnd(there);
  return { events, written, upTo: { from: await endingOf(from.feed), to: await endingOf(to.feed) } };
}

/** Whether both hold the same events in the same order, byte for byte. Rejects with `NotACopy`; answers how many. */
export async function compareEvents(
  from: Pick<CopyFrom, 'feed'>,
  to: Pick<CopyTo, 'feed'>,
  onProgress: (events: number) => void = () => undefined,
  behind = NOTHING,
): Promise<number> {
  const there = everyEvent(to.feed, behind.to);
  const source = everyEvent(from.feed, behind.from);
  let events = 0;
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    const held = await there.next();
    if (held.done === true) throw new NotACopy(`event ${next.value.id} of ${next.value.stream} is missing`);
    demandSame(next.value, held.value);
    onProgress((events += 1));
  }
  await demandEnd(there);
  return events;
}

async function* everyEvent(feed: EventFeed, behind: bigint | Place): AsyncGenerator<StoredEvent, undefined> {
  for (let after = behind; ;) {
    const page = await feed.read(after);
    yield* page.items;
    if (page.caughtUp) return undefined;
    after = endOf(page);
  }
}

const endingOf = async (feed: EventFeed): Promise<bigint | Place> => (await feed.newest()) ?? START;

async function demandEnd(there: AsyncGenerator<StoredEvent, undefined>): Promise<void> {
  const more = await there.next();
  if (more.done !== true) throw new NotACopy(`event ${more.value.id} of ${more.value.stream} is in the copy only`);
}

/** Everything but the position, which is the store's own. */
function demandSame(event: StoredEvent, held: StoredEvent): void {
  for (const member of ['stream', 'revision', 'id', 'type', 'recordedAt', 'bytes'] as const) {
    if (event[member] === held[member]) continue;
    const shown = member === 'bytes' ? '' : `: ${String(held[member])} and not ${String(event[member])}`;
    throw new NotACopy(
      `the event at ${held.position} is not the one at ${event.position} (${event.id}), its ${member} differs${shown}`,
    );
  }
}
