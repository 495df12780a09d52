import type { Pool } from 'pg';
import type { FeedOptions, Page, Place, RecordLog, RecordPlace, RecordToAppend, StoredRecord } from '#libs/eventing';
import { isUuid } from '#libs/kernel';
import { Coalescer, type CoalescerLimits } from './coalescer.js';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';
import { bytesOf } from './limits.js';
import type { LineageOfDatabase } from './lineage-of-database.js';
import { recordSource } from './log-source.js';
import type { PostgresObserver } from './observer.js';
import type { Pools } from './pools.js';
import type { PostgresFeed } from './postgres-feed.js';
import { RecordAppender, type RecordAppend } from './record-appender.js';

const BY_ID = `
  select r.position, r.id, r.kind, r.bytes, r.recorded_at from waarborg.record_places p
  join waarborg.records r on r.position = p.position and r.recorded_at = p.recorded_at where p.id = $1`;

const AS_TEXT = { getTypeParser: () => (value: string | Buffer) => value };

export class PostgresRecordLog implements RecordLog {
  readonly #pool: Pool;
  readonly #feed: PostgresFeed<StoredRecord>;
  readonly #lineage: LineageOfDatabase;
  readonly #appender: RecordAppender;
  readonly #coalescer: Coalescer<RecordAppend, RecordPlace>;

  constructor(
    { vital, reading }: Pick<Pools, 'vital' | 'reading'>,
    feed: PostgresFeed<StoredRecord>,
    lineage: LineageOfDatabase,
    limits: CoalescerLimits,
    observer: PostgresObserver,
  ) {
    this.#pool = reading;
    this.#feed = feed;
    this.#lineage = lineage;
    this.#appender = new RecordAppender(vital, limits.resolveMilliseconds, lineage);
    this.#coalescer = new Coalescer('records', this.#appender, limits, observer);
  }

  async append(record: RecordToAppend): Promise<RecordPlace> {
    const bytes = bytesOf('record', record);
    this.#lineage.demand();
    const place = await this.#coalescer.append({ record, bytes });
    this.#feed.wake(place.position);
    return place;
  }

  async byId(id: string): Promise<StoredRecord | undefined> {
    this.#lineage.demand();
    if (!isUuid(id)) return undefined;
    try {
      const { rows } = await withClient(this.#pool, ANSWER_LIMIT, (client) =>
        client.query<string[]>({ text: BY_ID, values: [id], rowMode: 'array', types: AS_TEXT }),
      );
      return rows[0] && recordSource.item(rows[0]);
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  head(): Promise<bigint> {
    return this.#feed.head();
  }

  newest(): Promise<Place | undefined> {
    return this.#feed.newest();
  }

  at(position: bigint): Promise<StoredRecord | undefined> {
    return this.#feed.at(position);
  }

  read(after: bigint | Place, limit?: number): Promise<Page<StoredRecord>> {
    return this.#feed.read(after, limit);
  }

  subscribe(after: bigint | Place, options: FeedOptions): AsyncIterable<Page<StoredRecord>> {
    return this.#feed.subscribe(after, options);
  }

  replay(after: bigint | Place, options?: { readonly types?: readonly string[] }): AsyncIterable<Page<StoredRecord>> {
    return this.#feed.replay(after, options);
  }

  async close(): Promise<void> {
    await this.#coalescer.close();
    this.#appender.close();
  }
}
