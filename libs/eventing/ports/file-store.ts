/** Where a file is: the SHA-256 of its bytes, in 64 hexadecimal digits. */
export interface KeptFile {
  readonly address: string;
  /** Bytes. */
  readonly size: number;
}

/** No file is kept at that address. */
export class FileMissing extends Error {
  override readonly name = 'FileMissing';
}

/** What is kept at the address are not the bytes that it names. */
export class FileDamaged extends Error {
  override readonly name = 'FileDamaged';
}

/**
 * Files by what they hold. What is handed over is sealed already: whoever reads the store learns sizes and moments. Every
 * method rejects with `StoreUnavailable` where the store can't be reached or written.
 */
export interface FileStore {
  /**
   * Keeps the bytes, and answers where. MUST be durable, and there as a whole for every reader, when it resolves. MUST
   * leave nothing at any address when it rejects, nor when the process is killed: with what the source rejects with, where
   * that is why. MUST hold no more of the file than a few pieces at once. The same bytes again are the same file. MUST call
   * `before`, where it is given, once it knows the address and before anything is there; where that rejects, it rejects
   * with the same. So a caller can note what he is about to keep, and find it should he be killed before he refers to it.
   */
  put(bytes: AsyncIterable<Uint8Array>, before?: (address: string) => Promise<void>): Promise<KeptFile>;

  /**
   * The bytes at that address, in pieces. MUST reject with `FileMissing` before the first piece where there is none, and
   * with `FileDamaged` at the end, at the latest, where they are not those of the address.
   */
  get(address: string): AsyncIterable<Uint8Array>;

  /**
   * The addresses of everything that is kept, in no order. MUST name what is there from the beginning to the end of the reading;
   * what comes or goes meanwhile it may name or not. What is being written is no file yet.
   */
  list(): AsyncIterable<string>;

  /** Takes the file away, durably. Where there is none, nothing happens. */
  remove(address: string): Promise<void>;
}
