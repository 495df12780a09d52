import {
  AppendRefused,
  EventIdTaken,
  MAX_APPEND_BYTES,
  MAX_EVENT_BYTES,
  RevisionConflict,
  type Appended,
  type EventStore,
  type EventToAppend,
  type ExpectedRevision,
  type StoredEvent,
} from '#libs/eventing';
import { isUuid, type StreamId } from '#libs/kernel';
import type { LineageOfStore } from './lineage-of-store.js';
import type { MemoryLog } from './memory-log.js';
import type { MemoryRegisterStamps } from './memory-register-stamps.js';

/** Keeps events for as long as the process lives. As strict as the durable adapters, so that a test means something. */
export class MemoryEventStore implements EventStore {
  readonly #log: MemoryLog<StoredEvent>;
  readonly #lineage: LineageOfStore;
  readonly #stamps: MemoryRegisterStamps;
  readonly #saysLittle: boolean;

  /** `saysLittle`: an append is answered with its place only, as by a store that tells no more. */
  constructor(log: MemoryLog<StoredEvent>, lineage: LineageOfStore, stamps: MemoryRegisterStamps, saysLittle = false) {
    this.#log = log;
    this.#lineage = lineage;
    this.#stamps = stamps;
    this.#saysLittle = saysLittle;
  }

  async append(stream: StreamId, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<Appended> {
    refuseUnsendable(events);
    this.#lineage.demandHeld();
    const written = this.#log.inGroup(stream);
    const first = expected === 'no-stream' ? 0 : expected + 1;
    const there = written.slice(first, first + events.length);
    if (there.length === events.length && there.every((event, index) => event.id === events[index]!.id)) {
      const last = there.at(-1)!;
      return this.#answer(last, true);
    }
    if (written.length !== first) {
      throw new RevisionConflict(stream, expected, written.length === 0 ? 'no-stream' : written.length - 1);
    }
    const taken = events.find((event) => this.#log.byId(event.id) !== undefined);
    if (taken !== undefined) throw new EventIdTaken(taken.id);

    const added = this.#log.add(
      events.map((event, index) => (place) => ({ ...event, ...place, stream, revision: first + index })),
    );
    const last = added.at(-1)!;
    this.#stamps.stamp(last);
    this.#lineage.saw('events', last);
    return this.#answer(last, false);
  }

  #answer({ revision, position, recordedAt }: StoredEvent, repeated: boolean): Appended {
    return this.#saysLittle ? { revision, position } : { revision, position, recordedAt, repeated };
  }

  async readStream(stream: StreamId, from = 0): Promise<readonly StoredEvent[]> {
    this.#lineage.demandHeld();
    return this.#log.inGroup(stream).slice(from);
  }

  async readStreams(streams: readonly StreamId[]): Promise<readonly (readonly StoredEvent[])[]> {
    this.#lineage.demandHeld();
    return streams.map((stream) => this.#log.inGroup(stream).slice());
  }
}

export function refuseUnsendable(events: readonly EventToAppend[]): void {
  if (events.length === 0) throw new AppendRefused('an append without events');
  const ids = new Set<string>();
  let total = 0;
  for (const { id, bytes } of events) {
    if (!isUuid(id)) throw new AppendRefused(`event id ${id} is no UUID in lower case`);
    if (ids.has(id)) throw new EventIdTaken(id);
    if (!bytes.isWellFormed()) throw new AppendRefused(`event ${id} holds a lone surrogate`);
    const size = Buffer.byteLength(bytes);
    if (size > MAX_EVENT_BYTES) throw new AppendRefused(`event ${id} has ${size} bytes, at most ${MAX_EVENT_BYTES}`);
    ids.add(id);
    total += size;
  }
  if (total > MAX_APPEND_BYTES) throw new AppendRefused(`the append has ${total} bytes, at most ${MAX_APPEND_BYTES}`);
}
