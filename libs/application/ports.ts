import type { Instant, KeyHolder, PersonId } from '#libs/kernel';
import type { Follower, Projection, ProjectionStore, Row } from '#libs/eventing';

/** Keyed hashes and references whose keys and tables live apart from the register's database. Filled by libs/vault. */
export interface Secrets {
  /** HMAC over the canonical body; under the holder's key where the body has personal members (interfaces.md §3). */
  requestHash(canonicalBody: string, holder?: KeyHolder): Promise<string>;
  /** Keyed hashes of a value, one per lookup key; `purpose` keeps hashes of different uses apart. */
  lookupHashes(purpose: string, value: string): Promise<readonly string[]>;
  /** The random reference that stands for a clerk everywhere outside the key store. */
  clerkReference(subject: string): Promise<string>;
  readonly reservations: Reservations;
}

/** Identifying attributes that belong to one person each (MEANS-ID2-ii.b). */
export interface Reservations {
  /**
   * Answers who holds the attributes: `person` himself, or another who came first. A row that was not confirmed within
   * ten minutes is void unless `cameToBe` says that its person exists after all.
   */
  reserve(
    hashes: readonly string[],
    person: PersonId,
    now: Instant,
    cameToBe: (person: PersonId) => Promise<boolean>,
  ): Promise<{ readonly holder: PersonId; readonly mine: boolean }>;
  /** The person has come to be: the row no longer lapses. False when somebody else has taken it since. */
  confirm(hashes: readonly string[], person: PersonId): Promise<boolean>;
}

/** The read models that this process keeps up to date, and the rows of all of them. */
export interface ReadModels {
  readonly store: ProjectionStore;
  /** Begins to keep it up to date here. Once per name. */
  run<R extends Row>(projection: Projection<R>): Follower;
  /**
   * Rejects with `StoreUnavailable` when it is not fed: stopped, outdated, or silent for longer than its bound. A list that
   * lost its feed is not answered from the past.
   */
  fed(projection: Projection): void;
  /** Waits until it has seen the position; false when that takes longer than five seconds. */
  waitFor(projection: Projection, position: bigint): Promise<boolean>;
  /** Waits until it has seen everything that was recorded before the call. */
  upToDate(projection: Projection): Promise<void>;
}

/** Whether every live decision instance has seen a position (interfaces.md §8). */
export interface DecisionVisibility {
  /** False when that takes longer than five seconds: accepted and durable, but not yet effective everywhere. */
  everywhere(position: bigint): Promise<boolean>;
}
