import type { Instant } from '#libs/kernel';

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
 * The file is out of sight, neither given nor named any more, but its bytes stay until a lock on them ends: nobody can end it
 * before. They can be taken away then.
 */
export class FileLocked extends Error {
  override readonly name = 'FileLocked';
  constructor(
    readonly address: string,
    /** Until then. */
    readonly until: Instant,
  ) {
    super(`the file at ${address} is locked until ${until}`);
  }
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

  /**
   * Takes the file away, durably. Where there is none, nothing happens. MUST reject with `FileLocked`, once it is out of
   * sight, where a lock keeps its bytes.
   */
  remove(address: string): Promise<void>;

  /**
   * Locks the file that is kept there until that moment, against everybody who can write the store: a longer lock stays.
   * Rejects with `FileMissing` where there is none. Absent: the store has no locks.
   */
  protect?(address: string, until: Instant): Promise<void>;
}
