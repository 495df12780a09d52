import { forEachEntry, isEntryOf, SALT_BYTES, type TilePlace } from '#libs/transparency-log';
import { IndexSet } from './index-set.js';
import { PLACE, RecordFault, type RecordPage } from './record-page.js';
import { jsonOf } from './records.js';

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
const MARK = '"indexes"';
/** Its end is what is looked for: few bytes of JSON are its first one, and most are letters like the others or quotes. */
const MARK_END_AT = MARK.indexOf('x');
const MARK_END = Buffer.from(MARK.slice(MARK_END_AT));
const NO_RECORDS: RecordPage = { bytes: Buffer.alloc(0), places: [] };

/**
 * Holds records, in the order of their indexes, against the entries of a log as these come. `bundle` and `settle` are called by
 * `checkLog`, `settle` after each bundle: a record is kept no longer than its bundle.
 */
export class RecordAccount {
  readonly #pages: AsyncIterator<RecordPage>;
  #page: RecordPage = NO_RECORDS;
  /** Place of the next record in its page. */
  #at = 0;
  /** Where `MARK` stands in the page at or behind its next record. */
  #mark = -1;
  #hasEnded = false;
  /** Entries that wait: where each begins and ends in their bundle. */
  #bundle: Buffer = NO_RECORDS.bytes;
  readonly #waiting: number[] = [];
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
  constructor(records: AsyncIterable<RecordPage>) {
    this.#pages = records[Symbol.asyncIterator]();
  }

  readonly bundle = (bundle: Buffer, place: TilePlace): void => {
    this.#bundle = bundle;
    forEachEntry(bundle, place, (_, from, to) => this.#waiting.push(from, to));
  };

  readonly settle = async (): Promise<void> => {
    const waiting = this.#waiting;
    for (let at = 0; at < waiting.length; at += 2) {
      const index = this.#page.places[this.#at] ?? (await this.#turn());
      if (index === undefined || index > this.#settled) this.#missing.add(this.#settled);
      else if (index < this.#settled) this.#stop(outOfOrder(index, this.#last));
      else this.#match(waiting[at]!, waiting[at + 1]!);
      this.#settled += 1;
    }
    waiting.length = 0;
  };

  /** When all entries of the log were settled. */
  async end(): Promise<Account> {
    const more = this.#page.places[this.#at] ?? (await this.#turn());
    if (more !== undefined) {
      const beyond = `a record of entry ${more}, and the log has ${this.#settled} at this checkpoint`;
      const isBehind = more >= this.#settled;
      this.#stop(isBehind ? new RecordFault('record-beyond', beyond, more) : outOfOrder(more, this.#last));
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

  /** The next record and the entry that stands from `entryFrom` up to `entryTo` in its bundle. */
  #match(entryFrom: number, entryTo: number): void {
    const index = this.#settled;
    const { bytes, places } = this.#page;
    const [from, to] = [places[this.#at + 1]!, places[this.#at + 2]!];
    this.#at += PLACE;
    this.#last = index;
    if (!isEntryOf(bytes, from, to, this.#bundle, entryFrom, entryTo)) {
      this.#wrong += 1;
      const fault = new RecordFault('record-mismatch', `the record of entry ${index} does not hash to it`, index);
      if (this.#wrong <= TOLD) this.#faults.push(fault);
      return;
    }
    this.#records += 1;
    const record = from + SALT_BYTES;
    // Looked for in the whole page: a search of its own for each record costs more than the search.
    if (this.#mark < record) this.#mark = markBehind(bytes, record);
    if (this.#mark + MARK.length <= to) this.#nameThoseOf(bytes.toString('utf8', record, to), index);
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

  /** The index of the first record of the next page. */
  async #turn(): Promise<number | undefined> {
    while (!this.#hasEnded) {
      try {
        const { value, done } = await this.#pages.next();
        if (done === true) this.#hasEnded = true;
        else {
          [this.#page, this.#at, this.#mark] = [value, 0, -1];
          if (value.places.length > 0) return value.places[0];
        }
      } catch (error) {
        if (!(error instanceof RecordFault)) throw error;
        this.#stop(error);
      }
    }
    this.#page = NO_RECORDS;
    return undefined;
  }

  #stop(fault: RecordFault): void {
    this.#faults.push(fault);
    this.#readUpTo = Math.min(this.#last + 1, this.#settled);
    this.#hasEnded = true;
    this.#page = NO_RECORDS;
  }
}

/** Where it stands at or behind `from`; nowhere is behind everything. */
function markBehind(bytes: Buffer, from: number): number {
  for (let end = from + MARK_END_AT; ; end += 1) {
    end = bytes.indexOf(MARK_END, end);
    if (end < 0) return Infinity;
    const at = end - MARK_END_AT;
    if (bytes.toString('latin1', at, at + MARK.length) === MARK) return at;
  }
}

const NOT_COUNTED = { destroyed: 0, orphaned: 0, unexplained: 0, stillThere: 0 };

const outOfOrder = (index: number, last: number): RecordFault =>
  new RecordFault('record-order', `the record of entry ${index} comes behind that of entry ${last}`, index);

/** A range whose last entry stands before `index`; `undefined` for anything else. */
function rangeBelow(index: number, range: unknown): { first: number; last: number } | undefined {
  const { first, last } = (range ?? {}) as { first?: unknown; last?: unknown };
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return undefined;
  const [from, to] = [first as number, last as number];
  return from >= 0 && from <= to && to < index ? { first: from, last: to } : undefined;
}
