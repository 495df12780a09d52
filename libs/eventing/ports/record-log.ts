import type { Instant } from '#libs/kernel';
import type { Feed } from './event-store.js';

/** What is proven but is no event: a decision at use, a refusal by rule, an auditor's reading (interfaces.md §8, §9). */
export type RecordKind = 'decision' | 'refusal' | 'reading';

export interface RecordToAppend {
  /** UUID; the same id again is the same record. */
  readonly id: string;
  readonly kind: RecordKind;
  /** RFC 8785 text, kept and given back byte for byte. */
  readonly bytes: string;
}

export interface StoredRecord extends RecordToAppend {
  /** Place in the record log's own order; not comparable with an event's position. */
  readonly position: bigint;
  readonly recordedAt: Instant;
}

/** Append-only log apart from the event log, with gapless positions of its own. */
export interface RecordLog extends Feed<StoredRecord> {
  /**
   * MUST be durable when it resolves. An id that is there already resolves to the first answer and writes nothing.
   * Rejects with `AppendRefused` (over `MAX_EVENT_BYTES`), `StoreUnavailable` or `AppendOutcomeUnknown`.
   */
  append(record: RecordToAppend): Promise<{ readonly position: bigint; readonly recordedAt: Instant }>;

  byId(id: string): Promise<StoredRecord | undefined>;
}
