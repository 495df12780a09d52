import { setTimeout as delay } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka, type KafkaConfig, type LogEntry } from 'kafkajs';

export interface KafkaSettings {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** In front of every name of topics, groups and transactions: several installations share brokers by it. */
  readonly prefix: string;
  /** Gets one line for what is worth telling, the same one at most once a minute. */
  readonly log: (line: string) => void;
}

/** Longest that one request may take, and that a connection may take to come about (milliseconds). */
const REQUEST = 15_000;
const CONNECT = 3_000;
const SAME_LINE_EVERY = 60_000;
const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 };

/** How kafkajs is spoken to by everything of ours; `@nestjs/microservices` takes the same object. */
export const clientConfig = ({ brokers, log }: KafkaSettings): KafkaConfig => ({
  clientId: 'waarborg',
  brokers: [...brokers],
  connectionTimeout: CONNECT,
  requestTimeout: REQUEST,
  enforceRequestTimeout: true,
  // Few tries: whoever asks tries again himself, and must come to an end where nothing will ever answer.
  retry: RETRY,
  logLevel: kafkajs.logLevel.ERROR,
  logCreator: () => lineWriter(log),
});

/** What fails is told by whoever asked for it; kafkajs' own lines come beside that, and not again and again. */
function lineWriter(log: (line: string) => void): (entry: LogEntry) => void {
  const told = new Map<string, number>();
  return ({ level, namespace, log: { message, retryCount, ...extra } }) => {
    // It goes on trying by itself: at first contact coordinators are not there yet.
    if (level > kafkajs.logLevel.ERROR || typeof retryCount === 'number') return;
    const broker = typeof extra['broker'] === 'string' ? ` (${extra['broker']})` : '';
    const line = `Kafka ${namespace}: ${message}${broker}`;
    const now = performance.now();
    if (now - (told.get(line) ?? -Infinity) < SAME_LINE_EVERY) return;
    if (told.size > 100) told.clear();
    told.set(line, now);
    log(line);
  };
}

export const kafkaClient = (settings: KafkaSettings): Kafka => new kafkajs.Kafka(clientConfig(settings));

/** No broker answers. */
export class KafkaUnreachable extends Error {
  override readonly name = 'KafkaUnreachable';
  constructor(brokers: readonly string[], cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`no broker answers at ${brokers.join(', ')} (${why}): start them, or check KAFKA_BROKERS`, { cause });
  }
}

/** Longest that a topic which was just made may take to be known to every broker (milliseconds). */
const SETTLE = 15_000;
const SETTLE_LOOK = 50;
const NOT_YET = [
  ...['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION'],
  ...['NOT_COORDINATOR_FOR_GROUP', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'GROUP_LOAD_IN_PROGRESS'],
];

/** Asks again while brokers do not know yet what another one has made. */
export async function onceSettled<T>(ask: () => Promise<T>): Promise<T> {
  for (const until = performance.now() + SETTLE; ; await delay(SETTLE_LOOK)) {
    try {
      return await ask();
    } catch (error) {
      if (!NOT_YET.includes(typeOf(error)) || performance.now() > until) throw error;
    }
  }
}

/** Of the broker's own error, which kafkajs may have put into another one; empty for everything else. */
const typeOf = (error: unknown): string => {
  const { type, cause } = error as { readonly type?: unknown; readonly cause?: unknown };
  if (typeof type === 'string') return type;
  return typeof cause === 'object' && cause !== null ? typeOf(cause) : '';
};

export async function withAdmin<T>(settings: KafkaSettings, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaClient(settings).admin();
  try {
    await admin.connect();
  } catch (error) {
    await admin.disconnect().catch(() => undefined);
    throw new KafkaUnreachable(settings.brokers, error);
  }
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
