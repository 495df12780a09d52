import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suiteModules } from '#apps/suite';
import { openBackbone, startWaarborg, type RunningApp } from '#libs/composition';
import { START, type EventFeed } from '#libs/eventing';
import { categoryOf } from '#libs/kernel';
import { readConfiguration } from '#libs/configuration';
import { ROLES, type Role, type Scope } from '#libs/platform';
import {
  eventStoreDbProcess,
  noKafka,
  testBrokers,
  testDatabase,
  testKeyFolder,
  type TestDatabase,
} from '#libs/testing';
import { client, type Client } from './client.js';
import { answersWithEveryApp } from './conforming.js';
import { startProcesses } from './processes.js';
import { until } from './until.js';

/** Where a suite keeps what it knows: its databases, event store and the folder with its keys. Outlives the process. */
export interface Place {
  readonly register: TestDatabase;
  readonly keys: TestDatabase;
  readonly dataDir: string;
  /** Settings of what there is beside PostgreSQL, as variables of the environment. */
  readonly beside?: BesideSettings;
  drop(): Promise<void>;
}

type BesideSettings = Readonly<
  Partial<
    Record<
      | 'EVENTSTORE_URL'
      | `KAFKA_${'BROKERS' | 'PREFIX' | 'PARTITIONS' | 'TLS' | 'TLS_CA_FILE'}`
      | `KAFKA_SASL_${'MECHANISM' | 'USERNAME' | 'PASSWORD_FILE'}`,
      string
    >
  >
>;

/** Where events may be kept and what carries them, beside PostgreSQL. */
export interface Engines {
  readonly eventStoreDb: boolean;
  readonly kafka: boolean;
}

/** Those of the configuration that this run is in. */
const OF_THIS_RUN: Engines = {
  eventStoreDb: process.env['WAARBORG_E2E_ON'] === 'cluster-esdb',
  kafka: process.env['WAARBORG_E2E_ON'] !== undefined && noKafka() === undefined,
};

export async function freshPlace({ eventStoreDb, kafka }: Engines = OF_THIS_RUN): Promise<Place> {
  const [register, keys, dataDir, events] = await Promise.all([
    testDatabase(),
    testDatabase(),
    mkdtemp(join(tmpdir(), 'waarborg-e2e-')),
    eventStoreDb ? eventStoreDbProcess() : undefined,
  ]);
  return {
    ...{ register, keys, dataDir },
    beside: {
      ...(events === undefined ? {} : { EVENTSTORE_URL: events.url() }),
      // Topics of its own: the broker is that of every place of the run.
      ...(kafka
        ? { KAFKA_BROKERS: testBrokers().join(','), KAFKA_PREFIX: `test-${randomUUID()}.`, KAFKA_PARTITIONS: '2' }
        : {}),
    },
    async drop() {
      await Promise.all([register.drop(), keys.drop(), events?.close()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Counts the events that are no confirmations: those follow from others by themselves, at a moment of their own.
 */
function countOfOthers(feed: EventFeed): () => Promise<bigint> {
  let [place, count] = [START, 0n];
  return async () => {
    for (;;) {
      const { items, upTo } = await feed.read(place, 1_000);
      count += BigInt(items.filter(({ stream }) => categoryOf(stream) !== 'confirmation').length);
      if (upTo === place) return count;
      place = upTo;
    }
  };
}

const orNone = (head: bigint): bigint => (head === START ? 0n : head);

/** Logins with no more rights than their work needs, so that every spec finds out when one lacks what it needs. */
export const databaseSettings = ({ register, keys, beside }: Pick<Place, 'register' | 'keys' | 'beside'>) => ({
  DATABASE_URL: register.logins.application,
  DATABASE_OWNER_URL: register.logins.owner,
  KEYSTORE_URL: keys.logins.owner,
  ...beside,
});

export interface TestSuite {
  readonly url: string;
  readonly place: Place;
  /** On a cluster its parts are those of a process beside the apps, on the same databases and keys. */
  readonly running: Omit<RunningApp, 'app'>;
  /** Everything that the process said or logged. */
  readonly lines: readonly string[];
  token(roleOrScopes: Role | readonly Scope[]): Promise<string>;
  /** A client of its own name, so that its idempotency keys are its own. */
  client(roleOrScopes: Role | readonly Scope[], name?: string): Promise<Client>;
  /**
   * How many events there are, confirmations apart, and the head of the record log, 0n while there is none: what "nothing was
   * written" is compared by. On PostgreSQL the head counts as well.
   */
  heads(): Promise<{ readonly events: bigint; readonly records: bigint }>;
  /** Stops the process; the place stays. */
  stop(): Promise<void>;
  /** Stops the process and drops the place. */
  end(): Promise<void>;
}

/** A lease that no machine is so busy as to let run out: a no then has its reason in the register. */
export const LASTING_LEASE = { DECISION_LEASE_MS: '60000' };

/** The person behind a token, where its role or one of its scopes is one in which a person acts. */
export function clerkOf(of: Role | readonly Scope[]): { readonly clerk?: string } {
  const scopes: readonly Scope[] = typeof of === 'string' ? ROLES[of] : of;
  return scopes.includes('intake') || scopes.includes('audit') ? { clerk: 'test-clerk' } : {};
}

/** Whether the apps run as processes of their own behind a gateway (`npm test -- e2e --on cluster`). */
export const ON_CLUSTER = process.env['WAARBORG_E2E_ON'] !== undefined;

/** Why what reaches into the suite's own process is not shown on a cluster; `undefined` when there is none. */
export const inOneProcess = (why: string): string | undefined => (ON_CLUSTER ? why : undefined);

/** Starts every app in this process on a place of its own (or the given one), and waits until it is ready. */
export async function startSuite(given?: Place, args: readonly string[] = []): Promise<TestSuite> {
  const place = given ?? (await freshPlace());
  if (given === undefined) await testKeyFolder(join(place.dataDir, 'keys'));
  const lines: string[] = [];
  const running = await (ON_CLUSTER ? startBehindGateway : startHere)(place, args, lines);
  const url = running.url.replace('[::1]', '127.0.0.1');
  answersWithEveryApp(url);
  const token: TestSuite['token'] = (of) =>
    running.issuer.issue(
      typeof of === 'string'
        ? { role: of, client: `test-${of}`, ...clerkOf(of) }
        : { scopes: of, client: 'test', ...clerkOf(of) },
    );
  const others = countOfOthers(running.open.stores.feed);
  const suite: TestSuite = {
    url,
    place,
    running,
    lines,
    token,
    client: async (of, name) =>
      client(
        url,
        name === undefined
          ? await token(of)
          : await running.issuer.issue({
              client: name,
              ...(typeof of === 'string' ? { role: of } : { scopes: of }),
              ...clerkOf(of),
            }),
      ),
    heads: async () => ({
      events: await others(),
      records: orNone(await running.open.stores.records.head()),
    }),
    stop: () => running.stop(),
    async end() {
      await running.stop();
      await place.drop();
    },
  };
  const isReady = async (): Promise<boolean> => (await fetch(`${url}/health/ready`)).status === 200;
  await until('the suite is ready', isReady, READY_WITHIN).catch(async (error: unknown) => {
    // Nobody has it who could end it: it would go on under the tests of other files.
    await suite.end();
    throw error;
  });
  return suite;
}

/** An earlier register has all its read models built before it is ready, on a machine that is busy as well (milliseconds). */
const READY_WITHIN = 120_000;

/** Every app in this process. */
async function startHere(place: Place, args: readonly string[], lines: string[]): Promise<RunningApp> {
  const configuration = readConfiguration(
    [...['--port', '0', '--data-dir', place.dataDir, '--log-level', 'trace'], ...args],
    { ...databaseSettings(place), ...LASTING_LEASE },
  );
  return startWaarborg(suiteModules, configuration, (line) => lines.push(line), {
    logTo: { write: (line) => void lines.push(line) },
  });
}

/** Every app in a process of its own. What a spec looks at beside HTTP it sees as another process on the same databases. */
async function startBehindGateway(
  place: Place,
  args: readonly string[],
  lines: string[],
): Promise<Omit<RunningApp, 'app'>> {
  const env = { ...databaseSettings(place), ...LASTING_LEASE };
  const processes = await startProcesses({
    ...{ dataDir: place.dataDir, env },
    args: ['--log-level', 'trace', ...args],
    said: (line) => void lines.push(line),
  });
  try {
    const open = await openBackbone(readConfiguration(['--data-dir', place.dataDir, ...args], env), {
      log: () => undefined,
      observer: {},
      onTrouble: () => undefined,
    });
    const { url, issuer } = processes;
    const stop = async (): Promise<void> => {
      await processes.stop();
      await open.close();
    };
    return { url, issuer, open, stop };
  } catch (error) {
    await processes.stop();
    throw error;
  }
}
