/** Head of the store as last seen, with the event there (`itemOf`; absent where a version before 0.2 wrote it). */
export interface Mark {
  readonly epoch: number;
  readonly position: bigint;
  readonly event?: string;
}

/** Kept in another database than the store, so that a restored backup is noticed (interfaces.md §9). */
export interface HighWaterMark {
  /** Id of the key store that keeps the marks: given once, and found in every backup of it. */
  keeper(): Promise<string>;
  read(store: string): Promise<Mark | undefined>;
  /** Ids of the stores that marks are kept of: one, once an installation is in use. */
  stores(): Promise<readonly string[]>;
  /** Never goes back within an epoch. */
  write(store: string, mark: Mark): Promise<void>;
}
