import { FaultForPeople } from '#libs/kernel';
import type { KeyObject } from 'node:crypto';

/** `master` wraps the keys of objects, `lookup` makes keyed hashes. Both 32 random bytes. */
export type SecretKeyName = 'master' | 'lookup';
/** Signs answers at use (LVL-14), with the algorithm of its name. */
export type AnswerKeyName = 'answer-es256' | 'answer-ps256';
/** `token` signs bearer tokens of the local issuer (PS256), `log` the transparency log's checkpoints (Ed25519). */
export type SigningKeyName = 'token' | 'log' | AnswerKeyName;
/** Signs the transparency log's checkpoints beside `log`, where an installation wants that (ML-DSA-44, FIPS 204). */
export type SecondLogKeyName = 'log-ml-dsa-44';
export type KeyName = SecretKeyName | SigningKeyName | SecondLogKeyName;

/** Without one of each nothing starts. */
export const KEY_NAMES: readonly KeyName[] = ['master', 'lookup', 'token', 'log'];

/** An installation may have none of these: an earlier version made none, and another algorithm needs none. */
export const ANSWER_KEY_NAMES: readonly AnswerKeyName[] = ['answer-es256', 'answer-ps256'];

/** Whether an installation may have no key of that name: answers and second signatures of the log are a choice. */
export const isOptional = (name: KeyName): name is AnswerKeyName | SecondLogKeyName =>
  name === 'log-ml-dsa-44' || (ANSWER_KEY_NAMES as readonly KeyName[]).includes(name);

export interface ProvidedKey {
  /** Unique in the installation and no secret: it stands in rows, hashes and token headers. */
  readonly id: string;
  /** A secret key (`master`, `lookup`) or a private key (all others). Never shows its bytes when printed. */
  readonly key: KeyObject;
  /** When it was made, in milliseconds since 1970; 0: before that was noted. */
  readonly madeAt: number;
}

/** Keys are missing, damaged, not ours or readable by others. Nothing can go on until a person has looked. */
export class KeysUnusable extends FaultForPeople {
  override readonly name = 'KeysUnusable';
}

/**
 * Where the installation's own keys come from: a folder, a key management service.
 */
export interface KeyProvider {
  /**
   * Every key of that name, the current one first and the first ever made last; of an optional name perhaps none.
   *
   * - MUST go on giving an old key for as long as anything made with it is kept.
   * - MUST NOT make a new key in place of one that is missing: what was made with the lost one could never be opened.
   * - MUST show a key that another process added, at the latest at the next call.
   * - Rejects with `KeysUnusable`, or with `StoreUnavailable` when the keys can't be reached now.
   */
  all(name: KeyName): Promise<readonly ProvidedKey[]>;

  /**
   * Makes the first key of that name where there is none; of several who do so at once one wins. Nothing was ever sealed
   * with such a key, so that one which was lost may be made anew. Rejects with `KeysUnusable` where none can be made here.
   */
  begin(name: AnswerKeyName): Promise<void>;
}

/** Names whose keys may be taken back: nothing is lost with them but the trust in what they signed. */
export type WithdrawableKeyName = 'token' | AnswerKeyName;

/** A provider whose keys this program makes itself. */
export interface RotatingKeyProvider extends KeyProvider {
  /** Adds a key and makes it the current one; the old ones stay. Resolves to its id. */
  rotate(name: KeyName): Promise<string>;
  /**
   * Takes a key of that name back for ever, with everything that it signed: `all` does not give it any more, in no process.
   * Of the current one another is made first. Rejects with `KeysUnusable` when there is no such key.
   */
  withdraw(name: WithdrawableKeyName, id: string): Promise<void>;
}
