import {
  StoreUnavailable,
  type EventFeed,
  type EventImport,
  type EventStore,
  type Lineage,
  type RegisterStamps,
} from '#libs/eventing';
import { Appender } from './appender.js';
import { EventStoreRefused, loadClient } from './clients.js';
import { failureOf, reasonOf } from './errors.js';
import { EventStoreDbEventStore } from './eventstoredb-store.js';
import { EventStoreDbEventImport } from './eventstoredb-import.js';
import { EventStoreDbFeed } from './eventstoredb-feed.js';
import { EventStoreDbRegisterStamps } from './eventstoredb-register-stamps.js';
import { Gate, type GateLimits } from './gate.js';
import { LineageOfServer } from './lineage-of-server.js';
import { LogReader } from './log-reader.js';
import type { EventStoreDbObserver, Trouble } from './observer.js';
import { patiently } from './patience.js';
import { Wire } from './wire.js';

export { EventStoreRefused } from './clients.js';
export type { EventStoreDbObserver, Trouble } from './observer.js';

export interface EventStoreDbLimits extends GateLimits {
  /** Longest wait for the answer to one call (milliseconds). */
  readonly callMilliseconds: number;
  /** A reading is tried again for so long while the server is away; then `StoreUnavailable`. */
  readonly patienceMilliseconds: number;
  /** An append whose answer was lost is sent again for so long; then `AppendOutcomeUnknown`. */
  readonly resolveMilliseconds: number;
  /** Opening waits so long for a server that starts. */
  readonly openMilliseconds: number;
}

export interface EventStoreDbSettings {
  /** Connection string, as the clients have it: `esdb://` or `kurrentdb://`, with `+discover` for a cluster found by DNS. */
  readonly url: string;
  readonly limits?: Partial<EventStoreDbLimits>;
  readonly observer?: EventStoreDbObserver;
  readonly trouble?: Trouble;
}

export interface EventStoreDbStores {
  readonly events: EventStore;
  readonly feed: EventFeed;
  /** For events of another store. */
  readonly imports: EventImport;
  /** What the register held when an event was appended, kept in the event's metadata. */
  readonly stamps: RegisterStamps;
  /** What this process knows of the store, and whether it went back. */
  readonly lineage: Lineage;
  /** Ends subscriptions, settles what waits to be appended, closes the connection. */
  close(): Promise<void>;
}

const LIMITS: EventStoreDbLimits = {
  inFlight: 64,
  queuedAppends: 8_192,
  queuedBytes: 64 * 1024 * 1024,
  waitMilliseconds: 5_000,
  callMilliseconds: 10_000,
  patienceMilliseconds: 2_000,
  resolveMilliseconds: 20_000,
  openMilliseconds: 10_000,
};

/**
 * Events and feed on EventStoreDB or KurrentDB; one per process, because looks after the lineage are shared within it.
 * Refuses with `EventStoreRefused` what can't be used, saying what to do.
 */
export async function openEventStoreDb(settings: EventStoreDbSettings): Promise<EventStoreDbStores> {
  const limits = { ...LIMITS, ...settings.limits };
  const { observer = {}, trouble = () => undefined } = settings;
  const wire = new Wire(await loadClient(settings.url), limits.callMilliseconds);
  try {
    await demandUsable(wire, limits.openMilliseconds, trouble);
  } catch (error) {
    await wire.close();
    throw error;
  }
  const lineage = new LineageOfServer(wire, limits.patienceMilliseconds, trouble);
  const reader = new LogReader(wire, lineage, limits.patienceMilliseconds, trouble);
  const appender = new Appender(wire, reader, lineage, limits.resolveMilliseconds, trouble);
  const feed = new EventStoreDbFeed(wire, reader, lineage, trouble);
  const events = new EventStoreDbEventStore(appender, reader, feed, lineage, new Gate(limits, observer), observer);
  return {
    events,
    feed,
    imports: new EventStoreDbEventImport(events, reader),
    stamps: new EventStoreDbRegisterStamps(appender, reader),
    lineage: lineage.lineage,
    async close() {
      feed.close();
      await events.close();
      await wire.close();
    },
  };
}

/** That somebody answers, leads, takes our credentials, and says positions wherever an event is read. */
async function demandUsable(wire: Wire, milliseconds: number, trouble: Trouble): Promise<void> {
  const [newest] = await patiently(milliseconds, trouble, () =>
    wire.readAll({ from: 'end', backwards: true, count: 1 }),
  )
    .then(({ events }) => events)
    .catch((error: unknown) => {
      throw error instanceof StoreUnavailable ? refusalOf(error) : error;
    });
  if (newest === undefined) return;
  const { events } = await patiently(milliseconds, trouble, () =>
    wire.readStream(newest.stream, newest.revision, { count: 1 }),
  );
  if (events[0] !== undefined && events[0].position !== newest.position) {
    throw new EventStoreRefused(
      'EVENTSTORE_URL names a server that gives no positions where a stream is read: EventStoreDB 22.10 or newer is needed.',
    );
  }
}

function refusalOf(error: StoreUnavailable): EventStoreRefused {
  const options = { cause: error };
  const reason = reasonOf(error.cause);
  switch (failureOf(error.cause)) {
    case 'denied':
      return new EventStoreRefused(
        `EVENTSTORE_URL: user or password are not taken, or the user may not read $all (${reason}).`,
        options,
      );
    case 'not-leader':
      return new EventStoreRefused(
        `EVENTSTORE_URL names a node that does not lead, and the leader that it names can not be reached from here: name every ` +
          `node of the cluster by the address that it tells others (${reason}).`,
        options,
      );
    default:
      return new EventStoreRefused(
        `EVENTSTORE_URL: no EventStoreDB answers there. Is it running, does the address hold, is TLS as the server has it ` +
          `(tls=false for one without)? (${reason})`,
        options,
      );
  }
}
