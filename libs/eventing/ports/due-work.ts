import type { Instant, JsonValue, StreamId } from '#libs/kernel';
import type { Fence } from './leases.js';

/** Something to do at a moment. Moments are those of whoever enqueues and asks; the store's own clock has no say. */
export interface DueItem {
  readonly kind: string;
  /** Unique in its kind, and derived from what it is about: enqueued again it is the same. */
  readonly id: string;
  /** Items of one group are done one after the other, in the order in which they were enqueued. */
  readonly group: string;
  /** Who must not hold up others (a receiver); absent: nobody in particular. */
  readonly lane?: string;
  readonly dueAt: Instant;
  /** Without personal data. */
  readonly payload: JsonValue;
}

export interface KeptItem extends DueItem {
  readonly lane: string;
  /** Order in which items were enqueued, over all kinds. */
  readonly place: bigint;
  /**
   * `parked` = waits for a person, and what is of its group waits behind it; `dropped` = a person gave it up. Those that
   * are done or dropped are kept until they are pruned.
   */
  readonly state: 'waiting' | 'parked' | 'done' | 'dropped';
  /** How often it was put off since it was enqueued or released, and the moment of that. */
  readonly attempts: number;
  readonly since: Instant;
  /** Why it was put off or parked the last time, in words without personal data. */
  readonly reason?: string;
  /** When it was done or dropped. */
  readonly endedAt?: Instant;
}

export type ItemKey = Pick<DueItem, 'kind' | 'id'>;

export interface DueWorkFigures {
  readonly waiting: number;
  readonly parked: number;
  /** `since` of the oldest item that waits. */
  readonly oldest?: Instant;
}

/**
 * Work that waits for its moment: deliveries, notices, deadlines. Every method that takes a fence MUST reject with
 * `Fenced`, and write nothing, where the fence does not stand: it is checked in the transaction that writes.
 */
export interface DueWork {
  /** Puts the items behind those of their groups. One that is known (kind and id), whatever its state, is left as it is. */
  enqueue(items: readonly DueItem[], fence?: Fence): Promise<void>;

  /**
   * What may be done now: of each group the first item that is not done, where it waits and `dueAt` is not later than
   * `now`. At most `perLane` of each lane, and `limit` together: first the oldest of each lane, then the second ones.
   */
  due(kind: string, now: Instant, limit: number, perLane?: number): Promise<readonly KeptItem[]>;

  /** It is done: the next one of its group may follow. False when it did not wait (any more). */
  done(item: ItemKey, at: Instant, fence?: Fence): Promise<boolean>;
  /** It is tried again at `dueAt`; what stands behind it waits. False when it did not wait (any more). */
  again(item: ItemKey, dueAt: Instant, reason: string, fence?: Fence): Promise<boolean>;
  /**
   * Why its last attempt, which was counted before it was made, came to nothing. Under no fence: it is a word for people,
   * and moves nothing. False when it does not wait (any more).
   */
  explain(item: ItemKey, reason: string): Promise<boolean>;
  /** It waits for a person, and its group with it. False when it did not wait (any more). */
  park(item: ItemKey, reason: string, fence?: Fence): Promise<boolean>;

  /** A parked item waits again, for `at` and as if it had been enqueued then. False when it was not parked. */
  release(item: ItemKey, at: Instant): Promise<boolean>;
  /** A parked item is given up: the next one of its group may follow. False when it was not parked. */
  drop(item: ItemKey, at: Instant): Promise<boolean>;

  find(item: ItemKey): Promise<KeptItem | undefined>;
  /** Of one lane, newest first; `before` is the place of the last item of the page before. */
  list(
    kind: string,
    lane: string,
    limit: number,
    filter?: { readonly state?: KeptItem['state']; readonly before?: bigint },
  ): Promise<readonly KeptItem[]>;
  /** What is parked, of every lane, oldest first; `after` is the place of the last item of the page before. */
  parked(kind: string, limit: number, after?: bigint): Promise<readonly KeptItem[]>;
  figures(kind: string): Promise<DueWorkFigures>;
  /** Forgets what was done or dropped before. */
  prune(kind: string, before: Instant): Promise<void>;
}

/** What reactions have to do, and how far each is on each stream. */
export interface Reactions {
  /**
   * Enqueues what a reaction has to do about an event (nothing: it has been seen), and notes that it was taken: both in
   * ONE transaction. Answers false, and writes nothing, when this reaction has taken this event of the stream or a newer
   * one, by epoch and position.
   */
  take(
    reaction: string,
    at: { readonly stream: StreamId; readonly epoch: number; readonly position: bigint },
    items: readonly DueItem[],
  ): Promise<boolean>;
}
