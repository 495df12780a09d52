import type { JsonObject } from '#libs/kernel';

/** A batch that was destroyed, as its fact says it. */
export interface LedgerEntry {
  /** The batch: a UUID. */
  readonly id: string;
  /** Data of the fact, without personal data. */
  readonly data: JsonObject;
}

/**
 * What was destroyed, apart from everything that is backed up with the register or the key store: so that neither, restored
 * from an older backup, brings it back. It only grows; nobody restores it to an earlier state.
 */
export interface DestructionLedger {
  /**
   * Adds the batch, before anything of it is destroyed. MUST be durable when it resolves. Answers what is kept under its id:
   * where another process was first, or this one was killed behind it, what was added then.
   */
  add(entry: LedgerEntry): Promise<LedgerEntry>;

  /** Every batch, in any order. MUST reject where one can't be read: nobody goes on as if it had not been. */
  all(): AsyncIterable<LedgerEntry>;
}
