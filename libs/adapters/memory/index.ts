import type {
  AnsweredKeys,
  CheckpointStore,
  DecisionInstances,
  EventFeed,
  EventStore,
  ParkedSteps,
  ProjectionStore,
  RecordLog,
  StoredEvent,
  StoredRecord,
} from '#libs/eventing';
import { MemoryAnsweredKeys } from './memory-answered-keys.js';
import { MemoryCheckpointStore } from './memory-checkpoint-store.js';
import { MemoryDecisionInstances } from './memory-decision-instances.js';
import { MemoryEventStore } from './memory-event-store.js';
import { MemoryLog } from './memory-log.js';
import { MemoryParkedSteps } from './memory-parked-steps.js';
import { MemoryProjectionStore } from './memory-projection-store.js';
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
  /** Nothing to close; there so that a test can treat all adapters alike. */
  close(): Promise<void>;
}

/** Every port of eventing, in memory. `clock` gives milliseconds since 1970. */
export function memoryStores(options: { readonly clock?: () => number } = {}): MemoryStores {
  const clock = options.clock ?? ((): number => Date.now());
  const feed = new MemoryLog<StoredEvent>((event) => event.type, clock);
  const records = new MemoryLog<StoredRecord>((record) => record.kind, clock);
  const instances = new MemoryDecisionInstances(() => records.now());
  return {
    events: new MemoryEventStore(feed),
    feed,
    records: new MemoryRecordLog(records, instances),
    projections: new MemoryProjectionStore(),
    checkpoints: new MemoryCheckpointStore(),
    instances,
    parkedSteps: new MemoryParkedSteps(),
    answeredKeys: new MemoryAnsweredKeys(clock),
    close: () => Promise.resolve(),
  };
}
