import { ServerKafka, type KafkaContext, type KafkaOptions } from '@nestjs/microservices';
import { setTimeout as delay } from 'node:timers/promises';
import {
  NotUsable,
  reactionRunner,
  ReactionStopped,
  START,
  type DeclaredReaction,
  type Follower,
  type FollowerStatus,
  type ParkedMessages,
} from '#libs/eventing';

/** How kafkajs is spoken to, as the adapter has it. */
export type KafkaClientSettings = NonNullable<NonNullable<KafkaOptions['options']>['client']>;

export interface KafkaReactionParts {
  readonly client: KafkaClientSettings;
  /** In front of the names of topics and groups. */
  readonly prefix: string;
  readonly here: { readonly source: string; readonly store: string };
  versionOf(type: string): number | undefined;
  readonly parkedMessages: ParkedMessages;
  /**
   * Rejects when the topics are not what they have to be, or no longer hold what the group has not read. With `NotUsable` the
   * reaction stops and waits for a person; with anything else it is tried again.
   */
  prepare(group: string, topics: readonly string[]): Promise<void>;
  /** What a person can do about an error of kafkajs, as an error; the same one where that is nothing. */
  told(error: unknown): unknown;
  onTrouble?(name: string, error: unknown, stopped: boolean): void;
}

/** Consumer group of a reaction: its real name, as lag and offsets are asked by it. */
export const groupOf = (prefix: string, reaction: string): string => `${prefix}waarborg.${reaction}`;

/** A consumer that was killed holds its partitions for so long (milliseconds). */
const SESSION = 10_000;
const HEARTBEAT = 3_000;
/** Longest that a fetch waits for the first byte (milliseconds). */
const FETCH = 500;
const PARTITIONS_AT_ONCE = 4;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/**
 * Brings a reaction its events over Kafka, by Nest's own transport. A message's place moves on once it was taken or put
 * aside durably. What interrupts is begun anew with growing pauses.
 */
export function startKafkaReaction(reaction: DeclaredReaction, parts: KafkaReactionParts): Follower {
  const name = `reaction-${reaction.name}`;
  const { prefix } = parts;
  const group = groupOf(parts.prefix, reaction.name);
  const ending = new AbortController();
  const { signal } = ending;
  let state: FollowerStatus['state'] = 'starting';
  let stoppedBy: FollowerStatus['stoppedBy'];
  let fedAt = performance.now();
  const runner = reactionRunner(reaction, {
    ...{ parked: parts.parkedMessages, here: parts.here, versionOf: (type) => parts.versionOf(type) },
    ...(parts.onTrouble === undefined ? {} : { onTrouble: (...told) => parts.onTrouble!(...told) }),
  });

  /** Consumes until it breaks, or is ended. Resolves with what broke it. */
  async function consume(): Promise<unknown> {
    await parts.prepare(
      group,
      reaction.topics.map((topic) => `${prefix}${topic}`),
    );
    let broken = (_error: unknown): void => undefined;
    const over = new Promise<unknown>((resolve) => (broken = resolve));
    const server = new ExactKafka(parts.client, group, {
      joined(assignment) {
        runner.takeOver(
          ({ topic, place }) => assignment[`${prefix}${topic}`]?.includes(Number(place.split('/')[0])) === true,
        );
        state = 'running';
      },
      beat: () => void (fedAt = performance.now()),
      broken,
    });
    for (const topic of reaction.topics) {
      server.addHandler(
        `${prefix}${topic}`,
        async (message: Message, context: KafkaContext) => {
          const place = `${context.getPartition()}/${message.offset}`;
          const key = message.key?.toString() ?? `${topic}/${place}`;
          await runner.deliver({ topic, place, key, bytes: message.value ?? new Uint8Array() }, context.getHeartbeat());
          fedAt = performance.now();
        },
        true,
      );
    }
    const stop = (): void => broken(undefined);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        void server.listen((error?: unknown) => (error === undefined ? resolve() : reject(error as Error)));
      });
      return signal.aborted ? undefined : await over;
    } finally {
      signal.removeEventListener('abort', stop);
      runner.takeOver(() => false);
      // First told to end, so that nothing it gives up is delivered again.
      const closing = server.close();
      if (signal.aborted) await runner.stop();
      await closing;
    }
  }

  const running = (async () => {
    let pause = FIRST_PAUSE;
    while (!signal.aborted) {
      const since = performance.now();
      let trouble: unknown;
      try {
        trouble = await consume();
      } catch (error) {
        trouble = error;
      }
      if (signal.aborted || trouble instanceof ReactionStopped) break;
      if (trouble instanceof NotUsable) {
        state = 'stopped';
        stoppedBy = { reason: trouble.message };
        parts.onTrouble?.(name, trouble, true);
        return;
      }
      state = 'starting';
      parts.onTrouble?.(name, parts.told(trouble), false);
      if (performance.now() - since > LONGEST_PAUSE) pause = FIRST_PAUSE;
      await delay(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
    state = 'ended';
  })();

  return {
    status: () => ({
      ...{ name, state, position: START, silentFor: performance.now() - fedAt, behindFor: 0, mayLag: true },
      ...(runner.parked() === 0 ? {} : { parked: runner.parked() }),
      ...(stoppedBy === undefined ? {} : { stoppedBy }),
    }),
    waitFor: async () => false,
    async stop() {
      ending.abort();
      await runner.stop();
      await running;
    },
  };
}

interface Message {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly offset: string;
}

interface Watching {
  joined(assignment: Readonly<Record<string, readonly number[]>>): void;
  beat(): void;
  broken(error: unknown): void;
}

/** Nest's transport with messages as they are, the group under its own name, and an end that is noticed. */
class ExactKafka extends ServerKafka {
  readonly #watching: Watching;

  constructor(client: KafkaClientSettings, groupId: string, watching: Watching) {
    super({
      client,
      postfixId: '',
      consumer: {
        groupId,
        ...{ sessionTimeout: SESSION, heartbeatInterval: HEARTBEAT, maxWaitTimeInMs: FETCH },
        ...{ readUncommitted: false, allowAutoTopicCreation: false },
        // It is begun anew from outside, whatever ended it.
        retry: { retries: 5, restartOnFailure: async () => false },
      },
      producer: { allowAutoTopicCreation: false },
      // What a new group finds is taken from the first message on: a reaction skips nothing.
      subscribe: { fromBeginning: true },
      run: { partitionsConsumedConcurrently: PARTITIONS_AT_ONCE },
      deserializer: { deserialize: (data: Message, options) => ({ pattern: options!['channel'] as string, data }) },
    });
    this.#watching = watching;
    this.parser = { parse: (message: object) => message } as unknown as ServerKafka['parser'];
  }

  protected override registerConsumerEventListeners(): void {
    super.registerConsumerEventListeners();
    const consumer = this.consumer!;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => this.#watching.joined(payload.memberAssignment));
    consumer.on(consumer.events.HEARTBEAT, () => this.#watching.beat());
    consumer.on(consumer.events.CRASH, ({ payload }) => this.#watching.broken(payload.error));
  }
}
