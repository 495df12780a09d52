// npm run bench -- relay [--json FILE] [--pairs N] [--events N]
//
// K1: events of the store that the relay brings to Kafka, beside the raw loop of the same client that sends the same texts
// in requests of the same size. What a consumer then finds is counted and put in order against the store.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { prepareTopics, RELAY, startRelay, withAdmin } from '#libs/adapters/kafka';
import { openPostgresStores } from '#libs/adapters/postgres';
import { kafkaJars, startEmbeddedKafka } from '#libs/embedded';
import { eventSerializer, publishedEvent, publishedText, START, topicOf } from '#libs/eventing';
import { benchOptions } from './support/options.mjs';
import { comparePairs, report } from './support/report.mjs';
import { benchServer } from './support/server.mjs';

const { Kafka, logLevel, Partitioners } = kafkajs;
const options = benchOptions({ events: 20_000 });
const OIN = '00000099000000001000';
const STREAM_LENGTH = 20;
const APPENDED_AT_ONCE = 64;
/** A page of the store's feed, and so a transaction of the relay. */
const PAGE = 500;

const codec = { Counted: { schemaVersion: 1, processingActivity: 'counting' } };
const serializer = eventSerializer([codec], { seal: async () => 'sealed', open: async () => '' });
const identity = { store: randomUUID(), epoch: 1 };

const server = await benchServer();
const kafka = await startEmbeddedKafka({
  dataDir: join(server.folder, 'kafka'),
  jars: await kafkaJars('deploy/kafka/pom.xml', (line) => process.stderr.write(`${line}\n`)),
});
const brokers = [...kafka.brokers];
const client = new Kafka({ brokers, clientId: 'bench', logLevel: logLevel.NOTHING });
const database = await server.database();
const stores = await openPostgresStores({ database: database.url });

async function fill() {
  let made = 0;
  const writer = async () => {
    while (made < options.events) {
      made += STREAM_LENGTH;
      const stream = `counter-${randomUUID()}`;
      const events = [];
      for (let by = 0; by < STREAM_LENGTH; by += 1) {
        const metadata = { id: randomUUID(), stream, correlationId: randomUUID(), actor: { client: 'bench' } };
        const data = { counter: stream, by, note: 'x'.repeat(150) };
        events.push(await serializer.write({ type: 'Counted', data }, metadata));
      }
      await stores.events.append(stream, 'no-stream', events);
    }
  };
  await Promise.all(Array.from({ length: APPENDED_AT_ONCE }, writer));
  const messages = [];
  for await (const page of stores.feed.replay(START)) {
    for (const item of page.items) {
      const event = publishedEvent(serializer.read(item), {
        ...{ oin: OIN, identity },
        versionOf: (type) => serializer.versionOf(type),
      });
      messages.push({ key: item.stream, value: publishedText(event), id: item.id });
    }
  }
  return messages;
}

/** What came, in the order of each key, has to be what the store holds. */
async function demandWhole(topic, messages) {
  const consumer = client.consumer({ groupId: `bench-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const came = new Map();
  let count = 0;
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${count} of ${messages.length} messages came`)), 120_000);
    void consumer.run({
      eachMessage: async ({ message }) => {
        const key = String(message.key);
        came.set(key, [...(came.get(key) ?? []), JSON.parse(String(message.value)).id]);
        if ((count += 1) < messages.length) return;
        clearTimeout(late);
        resolve();
      },
    });
  });
  await consumer.disconnect();
  const stored = new Map();
  for (const { key, id } of messages) stored.set(key, [...(stored.get(key) ?? []), id]);
  for (const [key, ids] of stored) {
    if (ids.join() !== came.get(key)?.join()) throw new Error(`${key} came in another order, or not whole`);
  }
}

async function toDo(messages, send) {
  const prefix = `bench-${randomUUID()}.`;
  const topic = `${prefix}${topicOf('counter')}`;
  const settings = { brokers, prefix, log: () => undefined };
  await withAdmin(settings, (admin) => prepareTopics(admin, [topic], { partitions: 6, replication: 1 }));
  const rate = await send(settings, topic);
  await demandWhole(topic, messages);
  return rate;
}

const relayed = (messages) => async (settings) => {
  const at = await stores.checkpoints.read(RELAY);
  if (at !== undefined) await stores.checkpoints.move(RELAY, at, { ...at, position: START });
  let [sent, first, began] = [0, 0, 0];
  let done;
  const finished = new Promise((resolve) => (done = resolve));
  const relay = startRelay({
    ...{ kafka: settings, topics: { partitions: 6, replication: 1, names: [topicOf('counter')] } },
    ...{ feed: stores.feed, checkpoints: stores.checkpoints, leases: stores.leases, serializer, identity, oin: OIN },
    ...{ holder: 'bench', leaseMilliseconds: 10_000 },
    sent(count) {
      // Winning its turn and the first request are no part of what goes on for ever.
      if (sent === 0) [first, began] = [count, performance.now()];
      sent += count;
      if (sent >= messages.length) done();
    },
    onTrouble: (name, error) => process.stderr.write(`${name}: ${error}\n`),
  });
  await finished;
  const took = performance.now() - began;
  await relay.stop();
  return (sent - first) / (took / 1_000);
};

const raw = (messages) => async (_settings, topic) => {
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  let began = 0;
  for (let index = 0; index < messages.length; index += PAGE) {
    const page = messages.slice(index, index + PAGE).map(({ key, value }) => ({ key, value }));
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: page }] });
    if (index === 0) began = performance.now();
  }
  const took = performance.now() - began;
  await producer.disconnect();
  return (messages.length - PAGE) / (took / 1_000);
};

try {
  const messages = await fill();
  const [ours, reference] = [relayed(messages), raw(messages)];
  await toDo(messages, ours);
  await toDo(messages, reference);
  const row = await comparePairs({
    id: 'K1',
    what: `relay of ${messages.length} events ÷ raw producer loop, requests of ${PAGE}`,
    ...{ unit: 'messages/s', pairs: options.pairs },
    ours: () => toDo(messages, ours),
    reference: () => toDo(messages, reference),
  });
  await report({ bench: 'relay', machine: await server.machine(), rows: [row], json: options.json });
} finally {
  await stores.close();
  await kafka.stop();
  await server.stop();
}
