import {
  RevisionConflict,
  type Appended,
  type EventStore,
  type EventToAppend,
  type ExpectedRevision,
  type StoredEvent,
} from '#libs/eventing';
import type { StreamId } from '#libs/kernel';
import type { Appender, EventOfAppend } from './appender.js';
import type { EventStoreDbFeed } from './eventstoredb-feed.js';
import type { Gate } from './gate.js';
import { bytesOfAppend } from './limits.js';
import type { LineageOfServer } from './lineage-of-server.js';
import type { LogReader } from './log-reader.js';
import type { EventStoreDbObserver } from './observer.js';

/** Streams that are read at the same time, of those asked for together. */
const STREAMS_AT_ONCE = 16;

export class EventStoreDbEventStore implements EventStore {
  readonly #appender: Appender;
  readonly #reader: LogReader;
  readonly #feed: EventStoreDbFeed;
  readonly #lineage: LineageOfServer;
  readonly #gate: Gate;
  readonly #observer: EventStoreDbObserver;

  constructor(
    appender: Appender,
    reader: LogReader,
    feed: EventStoreDbFeed,
    lineage: LineageOfServer,
    gate: Gate,
    observer: EventStoreDbObserver,
  ) {
    this.#appender = appender;
    this.#reader = reader;
    this.#feed = feed;
    this.#lineage = lineage;
    this.#gate = gate;
    this.#observer = observer;
  }

  /** The server does not tell a repeat from a first time, nor when it was: what stands there does. */
  async append(stream: StreamId, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<Appended> {
    return this.appendMoved(stream, expected, events);
  }

  /** The same, of events that may have been recorded by another store. */
  async appendMoved(stream: StreamId, expected: ExpectedRevision, events: readonly EventOfAppend[]): Promise<Appended> {
    const bytes = bytesOfAppend(stream, expected, events);
    this.#lineage.demand();
    try {
      const appended = await this.#gate.pass(bytes, async () => {
        const since = performance.now();
        const answer = await this.#appender.append(stream, expected, events);
        this.#observer.appended?.(performance.now() - since);
        return answer;
      });
      this.#feed.wake(appended.position);
      return appended;
    } catch (error) {
      if (!(error instanceof RevisionConflict)) this.#observer.failed?.();
      throw error;
    }
  }

  async readStream(stream: StreamId, from = 0): Promise<readonly StoredEvent[]> {
    return this.#reader.stream(stream, from);
  }

  async readStreams(streams: readonly StreamId[]): Promise<readonly (readonly StoredEvent[])[]> {
    this.#lineage.demand();
    const found = new Map<StreamId, readonly StoredEvent[]>();
    const asked = [...new Set(streams)];
    const readOn = async (): Promise<void> => {
      for (let stream = asked.pop(); stream !== undefined; stream = asked.pop()) {
        found.set(stream, await this.#reader.stream(stream, 0));
      }
    };
    await Promise.all(Array.from({ length: Math.min(STREAMS_AT_ONCE, asked.length) }, readOn));
    return streams.map((stream) => found.get(stream)!);
  }

  close(): Promise<void> {
    return this.#gate.close();
  }
}
