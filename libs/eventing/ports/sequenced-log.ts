import type { Fence } from './leases.js';
import type { Checkpoint } from './projection-store.js';

/** An event or a record on its way into the transparency log. */
export interface RecordToSequence {
  /** Of the event or the record: a UUID. */
  readonly id: string;
  /** SHA-256 of what was recorded, apart from where and when: by it a fact is known that comes again from another place. */
  readonly content: Uint8Array;
  /** 32 random bytes, kept here and nowhere else: they can't be made again. */
  readonly salt: Uint8Array;
  /** The bytes that the entry is made of, as text. */
  readonly record: string;
  /** 32 bytes: what the log publishes of it. */
  readonly entry: Uint8Array;
}

export interface SequencedEntry {
  readonly entry: Uint8Array;
  /** Absent of an entry whose record is not known here: it was published, and the table was restored to before it. */
  readonly id?: string;
  /** Absent where the record was destroyed. */
  readonly kept?: Pick<RecordToSequence, 'salt' | 'record'>;
}

/** What the archive has of an entry, and nobody else. */
export interface KeptRecord extends Pick<RecordToSequence, 'salt' | 'record'> {
  readonly index: number;
}

/** An index of the log, and whose it is. */
export interface GivenIndex {
  readonly index: number;
  readonly id: string;
  /** Its record and salt are here. */
  readonly kept: boolean;
}

/** A checkpoint of the log that was signed. */
export interface SignedCheckpoint {
  /** Entries that it covers: at least one. */
  readonly size: number;
  readonly root: Uint8Array;
  /** As it is published, with its signatures. */
  readonly note: string;
}

/** With the lines of witnesses behind those of the log. */
export type CosignedCheckpoint = Pick<SignedCheckpoint, 'size' | 'note'>;

/** A checkpoint that was signed is not in the table: it went back behind it, and would give its indexes out again. */
export class CheckpointLost extends Error {
  override readonly name = 'CheckpointLost';
  constructor(readonly size: number) {
    super(`the table of the log does not have the checkpoint of ${size} entries that was signed`);
  }
}

/**
 * The archive's own table: which record has which index in the transparency log, with the salts. Primary data: it is
 * backed up, and nothing else can make it again. Indexes are contiguous from 0.
 */
export interface SequencedLog {
  /**
   * Gives each record that is not there the next index, in this order, and moves the checkpoint of the feed that they were
   * read from (a name of the `CheckpointStore` beside it) `from` → `to`. Answers how many entries there are then.
   *
   * - MUST be one transaction: durable together, or nothing of it.
   * - A record is there already when one of the same id and content is, or one of that id whose record was destroyed: it
   *   MUST NOT be given another index. The same id with another content is another record.
   * - MUST reject with `Fenced` when the fence does not stand, and with `CheckpointMoved` when the checkpoint is not
   *   `from`; it writes nothing then.
   * - MUST reject with `CheckpointLost` when `signed` is none of the checkpoints that are stored; it writes nothing then.
   *   Absent: none is known to have been signed.
   * - MUST give indexes one after the other, whoever else sequences at the same time.
   */
  sequence(
    feed: string,
    from: Checkpoint | undefined,
    to: Checkpoint,
    records: readonly RecordToSequence[],
    fence: Fence,
    signed?: Pick<SignedCheckpoint, 'size' | 'root'>,
  ): Promise<number>;

  /** How many entries there are. */
  size(): Promise<number>;

  /** The entries from index `from` on up to `to` (exclusive), fewer where there are fewer. At most `MAX_ENTRIES_READ`. */
  entries(from: number, to: number): Promise<readonly Uint8Array[]>;

  at(index: number): Promise<SequencedEntry | undefined>;

  /** The last index that was given to a record of this id and whose record is kept; `undefined` where there is none. */
  indexOf(id: string): Promise<number | undefined>;

  /**
   * What is kept of the entries from index `from` on up to `to` (exclusive), in their order; those whose records were
   * destroyed or are not known are left out. At most `MAX_RECORDS_READ` indexes.
   */
  kept(from: number, to: number): Promise<readonly KeptRecord[]>;

  /**
   * Every index that was given to a record of these ids, in their order, and whether its record is kept; nothing of an id
   * that has none. At most `MAX_IDS_LOOKED_UP` ids.
   */
  indexesOf(ids: readonly string[]): Promise<readonly GivenIndex[]>;

  /**
   * Takes records and salts of these indexes away, for good; entries stay. One that has none: nothing. MUST be durable when it
   * resolves. At most `MAX_IDS_LOOKED_UP` indexes.
   */
  destroy(indexes: readonly number[]): Promise<void>;

  /** The checkpoint of the most entries; `undefined` before the first. */
  newest(): Promise<SignedCheckpoint | undefined>;

  /**
   * Stores a checkpoint behind the one of `from` entries (0: none yet). MUST be durable when it resolves; only then may the
   * checkpoint be shown to anybody. MUST reject with `Fenced` like `sequence`, and with `CheckpointMoved`, and store nothing,
   * when another one is the newest, when it covers no more than that one, or more entries than there are.
   */
  store(checkpoint: SignedCheckpoint, from: number, fence: Fence): Promise<void>;

  /** The newest checkpoint that enough witnesses have cosigned, with their lines; `undefined` before the first. */
  cosigned(): Promise<CosignedCheckpoint | undefined>;

  /**
   * Keeps a checkpoint of the table that enough witnesses have cosigned, in place of one of no more entries. MUST be durable
   * when it answers `true`; answers `false`, and changes nothing, where one of more is kept, or none of that size was stored.
   */
  keepCosigned(checkpoint: CosignedCheckpoint): Promise<boolean>;

  /**
   * Takes over what was published and is not here, since the table was restored to before it: these entries behind the
   * first `from`, without their records, and the checkpoint that covers them. For who is alone with the table. MUST be one
   * transaction. MUST reject with `CheckpointMoved`, and write nothing, when there are not just `from` entries, or the
   * checkpoint could not be stored behind them.
   */
  adopt(entries: readonly Uint8Array[], from: number, checkpoint: SignedCheckpoint): Promise<void>;
}

export const MAX_ENTRIES_READ = 65_536;
export const MAX_IDS_LOOKED_UP = 1_000;
/** A record has up to half a megabyte. */
export const MAX_RECORDS_READ = 256;
