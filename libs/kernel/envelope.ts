import type { Instant } from './instant.js';
import type { EventId, StreamId } from './ids.js';

/** Who did it: a client (with the clerk behind it, a random reference), or the system (a process manager's name). */
export type Actor = { readonly client: string; readonly clerk?: string } | { readonly system: string };

/** What goes into the canonical bytes beside the data (interfaces.md §9). */
export interface EventMetadata {
  readonly id: EventId;
  readonly type: string;
  readonly schemaVersion: number;
  readonly stream: StreamId;
  readonly correlationId: string;
  /** Id of the event that caused this one; absent when a request did. */
  readonly causationId?: string;
  readonly traceparent?: string;
  readonly actor: Actor;
  /** Version of the rule set, on events that scored something. */
  readonly ruleSet?: string;
  readonly processingActivity: string;
  /** Keyed hash of the request; on the first event of a keyed command. */
  readonly requestHash?: string;
}

/** An event as read back: metadata, data (sealed members stay sealed) and what the store gave it. */
export interface Recorded<Event extends { readonly type: string; readonly data: object }> {
  readonly type: Event['type'];
  readonly data: Event['data'];
  readonly metadata: EventMetadata;
  readonly revision: number;
  readonly position: bigint;
  readonly recordedAt: Instant;
}
