import type {
  AnsweredKeys,
  CheckpointStore,
  DecisionInstances,
  DestructionLedger,
  DueWork,
  EventFeed,
  EventImport,
  EventOrigin,
  EventStore,
  Leases,
  Lineage,
  LogFiles,
  ParkedMessages,
  ParkedSteps,
  ProjectionStore,
  Reactions,
  RecordLog,
  RegisterIdentity,
  RegisterStamp,
  RegisterStamps,
  SequencedLog,
  StoredEvent,
  StoredRecord,
  UsedProofs,
} from '#libs/eventing';
import { instantFromEpoch } from '#libs/kernel';
import { LineageOfStore } from './lineage-of-store.js';
import { MemoryAnsweredKeys } from './memory-answered-keys.js';
import { MemoryCheckpointStore } from './memory-checkpoint-store.js';
import { MemoryDecisionInstances } from './memory-decision-instances.js';
import { MemoryEventImport } from './memory-event-import.js';
import { MemoryDestructionLedger } from './memory-destruction-ledger.js';
import { MemoryDueWork } from './memory-due-work.js';
import { MemoryEventStore } from './memory-event-store.js';
import { MemoryFileStore } from './memory-file-store.js';
import { MemoryFeed } from './memory-feed.js';
import { MemoryLeases } from './memory-leases.js';
import { densePositions, MemoryLog, type GivePositions } from './memory-log.js';
import { MemoryLogFiles } from './memory-log-files.js';
import { MemoryParkedMessages } from './memory-parked-messages.js';
import { MemoryParkedSteps } from './memory-parked-steps.js';
import { MemoryProjectionStore, type MemoryTables } from './memory-projection-store.js';
import { MemoryRecordLog } from './memory-record-log.js';
import { MemorySequencedLog } from './memory-sequenced-log.js';
import { MemoryUsedProofs } from './memory-used-proofs.js';
import { MemoryRegisterIdentity } from './memory-register-identity.js';
import { MemoryRegisterStamps } from './memory-register-stamps.js';

export { MemoryLogFiles } from './memory-log-files.js';

export interface MemoryStores {
  readonly events: EventStore;
  readonly feed: EventFeed;
  readonly imports: EventImport;
  /** As of a register that is kept apart from the events. */
  readonly stamps: RegisterStamps;
  readonly records: RecordLog;
  readonly projections: ProjectionStore;
  readonly checkpoints: CheckpointStore;
  readonly instances: DecisionInstances;
  readonly parkedMessages: ParkedMessages;
  readonly parkedSteps: ParkedSteps;
  readonly answeredKeys: AnsweredKeys;
  readonly leases: Leases;
  readonly usedProofs: UsedProofs;
  readonly register: RegisterIdentity;
  readonly dueWork: DueWork;
  readonly reactions: Reactions;
  readonly log: SequencedLog;
  readonly logFiles: LogFiles;
  readonly files: MemoryFileStore;
  readonly destructions: DestructionLedger;
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

export interface MemoryOptions {
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** The clock that leases run out by, of a store whose `clock` is moved under who holds them; absent: `clock`. */
  readonly leaseClock?: () => number;
  /**
   * `sparse`: events as in a store that numbers them by bytes: from 0n on, with gaps, beyond what a number holds; and an
   * append is answered with its place only. Absent: as PostgreSQL does it.
   */
  readonly positions?: 'dense' | 'sparse';
}

/** Gaps of hundreds and a first one that no number has room for. */
const sparsePositions: GivePositions = (newest, count) => {
  const positions: bigint[] = [];
  let position = newest;
  for (let index = 0; index < count; index += 1) {
    if (position === undefined) position = 0n;
    else if (position === 0n) position = 2n ** 53n + 1n;
    else position += 187n + (position % 211n);
    positions.push(position);
  }
  return positions;
};

/** Where the event of this number stands (1 = the first), in a store that nothing was taken from. */
export const positionOfNth = (number: number, positions: NonNullable<MemoryOptions['positions']>): bigint =>
  (positions === 'sparse' ? sparsePositions : densePositions)(undefined, number).at(-1)!;

/** Every port of eventing, in memory. */
export function memoryStores(options: MemoryOptions = {}): MemoryStores {
  const clock = options.clock ?? ((): number => Date.now());
  const sparse = options.positions === 'sparse';
  const events = new MemoryLog<StoredEvent>(clock, ({ stream }) => stream, sparse ? sparsePositions : densePositions);
  const records = new MemoryLog<StoredRecord>(clock);
  const instances = new MemoryDecisionInstances(() => records.now());
  const tables: MemoryTables = new Map();
  const { leaseClock = clock } = options;
  const leases = new MemoryLeases(() => instantFromEpoch(leaseClock()));
  const origins = new Map<string, EventOrigin>();
  const stamped = new Map<string, RegisterStamp>();
  const dueWork = new MemoryDueWork(leases);
  const checkpoints = new MemoryCheckpointStore(leases);
  const shared = {
    leases,
    dueWork,
    reactions: dueWork,
    checkpoints,
    log: new MemorySequencedLog(checkpoints, leases),
    logFiles: new MemoryLogFiles(),
    instances,
    parkedMessages: new MemoryParkedMessages(),
    parkedSteps: new MemoryParkedSteps(leases),
    answeredKeys: new MemoryAnsweredKeys(clock),
    usedProofs: new MemoryUsedProofs(),
    register: new MemoryRegisterIdentity(),
    files: new MemoryFileStore(),
    destructions: new MemoryDestructionLedger(),
  };
  let opened = 0;
  const open = (): MemoryStores => {
    opened += 1;
    let closed = false;
    const lineage = new LineageOfStore({ events, records });
    const projections = new MemoryProjectionStore(tables);
    const stamps = new MemoryRegisterStamps(events, stamped);
    return {
      ...shared,
      projections,
      stamps,
      events: new MemoryEventStore(events, lineage, stamps, sparse),
      imports: new MemoryEventImport(events, lineage, origins),
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
