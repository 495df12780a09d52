import type { Instant, StreamId } from '#libs/kernel';
import type { EventToAppend, StoredEvent } from './event-store.js';

/** Where an event stood first, before it was moved to another store. What was proven of it names these. */
export interface EventOrigin {
  readonly recordedAt: Instant;
  readonly position: bigint;
  readonly epoch: number;
}

export interface MovedEvent extends EventToAppend {
  readonly stream: StreamId;
  readonly revision: number;
  readonly origin: EventOrigin;
}

/** How events come into a store from another one. For a store that nobody else writes to meanwhile. */
export interface EventImport {
  /**
   * Writes the events in their order, behind everything that is there.
   *
   * - MUST write each at exactly its revision of its stream: its id, type and bytes as they are, its origin beside them in
   *   the store's own metadata (never in the bytes, which are hashed). Whatever reads the event from then on MUST give the
   *   origin's `recordedAt`.
   * - MUST be durable when it resolves. When it rejects, a first part of the events may be there, never one without all
   *   that come before it: whoever goes on asks the store where it ends.
   * - MUST reject with `RevisionConflict` where a stream does not stand right before the event.
   * - MUST reject with `AppendRefused` what an append would be refused for, except that the limit for all events together
   *   does not count here.
   */
  write(events: readonly MovedEvent[]): Promise<void>;

  /** The origins of those of these events that were moved here, by their ids. */
  originsOf(events: readonly StoredEvent[]): Promise<ReadonlyMap<string, EventOrigin>>;
}
