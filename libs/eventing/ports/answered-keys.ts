import type { EventId, Instant, StreamId } from '#libs/kernel';

/** What was answered to an accepted command that found nothing to change: enough to make that answer again. */
export interface AnswerToKeep {
  /** The id that the first event of the command would have had: it stands for client, object and key together. */
  readonly key: EventId;
  /** Of this very attempt; no two have the same. */
  readonly attempt: string;
  readonly client: string;
  readonly stream: StreamId;
  /** Keyed hash of the request: the same key with another hash is a reuse. */
  readonly requestHash: string;
  /** Where the object stood: revision and position of its last event; without one -1 and `START` (0n in older rows). */
  readonly revision: number;
  readonly position: bigint;
  /** Head of the store by then: what other objects say counts up to here. */
  readonly head: bigint;
}

export interface KeptAnswer extends AnswerToKeep {
  readonly answeredAt: Instant;
  /** It was, or may have been, given to the caller. Until then it is a claim, which may still be withdrawn. */
  readonly settled: boolean;
}

/**
 * Keys of accepted commands that recorded no event (interfaces.md §3). Kept in the register's database, whatever store
 * holds the events, for as long as their object.
 */
export interface AnsweredKeys {
  find(key: EventId): Promise<KeptAnswer | undefined>;

  /**
   * Claims the key, unsettled. `answeredAt` is the store's own time. Answers `undefined`, and writes nothing, when the key
   * is claimed or answered already. MUST be durable and visible to `find` of every process when it resolves.
   */
  put(answer: AnswerToKeep): Promise<KeptAnswer | undefined>;

  /**
   * Makes the claim final. Answers whether it stands, also when it was final before; false when it was withdrawn. Of
   * `settle` and `withdraw` of one claim, at once, exactly one MUST take effect. MUST be durable when it resolves.
   */
  settle(answer: KeptAnswer): Promise<boolean>;

  /** Takes the answer away if it still stands as it was found: the same attempt, as settled as it was. */
  withdraw(answer: KeptAnswer): Promise<void>;
}
