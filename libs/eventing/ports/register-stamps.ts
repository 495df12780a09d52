import type { Place } from './event-store.js';

/** What the register's database held for certain when an event was appended that is kept elsewhere. */
export interface RegisterStamp {
  readonly epoch: number;
  /** A number in the register that only rises: one that does not have it any more is older than the event. */
  readonly beat: bigint;
  /** The newest record that the appending process knew; absent where it knew none. */
  readonly record?: Place;
}

/** Stamps beside the events, in the store that holds them: what a register that was restored can't have. */
export interface RegisterStamps {
  /**
   * From now on every append carries what `stamp` says as it is sent; `undefined`: nothing. What it says MUST be durable in
   * the register by then. The events MUST stay what they are: their bytes, and that a repeat is none.
   */
  carry(stamp: () => RegisterStamp | undefined): void;

  /** The stamps of the events behind `after`, up to the head as it is when called, in their order. */
  behind(after: bigint): AsyncIterable<RegisterStamp>;
}
