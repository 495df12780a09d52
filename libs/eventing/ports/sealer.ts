import type { KeyHolder, StreamId } from '#libs/kernel';

/** Where a sealed member stands; bound into the ciphertext, so that it can't be moved to another place. */
export interface SealedPlace {
  /** Of an event; `records` for the record log. */
  readonly stream: StreamId | 'records';
  /** Of the event or the record. */
  readonly eventId: string;
  readonly member: string;
}

/** The key that opens a member is gone: the object was erased. */
export class KeyDestroyed extends Error {
  override readonly name = 'KeyDestroyed';
}

/** Sealing of files, which are too large to be held whole. Filled by libs/vault. */
export interface FileSealer {
  /**
   * The sealed bytes of a file, in pieces, under the holder's key, which is made when the holder never had one. Never the
   * same twice. MUST hold no more than a piece of the file at once, and pass on what the source rejects with. Rejects with
   * `KeyDestroyed` when the holder had a key that is gone, with `StoreUnavailable` when the key store can't be reached.
   */
  seal(holder: KeyHolder, clearBytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;

  /**
   * Opens what `seal` gave for that holder. MUST give no byte that was not sealed there: bytes that were altered, moved or
   * given to another holder are refused before they are given. That the file is whole is known at its end only: MUST reject
   * there when something is missing. Rejects with `KeyDestroyed` when the holder's key is gone.
   */
  open(holder: KeyHolder, sealedBytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** Sealing of personal members. Filled by libs/vault. */
export interface Sealer {
  /**
   * Seals the text under the holder's key, which is made when the holder never had one.
   * Rejects with `KeyDestroyed` when it had: nobody gets a second key.
   * Rejects with `StoreUnavailable` when the key store can't be reached: nothing is written unsealed.
   */
  seal(holder: KeyHolder, place: SealedPlace, clearText: string): Promise<string>;

  /** Opens what `seal` gave. Rejects with `KeyDestroyed` when the holder's key is gone. */
  open(place: SealedPlace, sealed: string): Promise<string>;
}
