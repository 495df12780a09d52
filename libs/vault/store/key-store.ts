import type { CheckpointStore, HighWaterMark } from '#libs/eventing';
import type { Instant, KeyHolder, PersonId } from '#libs/kernel';
import type { SecretKeyName } from '../keys/key-provider.js';

export interface WrappedKey {
  /** Nonce, ciphertext and tag. */
  readonly wrapped: Buffer;
  readonly masterKeyId: string;
}

/** A provided key that something in this store was made with, and how to tell that it is still the same. */
export interface KnownKey {
  readonly name: SecretKeyName;
  readonly id: string;
  readonly check: string;
}

/** The known key is among the given ones, unchanged. */
export const isAmong = (known: KnownKey, given: readonly KnownKey[]): boolean =>
  given.some((key) => key.name === known.name && key.id === known.id && key.check === known.check);

/** A person under one keyed hash. Places count up and are given in the order in which steps are taken. */
export interface IdentifierRow {
  readonly hash: string;
  readonly person: PersonId;
  readonly reservedPlace: bigint;
  readonly reservedAt: Instant;
  /** Absent until it is confirmed. */
  readonly confirmedPlace?: bigint;
}

export interface ReservationStep {
  readonly person: PersonId;
  readonly own: readonly string[];
  /** All hashes whose rows are answered; the own ones among them. */
  readonly seen: readonly string[];
  readonly now: Instant;
}

/**
 * What is kept in the key store, without the cryptography. Everything is durable when it resolves; every method rejects
 * with `StoreUnavailable` when the store can't be reached.
 */
export const NO_TURNS = 'the key store knows no turns, so that it can check no fence';

export interface KeyStore {
  objectKey(holder: KeyHolder): Promise<WrappedKey | undefined>;
  /**
   * Adds the key unless the holder has one; resolves to the one that is kept, `undefined` where one was destroyed: a
   * holder never gets a second key.
   */
  addObjectKey(holder: KeyHolder, key: WrappedKey): Promise<WrappedKey | undefined>;

  /**
   * Takes the holder's key away, for ever: also of a holder that never had one nobody gets a key any more. A person's rows
   * under keyed hashes go with his key.
   */
  destroyObjectKey(holder: KeyHolder): Promise<void>;

  /**
   * In one step: adds the keys that are new, but only when every known key is among `given`, unchanged. So keys that do
   * not belong here leave no trace that would shut out those that do. Resolves to what was known before.
   */
  admitKeys(given: readonly KnownKey[]): Promise<readonly KnownKey[]>;

  /**
   * Adds the person's own rows that are missing and brings those not confirmed to `now` (never back); answers all rows
   * under the hashes seen. One step for everybody who sees one of them.
   */
  reserve(step: ReservationStep): Promise<readonly IdentifierRow[]>;
  /** The same, and gives every own row that has none one and the same next place of confirmation. */
  confirm(step: ReservationStep): Promise<readonly IdentifierRow[]>;
  release(person: PersonId, hashes: readonly string[]): Promise<void>;
  lapse(person: PersonId, until: Instant): Promise<void>;
  holders(
    hashes: readonly string[],
    limit: number,
    after?: { readonly place: bigint; readonly person: string },
  ): Promise<readonly { readonly person: PersonId; readonly place: bigint }[]>;

  /** Without fences: turns are held in the register's database. */
  readonly checkpoints: CheckpointStore;

  /** Keeps `proposal` for the subject unless it has a reference; resolves to the one that is kept. */
  clerkReference(subject: string, proposal: string): Promise<string>;

  readonly highWaterMark: HighWaterMark;

  close(): Promise<void>;
}
