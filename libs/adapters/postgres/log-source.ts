import type { RecordKind, StoredEvent, StoredRecord } from '#libs/eventing';
import type { EventId, StreamId } from '#libs/kernel';
import { instantOf } from './instants.js';
import { EVENT_CHANNEL } from './migrations/0001-event-log.js';
import { RECORD_CHANNEL } from './migrations/0002-record-log.js';
import type { LogName } from './observer.js';

/** A log as its readers see it: what to ask, and what an answer means. Every value of a row comes as text. */
export interface LogSource<Item> {
  readonly log: LogName;
  readonly channel: string;
  /** One row, the newest `position` and `item` (`itemOf`); no row while there is none. */
  readonly head: string;
  /** One row, the `item` (`itemOf`) at position `$1`; no row where there is none. */
  readonly at: string;
  /**
   * `$1` position behind which to read, `$2` most rows, `$3` bytes after which a page is full. Columns as in `item`. The
   * item at `$1` itself comes first, without its bytes: so who it is is read with the page.
   */
  readonly page: string;
  /** Everything behind a position, with only the place of items that are of none of the (quoted) types. */
  copy(after: bigint, types: string | undefined): string;
  item(columns: readonly string[]): Item;
  kindOf(item: Item): string;
  sizeOf(item: Item): number;
}

const pageOf = (columns: string, from: string): string => `
  select ${columns} from (
    select l.*, sum(octet_length(bytes)) over (order by position) - octet_length(bytes) as before
    from (
      select ${columns.replace('bytes', "case when position > $1 then bytes else '' end as bytes")}
      from ${from} order by position limit $2::bigint + 1
    ) l
  ) l where before < $3 order by position`;

/** As `itemOf` writes it. */
const ITEM = "id || '@' || recorded_at as item";

const EVENT_COLUMNS = 'position, stream, revision, id, type, bytes, recorded_at';

export const eventSource: LogSource<StoredEvent> = {
  log: 'events',
  channel: EVENT_CHANNEL,
  head: `select position, ${ITEM} from waarborg.events order by position desc limit 1`,
  at: `select ${ITEM} from waarborg.events where position = $1`,
  page: pageOf(EVENT_COLUMNS, 'waarborg.events where position >= $1'),
  copy: (after, types) => {
    const columns =
      types === undefined
        ? EVENT_COLUMNS
        : EVENT_COLUMNS.split(', ')
            .map((column) => (column === 'position' ? column : `case when type in (${types}) then ${column} end`))
            .join(', ');
    return `select ${columns} from waarborg.events where position > ${after} order by position`;
  },
  item: ([position, stream, revision, id, type, bytes, recordedAt]) => ({
    id: id as EventId,
    type: type!,
    bytes: bytes!,
    stream: stream as StreamId,
    revision: Number(revision),
    position: BigInt(position!),
    recordedAt: instantOf(recordedAt!),
  }),
  kindOf: ({ type }) => type,
  sizeOf: ({ bytes }) => bytes.length,
};

const RECORD_COLUMNS = 'position, id, kind, bytes, recorded_at';
/** Times rise with positions, so the months before that of `after` need not be looked into. */
const recordsBehind = (after: string, comparison = '>'): string =>
  `waarborg.records where position ${comparison} ${after} and recorded_at >=
     coalesce((select p.recorded_at from waarborg.record_places p where p.position = ${after}), 0)`;

export const recordSource: LogSource<StoredRecord> = {
  log: 'records',
  channel: RECORD_CHANNEL,
  head: `select position, ${ITEM} from waarborg.record_places order by position desc limit 1`,
  at: `select ${ITEM} from waarborg.record_places where position = $1`,
  page: pageOf(RECORD_COLUMNS, recordsBehind('$1', '>=')),
  copy: (after, types) => {
    const columns =
      types === undefined
        ? RECORD_COLUMNS
        : RECORD_COLUMNS.split(', ')
            .map((column) => (column === 'position' ? column : `case when kind in (${types}) then ${column} end`))
            .join(', ');
    return `select ${columns} from ${recordsBehind(String(after))} order by position`;
  },
  item: ([position, id, kind, bytes, recordedAt]) => ({
    id: id!,
    kind: kind as RecordKind,
    bytes: bytes!,
    position: BigInt(position!),
    recordedAt: instantOf(recordedAt!),
  }),
  kindOf: ({ kind }) => kind,
  sizeOf: ({ bytes }) => bytes.length,
};
