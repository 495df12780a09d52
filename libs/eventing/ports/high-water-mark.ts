/** Head of the store as last seen, kept in another database, so that a restored backup is noticed (interfaces.md §9). */
export interface HighWaterMark {
  /** Id of the key store that keeps the marks: given once, and found in every backup of it. */
  keeper(): Promise<string>;
  read(store: string): Promise<{ readonly epoch: number; readonly position: bigint } | undefined>;
  /** Ids of the stores that marks are kept of: one, once an installation is in use. */
  stores(): Promise<readonly string[]>;
  /** Never goes back within an epoch. */
  write(store: string, mark: { readonly epoch: number; readonly position: bigint }): Promise<void>;
}
