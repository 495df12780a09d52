import {
  RevisionConflict,
  type EventImport,
  type EventOrigin,
  type MovedEvent,
  type StoredEvent,
} from '#libs/eventing';
import type { LineageOfStore } from './lineage-of-store.js';
import { refuseUnsendable } from './memory-event-store.js';
import type { MemoryLog } from './memory-log.js';

export class MemoryEventImport implements EventImport {
  readonly #log: MemoryLog<StoredEvent>;
  readonly #lineage: LineageOfStore;
  readonly #origins: Map<string, EventOrigin>;

  constructor(log: MemoryLog<StoredEvent>, lineage: LineageOfStore, origins: Map<string, EventOrigin>) {
    this.#log = log;
    this.#lineage = lineage;
    this.#origins = origins;
  }

  async write(events: readonly MovedEvent[]): Promise<void> {
    this.#lineage.demandHeld();
    for (const { origin, ...event } of events) {
      refuseUnsendable([event]);
      const stands = this.#log.inGroup(event.stream).length;
      if (stands !== event.revision) {
        const [expected, actual] = [event.revision, stands].map((count) => (count === 0 ? 'no-stream' : count - 1));
        throw new RevisionConflict(event.stream, expected!, actual!);
      }
      const [added] = this.#log.add([(place) => ({ ...event, ...place })], origin.recordedAt);
      this.#origins.set(event.id, origin);
      this.#lineage.saw('events', added!);
    }
  }

  async originsOf(events: readonly StoredEvent[]): Promise<ReadonlyMap<string, EventOrigin>> {
    return new Map(
      events.flatMap(({ id }) => {
        const origin = this.#origins.get(id);
        return origin === undefined ? [] : [[id, origin] as const];
      }),
    );
  }
}
