import { createHash } from 'node:crypto';
import type { DestructionLedger, LedgerEntry, NumberedEntry } from '#libs/eventing';

/** Keeps the ledger for as long as the process lives. */
export class MemoryDestructionLedger implements DestructionLedger {
  readonly #entries: NumberedEntry[] = [];

  async add(entry: LedgerEntry): Promise<NumberedEntry> {
    const number = this.#entries.length + 1;
    const text = JSON.stringify({ number, previous: this.#entries.at(-1)?.digest ?? null, entry });
    const added = { number, digest: createHash('sha256').update(text).digest('hex'), entry };
    this.#entries.push(added);
    return added;
  }

  async at(number: number): Promise<NumberedEntry | undefined> {
    return this.#entries[number - 1];
  }

  async *after(number: number): AsyncGenerator<NumberedEntry> {
    for (let at = number; at < this.#entries.length; at += 1) yield this.#entries[at]!;
  }
}
