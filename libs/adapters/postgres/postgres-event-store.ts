import type { Pool, QueryConfig } from 'pg';
import type { Appended, EventStore, EventToAppend, ExpectedRevision, StoredEvent } from '#libs/eventing';
import type { StreamId } from '#libs/kernel';
import { Coalescer, type CoalescerLimits } from './coalescer.js';
import { ANSWER_LIMIT, GATHERED, withClient } from './connections.js';
import { asUnavailable } from './errors.js';
import { EventAppender, type EventAppend, type Told } from './event-appender.js';
import { GatheredReads } from './gathered-reads.js';
import { bytesOfAppend } from './limits.js';
import type { LineageOfDatabase } from './lineage-of-database.js';
import { eventSource } from './log-source.js';
import type { PostgresObserver } from './observer.js';
import type { Pools } from './pools.js';
import type { PostgresFeed } from './postgres-feed.js';

const READ_REST = `
  select position, stream, revision, id, type, bytes, recorded_at from waarborg.events
  where stream = $1 and revision >= $2 order by revision`;

export const READ_STREAMS = `
  select position, stream, revision, id, type, bytes, recorded_at from waarborg.events
  where stream = any($1) order by stream, revision`;

const AS_TEXT = { getTypeParser: () => (value: string | Buffer) => value };

export class PostgresEventStore implements EventStore {
  readonly #pool: Pool;
  readonly #feed: PostgresFeed<StoredEvent>;
  readonly #lineage: LineageOfDatabase;
  readonly #appender: EventAppender;
  readonly #coalescer: Coalescer<EventAppend, Told>;
  readonly #whole: GatheredReads<StreamId, StoredEvent[]>;

  constructor(
    { vital, reading }: Pick<Pools, 'vital' | 'reading'>,
    feed: PostgresFeed<StoredEvent>,
    lineage: LineageOfDatabase,
    limits: CoalescerLimits,
    observer: PostgresObserver,
  ) {
    this.#pool = reading;
    this.#feed = feed;
    this.#lineage = lineage;
    this.#appender = new EventAppender(vital, limits.resolveMilliseconds, lineage);
    this.#coalescer = new Coalescer('events', this.#appender, limits, observer);
    this.#whole = new GatheredReads((streams) => this.#byStream(streams), GATHERED);
  }

  async append(stream: StreamId, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<Appended> {
    const bytes = bytesOfAppend(stream, expected, events);
    this.#lineage.demand();
    const appended = await this.#coalescer.append({ stream, expected, events, bytes });
    this.#feed.wake(appended.position);
    return appended;
  }

  async readStream(stream: StreamId, from = 0): Promise<readonly StoredEvent[]> {
    if (from > 0) return this.#read({ text: READ_REST, values: [stream, from] });
    this.#lineage.demand();
    return (await this.#whole.read(stream)) ?? [];
  }

  async readStreams(streams: readonly StreamId[]): Promise<readonly (readonly StoredEvent[])[]> {
    const found = await this.#byStream([...new Set(streams)]);
    return streams.map((stream) => found.get(stream) ?? []);
  }

  async #byStream(streams: readonly StreamId[]): Promise<ReadonlyMap<StreamId, StoredEvent[]>> {
    const found = new Map<StreamId, StoredEvent[]>();
    for (const event of await this.#read({ name: 'waarborg-read-streams', text: READ_STREAMS, values: [streams] })) {
      const events = found.get(event.stream);
      if (events === undefined) found.set(event.stream, [event]);
      else events.push(event);
    }
    return found;
  }

  async #read(query: QueryConfig): Promise<readonly StoredEvent[]> {
    this.#lineage.demand();
    try {
      const { rows } = await withClient(this.#pool, ANSWER_LIMIT, (client) =>
        client.query<string[]>({ ...query, rowMode: 'array', types: AS_TEXT }),
      );
      return rows.map((row) => eventSource.item(row));
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  async close(): Promise<void> {
    await this.#coalescer.close();
    this.#appender.close();
  }
}
