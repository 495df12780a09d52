import type { HighWaterMark } from '#libs/eventing';
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

export interface ReservationAttempt {
  readonly hashes: readonly string[];
  readonly person: PersonId;
  readonly now: Instant;
  /** Unconfirmed rows from this moment or earlier may be void. */
  readonly voidUntil: Instant;
  /** Whose rows are void then: of nobody but these people, or of anybody. */
  readonly voidOf: readonly PersonId[] | 'anybody';
}

/** `mayBeVoid`: not confirmed and from before `voidUntil`. */
export type AttemptOutcome =
  { readonly mine: true } | { readonly mine: false; readonly holder: PersonId; readonly mayBeVoid: boolean };

/**
 * What is kept in the key store, without the cryptography. Everything is durable when it resolves; every method rejects
 * with `StoreUnavailable` when the store can't be reached.
 */
export interface KeyStore {
  objectKey(holder: KeyHolder): Promise<WrappedKey | undefined>;
  /** Adds the key unless the holder has one; resolves to the one that is kept. */
  addObjectKey(holder: KeyHolder, key: WrappedKey): Promise<WrappedKey>;

  /**
   * In one step: adds the keys that are new, but only when every known key is among `given`, unchanged. So keys that do
   * not belong here leave no trace that would shut out those that do. Resolves to what was known before.
   */
  admitKeys(given: readonly KnownKey[]): Promise<readonly KnownKey[]>;

  /** Takes all hashes or none. */
  tryReserve(attempt: ReservationAttempt): Promise<AttemptOutcome>;
  /** Confirms the rows among `hashes` that are the person's; answers how many. */
  confirmReservation(hashes: readonly string[], person: PersonId): Promise<number>;

  /** Keeps `proposal` for the subject unless it has a reference; resolves to the one that is kept. */
  clerkReference(subject: string, proposal: string): Promise<string>;

  readonly highWaterMark: HighWaterMark;

  close(): Promise<void>;
}
