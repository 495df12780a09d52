import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import {
  eventSerializer,
  topicOf,
  type EventSerializer,
  type Follower,
  type PublishedEvent,
  type StoreIdentity,
} from '#libs/eventing';
import type { EventId, StreamId } from '#libs/kernel';
import { counterCodec, until } from '#libs/testing';
import { onceSettled } from './connection.js';
import { startRelay, type RelayParts } from './index.js';

export const OIN = '00000099000000001000';
export const TOPIC = topicOf('counter');
const TOPICS = { partitions: 3, replication: 1, names: [TOPIC] };

export interface Consumed {
  readonly key: string;
  readonly partition: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly event: PublishedEvent;
}

/** A store, and relays between it and brokers, each as a process of its own has it. */
export interface RelayWorld {
  readonly stores: MemoryStores;
  readonly serializer: EventSerializer;
  readonly identity: StoreIdentity;
  readonly prefix: string;
  readonly troubles: string[];
  readonly kafka: RelayParts['kafka'];
  /** Appends so many events to a stream. */
  record(stream: string, count: number): Promise<void>;
  relay(changes?: Partial<RelayParts>): Follower;
  /** Everything that a consumer which reads committed messages is given, once `enough` says so. */
  consume(enough: (messages: readonly Consumed[]) => boolean): Promise<readonly Consumed[]>;
  /** What the store holds, as `stream revision`, by stream. */
  stored(): Promise<ReadonlyMap<string, readonly string[]>>;
  close(): Promise<void>;
}

export const shown = ({ event: { data } }: Consumed): string => `${data.stream} ${data.revision}`;

/** As a consumer has to: drops what is not newer than what it took of the key. */
export function keepNewer(messages: readonly Consumed[]): ReadonlyMap<string, readonly string[]> {
  const newest = new Map<string, string>();
  const kept = new Map<string, string[]>();
  for (const message of messages) {
    const { sequence } = message.event;
    if (sequence <= (newest.get(message.key) ?? '')) continue;
    newest.set(message.key, sequence);
    kept.set(message.key, [...(kept.get(message.key) ?? []), shown(message)]);
  }
  return kept;
}

export function relayWorld(brokers: readonly string[]): RelayWorld {
  const stores = memoryStores();
  const serializer = eventSerializer([counterCodec], { seal: async () => 'sealed', open: async () => '' });
  const identity = { store: randomUUID(), epoch: 1 };
  const prefix = `test-${randomUUID()}.`;
  const troubles: string[] = [];
  const kafka = { brokers, prefix, log: () => undefined };
  const relays: Follower[] = [];
  return {
    ...{ stores, serializer, identity, prefix, troubles, kafka },

    async record(stream, count) {
      const last = (await stores.events.readStream(stream as StreamId)).length - 1;
      const events = await Promise.all(
        Array.from({ length: count }, (_, index) =>
          serializer.write(
            { type: 'Counted', data: { counter: stream, by: last + 1 + index } },
            {
              ...{ id: randomUUID() as EventId, stream: stream as StreamId, correlationId: 'c' },
              actor: { system: 'test' },
            },
          ),
        ),
      );
      await stores.events.append(stream as StreamId, last < 0 ? 'no-stream' : last, events);
    },

    relay(changes = {}) {
      const { feed, checkpoints, leases } = stores;
      const relay = startRelay({
        ...{ kafka, feed, checkpoints, leases, serializer, identity, oin: OIN, topics: TOPICS },
        ...{ holder: 'test', leaseMilliseconds: 1_500 },
        onTrouble: (_, error, stopped) => void troubles.push(`${String(error)}${stopped ? ' (stopped)' : ''}`),
        ...changes,
      });
      relays.push(relay);
      return relay;
    },

    async consume(enough) {
      const client = new Kafka({ brokers: [...brokers], clientId: 'test', logLevel: logLevel.NOTHING });
      const consumer = client.consumer({ groupId: `${prefix}${randomUUID()}`, maxWaitTimeInMs: 100 });
      const messages: Consumed[] = [];
      await consumer.connect();
      await onceSettled(() => consumer.subscribe({ topics: [`${prefix}${TOPIC}`], fromBeginning: true }));
      await consumer.run({
        eachMessage: async ({ partition, message }) => {
          const text = message.value!.toString();
          const headers = Object.fromEntries(
            Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
          );
          const event = JSON.parse(text) as PublishedEvent;
          messages.push({ key: String(message.key), partition, text, headers, event });
        },
      });
      try {
        await until('the consumer has enough', () => enough(messages), 120_000);
      } finally {
        await consumer.disconnect();
      }
      return messages;
    },

    async stored() {
      const byStream = new Map<string, string[]>();
      for await (const page of stores.feed.replay(-1n)) {
        for (const { stream, revision } of page.items) {
          byStream.set(stream, [...(byStream.get(stream) ?? []), `${stream} ${revision}`]);
        }
      }
      return byStream;
    },

    async close() {
      for (const relay of relays) await relay.stop();
      await stores.close();
    },
  };
}
