import {
  AppendRefused,
  MAX_APPEND_BYTES,
  type EventImport,
  type EventOrigin,
  type ExpectedRevision,
  type MovedEvent,
  type StoredEvent,
} from '#libs/eventing';
import type { StreamId } from '#libs/kernel';
import type { EventStoreDbEventStore } from './eventstoredb-store.js';
import { bytesOfAppend } from './limits.js';
import type { LogReader } from './log-reader.js';

/** Events of one append, at most: their metadata count for the server's limit as well. */
const MOST_TOGETHER = 500;

/** Takes in events of another store. Their origin stands in the server's own metadata of each, beside the bytes. */
export class EventStoreDbEventImport implements EventImport {
  readonly #events: EventStoreDbEventStore;
  readonly #reader: LogReader;

  constructor(events: EventStoreDbEventStore, reader: LogReader) {
    this.#events = events;
    this.#reader = reader;
  }

  /** One append after another, since nothing else keeps the order among streams. */
  async write(events: readonly MovedEvent[]): Promise<void> {
    for (const { stream, revision, ...event } of events) bytesOfAppend(stream, expectedAt(revision), [event]);
    for (const run of runsOf(events)) {
      const { stream, revision } = run[0]!;
      await this.#events.appendMoved(
        stream,
        expectedAt(revision),
        run.map(({ id, type, bytes, origin }) => ({ id, type, bytes, origin })),
      );
    }
  }

  async originsOf(events: readonly StoredEvent[]): Promise<ReadonlyMap<string, EventOrigin>> {
    const wanted = new Map<StreamId, Set<number>>();
    for (const { stream, revision } of events) {
      wanted.set(stream, (wanted.get(stream) ?? new Set()).add(revision));
    }
    const origins = new Map<string, EventOrigin>();
    for (const [stream, revisions] of wanted) {
      const found = await this.#reader.origins(stream, Math.min(...revisions), Math.max(...revisions));
      for (const { id, revision, origin } of found) if (revisions.has(revision)) origins.set(id, origin);
    }
    return origins;
  }
}

function expectedAt(revision: number): ExpectedRevision {
  if (!Number.isInteger(revision) || revision < 0) throw new AppendRefused(`${revision} is no revision`);
  return revision === 0 ? 'no-stream' : revision - 1;
}

/** Events that follow each other in one stream, as many as one append may have. */
function* runsOf(events: readonly MovedEvent[]): Iterable<readonly MovedEvent[]> {
  let run: MovedEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const last = run.at(-1);
    const size = Buffer.byteLength(event.bytes);
    const follows = last?.stream === event.stream && last.revision + 1 === event.revision;
    if (last !== undefined && (!follows || run.length === MOST_TOGETHER || bytes + size > MAX_APPEND_BYTES)) {
      yield run;
      [run, bytes] = [[], 0];
    }
    run.push(event);
    bytes += size;
  }
  if (run.length > 0) yield run;
}
