import type { JsonValue, Recorded } from '#libs/kernel';
import type { Fence } from './leases.js';

export type ColumnType = 'text' | 'integer' | 'bigint' | 'boolean' | 'text[]' | 'json';
export type ColumnValue = string | number | bigint | boolean | JsonValue | null | undefined;
export type Row = { readonly [column: string]: ColumnValue };

/**
 * A read model's table. Every column but the key and `newestFirst` may be null; one that a row leaves out comes back as null.
 * Names are snake_case, the columns' names camelCase.
 */
export interface TableDeclaration {
  readonly name: string;
  /** Column of type `text` that identifies a row. */
  readonly key: string;
  readonly columns: { readonly [column: string]: ColumnType };
  /** Column (`bigint`) by which lists are ordered, newest first; the key breaks ties, descending. */
  readonly newestFirst: string;
  /** Columns, alone or together, by which rows are searched; a `text[]` column is searched by containment. By others no search is done. */
  readonly indexes?: readonly (readonly string[])[];
  /**
   * Columns of type `text[]` whose values stand in few rows each, as ids do. A database can't tell that from its figures;
   * told so, it looks up these rows first instead of walking the list until it has met enough.
   */
  readonly selective?: readonly string[];
}

/**
 * A read model: a table and a pure fold. Declared by the app that owns it.
 * `keys` names the rows an event touches; `fold` gives the row's new value (`undefined` = the row goes; the very row that
 * it was given = nothing is written). A fold that throws stops the projector at that event: it is never skipped.
 */
export interface Projection<R extends Row = Row> {
  readonly name: string;
  /** Raised when table or fold change. Each version has a table of its own, built beside those of others. */
  readonly version: number;
  /**
   * The earlier version whose table this release keeps up and answers from until its own is built: the columns that both
   * have mean the same, and `fold` makes them from one another. Absent: until then there is no answer.
   */
  readonly readsEarlier?: number;
  /** The log that it is made from; absent: the events. Of the other its positions are places in that log's own order. */
  readonly log?: 'records';
  readonly table: TableDeclaration;
  /** Types that it handles (of records: kinds); others pass by. */
  readonly handles: readonly string[];
  keys(event: Recorded<{ type: string; data: object }>): readonly string[];
  fold(row: R | undefined, event: Recorded<{ type: string; data: object }>, key: string): R | undefined;
}

/** How far a reader is, and in which store: a position means nothing without its store and epoch. */
export interface Checkpoint {
  readonly store: string;
  readonly epoch: number;
  /** `START` (0n where a version before wrote it), or a place of the store. */
  readonly position: bigint;
  /** The event at `position` (`itemOf`); absent before the first event, and where a version before 0.2 wrote it. */
  readonly event?: string;
}

/** Somebody else moved the checkpoint (a rebuild, a second process). Nothing was written; read it again and go on. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';
}

export type Condition =
  | { readonly column: string; readonly is: 'equal'; readonly value: ColumnValue }
  | { readonly column: string; readonly is: 'one-of'; readonly values: readonly ColumnValue[] }
  /** A `text[]` column that contains the value. */
  | { readonly column: string; readonly is: 'containing'; readonly value: string }
  /** A `text[]` column with none but these values; one that is null, which says nothing of any, MUST be found as well. */
  | { readonly column: string; readonly is: 'within'; readonly values: readonly string[] }
  /** `>=`; for instants as text as well. */
  | { readonly column: string; readonly is: 'from'; readonly value: string | bigint | number }
  /** `<`. */
  | { readonly column: string; readonly is: 'before'; readonly value: string | bigint | number };

/** Whether the table has what is asked by, and an index for it: a search without works in a test and reads a million rows later. */
export function isServed(table: TableDeclaration, where: readonly Condition[]): boolean {
  if (where.some(({ column }) => !(column in table.columns))) return false;
  if (where.length === 0 || where.some(({ column }) => column === table.key)) return true;
  // No index knows what a list does not contain.
  return (table.indexes ?? []).some((columns) =>
    where.some(({ column, is }) => column === columns[0] && is !== 'within'),
  );
}

export interface Query {
  readonly where: readonly Condition[];
  readonly limit: number;
  /** The row after which to go on (its `newestFirst` value and key), as the previous page's `next` gave it. */
  readonly after?: { readonly order: bigint; readonly key: string };
}

/**
 * The rows that change between what was given before (at first: a rebuild's own checkpoint) and at least `upTo`, and the
 * position they bring it to. That lies below `upTo` only where the log ends there.
 */
export type CatchUp<R extends Row> = (upTo: bigint) => Promise<{
  readonly changes: ReadonlyMap<string, R | undefined>;
  readonly position: bigint;
  /** The event at `position` (`itemOf`). */
  readonly event?: string;
}>;

/** A table that an older release has filled. */
export interface EarlierTable {
  readonly version: number;
  readonly table: TableDeclaration;
  readonly checkpoint: Checkpoint;
}

export interface OpenedTable {
  /** How far it is; `undefined` = nothing yet. */
  readonly checkpoint: Checkpoint | undefined;
  /** Whether it was made by another declaration of the same version. */
  readonly outdated: boolean;
  /** Filled tables of lower versions, newest first. */
  readonly earlier: readonly EarlierTable[];
}

/** Read models and their checkpoints: a table for each version, which knows nothing of those of other versions. */
export interface ProjectionStore {
  /**
   * Makes sure that the table of this version exists. From then until `leave`, or the end of this process however it
   * comes, the table is in use here.
   */
  open(projection: Projection): Promise<OpenedTable>;

  /** How far the table of this version was brought, by whichever process; `undefined` while nothing was applied to it. */
  checkpoint(projection: Projection): Promise<Checkpoint | undefined>;

  /** The table is not used here any more. */
  leave(projection: Projection): Promise<void>;

  /**
   * Drops the tables of lower versions, with their checkpoints. MUST leave alone what a process has in use. Answers
   * whether none is left.
   */
  retire(projection: Projection): Promise<boolean>;

  /** The rows of these keys that exist. */
  load<R extends Row>(projection: Projection<R>, keys: readonly string[]): Promise<ReadonlyMap<string, R>>;

  /**
   * Writes rows (`undefined` = delete) and moves the checkpoint `from` → `to`, all in one transaction.
   * MUST reject with `CheckpointMoved`, and write nothing, when the stored checkpoint is not `from` (the same position of
   * another event is not).
   */
  commit<R extends Row>(
    projection: Projection<R>,
    changes: ReadonlyMap<string, R | undefined>,
    from: Checkpoint | undefined,
    to: Checkpoint,
  ): Promise<void>;

  /**
   * Puts a complete new set of rows in place of the live one of this version, together with its checkpoint: readers see
   * the old table until the new one is whole. MUST leave nothing behind when it fails or is interrupted.
   *
   * Where the live table stands beyond `checkpoint` by then (in the same store and epoch), the new one MUST NOT take its
   * place before it has been brought at least as far: with the checkpoint held, so that nobody moves it, `catchUp` is
   * asked for what is missing up to the live position. Without `catchUp` it MUST reject with `CheckpointMoved`. A live
   * table that claims more than the log holds is replaced by what the log holds.
   */
  replace<R extends Row>(
    projection: Projection<R>,
    rows: AsyncIterable<R> | Iterable<R>,
    checkpoint: Checkpoint,
    catchUp?: CatchUp<R>,
  ): Promise<void>;

  find<R extends Row>(projection: Projection<R>, key: string): Promise<R | undefined>;

  /** At most `limit` rows that meet every condition, newest first. */
  search<R extends Row>(projection: Projection<R>, query: Query): Promise<readonly R[]>;

  /** The same, of each row these columns only: where little is shown of many rows, the others may be large. */
  searchColumns<R extends Row, Column extends keyof R & string>(
    projection: Projection<R>,
    columns: readonly Column[],
    query: Query,
  ): Promise<readonly Pick<R, Column>[]>;

  /** Every row and the checkpoint it belongs to, of one moment. For an index that is loaded at start. */
  snapshot<R extends Row>(
    projection: Projection<R>,
  ): Promise<{ readonly rows: readonly R[]; readonly checkpoint: Checkpoint | undefined }>;
}

/** Checkpoints of process managers and other readers without a table. */
export interface CheckpointStore {
  read(name: string): Promise<Checkpoint | undefined>;
  /**
   * MUST reject with `CheckpointMoved` when the stored one is not `from`, and with `Fenced`, before that, when the fence
   * does not stand: it is checked in the transaction that moves. One without leases beside it MUST refuse every fence.
   */
  move(name: string, from: Checkpoint | undefined, to: Checkpoint, fence?: Fence): Promise<void>;
}
