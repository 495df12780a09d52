import type { Admin } from 'kafkajs';
import { NotUsable } from '#libs/eventing';
import { onceSettled, withAdmin } from './connection.js';
import type { KafkaSettings } from './settings.js';
import { prepareTopics, type TopicSettings } from './topics.js';

/** Messages of each topic that a group has not taken yet, by what it has committed. */
export async function lagOf(
  admin: Admin,
  group: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const lag = new Map<string, number>();
  for (const { topic, behind } of await placesOf(admin, group, topics)) {
    lag.set(
      topic,
      behind.reduce((sum, { high, next, low }) => sum + Number(high - (next ?? low)), 0),
    );
  }
  return lag;
}

/** Makes sure of the topics before a group reads them, and that they still hold what it has not taken. */
export async function prepareGroup(
  settings: KafkaSettings,
  group: string,
  topics: readonly string[],
  wanted: TopicSettings,
): Promise<void> {
  const lost = await withAdmin(settings, async (admin) => {
    await prepareTopics(admin, topics, wanted);
    return onceSettled(() => lostBy(admin, group, topics));
  });
  if (lost.length === 0) return;
  throw new NotUsable(
    `the group ${group} was away for longer than its topics keep events (${lost.join(', ')}): fill them again with ` +
      'npm run relay -- --from POSITION, and set its offsets to the beginning (docs/kafka.md)',
  );
}

/**
 * Partitions that no longer hold what the group has not taken: retention was shorter than it was away. Going on would
 * skip events without a word.
 */
async function lostBy(admin: Admin, group: string, topics: readonly string[]): Promise<readonly string[]> {
  return (await placesOf(admin, group, topics)).flatMap(({ topic, behind }) =>
    behind
      .filter(({ low, next }) => next !== undefined && next < low)
      .map(({ partition, low, next }) => `${topic}/${partition} begins at ${low}, and the next one was ${next}`),
  );
}

interface PartitionPlace {
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
  /** Absent: the group has committed nothing there yet. */
  readonly next?: bigint;
}

async function placesOf(
  admin: Admin,
  group: string,
  topics: readonly string[],
): Promise<readonly { readonly topic: string; readonly behind: readonly PartitionPlace[] }[]> {
  const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
  return Promise.all(
    topics.map(async (topic) => {
      const nexts = new Map(
        committed.find((each) => each.topic === topic)?.partitions.map(({ partition, offset }) => [partition, offset]),
      );
      const behind = (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }): PartitionPlace => {
        const next = BigInt(nexts.get(partition) ?? -1);
        return { partition, low: BigInt(low), high: BigInt(high), ...(next < 0n ? {} : { next }) };
      });
      return { topic, behind };
    }),
  );
}
