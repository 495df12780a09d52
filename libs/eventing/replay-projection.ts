import { canonicalJson, type DomainEvent, type JsonValue, type Recorded } from '#libs/kernel';
import type { EventSerializer } from './event-serializer.js';
import type { Projection, ProjectionStore, Row, TableDeclaration } from './ports/projection-store.js';
import { START, type EventFeed } from './ports/event-store.js';
import type { RecordLog } from './ports/record-log.js';
import { foldPage, isHeld, type StoreIdentity } from './projector.js';
import { recordSource } from './record-source.js';

export interface ReplayParts {
  /** Read and never written. */
  readonly projections: Pick<ProjectionStore, 'checkpoint' | 'snapshot'>;
  readonly feed: EventFeed;
  readonly records: RecordLog;
  readonly serializer: Pick<EventSerializer, 'read'>;
  readonly identity: StoreIdentity;
}

/** A row that is not what the log makes of it; of the first column that differs both values, as JSON. */
export interface RowDifference {
  readonly key: string;
  /** Absent: the whole row is on one side only. */
  readonly column?: string;
  /** `undefined`: there is no such row. */
  readonly live: string | undefined;
  readonly replayed: string | undefined;
}

export type Replayed =
  | {
      /** Row by row the same, or where not. */
      readonly verdict: 'equal' | 'different';
      readonly events: number;
      readonly rows: number;
      readonly position: bigint;
      /** How many rows differ, and the first by its key. */
      readonly differences: number;
      readonly first?: RowDifference;
    }
  /** Nothing was applied to it yet, or it is of another store, an earlier epoch, or further than the log is. */
  | { readonly verdict: 'absent' }
  | { readonly verdict: 'foreign' };

/**
 * Makes a read model once more from the log, beside the live one, up to where that one is, and holds them against each
 * other row by row. Nothing is written. All rows are in memory, twice.
 */
export async function replayProjection<R extends Row>(
  projection: Projection<R>,
  { projections, records, identity, ...events }: ReplayParts,
  onProgress: (events: number) => void = () => undefined,
): Promise<Replayed> {
  const own = projection as unknown as Projection;
  if ((await projections.checkpoint(own)) === undefined) return { verdict: 'absent' };
  const { rows: live, checkpoint } = await projections.snapshot(projection);
  if (checkpoint === undefined) return { verdict: 'absent' };
  const { feed, serializer } = projection.log === undefined ? events : recordSource(records);
  const isOurs = checkpoint.store === identity.store && checkpoint.epoch === identity.epoch;
  if (!isOurs || !(await isHeld(feed, checkpoint))) return { verdict: 'foreign' };

  const rows = new Map<string, R | undefined>();
  let count = 0;
  for await (const page of feed.replay(START, { types: projection.handles })) {
    const then: Recorded<DomainEvent>[] = page.items
      .filter(({ position }) => position <= checkpoint.position)
      .map((item) => serializer.read(item));
    for (const [key, row] of foldPage(projection, rows, then)) {
      if (row === undefined) rows.delete(key);
      else rows.set(key, row);
    }
    count += then.length;
    onProgress(count);
    if (page.upTo >= checkpoint.position) break;
  }
  const { table } = projection;
  const made = new Map(
    [...rows.values()].flatMap((row) => (row === undefined ? [] : [[row[table.key] as string, row] as const])),
  );
  const known = new Map(live.map((row) => [row[table.key] as string, row]));
  const keys = [...new Set([...made.keys(), ...known.keys()])].sort();
  const differences = keys.flatMap((key) => differenceOf(table, key, known.get(key), made.get(key)) ?? []);
  const [first] = differences;
  return {
    verdict: first === undefined ? 'equal' : 'different',
    ...{ events: count, rows: known.size, position: checkpoint.position, differences: differences.length },
    ...(first === undefined ? {} : { first }),
  };
}

function differenceOf(
  { columns }: TableDeclaration,
  key: string,
  live: Row | undefined,
  replayed: Row | undefined,
): RowDifference | undefined {
  if (live === undefined || replayed === undefined) {
    return { key, live: live && textOf(key), replayed: replayed && textOf(key) };
  }
  for (const column of Object.keys(columns)) {
    const [one, other] = [live, replayed].map((row) => textOf(row[column]));
    if (one !== other) return { key, column, live: one, replayed: other };
  }
  return undefined;
}

/** One that a row leaves out comes back as null. */
const textOf = (value: Row[string]): string =>
  typeof value === 'bigint' ? String(value) : canonicalJson((value ?? null) as JsonValue);
