import type { KeyObject } from 'node:crypto';

/** `master` wraps the keys of objects, `lookup` makes keyed hashes. Both 32 random bytes. */
export type SecretKeyName = 'master' | 'lookup';
/** `token` signs bearer tokens of the local issuer (PS256), `log` the transparency log's checkpoints (Ed25519). */
export type SigningKeyName = 'token' | 'log';
export type KeyName = SecretKeyName | SigningKeyName;

export const KEY_NAMES: readonly KeyName[] = ['master', 'lookup', 'token', 'log'];

export interface ProvidedKey {
  /** Unique in the installation and no secret: it stands in rows, hashes and token headers. */
  readonly id: string;
  /** A secret key (`master`, `lookup`) or a private key (`token`, `log`). Never shows its bytes when printed. */
  readonly key: KeyObject;
}

/** Keys are missing, damaged, not ours or readable by others. Nothing can go on until a person has looked. */
export class KeysUnusable extends Error {
  override readonly name = 'KeysUnusable';
}

/**
 * Where the installation's own keys come from: a folder, a key management service.
 */
export interface KeyProvider {
  /**
   * Every key of that name, the current one first and the first ever made last.
   *
   * - MUST go on giving an old key for as long as anything made with it is kept.
   * - MUST NOT make a new key in place of one that is missing: what was made with the lost one could never be opened.
   * - MUST show a key that another process added, at the latest at the next call.
   * - Rejects with `KeysUnusable`, or with `StoreUnavailable` when the keys can't be reached now.
   */
  all(name: KeyName): Promise<readonly ProvidedKey[]>;
}

/** A provider whose keys this program makes itself. */
export interface RotatingKeyProvider extends KeyProvider {
  /** Adds a key and makes it the current one; the old ones stay. Resolves to its id. */
  rotate(name: KeyName): Promise<string>;
  /**
   * Takes a `token` key back for ever, with everything that it signed: `all` does not give it any more, in no process. Of
   * the current one another is made first. Rejects with `KeysUnusable` when there is no such key.
   */
  withdraw(id: string): Promise<void>;
}
