import {
  AppendRefused,
  MAX_EVENT_BYTES,
  type FeedOptions,
  type Page,
  type Place,
  type RecordLog,
  type RecordPlace,
  type RecordToAppend,
  type StoredRecord,
} from '#libs/eventing';
import { isUuid } from '#libs/kernel';
import type { LineageOfStore } from './lineage-of-store.js';
import type { MemoryDecisionInstances } from './memory-decision-instances.js';
import { MemoryFeed } from './memory-feed.js';
import type { MemoryLog } from './memory-log.js';

/** Keeps records for as long as the process lives. */
export class MemoryRecordLog implements RecordLog {
  readonly #log: MemoryLog<StoredRecord>;
  readonly #feed: MemoryFeed<StoredRecord>;
  readonly #lineage: LineageOfStore;

  readonly #instances: Pick<MemoryDecisionInstances, 'until'>;

  constructor(
    log: MemoryLog<StoredRecord>,
    instances: Pick<MemoryDecisionInstances, 'until'>,
    lineage: LineageOfStore,
  ) {
    this.#log = log;
    this.#instances = instances;
    this.#feed = new MemoryFeed('records', log, (record) => record.kind, lineage);
    this.#lineage = lineage;
  }

  async append({ lease, ...record }: RecordToAppend): Promise<RecordPlace> {
    const size = Buffer.byteLength(record.bytes);
    if (!isUuid(record.id)) throw new AppendRefused(`record id ${record.id} is no UUID in lower case`);
    if (!record.bytes.isWellFormed()) throw new AppendRefused(`record ${record.id} holds a lone surrogate`);
    if (size > MAX_EVENT_BYTES) {
      throw new AppendRefused(`record ${record.id} has ${size} bytes, at most ${MAX_EVENT_BYTES}`);
    }
    this.#lineage.demandHeld();
    const stored = this.#log.byId(record.id) ?? this.#log.add([(place) => ({ ...record, ...place })])[0]!;
    this.#lineage.saw('records', stored);
    const leaseUntil = lease && this.#instances.until(lease);
    const { position, recordedAt } = stored;
    return { position, recordedAt, ...(leaseUntil === undefined ? {} : { leaseUntil }) };
  }

  async byId(id: string): Promise<StoredRecord | undefined> {
    this.#lineage.demandHeld();
    return this.#log.byId(id);
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
}
