import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import type { PublishedEvent } from '#libs/eventing';
import { until } from '../e2e/support/until.js';

export interface TopicMessage {
  readonly key: string;
  readonly event: PublishedEvent;
}

/** Everything that a topic holds, once there are at least so many messages, as a consumer of committed ones is given it. */
export async function readTopic(
  brokers: readonly string[],
  topic: string,
  atLeast: number,
): Promise<readonly TopicMessage[]> {
  const client = new Kafka({ brokers: [...brokers], clientId: 'test', logLevel: logLevel.NOTHING });
  const consumer = client.consumer({ groupId: `test-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const messages: TopicMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      messages.push({ key: String(message.key), event: JSON.parse(String(message.value)) as PublishedEvent });
    },
  });
  try {
    await until(`the topic has ${atLeast} messages`, () => messages.length >= atLeast);
  } finally {
    await consumer.disconnect();
  }
  return messages;
}
