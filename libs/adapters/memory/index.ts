import type {
  AnsweredKeys,
  CheckpointStore,
  DecisionInstances,
  EventFeed,
  EventStore,
  Lineage,
  ParkedSteps,
  ProjectionStore,
  RecordLog,
  StoredEvent,
  StoredRecord,
} from '#libs/eventing';
import { LineageOfStore } from './lineage-of-store.js';
import { MemoryAnsweredKeys } from './memory-answered-keys.js';
import { MemoryCheckpointStore } from './memory-checkpoint-store.js';
import { MemoryDecisionInstances } from './memory-decision-instances.js';
import { MemoryEventStore } from './memory-event-store.js';
import { MemoryFeed } from './memory-feed.js';
import { MemoryLog } from './memory-log.js';
import { MemoryParkedSteps } from './memory-parked-steps.js';
import { MemoryProjectionStore, type MemoryTables } from './memory-projection-store.js';
import { MemoryRecordLog } from './memory-record-log.js';

export interface MemoryStores {
  readonly events: EventStore;
  readonly feed: EventFeed;
  readonly records: RecordLog;
  readonly projections: ProjectionStore;
  readonly checkpoints: CheckpointStore;
  readonly instances: DecisionInstances;
  readonly parkedSteps: ParkedSteps;
  readonly answeredKeys: AnsweredKeys;
  /** What is known of the store, and whether it went back. */
  readonly lineage: Lineage;
  /** How many others have the same store open. */
  others(): Promise<number>;
  /** The same store, as another process has it. */
  another(): MemoryStores;
  /** Puts events and records back to what they were at these heads, under everyone who uses the store. */
  putBack(heads: { readonly events?: bigint; readonly records?: bigint }): void;
  close(): Promise<void>;
}

/** Every port of eventing, in memory. `clock` gives milliseconds since 1970. */
export function memoryStores(options: { readonly clock?: () => number } = {}): MemoryStores {
  const clock = options.clock ?? ((): number => Date.now());
  const events = new MemoryLog<StoredEvent>(clock, ({ stream }) => stream);
  const records = new MemoryLog<StoredRecord>(clock);
  const instances = new MemoryDecisionInstances(() => records.now());
  const tables: MemoryTables = new Map();
  const shared = {
    checkpoints: new MemoryCheckpointStore(),
    instances,
    parkedSteps: new MemoryParkedSteps(),
    answeredKeys: new MemoryAnsweredKeys(clock),
  };
  let opened = 0;
  const open = (): MemoryStores => {
    opened += 1;
    let closed = false;
    const lineage = new LineageOfStore({ events, records });
    const projections = new MemoryProjectionStore(tables);
    return {
      ...shared,
      projections,
      events: new MemoryEventStore(events, lineage),
      feed: new MemoryFeed('events', events, (event) => event.type, lineage),
      records: new MemoryRecordLog(records, instances, lineage),
      lineage: lineage.lineage,
      others: () => Promise.resolve(opened - 1),
      another: open,
      putBack(heads) {
        if (heads.events !== undefined) events.putBack(heads.events);
        if (heads.records !== undefined) records.putBack(heads.records);
      },
      async close() {
        if (!closed) opened -= 1;
        closed = true;
        projections.close();
      },
    };
  };
  return open();
}
