import { FaultForPeople, type JsonObject } from '#libs/kernel';

/** A batch that was decided on, before that became a fact. Nothing of it is destroyed by this alone. */
export interface DecidedBatch {
  readonly is: 'decided';
  /** The batch: a UUID. */
  readonly id: string;
  readonly attempt: number;
  /** Of the store that it was decided in. */
  readonly epoch: number;
  /** Data of the fact, without personal data and without the entry itself. */
  readonly data: JsonObject;
  /** Events of its streams: by them the records in the transparency log are known again, whatever index they have. */
  readonly events: readonly string[];
}

/** The batch of an entry before this one is a fact: from here on it is destroyed, and destroyed again. */
export interface RecordedBatch {
  readonly is: 'recorded';
  /** Number of the entry that decided on it. */
  readonly of: number;
  /** The event by which it became a fact. */
  readonly fact: string;
}

/** Where people were reached: that it goes is a fact already, of a request or of their own destruction (RIGHTS-06). */
export interface ErasedContacts {
  readonly is: 'erased';
  /** The request, or the batch: a UUID. */
  readonly id: string;
  /** Whose keys are destroyed. */
  readonly contacts: readonly string[];
}

export type LedgerEntry = DecidedBatch | RecordedBatch | ErasedContacts;

/** An entry of the ledger, and which. */
export interface NumberedEntry {
  /** From 1 on, without gaps. */
  readonly number: number;
  /** SHA-256 over the entry with the digest of the one before it, in hexadecimal digits. */
  readonly digest: string;
  readonly entry: LedgerEntry;
}

/**
 * What was destroyed, apart from everything that is backed up with the register or the key store: so that neither, restored
 * from an older backup, brings it back. It only grows; nobody restores it to an earlier state. Its entries are numbered, and
 * each has the digest of the one before: one that was lost, put back or split shows.
 */
export interface DestructionLedger {
  /** Adds an entry behind the newest. MUST be durable when it resolves; of two who add at once, each gets a number of its own. */
  add(entry: LedgerEntry): Promise<NumberedEntry>;

  /** The entry of this number; `undefined` where there is none. MUST reject where it can't be read. */
  at(number: number): Promise<NumberedEntry | undefined>;

  /**
   * Every entry behind this number (0: all), in their order. MUST reject with `LedgerBroken` where one is missing between
   * others, can't be read, or does not follow from the one before: nobody goes on as if it had not been.
   */
  after(number: number): AsyncIterable<NumberedEntry>;
}

/** What stands there is not what the ledger of destructions has written there, or not all of it. */
export class LedgerBroken extends FaultForPeople {
  override readonly name = 'LedgerBroken';
}
