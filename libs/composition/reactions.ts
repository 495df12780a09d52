import { setTimeout as delay } from 'node:timers/promises';
import { hostname } from 'node:os';
import type { KafkaSettings, RelayParts } from '#libs/adapters/kafka';
import { sourceOf, startFeedReaction, topicOf, type Follower } from '#libs/eventing';
import { STREAM_CATEGORIES } from '#libs/kernel';
import { ConfigurationFault, type Configuration, type KafkaConfiguration } from '#libs/configuration';
import { groupOf, startKafkaReaction, type Metrics, type StartReaction } from '#libs/platform';
import type { OpenBackbone } from './open-backbone.js';

/** How long nobody goes on with a reaction, or with the relay, after a process was killed (milliseconds). */
const LEASE = 10_000;
/** Longest that reading the figures waits for the brokers, and for how long an answer of theirs is shown. */
const LAG_PATIENCE = 2_000;
const LAG_KEPT = 10_000;

/** This process, for people who look at a lease. */
const holderOf = (): string => `${hostname()}/${process.pid}`;

export interface KafkaParts {
  readonly adapter: typeof import('#libs/adapters/kafka');
  readonly configuration: KafkaConfiguration;
}

/** Loads the adapter where it is needed only: every start would wait for it otherwise. */
export const kafkaParts = async (configuration: KafkaConfiguration | undefined): Promise<KafkaParts | undefined> =>
  configuration && { adapter: await import('#libs/adapters/kafka'), configuration };

export interface ReactionParts extends Pick<OpenBackbone, 'stores'> {
  readonly serializer: RelayParts['serializer'];
  readonly identity: RelayParts['identity'];
  readonly configuration: Pick<Configuration, 'oin'>;
  /** Absent: there is no Kafka. */
  readonly kafka?: KafkaParts;
  readonly log: (line: string) => void;
  readonly onTrouble: (name: string, error: unknown, stopped: boolean) => void;
}

const settingsOf = (
  { brokers, prefix, tls, hereOnly, login }: KafkaConfiguration,
  log: (line: string) => void,
): KafkaSettings => ({
  ...{ brokers, prefix, log },
  ...(tls === undefined ? {} : { tls }),
  ...(hereOnly === undefined ? {} : { hereOnly }),
  ...(login === undefined ? {} : { login }),
});

/**
 * Rejects with `ConfigurationFault` when the brokers refuse login or certificate, or have a certificate that we refuse: it
 * would be tried for ever otherwise. Brokers that are away are waited for by whoever needs them.
 */
export async function demandWelcome(
  { adapter, configuration }: KafkaParts,
  log: (line: string) => void,
): Promise<void> {
  try {
    await adapter.demandWelcome(settingsOf(configuration, log));
  } catch (error) {
    if (!(error instanceof adapter.KafkaRefused)) throw error;
    throw new ConfigurationFault([`Kafka: ${error.message}`]);
  }
}

/** Brings every event to its topic. */
export function relayOf(
  parts: ReactionParts & { readonly kafka: KafkaParts },
  sent?: (messages: number) => void,
): Follower {
  const { feed, checkpoints, leases } = parts.stores;
  const { serializer, identity, onTrouble, configuration } = parts;
  const { adapter, configuration: kafka } = parts.kafka;
  const { partitions, replication } = kafka;
  return adapter.startRelay({
    ...{ kafka: settingsOf(kafka, parts.log), feed, checkpoints, leases, serializer, identity, onTrouble },
    ...{ oin: configuration.oin, holder: holderOf(), leaseMilliseconds: LEASE },
    topics: {
      ...{ partitions, names: STREAM_CATEGORIES.map(topicOf) },
      ...(replication === undefined ? {} : { replication }),
    },
    ...(sent === undefined ? {} : { sent }),
  });
}

/** A consumer group, whose lag is a figure. */
interface Group {
  readonly name: string;
  readonly topics: readonly string[];
}

/** Brings reactions their events: over Kafka where there is one, from the store's own feed otherwise. */
export function reactionStarter(parts: ReactionParts, groups: Group[] = []): StartReaction {
  const { feed, checkpoints, parkedMessages, leases } = parts.stores;
  const { serializer, identity, onTrouble, configuration } = parts;
  const { oin } = configuration;
  if (parts.kafka === undefined) {
    return (reaction) =>
      startFeedReaction(reaction, {
        ...{ feed, checkpoints, parkedMessages, leases, serializer, identity, oin, onTrouble },
        ...{ holder: holderOf(), leaseMilliseconds: LEASE },
      });
  }
  const { adapter, configuration: kafka } = parts.kafka;
  const settings = settingsOf(kafka, parts.log);
  return (reaction) => {
    const topics = reaction.topics.map((topic) => `${kafka.prefix}${topic}`);
    groups.push({ name: groupOf(kafka.prefix, reaction.name), topics });
    return startKafkaReaction(reaction, {
      ...{ client: adapter.clientConfig(settings), prefix: kafka.prefix, parkedMessages, onTrouble },
      here: { source: sourceOf(oin), store: identity.store },
      versionOf: (type) => serializer.versionOf(type),
      prepare: (group, wanted) => adapter.prepareGroup(settings, group, wanted, kafka),
      told: (error) => adapter.forPeople(settings, error),
    });
  };
}

/** Figures of what goes over Kafka; answers what the relay is to tell. */
export function kafkaMetrics(
  metrics: Metrics,
  { adapter, configuration }: KafkaParts,
  groups: readonly Group[],
  log: (line: string) => void,
): (messages: number) => void {
  const relayed = metrics.counter('relay_messages_total', 'Events that the brokers have acknowledged');
  const lag = metrics.gauge('kafka_consumer_lag', 'Messages that a reaction has not taken yet', ['group', 'topic']);
  let askedAt = -Infinity;
  const ask = async (): Promise<void> => {
    for (const group of groups) {
      const topics = await adapter.withAdmin(settingsOf(configuration, log), (admin) =>
        adapter.lagOf(admin, group.name, group.topics),
      );
      for (const [topic, messages] of topics) lag.set({ group: group.name, topic }, messages);
    }
  };
  metrics.onRead(async () => {
    if (groups.length === 0 || performance.now() - askedAt < LAG_KEPT) return;
    askedAt = performance.now();
    // Where no broker answers, the last figures stay: the reaction itself says that it gets nothing.
    await Promise.race([ask().catch(() => undefined), delay(LAG_PATIENCE, undefined, { ref: false })]);
  });
  return (messages) => relayed.inc(messages);
}
