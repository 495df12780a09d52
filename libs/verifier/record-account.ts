import { recordEntry } from '#libs/transparency-log';
import { IndexSet } from './index-set.js';
import { jsonOf, RecordFault, type ExportedRecord } from './records.js';

/** What became of the records behind a log's entries. */
export interface Account {
  readonly isComplete: boolean;
  /** Records that hash to their entry. */
  readonly records: number;
  /** Records that do not. */
  readonly wrong: number;
  /** Entries without a record that a destruction record names. */
  readonly destroyed: number;
  /** The same of orphan records: entries from before a restored backup, whose salts are gone. */
  readonly orphaned: number;
  /** Entries without a record that no record names. */
  readonly unexplained: number;
  /** Records that are there although a record says that they were destroyed or are gone. */
  readonly stillThere: number;
  /** Entries up to which the records were believed, where that is not all: nothing behind them was counted. */
  readonly readUpTo?: number;
  /** The first ones, in the order of the log. */
  readonly faults: readonly RecordFault[];
}

/** Faults that are told one by one. */
const TOLD = 10;

/**
 * The events by which an archive accounts for entries without a record. Both have `indexes` in their data, a list of
 * `{ first, last }` (both of them in), all below their own index: nothing excuses what is still to come. The list may be
 * empty: a restored database may have lost no record at all, and a destruction may be one of keys alone.
 */
const ACCOUNTING: ReadonlyMap<unknown, 'destroyed' | 'orphaned'> = new Map([
  ['RecordsDestroyed', 'destroyed'],
  ['LogRestored', 'orphaned'],
]);
/** Stands in each of them, and is looked for before anything is parsed. */
const MARK = Buffer.from('"indexes"');

/**
 * Holds records, in the order of their indexes, against the entries of a log as these come. `entry` and `settle` are called by
 * `checkLog`, `settle` after each bundle: a record is kept no longer than its bundle.
 */
export class RecordAccount {
  readonly #pages: AsyncIterator<readonly ExportedRecord[]>;
  #page: readonly ExportedRecord[] = [];
  #at = 0;
  #hasEnded = false;
  readonly #waiting: Buffer[] = [];
  #settled = 0;
  #last = -1;

  #records = 0;
  #wrong = 0;
  readonly #missing = new IndexSet();
  readonly #named = { destroyed: new IndexSet(), orphaned: new IndexSet() };
  readonly #faults: RecordFault[] = [];
  /** Set by what makes everything behind it unknown. */
  #readUpTo: number | undefined;

  /** `records` throws `RecordFault` where it comes upon what is no record. */
  constructor(records: AsyncIterable<readonly ExportedRecord[]>) {
    this.#pages = records[Symbol.asyncIterator]();
  }

  readonly entry = (_index: number, entry: Buffer): void => {
    this.#waiting.push(entry);
  };

  readonly settle = async (): Promise<void> => {
    for (const entry of this.#waiting) {
      const record = this.#page[this.#at] ?? (await this.#turn());
      if (record === undefined || record.index > this.#settled) this.#missing.add(this.#settled);
      else if (record.index < this.#settled) this.#stop(outOfOrder(record, this.#last));
      else this.#match(record, entry);
      this.#settled += 1;
    }
    this.#waiting.length = 0;
  };

  /** When all entries of the log were settled. */
  async end(): Promise<Account> {
    const more = this.#page[this.#at] ?? (await this.#turn());
    if (more !== undefined) {
      const beyond = `a record of entry ${more.index}, and the log has ${this.#settled} at this checkpoint`;
      const isBehind = more.index >= this.#settled;
      this.#stop(isBehind ? new RecordFault('record-beyond', beyond, more.index) : outOfOrder(more, this.#last));
    }
    const counts = this.#readUpTo === undefined ? this.#countMissing() : NOT_COUNTED;
    const faults = this.#faults.sort((a, b) => (a.index ?? Infinity) - (b.index ?? Infinity)).slice(0, TOLD);
    return {
      ...{ isComplete: faults.length === 0, faults },
      ...(this.#readUpTo === undefined ? {} : { readUpTo: this.#readUpTo }),
      ...{ records: this.#records, wrong: this.#wrong },
      ...counts,
    };
  }

  /** Lets go of the records, read or not. */
  async close(): Promise<void> {
    await this.#pages.return?.();
  }

  #countMissing(): Pick<Account, 'destroyed' | 'orphaned' | 'unexplained' | 'stillThere'> {
    const { destroyed, orphaned } = this.#named;
    const counts = { destroyed: 0, orphaned: 0, unexplained: 0, stillThere: 0 };
    for (const index of this.#missing) {
      if (destroyed.has(index)) counts.destroyed += 1;
      else if (orphaned.has(index)) counts.orphaned += 1;
      else {
        counts.unexplained += 1;
        if (counts.unexplained > TOLD) continue;
        const message = `entry ${index} has no record, and no record of a destruction or of orphans names it`;
        this.#faults.push(new RecordFault('record-missing', message, index));
      }
    }
    for (const named of [destroyed, orphaned]) {
      for (const index of named) if (!this.#missing.has(index)) counts.stillThere += 1;
    }
    return counts;
  }

  #match({ salt, record }: ExportedRecord, entry: Buffer): void {
    const index = this.#settled;
    this.#at += 1;
    this.#last = index;
    if (!recordEntry(salt, record).equals(entry)) {
      this.#wrong += 1;
      const fault = new RecordFault('record-mismatch', `the record of entry ${index} does not hash to it`, index);
      if (this.#wrong <= TOLD) this.#faults.push(fault);
      return;
    }
    this.#records += 1;
    const text = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
    if (text.includes(MARK)) this.#nameThoseOf(text.toString(), index);
  }

  /** Only of a record that is in the log: anybody can write another. */
  #nameThoseOf(record: string, index: number): void {
    const { event } = (jsonOf(record) ?? {}) as { event?: { type?: unknown; data?: { indexes?: unknown } } };
    const reason = ACCOUNTING.get(event?.type);
    if (reason === undefined) return;
    const indexes = event?.data?.indexes;
    const isList = Array.isArray(indexes);
    const ranges = isList ? (indexes as readonly unknown[]).map((range) => rangeBelow(index, range)) : [];
    const stray = ranges.indexOf(undefined);
    if (!isList || stray >= 0) {
      const why = stray < 0 ? 'names no entries' : `has no range of entries before it in place ${stray} of its indexes`;
      this.#faults.push(
        new RecordFault('account-malformed', `entry ${index} is ${String(event?.type)}, and ${why}`, index),
      );
      return;
    }
    for (const range of ranges) this.#named[reason].add(range!.first, range!.last);
  }

  async #turn(): Promise<ExportedRecord | undefined> {
    while (!this.#hasEnded) {
      try {
        const { value, done } = await this.#pages.next();
        if (done === true) this.#hasEnded = true;
        else {
          this.#page = value;
          this.#at = 0;
          if (value.length > 0) return value[0];
        }
      } catch (error) {
        if (!(error instanceof RecordFault)) throw error;
        this.#stop(error);
      }
    }
    this.#page = [];
    return undefined;
  }

  #stop(fault: RecordFault): void {
    this.#faults.push(fault);
    this.#readUpTo = Math.min(this.#last + 1, this.#settled);
    this.#hasEnded = true;
    this.#page = [];
  }
}

const NOT_COUNTED = { destroyed: 0, orphaned: 0, unexplained: 0, stillThere: 0 };

const outOfOrder = ({ index }: ExportedRecord, last: number): RecordFault =>
  new RecordFault('record-order', `the record of entry ${index} comes behind that of entry ${last}`, index);

/** A range whose last entry stands before `index`; `undefined` for anything else. */
function rangeBelow(index: number, range: unknown): { first: number; last: number } | undefined {
  const { first, last } = (range ?? {}) as { first?: unknown; last?: unknown };
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return undefined;
  const [from, to] = [first as number, last as number];
  return from >= 0 && from <= to && to < index ? { first: from, last: to } : undefined;
}
