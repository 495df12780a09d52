import {
  AppendRefused,
  MAX_EVENT_BYTES,
  type FeedOptions,
  type Page,
  type RecordLog,
  type RecordPlace,
  type RecordToAppend,
  type StoredRecord,
} from '#libs/eventing';
import { isUuid } from '#libs/kernel';
import type { MemoryDecisionInstances } from './memory-decision-instances.js';
import type { MemoryLog } from './memory-log.js';

/** Keeps records for as long as the process lives. */
export class MemoryRecordLog implements RecordLog {
  readonly #log: MemoryLog<StoredRecord>;
  readonly #byId = new Map<string, StoredRecord>();

  readonly #instances: Pick<MemoryDecisionInstances, 'until'>;

  constructor(log: MemoryLog<StoredRecord>, instances: Pick<MemoryDecisionInstances, 'until'>) {
    this.#log = log;
    this.#instances = instances;
  }

  async append({ lease, ...record }: RecordToAppend): Promise<RecordPlace> {
    const size = Buffer.byteLength(record.bytes);
    if (!isUuid(record.id)) throw new AppendRefused(`record id ${record.id} is no UUID in lower case`);
    if (!record.bytes.isWellFormed()) throw new AppendRefused(`record ${record.id} holds a lone surrogate`);
    if (size > MAX_EVENT_BYTES) {
      throw new AppendRefused(`record ${record.id} has ${size} bytes, at most ${MAX_EVENT_BYTES}`);
    }
    const { position, recordedAt } = this.#byId.get(record.id) ?? this.#add(record);
    const leaseUntil = lease && this.#instances.until(lease);
    return { position, recordedAt, ...(leaseUntil === undefined ? {} : { leaseUntil }) };
  }

  async byId(id: string): Promise<StoredRecord | undefined> {
    return this.#byId.get(id);
  }

  head(): Promise<bigint> {
    return this.#log.head();
  }

  read(after: bigint, limit?: number): Promise<Page<StoredRecord>> {
    return this.#log.read(after, limit);
  }

  subscribe(after: bigint, options: FeedOptions): AsyncIterable<Page<StoredRecord>> {
    return this.#log.subscribe(after, options);
  }

  replay(after: bigint, options?: { readonly types?: readonly string[] }): AsyncIterable<Page<StoredRecord>> {
    return this.#log.replay(after, options);
  }

  #add(record: RecordToAppend): StoredRecord {
    const stored = this.#log.add([(place) => ({ ...record, ...place })])[0]!;
    this.#byId.set(record.id, stored);
    return stored;
  }
}
