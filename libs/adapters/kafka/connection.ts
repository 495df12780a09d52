import { setTimeout as delay } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka, type KafkaConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import { hereOnly } from './here-only.js';
import { forPeople, inOneLine, KafkaRefused, typeOf } from './refusals.js';
import type { KafkaSettings } from './settings.js';

/** Longest that one request may take, and that a connection may take to come about (milliseconds). */
const REQUEST = 15_000;
const CONNECT = 3_000;
const SAME_LINE_EVERY = 60_000;
const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 };

/** How kafkajs is spoken to by everything of ours; `@nestjs/microservices` takes the same object. */
export const clientConfig = ({ brokers, log, tls, login, hereOnly: staysHere }: KafkaSettings): KafkaConfig => ({
  clientId: 'waarborg',
  brokers: [...brokers],
  ...(tls === undefined ? {} : { ssl: tlsOptions(tls) }),
  ...(tls === undefined && staysHere === true ? { socketFactory: hereOnly() } : {}),
  // Made anew for each client: kafkajs writes into it.
  ...(login === undefined ? {} : { sasl: { ...login } as SASLOptions }),
  connectionTimeout: CONNECT,
  // Who waits for another's login waits as long as that may take.
  authenticationTimeout: REQUEST,
  requestTimeout: REQUEST,
  enforceRequestTimeout: true,
  // Few tries: whoever asks tries again himself, and must come to an end where nothing will ever answer.
  retry: RETRY,
  logLevel: kafkajs.logLevel.ERROR,
  logCreator: () => lineWriter(log),
});

/** Said out loud, so that neither Node's environment nor its command line can turn it off. */
const tlsOptions = ({
  authorities,
  client,
}: NonNullable<KafkaSettings['tls']>): NonNullable<Exclude<KafkaConfig['ssl'], boolean>> => ({
  ...{ rejectUnauthorized: true, minVersion: 'TLSv1.2' },
  ...(authorities === undefined ? {} : { ca: authorities }),
  ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
});

/** What fails is told by whoever asked for it; kafkajs' own lines come beside that, and not again and again. */
function lineWriter(log: (line: string) => void): (entry: LogEntry) => void {
  const told = new Map<string, number>();
  return ({ level, namespace, log: { message, retryCount, ...extra } }) => {
    // It goes on trying by itself: at first contact coordinators are not there yet.
    if (level > kafkajs.logLevel.ERROR || typeof retryCount === 'number') return;
    const broker = typeof extra['broker'] === 'string' ? ` (${extra['broker']})` : '';
    const line = `Kafka ${namespace}: ${inOneLine(message)}${broker}`;
    const now = performance.now();
    if (now - (told.get(line) ?? -Infinity) < SAME_LINE_EVERY) return;
    if (told.size > 100) told.clear();
    told.set(line, now);
    log(line);
  };
}

export const kafkaClient = (settings: KafkaSettings): Kafka => new kafkajs.Kafka(clientConfig(settings));

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

/** Rejects with `KafkaRefused` or `KafkaUnreachable` where a person can do something about it. */
export async function withAdmin<T>(settings: KafkaSettings, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaClient(settings).admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    throw forPeople(settings, error) as Error;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** Longest that the start of a process waits to be told that it is let in (milliseconds). */
const WELCOME = 5_000;

/**
 * Rejects with `KafkaRefused` when the brokers do not take us as the settings have it. Where none answers it resolves:
 * nobody waits for brokers that are away.
 */
export async function demandWelcome(settings: KafkaSettings): Promise<void> {
  const asked = withAdmin(settings, (admin) => admin.describeCluster()).catch((error: unknown) => {
    if (error instanceof KafkaRefused) throw error;
  });
  await Promise.race([asked, delay(WELCOME, undefined, { ref: false })]);
}
