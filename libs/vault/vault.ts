import type { CheckpointStore, FileSealer, HighWaterMark, Sealer } from '#libs/eventing';
import type { Instant, KeyHolder, PersonId } from '#libs/kernel';
import type { SigningKeyName } from './keys/key-provider.js';
import type {
  AnswerAlgorithm,
  AnswerKeys,
  LogKeys,
  SecondLogKey,
  SigningKey,
  VerificationKey,
} from './keys/signing-keys.js';

/** A sealed text does not open at this place: it was altered, or moved from another event or member. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** One combination of attributes that identifies, as keyed hashes: `own` to be found by, `sought` to find others by. */
export interface IdentifierHashes {
  readonly own: readonly string[];
  readonly sought: readonly string[];
}

/** Somebody else who stands under what is sought, and came before. */
export interface Holding {
  readonly person: PersonId;
  readonly confirmed: boolean;
  /** When he last reserved; meaningful while he is not confirmed. */
  readonly reservedAt: Instant;
}

/**
 * What identifies persons, as rows of a keyed hash and a person, one for each that has it (MEANS-ID2-ii.b). The caller
 * makes the hashes (`lookupHashes` of a folded form, under every lookup key). Each step is one step for all who touch one
 * of the same hashes: of two persons the later one sees the earlier one, whichever processes they come through.
 */
export interface Reservations {
  /**
   * Puts the person under his own hashes and answers who else stands under those sought and came before him: whoever is
   * confirmed (before he was, where he is), and, while he is not, whoever reserved earlier. Again for the same person
   * changes nothing but the moment of what is not confirmed, which never goes back.
   */
  reserve(person: PersonId, identifiers: readonly IdentifierHashes[], now: Instant): Promise<readonly Holding[]>;

  /**
   * The person came to be: his rows, made here where they are missing, last. Answers who stood under what is sought and
   * was confirmed before him, and the same again when it is asked again.
   */
  confirm(person: PersonId, identifiers: readonly IdentifierHashes[], now: Instant): Promise<readonly PersonId[]>;

  /** Takes the person's rows under these hashes away. */
  release(person: PersonId, hashes: readonly string[]): Promise<void>;

  /** Takes away the person's rows that were never confirmed and reserved at `until` or earlier. */
  lapse(person: PersonId, until: Instant): Promise<void>;

  /** Who is confirmed under one of the hashes, latest first, with his latest place in the order of confirmation. */
  holders(
    hashes: readonly string[],
    limit: number,
    after?: { readonly place: bigint; readonly person: string },
  ): Promise<readonly { readonly person: PersonId; readonly place: bigint }[]>;
}

/**
 * Keys and what must be erasable, apart from the register's database. Every method rejects with `StoreUnavailable` when
 * the key store can't be reached: nothing is ever written unsealed.
 */
export interface Vault {
  readonly sealer: Sealer;

  /** Sealing of files, under the same keys. */
  readonly files: FileSealer;

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
   * and a rotation. With a holder (whose key is made when it never had one) it dies with the holder's key: use it for
   * every body with personal members. `onRecord` gives the request hashes that stand where the holder's would; one of
   * them made under a key that is no longer there is `KeyDestroyed`, also for a key store that lost that key.
   */
  requestHash(canonicalBody: string, holder?: KeyHolder, onRecord?: () => Promise<readonly string[]>): Promise<string>;

  /**
   * What stands for the holder outside the house: always the same while he has a key, and nothing that leads back to his id.
   * Without the key nobody makes it again, or tells whose it was. Rejects with `KeyDestroyed` where there is none.
   */
  pseudonym(holder: KeyHolder): Promise<string>;

  readonly reservations: Reservations;

  /** Checkpoints of those who make reservations from the feed: a restored key store is caught up from where it stands. */
  readonly checkpoints: CheckpointStore;

  /** The random reference under which a clerk stands in events; the same for the same subject. */
  clerkReference(subject: string): Promise<string>;

  readonly highWaterMark: HighWaterMark;

  /** The key to sign with now. */
  signingKey(name: SigningKeyName): Promise<SigningKey>;

  /** Public keys to verify with, the current one first. */
  verificationKeys(name: SigningKeyName): Promise<readonly VerificationKey[]>;

  /** Keys that answers at use are signed with, by that algorithm from now on. */
  answerKeys(algorithm: AnswerAlgorithm): AnswerKeys;

  /** Keys that the transparency log is signed with (Ed25519). */
  readonly logKeys: LogKeys;

  /** The same, with a second kind that signs beside it. */
  logKeysWith(second: SecondLogKey): LogKeys;

  /**
   * Destroys the holder's key, for good: everything sealed under it is noise from here on, wherever a copy of it is, and
   * another key is never made. A person's reservations go with it. Again, or of a holder that has none: the same. Other processes may have it in memory for a
   * minute more.
   */
  destroy(holder: KeyHolder): Promise<void>;

  /** Drops the holder's key from this process's memory; the next use reads the key store again. */
  forget(holder: KeyHolder): void;

  close(): Promise<void>;
}
