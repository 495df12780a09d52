import { randomUUID } from 'node:crypto';
import { clientConfig, forPeople, prepareGroup, startRelay } from '#libs/adapters/kafka';
import { sourceOf, topicOf } from '#libs/eventing';
import { noKafka, testBrokers, unless } from '#libs/testing';
import { startKafkaReaction } from '#libs/platform';
import { reactionTests, TEST_OIN } from './reactions.tests.js';

const TOPICS = { partitions: 3, replication: 1 };

unless(noKafka()).describe('with a real broker', () =>
  reactionTests('Kafka', async ({ stores, serializer, identity, onTrouble }) => {
    const kafka = { brokers: testBrokers(), prefix: `test-${randomUUID()}.`, log: () => undefined };
    const { feed, checkpoints, leases, parkedMessages } = stores;
    const relay = startRelay({
      ...{ kafka, feed, checkpoints, leases, serializer, identity, onTrouble, oin: TEST_OIN },
      topics: { ...TOPICS, names: ['person', 'party', 'means'].map(topicOf) },
      ...{ holder: 'test', leaseMilliseconds: 3_000 },
    });
    return {
      start: (reaction) =>
        startKafkaReaction(reaction, {
          ...{ client: clientConfig(kafka), prefix: kafka.prefix, parkedMessages, onTrouble },
          here: { source: sourceOf(TEST_OIN), store: identity.store },
          versionOf: (type) => serializer.versionOf(type),
          prepare: (group, topics) => prepareGroup(kafka, group, topics, TOPICS),
          told: (error) => forPeople(kafka, error),
        }),
      close: async () => {
        await relay.stop();
        await stores.close();
      },
    };
  }),
);
