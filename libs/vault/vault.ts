import type { HighWaterMark, Sealer } from '#libs/eventing';
import type { Instant, KeyHolder, PersonId } from '#libs/kernel';
import type { SigningKeyName } from './keys/key-provider.js';
import type { SigningKey, VerificationKey } from './keys/signing-keys.js';

/** A sealed text does not open at this place: it was altered, or moved from another event or member. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

export interface ReservationOutcome {
  /** The person under whose id the attributes stand. */
  readonly holder: PersonId;
  /** The holder is the person it was asked for. */
  readonly mine: boolean;
}

/**
 * Identifying attributes of a person, each set held by one person (MEANS-ID2-ii.b). The attributes come in as keyed
 * hashes (`lookupHashes` of their normalized form); a person may hold several sets.
 */
export interface Reservations {
  /**
   * Takes the attributes for the person, or tells who holds them. Of concurrent calls exactly one wins. Again for the
   * same person is `mine` again.
   *
   * `hashes` are hashes of **one** set of attributes, under every lookup key; held by somebody else under one of them
   * is held.
   *
   * A row of somebody else that has not been confirmed is void ten minutes after its `now`. `cameToBe` is then asked
   * whether that person exists after all (a crash between append and `confirm`): if so the row counts, and is confirmed.
   * Without `cameToBe` the ten minutes decide alone.
   */
  reserve(
    hashes: string | readonly string[],
    person: PersonId,
    now: Instant,
    cameToBe?: (person: PersonId) => Promise<boolean>,
  ): Promise<ReservationOutcome>;

  /**
   * The person came to be: the row lasts. Answers false when not every row is (any longer) the person's: it became void
   * and somebody else took it.
   */
  confirm(hashes: string | readonly string[], person: PersonId): Promise<boolean>;
}

/**
 * Keys and what must be erasable, apart from the register's database. Every method rejects with `StoreUnavailable` when
 * the key store can't be reached: nothing is ever written unsealed.
 */
export interface Vault {
  readonly sealer: Sealer;

  /**
   * Keyed hash of a value, to find it again without keeping it. `purpose` (lower case, digits, hyphens) keeps equal
   * values of different fields apart. The caller normalizes the value. Made with the current lookup key, whose id is in
   * the text.
   */
  lookupHash(purpose: string, value: string): Promise<string>;

  /** The same under every lookup key, the current one first: for searching what was stored before a rotation. */
  lookupHashes(purpose: string, value: string): Promise<readonly string[]>;

  /**
   * Hash of a request's canonical body (interfaces.md §3): the same for the same body and holder, also after a restart
   * and a rotation. With a holder (whose key is made when it does not exist yet) it dies with the holder's key: use it
   * for every body with personal members.
   */
  requestHash(canonicalBody: string, holder?: KeyHolder): Promise<string>;

  readonly reservations: Reservations;

  /** The random reference under which a clerk stands in events; the same for the same subject. */
  clerkReference(subject: string): Promise<string>;

  readonly highWaterMark: HighWaterMark;

  /** The key to sign with now. */
  signingKey(name: SigningKeyName): Promise<SigningKey>;

  /** Public keys to verify with, the current one first. */
  verificationKeys(name: SigningKeyName): Promise<readonly VerificationKey[]>;

  /** Drops the holder's key from this process's memory; the next use reads the key store again. */
  forget(holder: KeyHolder): void;

  close(): Promise<void>;
}
