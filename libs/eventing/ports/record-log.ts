import type { Instant } from '#libs/kernel';
import type { HeldLease } from './decision-instances.js';
import type { Feed } from './event-store.js';

/** What is proven but is no event: a decision at use, a refusal by rule, an auditor's reading (interfaces.md §8, §9). */
export type RecordKind = 'decision' | 'refusal' | 'reading';

interface RecordContent {
  /** UUID; the same id again is the same record. */
  readonly id: string;
  readonly kind: RecordKind;
  /** RFC 8785 text, kept and given back byte for byte. */
  readonly bytes: string;
}

export interface RecordToAppend extends RecordContent {
  /** Of the decision instance whose answer this is; not kept. */
  readonly lease?: Pick<HeldLease, 'instance' | 'stretch'>;
}

export interface RecordPlace {
  readonly position: bigint;
  readonly recordedAt: Instant;
  /** Until when the record's `lease` ran as it was written; absent when its entry did not stand any more. */
  readonly leaseUntil?: Instant;
}

export interface StoredRecord extends RecordContent {
  /** Place in the record log's own order; not comparable with an event's position. */
  readonly position: bigint;
  readonly recordedAt: Instant;
}

/** Append-only log apart from the event log, with gapless positions of its own. */
export interface RecordLog extends Feed<StoredRecord> {
  /**
   * MUST be durable when it resolves. An id that is there already resolves to the first answer and writes nothing.
   * Rejects with `AppendRefused` (over `MAX_EVENT_BYTES`), `StoreUnavailable` or `AppendOutcomeUnknown`. MUST reject with
   * `LineageBroken` like `EventStore.append`, and, where it is kept with the events, also when it is these that went back:
   * what a decision rested on is not there then.
   *
   * MUST NOT answer `leaseUntil` when `DecisionInstances` of the same store took the lease's entry away before the call,
   * whatever came in its place and whatever any clock says.
   */
  append(record: RecordToAppend): Promise<RecordPlace>;

  byId(id: string): Promise<StoredRecord | undefined>;
}
