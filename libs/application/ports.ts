import type { Instant, KeyHolder, PersonId } from '#libs/kernel';
import type { Follower, Projection, ProjectionStore, Row } from '#libs/eventing';

/** Keyed hashes and references whose keys and tables live apart from the register's database. Filled by libs/vault. */
export interface Secrets {
  /** HMAC over the canonical body; under the holder's key where the body has personal members (interfaces.md §3). */
  requestHash(canonicalBody: string, holder?: KeyHolder): Promise<string>;
  /** Keyed hash to look a value up by; `purpose` keeps hashes of different uses apart. */
  lookupHash(purpose: string, value: string): Promise<string> | string;
  /** The random reference that stands for a clerk everywhere outside the key store. */
  clerkReference(subject: string): Promise<string>;
  readonly reservations: Reservations;
}

/** Identifying attributes that belong to one person each (MEANS-ID2-ii.b). */
export interface Reservations {
  /** Answers who holds the hash: `person` himself, or another who came first. */
  reserve(hash: string, person: PersonId, now: Instant): Promise<{ readonly holder: PersonId; readonly mine: boolean }>;
  /** The person has come to be: the row no longer lapses. */
  confirm(hash: string, person: PersonId): Promise<void>;
}

/** The read models that this process keeps up to date, and the rows of all of them. */
export interface ReadModels {
  readonly store: ProjectionStore;
  /** Begins to keep it up to date here. Once per name. */
  run<R extends Row>(projection: Projection<R>): Follower;
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
