/** What can be wrong with an export, or between it and its log. Closed: programs decide by the code. */
export const RECORD_FAULTS = {
  'record-malformed': 'a line that is not { index, salt, record }, or a row of a copy that is not the same',
  'record-order': 'a line whose index is not above that of the line before it',
  'record-beyond': 'a record of an entry that the log does not have',
  'record-mismatch': 'a record that does not hash to the entry at its index',
  'record-missing': 'an entry without a record, and named by no record of a destruction or of orphans',
  'account-malformed': 'a record of a destruction or of orphans that does not say which entries before it it is about',
} as const;

export type RecordFaultCode = keyof typeof RECORD_FAULTS;

/** The records are not those of the log; the message names what and where. Never a bug or broken I/O. */
export class RecordFault extends Error {
  override readonly name = 'RecordFault';

  constructor(
    readonly code: RecordFaultCode,
    message: string,
    /** The first entry that it is about, where it is about entries. */
    readonly index?: number,
  ) {
    super(message);
  }
}

/** Records of an export in its order, where they stand in memory: an object for each would cost as much as to hash it. */
export interface RecordPage {
  /** To be written over by whoever holds a record against its entry: the `RECORD_HEAD` bytes before each salt. */
  readonly bytes: Buffer;
  /**
   * Three numbers of each record (`PLACE`): the index of its entry, where its salt begins, and where the record ends, whose
   * canonical bytes, as they were hashed, stand right behind the salt.
   */
  readonly places: readonly number[];
}

/** Numbers of one record in `places`. */
export const PLACE = 3;
