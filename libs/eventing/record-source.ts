import { setTimeout as delay } from 'node:timers/promises';
import type { DomainEvent, EventId, EventMetadata, Recorded, StreamId } from '#libs/kernel';
import type { EventSerializer } from './event-serializer.js';
import type { EventFeed, Page, StoredEvent } from './ports/event-store.js';
import type { RecordLog, StoredRecord } from './ports/record-log.js';

/** What a read model that is made from records is given of each: its kind is its type. */
export interface RecordAsEvent {
  /** As they stand in the log: whoever needs but few of all records looks before he reads them. */
  readonly bytes: string;
}

/** No stream is called so: a record is of none. */
const NONE = 'records' as StreamId;

const asStored = (record: StoredRecord): StoredEvent => ({
  ...{ id: record.id as EventId, type: record.kind, bytes: record.bytes, stream: NONE, revision: 0 },
  ...{ position: record.position, recordedAt: record.recordedAt },
});
const asPage = (page: Page<StoredRecord>): Page<StoredEvent> => ({ ...page, items: page.items.map(asStored) });

async function* asPages(pages: AsyncIterable<Page<StoredRecord>>): AsyncIterable<Page<StoredEvent>> {
  for await (const page of pages) yield asPage(page);
}

/**
 * Between two looks at what comes, in milliseconds. Records come with every decision; those of a while share a page, and
 * with it the reading and the commit.
 */
const GATHER = 250;

async function* gathered(
  pages: AsyncIterable<Page<StoredRecord>>,
  signal: AbortSignal,
): AsyncIterable<Page<StoredEvent>> {
  for await (const page of pages) {
    yield asPage(page);
    if (page.caughtUp) await delay(GATHER, undefined, { signal }).catch(() => undefined);
  }
}

/** The record log as a read model meets it: a feed of what has a type, a place and bytes. */
export function recordSource(records: RecordLog): {
  readonly feed: EventFeed;
  readonly serializer: Pick<EventSerializer, 'read'>;
} {
  return {
    feed: {
      head: () => records.head(),
      newest: () => records.newest(),
      async at(position) {
        const record = await records.at(position);
        return record && asStored(record);
      },
      read: async (after, limit) => asPage(await records.read(after, limit)),
      subscribe: (after, options) => gathered(records.subscribe(after, options), options.signal),
      replay: (after, options) => asPages(records.replay(after, options)),
    },
    serializer: {
      read: ({ id, type, bytes, position, recordedAt }): Recorded<DomainEvent> => ({
        ...{ type, data: { bytes } satisfies RecordAsEvent, revision: 0, position, recordedAt },
        // What else an event says of itself stands in the bytes.
        metadata: { id, type, stream: NONE } as EventMetadata,
      }),
    },
  };
}
