import kafkajs, { type Message, type Producer, type TopicMessages } from 'kafkajs';
import {
  CannotApply,
  checkpointAt,
  CheckpointMoved,
  Fenced,
  followAsWinner,
  goOnBehind,
  publishedEvent,
  publishedText,
  publishedTopic,
  TurnOver,
  type Checkpoint,
  type CheckpointStore,
  type EventFeed,
  type EventSerializer,
  type Follower,
  type StoredEvent,
  type StoreIdentity,
  type Turn,
  type TurnParts,
} from '#libs/eventing';
import { kafkaClient, withAdmin } from './connection.js';
import type { KafkaSettings } from './settings.js';
import { forPeople } from './refusals.js';
import { prepareTopics, TopicsRefused, type TopicSettings } from './topics.js';

export interface RelayParts extends TurnParts {
  readonly kafka: KafkaSettings;
  readonly topics: TopicSettings & { readonly names: readonly string[] };
  readonly feed: EventFeed;
  readonly serializer: EventSerializer;
  readonly identity: StoreIdentity;
  readonly oin: string;
  readonly checkpoints: CheckpointStore;
  /** Told of every batch that the brokers have. */
  readonly sent?: (messages: number) => void;
  readonly onTrouble?: (name: string, error: unknown, stopped: boolean) => void;
}

/** Name of the relay's checkpoint, lease and follower. */
export const RELAY = 'relay';

/** Bytes of one request at most, below what a topic takes; one event may have 512 KiB. */
const CHUNK = 900 * 1024;
/** Brokers end a transaction that nobody ended after so long (milliseconds): until then nobody reads past it. */
const TRANSACTION = 30_000;
/** Between two looks at whether a person has moved the checkpoint, in milliseconds. */
const LOOK_EVERY = 2_000;

/**
 * Brings every event of the store to its topic, in order, key = stream. One process at a time does: by its lease, by the
 * brokers (one transactional id, whose newest producer they take only), and by the checkpoint, which moves under the
 * lease's token after the brokers have the batch. After any trouble the turn is won anew before a producer is made again,
 * and the same batch is sent again from the checkpoint: consumers drop what is not newer.
 */
export function startRelay(parts: RelayParts): Follower {
  const { kafka, feed, serializer, identity, oin, checkpoints, leases, onTrouble } = parts;
  const versionOf = (type: string): number | undefined => serializer.versionOf(type);
  let opened: { readonly turn: Turn; readonly producer: Producer } | undefined;
  let stored: Checkpoint | undefined;
  let lookedAt = performance.now();

  const told = (error: unknown): never => {
    throw forPeople(kafka, error) as Error;
  };

  async function open(turn: Turn): Promise<void> {
    if (opened?.turn.token === turn.token) return;
    const names = parts.topics.names.map((topic) => `${kafka.prefix}${topic}`);
    await withAdmin(kafka, (admin) => prepareTopics(admin, names, parts.topics)).catch((error: unknown) => {
      if (!(error instanceof TopicsRefused)) throw error;
      throw new CannotApply(error.message, stored?.position ?? 0n, 'topic', { cause: error });
    });
    const producer = kafkaClient(kafka).producer({
      ...{ transactionalId: `${kafka.prefix}waarborg.relay`, idempotent: true, maxInFlightRequests: 1 },
      ...{ transactionTimeout: TRANSACTION, allowAutoTopicCreation: false, metadataMaxAge: 60_000 },
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      // A transaction that follows another at once finds that one still being ended: it is asked again soon.
      retry: { initialRetryTime: 20, maxRetryTime: 1_000, retries: 12 },
    });
    opened = { turn, producer };
    await producer.connect();
    // From here on the brokers take nothing from whoever was the relay before, and what he left open is over.
    await (await producer.transaction()).abort();
    if (!(await leases.stands(turn))) throw new Fenced(turn);
  }

  async function send(items: readonly StoredEvent[], over: AbortSignal): Promise<void> {
    const demandTurn = (): void => {
      if (over.aborted) throw new TurnOver('the turn at the relay is over');
    };
    const chunks = chunksOf(items.map((item) => messageOf(item)));
    demandTurn();
    const transaction = await opened!.producer.transaction();
    for (const topicMessages of chunks) {
      demandTurn();
      await transaction.sendBatch({ topicMessages, acks: -1 });
    }
    demandTurn();
    await transaction.commit();
  }

  const messageOf = (
    item: StoredEvent,
  ): { readonly topic: string; readonly message: Message; readonly size: number } => {
    try {
      const event = publishedEvent(serializer.read(item), { oin, identity, versionOf });
      const value = Buffer.from(publishedText(event));
      const message = { key: item.stream, value, headers: HEADERS };
      return {
        topic: `${kafka.prefix}${publishedTopic(event)}`,
        message,
        size: value.length + item.stream.length + 100,
      };
    } catch (error) {
      throw new CannotApply(error instanceof Error ? error.message : String(error), item.position, item.type, {
        cause: error,
      });
    }
  };

  return followAsWinner({
    ...{ name: RELAY, feed, leases, holder: parts.holder, leaseMilliseconds: parts.leaseMilliseconds },
    ...(onTrouble === undefined ? {} : { onTrouble }),
    endsTurn: () => true,

    async begin(turn) {
      await open(turn).catch(told);
      stored = await checkpoints.read(RELAY);
      return goOnBehind(feed, stored, identity, RELAY);
    },

    async apply(page, turn, over) {
      if (page.items.length === 0) {
        if (performance.now() - lookedAt < LOOK_EVERY) return;
        lookedAt = performance.now();
        const now = await checkpoints.read(RELAY);
        if (now?.position === stored?.position && now?.epoch === stored?.epoch) return;
        throw new CheckpointMoved('a person has moved the checkpoint of the relay');
      }
      await send(page.items, over).catch(told);
      const next = checkpointAt(identity, page);
      await checkpoints.move(RELAY, stored, next, turn);
      stored = next;
      parts.sent?.(page.items.length);
    },

    async left() {
      const closing = opened;
      opened = undefined;
      await closing?.producer.disconnect().catch(() => undefined);
    },
  });
}

const HEADERS = { 'content-type': 'application/cloudevents+json; charset=utf-8' };

/** In the order of the store, so that the messages of a key keep theirs over the requests. */
function chunksOf(
  messages: readonly { readonly topic: string; readonly message: Message; readonly size: number }[],
): TopicMessages[][] {
  const chunks: TopicMessages[][] = [];
  let room = -1;
  for (const { topic, message, size } of messages) {
    if (room < size) {
      chunks.push([]);
      room = CHUNK;
    }
    room -= size;
    const chunk = chunks.at(-1)!;
    const there = chunk.find((each) => each.topic === topic);
    if (there === undefined) chunk.push({ topic, messages: [message] });
    else there.messages.push(message);
  }
  return chunks;
}
