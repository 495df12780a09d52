import kafkajs, { type Admin } from 'kafkajs';
import { NotUsable } from '#libs/eventing';
import { onceSettled } from './connection.js';

export interface TopicSettings {
  /** How many partitions each topic has. For ever: a key's order holds within a partition. */
  readonly partitions: number;
  /** Copies of each partition; absent: three, or as many as there are brokers. */
  readonly replication?: number;
}

/** Topics are there and not what they have to be; the message says what to do. */
export class TopicsRefused extends NotUsable {
  override readonly name = 'TopicsRefused';
  constructor(readonly faults: readonly string[]) {
    super(faults.join('; '));
  }
}

const DAY = 24 * 60 * 60 * 1_000;
/** So long a topic keeps what it was given when it is made, and at the least (milliseconds). */
const RETENTION = 30 * DAY;
const LEAST_RETENTION = 7 * DAY;
/** A message has one event, which may have 512 KiB, and what surrounds it; of one partition several are sent together. */
export const MAX_MESSAGE_BYTES = 1_048_588;

/**
 * Makes the topics that are missing, and refuses those that are there and would lose events, or their order: other
 * partitions, compaction, too short a retention, too few copies, messages too small.
 */
export async function prepareTopics(admin: Admin, topics: readonly string[], settings: TopicSettings): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const replication = settings.replication ?? Math.min(3, brokers.length);
  const inSync = Math.max(1, replication - 1);
  const there = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !there.has(topic));
  if (missing.length > 0) {
    // False where another process makes them at the same moment: what is there is looked at below, whoever made it.
    await admin.createTopics({
      waitForLeaders: false,
      topics: missing.map((topic) => ({
        topic,
        numPartitions: settings.partitions,
        replicationFactor: replication,
        configEntries: Object.entries({
          'cleanup.policy': 'delete',
          'retention.ms': String(RETENTION),
          'min.insync.replicas': String(inSync),
          'max.message.bytes': String(MAX_MESSAGE_BYTES),
          'unclean.leader.election.enable': 'false',
        }).map(([name, value]) => ({ name, value })),
      })),
    });
  }
  const faults = await onceSettled(() => faultsOf(admin, topics, settings.partitions, inSync));
  if (faults.length > 0) throw new TopicsRefused(faults);
}

async function faultsOf(
  admin: Admin,
  topics: readonly string[],
  partitions: number,
  inSync: number,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
  for (const { name, partitions: found } of metadata.topics) {
    if (found.length !== partitions) {
      faults.push(
        `topic ${name} has ${found.length} partitions, not ${partitions}: set KAFKA_PARTITIONS=${found.length} if it always ` +
          'had them; if its number was changed, make a new topic and fill it again (docs/kafka.md)',
      );
    }
  }
  // A partition without a leader is known by its offsets only.
  for (const topic of topics) await admin.fetchTopicOffsets(topic);
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  for (const { resourceName: name, configEntries } of resources) {
    const values = new Map(configEntries.map((entry) => [entry.configName, entry.configValue]));
    const number = (entry: string): number => Number(values.get(entry));
    const wrong = (entry: string, wanted: string): void =>
      void faults.push(`topic ${name} has ${entry}=${values.get(entry)}: set ${wanted}`);
    if (values.get('cleanup.policy') !== 'delete') wrong('cleanup.policy', 'delete, as compaction drops events');
    const [time, bytes] = [number('retention.ms'), number('retention.bytes')];
    if (time !== -1 && !(time >= LEAST_RETENTION)) wrong('retention.ms', `-1, or at least ${LEAST_RETENTION} (7 days)`);
    if (bytes !== -1) wrong('retention.bytes', '-1, as a consumer that lags would lose events');
    if (!(number('min.insync.replicas') >= inSync)) wrong('min.insync.replicas', `at least ${inSync}`);
    if (!(number('max.message.bytes') >= MAX_MESSAGE_BYTES))
      wrong('max.message.bytes', `at least ${MAX_MESSAGE_BYTES}`);
    if (values.get('unclean.leader.election.enable') === 'true') {
      wrong('unclean.leader.election.enable', 'false, as what was acknowledged would be lost');
    }
  }
  return faults;
}
