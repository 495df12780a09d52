/** Where the transparency log is published as files: a folder, a bucket. By their paths below the log's prefix. */
export interface LogFiles {
  /**
   * The bytes of a tile or bundle; `undefined` where it is not there. MUST reject where that is not known: a file that
   * can't be read is no file that is missing.
   */
  read(path: string): Promise<Uint8Array | undefined>;

  /**
   * Writes a tile or bundle. MUST be durable when it resolves, and MUST be seen whole or not at all. The same bytes again
   * resolve and change nothing. MUST reject with `LogFileDiffers` where other bytes stand at that path, and leave them there.
   */
  write(path: string, bytes: Uint8Array): Promise<void>;

  /** The checkpoint that is published; `undefined` before the first. */
  checkpoint(): Promise<string | undefined>;

  /**
   * Puts a checkpoint in place of `over`, the one that is published (absent: none is): who reads it MUST see the one or the
   * other whole. MUST compare and store in one step, whoever else publishes. Answers `false`, and changes nothing, where
   * another one stands.
   */
  publish(note: string, over?: string): Promise<boolean>;

  /** Takes the partial tiles of a path away, once the full one is there and a checkpoint that covers it was published. */
  tidy(path: string): Promise<void>;
}

/** Bytes that were published once would become others. Nothing was written; a person has to look. */
export class LogFileDiffers extends Error {
  override readonly name = 'LogFileDiffers';
  constructor(readonly path: string) {
    super(`${path} holds other bytes than the log has for it: it is not written over`);
  }
}
