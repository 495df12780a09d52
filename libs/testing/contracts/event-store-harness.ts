import type { EventFeed, EventStore, EventToAppend, Lineage } from '#libs/eventing';
import type { StreamId } from '#libs/kernel';

/** An event store as another process sees it. */
export interface OtherProcess {
  readonly events: EventStore;
  readonly feed: EventFeed;
  close(): Promise<void>;
}

/** An event store, empty unless that can't be had, and what a contract suite may do to it from outside. */
export interface EventStoreHarness {
  readonly events: EventStore;
  readonly feed: EventFeed;
  readonly lineage: Lineage;
  /** Whether positions have no gaps (1n, 2n, 3n …). Otherwise they only rise. */
  readonly contiguous: boolean;
  /** Cuts every connection that the adapter holds, from outside. */
  interrupt?(): Promise<void>;
  /** Writes an event to a stream in a transaction that stays open until `commit`. */
  appendLate?(stream: StreamId, event: EventToAppend): Promise<{ commit(): Promise<void> }>;
  /** Puts the store back to what it was when its newest event was the one at this position; the adapter goes on. */
  putBack?(head: bigint): Promise<void>;
  /** Another adapter on the same store, as another process has. */
  another(): Promise<OtherProcess>;
  /**
   * Loses the next append on its way, with its connection; the adapter can't ask what became of it before `reopen`.
   */
  loseAppend?(): { readonly lost: Promise<void>; reopen(): void };
  close(): Promise<void>;
}

/** What can't be done to a store from outside, each with why: nothing of it could go wrong there. */
export type CannotBefall = Partial<Record<'interrupt' | 'appendLate' | 'loseAppend' | 'putBack' | 'empty', string>>;
