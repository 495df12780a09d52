import type { Pool, PoolClient } from 'pg';
import {
  EventIdTaken,
  placeAt,
  RevisionConflict,
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
} from '#libs/eventing';
import { instantFromEpoch, type StreamId } from '#libs/kernel';
import { AppendConnection } from './append-connection.js';
import type { BatchWriter, Outcome } from './coalescer.js';
import { isRefusal, NoAnswer, reasonOf } from './errors.js';
import type { LineageOfDatabase } from './lineage-of-database.js';
import { textArray } from './text-array.js';

export interface EventAppend {
  readonly stream: StreamId;
  readonly expected: ExpectedRevision;
  readonly events: readonly EventToAppend[];
  readonly bytes: number;
}

/** PostgreSQL's answer says everything, so that nobody has to ask again. */
export type Told = Required<Appended>;

interface Judgement {
  /** Absent when every append of the batch was written. */
  readonly nr: number | null;
  readonly written: boolean;
  readonly there: boolean;
  readonly actual: number;
  readonly taken: string | null;
  readonly revision: number;
  readonly position: string;
  readonly recorded_at: string;
}

const APPEND = {
  name: 'waarborg-append-events',
  text: 'select * from waarborg.append_events_behind($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
};

const UNIQUE_VIOLATION = '23505';
const NO_STREAM = -1;
const numberOf = (expected: ExpectedRevision): number => (expected === 'no-stream' ? NO_STREAM : expected);
const revisionOf = (number: number): ExpectedRevision => (number === NO_STREAM ? 'no-stream' : number);

/** Writes batches of appends to the event log. */
export class EventAppender implements BatchWriter<EventAppend, Told> {
  readonly #connection: AppendConnection;
  readonly #lineage: LineageOfDatabase;

  constructor(pool: Pool, resolveMilliseconds: number, lineage: LineageOfDatabase) {
    this.#connection = new AppendConnection(pool, resolveMilliseconds, lineage.process);
    this.#lineage = lineage;
  }

  keysOf({ stream, events }: EventAppend): readonly string[] {
    return [stream, ...events.map(({ id }) => id)];
  }

  rowsOf({ events }: EventAppend): number {
    return events.length;
  }

  bytesOf({ bytes }: EventAppend): number {
    return bytes;
  }

  async write(appends: readonly EventAppend[]): Promise<readonly Outcome<Told>[]> {
    const columns = columnsOf(appends);
    const write = (careful: boolean): Promise<readonly Outcome<Told>[]> => {
      const known = this.#lineage.known();
      return this.#connection.run((client) => judge(client, appends, [...known, careful, ...columns]));
    };
    const outcomes = await write(false)
      .catch((error: unknown) => {
        if (!isRefusal(error) || error.code !== UNIQUE_VIOLATION) throw error;
        // An id is in use. Nothing was written; judging every id by itself finds out which.
        return write(true);
      })
      .catch((error: unknown) => {
        throw this.#lineage.translated(error);
      });
    this.#saw(appends, outcomes);
    return outcomes;
  }

  async lookUp(appends: readonly EventAppend[]): Promise<readonly (Told | undefined)[]> {
    const found = await this.#connection
      .afterLoss(async (client) => {
        await client.query('select waarborg.demand_lineage($1, $2, $3, $4)', [...this.#lineage.known()]);
        return findAppended(client, appends);
      })
      .catch((error: unknown) => {
        throw this.#lineage.translated(error);
      });
    const answers = appends.map((append) => found.get(append));
    this.#saw(
      appends,
      answers.map((answer) => answer && { answer }),
    );
    return answers;
  }

  #saw(appends: readonly EventAppend[], outcomes: readonly (Outcome<Told> | undefined)[]): void {
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome === undefined || !('answer' in outcome)) continue;
      this.#lineage.saw('events', placeAt({ ...outcome.answer, id: appends[index]!.events.at(-1)!.id }));
    }
  }

  close(): void {
    this.#connection.close();
  }
}

async function judge(
  client: PoolClient,
  appends: readonly EventAppend[],
  values: unknown[],
): Promise<readonly Outcome<Told>[]> {
  const { rows } = await client.query<Judgement>({ ...APPEND, values });
  const whole = rows[0];
  if (whole?.nr === null) return allWritten(appends, BigInt(whole.position), Number(whole.recorded_at));
  const judged = new Map(rows.map((row) => [row.nr, row]));
  const repeats = appends.filter((_, nr) => judged.get(nr)?.there === true);
  // The batch is committed by now: when this fails, what was written has to be looked up before anybody is told.
  const first =
    repeats.length === 0
      ? new Map<EventAppend, Told>()
      : await findAppended(client, repeats).catch((error: unknown) => {
          throw new NoAnswer(`the first answers could not be read: ${reasonOf(error)}`, { cause: error });
        });
  return appends.map((append, nr) => outcomeOf(append, judged.get(nr)!, first.get(append)));
}

/** Places were given out in the order of the batch, from the head on. */
function allWritten(appends: readonly EventAppend[], head: bigint, at: number): Outcome<Told>[] {
  const recordedAt = instantFromEpoch(at);
  let position = head;
  return appends.map(({ expected, events }) => {
    position += BigInt(events.length);
    return { answer: { revision: numberOf(expected) + events.length, position, recordedAt, repeated: false } };
  });
}

function columnsOf(appends: readonly EventAppend[]): unknown[] {
  const columns: [number[], string[], number[], number[], string[], string[], string[]] = [[], [], [], [], [], [], []];
  for (const [nr, { stream, expected, events }] of appends.entries()) {
    const stands = numberOf(expected);
    for (const [index, { id, type, bytes }] of events.entries()) {
      columns[0].push(nr);
      columns[1].push(stream);
      columns[2].push(stands);
      columns[3].push(stands + 1 + index);
      columns[4].push(id);
      columns[5].push(type);
      columns[6].push(bytes);
    }
  }
  return columns.with(-1, textArray(columns[6]) as never);
}

function outcomeOf(append: EventAppend, row: Judgement, first: Told | undefined): Outcome<Told> {
  if (row.written) {
    const { revision, position, recorded_at } = row;
    const recordedAt = instantFromEpoch(Number(recorded_at));
    return { answer: { revision, position: BigInt(position), recordedAt, repeated: false } };
  }
  if (first !== undefined) return { answer: { ...first, repeated: true } };
  const expected = numberOf(append.expected);
  if (row.actual !== expected)
    return { error: new RevisionConflict(append.stream, append.expected, revisionOf(row.actual)) };
  return { error: new EventIdTaken(row.taken ?? append.events[0]!.id) };
}

/**
 * The appends of which every event stands where it was to be written, with the place of the last one; `repeated` when
 * what stands there is not what this append would have written.
 */
async function findAppended(
  client: PoolClient,
  appends: readonly EventAppend[],
): Promise<ReadonlyMap<EventAppend, Told>> {
  const { rows } = await client.query<
    Pick<Judgement, 'revision' | 'position' | 'recorded_at'> & { id: string; stream: string; bytes: string }
  >('select id, stream, revision, position, recorded_at, bytes from waarborg.events where id = any($1)', [
    appends.flatMap(({ events }) => events.map(({ id }) => id)),
  ]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const found = new Map<EventAppend, Told>();
  for (const append of appends) {
    const places = append.events.map(({ id }) => byId.get(id));
    const first = numberOf(append.expected) + 1;
    const whole = places.every((place, index) => place?.stream === append.stream && place.revision === first + index);
    const last = places.at(-1);
    if (!whole || last === undefined) continue;
    const recordedAt = instantFromEpoch(Number(last.recorded_at));
    const { revision, position } = last;
    // Other words under the same ids are somebody else's: whoever answers has to answer from them.
    const repeated = append.events.some(({ bytes }, index) => places[index]!.bytes !== bytes);
    found.set(append, { revision, position: BigInt(position), recordedAt, repeated });
  }
  return found;
}
