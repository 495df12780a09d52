import type { Pool } from 'pg';
import {
  RevisionConflict,
  type EventImport,
  type EventOrigin,
  type ExpectedRevision,
  type MovedEvent,
  type StoredEvent,
} from '#libs/eventing';
import { epochOf } from '#libs/kernel';
import { inTransaction, withClient } from './connections.js';
import { asUnavailable } from './errors.js';
import { bytesOf } from './limits.js';
import type { LineageOfDatabase } from './lineage-of-database.js';

interface ImportRow {
  readonly head: string | null;
  readonly stream: string;
  readonly expected: number;
  readonly actual: number;
}

/** A batch may be megabytes (milliseconds). */
const BATCH_LIMIT = 60_000;

const revisionOf = (number: number): ExpectedRevision => (number === -1 ? 'no-stream' : number);

/** Takes events over that were recorded elsewhere. One batch is one transaction: all of it, or nothing. */
export class PostgresEventImport implements EventImport {
  readonly #pool: Pool;
  readonly #lineage: LineageOfDatabase;

  constructor(pool: Pool, lineage: LineageOfDatabase) {
    this.#pool = pool;
    this.#lineage = lineage;
  }

  async write(events: readonly MovedEvent[]): Promise<void> {
    if (events.length === 0) return;
    for (const event of events) bytesOf('event', event);
    this.#lineage.demand();
    const values = [
      events.map(({ stream }) => stream),
      events.map(({ revision }) => revision),
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ bytes }) => bytes),
      events.map(({ origin }) => epochOf(origin.recordedAt)),
      events.map(({ origin }) => String(origin.position)),
      events.map(({ origin }) => origin.epoch),
    ];
    try {
      const { rows } = await inTransaction(this.#pool, BATCH_LIMIT, 'begin', async (client) => {
        await client.query('select waarborg.demand_lineage($1, $2, $3, $4)', [...this.#lineage.known()]);
        return client.query<ImportRow>('select * from waarborg.import_events($1, $2, $3, $4, $5, $6, $7, $8)', values);
      });
      const { head, stream, expected, actual } = rows[0]!;
      if (head !== null) return;
      throw new RevisionConflict(stream as MovedEvent['stream'], revisionOf(expected), revisionOf(actual));
    } catch (error) {
      throw asUnavailable(this.#lineage.translated(error));
    }
  }

  async originsOf(events: readonly StoredEvent[]): Promise<ReadonlyMap<string, EventOrigin>> {
    const byPosition = new Map(events.map((event) => [event.position, event]));
    try {
      const { rows } = await withClient(this.#pool, BATCH_LIMIT, (client) =>
        client.query<{ position: string; origin_position: string; origin_epoch: number }>(
          'select position, origin_position, origin_epoch from waarborg.event_origins where position = any($1)',
          [[...byPosition.keys()].map(String)],
        ),
      );
      return new Map(
        rows.map((row) => {
          const { id, recordedAt } = byPosition.get(BigInt(row.position))!;
          return [id, { recordedAt, position: BigInt(row.origin_position), epoch: row.origin_epoch }];
        }),
      );
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}
