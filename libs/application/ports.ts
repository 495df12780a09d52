import type { KeyObject } from 'node:crypto';
import type { Instant, KeyHolder, PersonId } from '#libs/kernel';
import type { CheckpointStore, Follower, Projection, ProjectionStore, Row } from '#libs/eventing';
import type { KeptName } from './retention/ties.js';

/** Keys that answers at use are signed with (LVL-14). Filled by libs/vault; every process of an installation has the same. */
export interface AnswerKeys {
  /** Sees to it that there is one to sign with. Rejects where there is none and none can be made. */
  begin(): Promise<void>;
  /**
   * The one to sign with: the newest that was made by `publishedSince` (milliseconds since 1970), so that whoever keeps the
   * published ones can have it; where none is that old, the oldest there is.
   */
  signing(publishedSince: number): Promise<AnswerKey & { readonly privateKey: KeyObject }>;
  /** Public keys of every one that was not withdrawn. */
  verification(): Promise<readonly (AnswerKey & { readonly publicKey: KeyObject })[]>;
}

export interface AnswerKey {
  /** Goes into `kid`. */
  readonly id: string;
  readonly algorithm: 'ES256' | 'PS256';
}

/** Keys that the transparency log's checkpoints are signed with: Ed25519, and beside it ML-DSA-44 where that is wanted. Filled by libs/vault. */
export interface LogKeys {
  /** Sees to it that all that are to sign can; rejects with what a person has to do. */
  begin(): Promise<void>;
  /** Those to sign with at that moment (milliseconds since 1970), the current one of Ed25519 first; for a while also the one before it. */
  signing(now: number): Promise<readonly { readonly id: string; readonly privateKey: KeyObject }[]>;
  /** Public keys of all that ever signed, the current one of Ed25519 first; none of a kind that this Node does not know. */
  verification(): Promise<readonly [LogKey, ...LogKey[]]>;
}

export interface LogKey {
  readonly id: string;
  readonly publicKey: KeyObject;
}

/** Keyed hashes and references whose keys and tables live apart from the register's database. Filled by libs/vault. */
export interface Secrets {
  /**
   * HMAC over the canonical body; under the holder's key where the body has personal members (interfaces.md §3). Rejects
   * with `KeyDestroyed` when that key is gone; `onRecord` gives the hashes on record that may have been made under it.
   */
  requestHash(canonicalBody: string, holder?: KeyHolder, onRecord?: () => Promise<readonly string[]>): Promise<string>;
  /** Keyed hashes of a value, one per lookup key; `purpose` keeps hashes of different uses apart. */
  lookupHashes(purpose: string, value: string): Promise<readonly string[]>;
  /**
   * What stands for the holder outside the house, as long as he has a key; nothing leads from it to his id. Rejects with
   * `KeyDestroyed` where he has none.
   */
  pseudonym(holder: KeyHolder): Promise<string>;
  /** The random reference that stands for a clerk everywhere outside the key store. */
  clerkReference(subject: string): Promise<string>;
  readonly reservations: Reservations;
  /**
   * Destroys the holder's key, for good: whatever was sealed under it is noise. A person's reservations go with it. Again: the
   * same.
   */
  destroy(holder: KeyHolder): Promise<void>;
  /**
   * Checkpoints that lie with the reservations: whoever makes these from the feed goes on from what this key store has,
   * also when it was restored from a backup.
   */
  readonly checkpoints: CheckpointStore;
}

/** One combination of attributes that identifies, as keyed hashes: `own` to be found by, `sought` to find others by. */
export interface IdentifierHashes {
  readonly own: readonly string[];
  readonly sought: readonly string[];
}

/** Somebody else who stands under what is sought, and came before. */
export interface Holding {
  readonly person: PersonId;
  /** He came to be, and said so. */
  readonly confirmed: boolean;
  /** When he last reserved; meaningful while he is not confirmed. */
  readonly reservedAt: Instant;
}

/**
 * What identifies persons, as rows of a keyed hash and a person: one for each that has it (MEANS-ID2-ii.b, interfaces.md
 * §3). Each step below MUST be one step for all who touch one of the same hashes, so that of two persons the later one
 * sees the earlier one. How they are put together with the append is `libs/application/persons/recognition.ts`.
 */
export interface Reservations {
  /**
   * Puts the person under his own hashes and answers who else stands under those sought and came before him: confirmed
   * (before he was, where he is), or, while he is not confirmed, reserved and waiting. Again for the same person changes
   * nothing but the moment of what is not confirmed.
   */
  reserve(person: PersonId, identifiers: readonly IdentifierHashes[], now: Instant): Promise<readonly Holding[]>;

  /**
   * The person came to be: his rows (made here where they are missing) last. Answers who stood under what is sought and
   * was confirmed before him; the same again when it is asked again.
   */
  confirm(person: PersonId, identifiers: readonly IdentifierHashes[], now: Instant): Promise<readonly PersonId[]>;

  /** Takes the person's rows under these hashes away. */
  release(person: PersonId, hashes: readonly string[]): Promise<void>;

  /** Takes away the rows of a person that were never confirmed and reserved at `until` or earlier. */
  lapse(person: PersonId, until: Instant): Promise<void>;

  /** Who is confirmed under one of the hashes, latest first, with his place in the order of confirmation. */
  holders(
    hashes: readonly string[],
    limit: number,
    after?: { readonly place: bigint; readonly person: string },
  ): Promise<readonly { readonly person: PersonId; readonly place: bigint }[]>;
}

/** The read models that this process keeps up to date, and the rows of all of them. */
export interface ReadModels {
  /** Answers from the table of an earlier version while this one's is built; rejects with `StoreUnavailable` where it can't. */
  readonly store: ProjectionStore;
  /** Begins to keep it up to date here. Once per name. */
  run<R extends Row>(projection: Projection<R>): Follower;
  /**
   * Rejects with `StoreUnavailable` when it is not fed: being built, stopped, outdated, or silent for longer than its bound. A list that
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
  /**
   * False when that takes longer than five seconds: accepted and durable, but not yet effective everywhere. `ended` is the
   * type of the event at the position, where that ended something: an instance that does not know it has not seen it.
   */
  everywhere(position: bigint, ended?: string): Promise<boolean>;
}

/** Which of these objects were destroyed. */
export type Tombstones = (names: readonly KeptName[]) => Promise<ReadonlySet<KeptName>>;
