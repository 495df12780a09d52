import type { Pool } from 'pg';
import type { FeedOptions, Page, RecordLog, RecordPlace, RecordToAppend, StoredRecord } from '#libs/eventing';
import { isUuid } from '#libs/kernel';
import { Coalescer, type CoalescerLimits } from './coalescer.js';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';
import { bytesOf } from './limits.js';
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
  readonly #appender: RecordAppender;
  readonly #coalescer: Coalescer<RecordAppend, RecordPlace>;

  constructor(
    { vital, reading }: Pick<Pools, 'vital' | 'reading'>,
    feed: PostgresFeed<StoredRecord>,
    limits: CoalescerLimits,
    observer: PostgresObserver,
  ) {
    this.#pool = reading;
    this.#feed = feed;
    this.#appender = new RecordAppender(vital, limits.resolveMilliseconds);
    this.#coalescer = new Coalescer('records', this.#appender, limits, observer);
  }

  async append(record: RecordToAppend): Promise<RecordPlace> {
    const bytes = bytesOf('record', record);
    const place = await this.#coalescer.append({ record, bytes });
    this.#feed.wake(place.position);
    return place;
  }

  async byId(id: string): Promise<StoredRecord | undefined> {
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

  read(after: bigint, limit?: number): Promise<Page<StoredRecord>> {
    return this.#feed.read(after, limit);
  }

  subscribe(after: bigint, options: FeedOptions): AsyncIterable<Page<StoredRecord>> {
    return this.#feed.subscribe(after, options);
  }

  replay(after: bigint, options?: { readonly types?: readonly string[] }): AsyncIterable<Page<StoredRecord>> {
    return this.#feed.replay(after, options);
  }

  async close(): Promise<void> {
    await this.#coalescer.close();
    this.#appender.close();
  }
}
