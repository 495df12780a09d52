/** Head of the store as last seen, kept in another database, so that a restored backup is noticed (interfaces.md §9). */
export interface HighWaterMark {
  read(store: string): Promise<{ readonly epoch: number; readonly position: bigint } | undefined>;
  /** Ids of the stores that marks are kept of: one, once an installation is in use. */
  stores(): Promise<readonly string[]>;
  /** Never goes back within an epoch. */
  write(store: string, mark: { readonly epoch: number; readonly position: bigint }): Promise<void>;
}
