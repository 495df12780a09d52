import { FaultForPeople, epochOf, type EventId, type Instant, type StreamId } from '#libs/kernel';

/** Most bytes (UTF-8) that the canonical text of one event may have. */
export const MAX_EVENT_BYTES = 512 * 1024;
/** Most bytes (UTF-8) that all events of one append may have together. EventStoreDB's own limit is 1 MiB. */
export const MAX_APPEND_BYTES = 900 * 1024;

/**
 * Where a reader begins who wants everything: before the first item of every store. What stands in a store stands at
 * 0n or later; a position is a place in an order and nothing else: it is compared, never counted with.
 */
export const START = -1n;

/** Revision of the last event that the writer has seen (0 = the first event), or that there is none. There is no "any". */
export type ExpectedRevision = number | 'no-stream';

export interface EventToAppend {
  /** A UUID in lower case. */
  readonly id: EventId;
  readonly type: string;
  /** RFC 8785 text, metadata and data together: stored and given back byte for byte. */
  readonly bytes: string;
}

export interface Appended {
  /** Revision of the last event of this append. */
  readonly revision: number;
  /** Place of the last event of this append in the order of the whole store. */
  readonly position: bigint;
  /** Absent: the store's answer does not say. Whoever needs it reads what stands there. */
  readonly recordedAt?: Instant;
  /**
   * The same ids stood at the same revisions already, or somebody else wrote them while this append was under way: the
   * answer is the first one's, and what stands there need not be what was handed over. Whoever answers reads it back.
   * Absent: the store's answer does not say which it was, so that it may be either.
   */
  readonly repeated?: boolean;
}

export interface StoredEvent extends EventToAppend {
  readonly stream: StreamId;
  readonly revision: number;
  /** Rises along the store, perhaps with gaps: the first may be 0n, and none is above 2^63 - 1. */
  readonly position: bigint;
  /** For an event that was moved here from another store: when that one recorded it. */
  readonly recordedAt: Instant;
}

/** The stream does not stand where the writer thought. Nothing was written. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';
  constructor(
    readonly stream: StreamId,
    readonly expected: ExpectedRevision,
    readonly actual: ExpectedRevision,
  ) {
    super(`${stream} stands at ${actual}, not at ${expected}`);
  }
}

/** An event id of this append belongs to another place already. Nothing was written. */
export class EventIdTaken extends Error {
  override readonly name = 'EventIdTaken';
  constructor(readonly id: string) {
    super(`event id ${id} is in use elsewhere`);
  }
}

/**
 * The append is over a size limit, empty, or holds what can't be given back exactly (an id that is no UUID in lower case,
 * a lone surrogate, a NUL). Nothing was sent.
 */
export class AppendRefused extends Error {
  override readonly name = 'AppendRefused';
}

/** The store can't take or give anything now. Nothing was written by this call. */
export class StoreUnavailable extends FaultForPeople {
  override readonly name: string = 'StoreUnavailable';
  constructor(
    message: string,
    readonly retryAfterSeconds = 1,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A place in a feed and the item there, by which a store that went back is told from the one that was read. */
export interface Place {
  readonly position: bigint;
  /** `itemOf` what stands there. */
  readonly item: string;
}

/**
 * Names an item as no other one: its id and the moment at which it was recorded. A command that is carried out again
 * after a store went back makes the same id, perhaps at the same position, and not the same event.
 */
export const itemOf = ({ id, recordedAt }: { readonly id: string; readonly recordedAt: Instant }): string =>
  `${id}@${epochOf(recordedAt)}`;

export const placeAt = (stored: {
  readonly position: bigint;
  readonly id: string;
  readonly recordedAt: Instant;
}): Place => ({ position: stored.position, item: itemOf(stored) });

/**
 * The store does not hold the item that it acknowledged or handed over: it was put back to an older state (a restored
 * backup, a fail-over to a copy that lagged, a reverted disk).
 */
export class LineageBroken extends StoreUnavailable {
  override readonly name = 'LineageBroken';
  /** Whoever sends the request again finds another process, or none. */
  constructor(reason: string) {
    super(reason, 60);
  }

  /** `found`: the item that is there instead. */
  static at({ position, item }: Place, found: string | undefined): LineageBroken {
    return new LineageBroken(
      `position ${position} held ${item} and now holds ${found ?? 'nothing'}: the store was put back to an older state`,
    );
  }
}

/** Neither success nor failure could be established, even by looking the ids up. The same append may be sent again. */
export class AppendOutcomeUnknown extends Error {
  override readonly name = 'AppendOutcomeUnknown';
}

/**
 * The adapter can't hand over in order what the store holds, and no later try would do better: the reader stops and a
 * person looks. Never what passes by itself.
 */
export class FeedBroken extends Error {
  override readonly name: string = 'FeedBroken';
}

/**
 * The durable, totally ordered log of events. An adapter is whatever passes the exported contract suite
 * (`eventStoreContract` in libs/testing).
 */
export interface EventStore {
  /**
   * Writes the events to one stream, all or none.
   *
   * - MUST be durable when it resolves, and MUST write nothing when it rejects, except with `AppendOutcomeUnknown`.
   * - MUST reject with `RevisionConflict` when the stream does not stand at `expected`; of concurrent appends with the
   *   same expectation exactly one wins.
   * - The same ids at the same revisions again MUST resolve to the first answer with `repeated: true` (or without it,
   *   where the store does not tell the two apart), also after the stream has moved on. Only a part of them there MUST be
   *   a `RevisionConflict`. A retry uses the first expectation.
   * - `repeated: false` MUST mean that what stands there is what was handed over: when the answer or the request was lost
   *   and another writer's append with the same ids was not, it is `repeated: true`, or absent.
   * - MUST reject with `AppendRefused`, before anything is sent, an append without events, one event over
   *   `MAX_EVENT_BYTES`, events over `MAX_APPEND_BYTES` together.
   * - MUST NOT let one append's failure touch another's.
   * - An id that another place holds MAY be noticed; then `EventIdTaken`.
   * - MUST reject with `StoreUnavailable` when it can't take more or can't be reached; MUST settle in bounded time.
   * - MUST reject with `LineageBroken`, and MUST NOT answer for what it may have written, when the store does not hold the
   *   newest event that this adapter acknowledged or handed over. The adapter MUST remember it: from then on every call
   *   of append, reading and feed MUST reject with `LineageBroken`, whatever the store holds by then.
   */
  append(stream: StreamId, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<Appended>;

  /**
   * The events of a stream from revision `from` (default 0) on, oldest first, all that were durable when called.
   * A stream that does not exist gives an empty list.
   */
  readStream(stream: StreamId, from?: number): Promise<readonly StoredEvent[]>;

  /**
   * Each of these streams whole, in their order, read at once: many objects cost one way to the store, and one connection.
   * All of it is in memory together, so that whoever has many asks in pieces.
   */
  readStreams(streams: readonly StreamId[]): Promise<readonly (readonly StoredEvent[])[]>;
}

/** A stretch of a feed: what lies behind the previous page up to and including `upTo`. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Everything up to here has been handed over. Never goes back; equal to the last page's when nothing was new. */
  readonly upTo: bigint;
  /** Nothing lay behind `upTo` when this page was read. */
  readonly caughtUp: boolean;
  /** The item at `upTo` (`itemOf`), whether it was asked for or not; absent when there is none (`START`, a bare position). */
  readonly upToItem?: string;
}

/** The page's end, to go on behind it: by its place where it has one. */
export const endOf = ({ upTo, upToItem }: Page<unknown>): bigint | Place =>
  upToItem === undefined ? upTo : { position: upTo, item: upToItem };

export const positionOf = (place: bigint | Place): bigint => (typeof place === 'bigint' ? place : place.position);

export interface FeedOptions {
  /** Ends the subscription. The iteration then returns without an error. */
  readonly signal: AbortSignal;
  /** Hand over these types only; `upTo` moves past the others. Absent: all. */
  readonly types?: readonly string[];
}

/**
 * The total order of a store, from the first event to what comes. Positions rise in the order of commits and may have
 * gaps. What the store keeps for itself (system events) is no part of it: neither handed over, nor counted by `head`.
 *
 * Reading begins behind `START` or behind any position, whether something stands there or not.
 *
 * Where a `Place` is given, the store MUST still hold that item there: otherwise the call MUST reject (the iteration end)
 * with `LineageBroken`, and hand over nothing. A bare position is believed.
 *
 * A store that goes back under the adapter MUST be noticed by `head`, `newest` and every subscription, at the latest with
 * the next page, also when it has grown beyond where it was: `LineageBroken`, then and from then on (see `append`). What
 * the other lineage holds MUST NOT be handed over as if it followed.
 */
export interface Feed<Item> {
  /**
   * Position of the newest item; `START` while there is none. MUST be linearizable: never older than an append of
   * whatever process that was answered before it was called. Leases and readiness rest on it.
   */
  head(): Promise<bigint>;

  /** Place of the newest item; `undefined` while there is none. As linearizable as `head`. */
  newest(): Promise<Place | undefined>;

  /** The item at exactly this position; `undefined` when none stands there. */
  at(position: bigint): Promise<Item | undefined>;

  /**
   * The next items behind `after` (exclusive), oldest first, at most `limit` (default: the adapter's own page size).
   * MUST NOT hand over an item while an earlier one may still become visible: a commit that comes late is not lost.
   * The `upTo` of a page that is caught up MUST be the head of that moment (or `after`, where that lies beyond).
   */
  read(after: bigint | Place, limit?: number): Promise<Page<Item>>;

  /**
   * Every item behind `after` once, in order, for as long as the signal allows.
   *
   * - MUST survive an interruption of the connection and go on where it was, nothing lost, nothing twice.
   * - MUST yield at least one page per second while it is fed, an empty one if nothing came: silence means "not fed".
   * - A slow consumer MUST NOT hold up another, nor make memory grow.
   * - What it can't hand over in order MUST end the iteration with `FeedBroken`; never is anything left out.
   */
  subscribe(after: bigint | Place, options: FeedOptions): AsyncIterable<Page<Item>>;

  /**
   * Everything behind `after` that was there when called, oldest first, in pieces, as fast as the store can give it
   * (for rebuilds). The last page's `upTo` is the head of that moment. Same promises on order and late commits as `read`.
   */
  replay(after: bigint | Place, options?: { readonly types?: readonly string[] }): AsyncIterable<Page<Item>>;
}

export type EventFeed = Feed<StoredEvent>;
