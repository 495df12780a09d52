/**
 * Proofs of possession that were used (RFC 9449 §11.1). Kept in the register's database, whatever store holds the events:
 * a proof that one instance took is used for all of them.
 */
export interface UsedProofs {
  /**
   * Whether the proof is used for the first time. Of any number of calls with one `proof`, at once or one after the other,
   * in whatever process, exactly one MUST resolve to true, and it MUST be durable by then; rejects with `StoreUnavailable`
   * when that can't be told. `proof` is a hash that stands for key and id of the proof together; `issuedAt` is when it was
   * made (seconds since 1970), which the caller has held against its own clock.
   *
   * A proof MUST be known for `PROOF_KEPT_SECONDS` after `issuedAt`, by the clock of who uses another proof later; the
   * database's own clock counts for nothing. Later it MAY be forgotten.
   */
  use(proof: string, issuedAt: number): Promise<boolean>;
}

/** Far longer than a proof is taken, so that clocks of instances may differ by minutes. */
export const PROOF_KEPT_SECONDS = 600;
