import type { DestructionLedger, LedgerEntry } from '#libs/eventing';

/** Keeps the ledger for as long as the process lives. */
export class MemoryDestructionLedger implements DestructionLedger {
  readonly #entries = new Map<string, LedgerEntry>();

  async add(entry: LedgerEntry): Promise<LedgerEntry> {
    const kept = this.#entries.get(entry.id) ?? entry;
    this.#entries.set(entry.id, kept);
    return kept;
  }

  async *all(): AsyncGenerator<LedgerEntry> {
    yield* [...this.#entries.values()];
  }
}
