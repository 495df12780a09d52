import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { openDatabases } from '#libs/composition';
import { kafkaJars, startEmbeddedKafka, whyNoKafka } from '#libs/embedded';
import { ConfigurationFault, readConfiguration, type Configuration } from '#libs/configuration';
import { takeOptions } from '../options.js';
import { keepRunning, type Service } from './keep-running.js';

/** The apps of the cluster, each a process of its own; the gateway knows who answers where. */
const APPS = ['archive', 'issuance', 'registration', 'revocation', 'assurance'] as const;
/** Settings that say where a process is, and so are another for each; the others hold for all of them. */
const OF_ONE_PROCESS = ['port', 'host', 'internal-port', 'upstreams'];
/** Settings that the cluster itself makes use of, and hands on in its own way. */
const OF_THE_CLUSTER = ['data-dir', 'pg-dir', 'database-url', 'database-owner-url', 'keystore-url', 'public-base-url'];
const MOST_INSTANCES = 8;
/** Beside which Kafka's jars lie. */
const POM = fileURLToPath(new URL('../../../../deploy/kafka/pom.xml', import.meta.url));
/** Between two looks at who is ready, and two lines about who is not, in milliseconds. */
const LOOK_EVERY = 100;
const TELL_EVERY = 10_000;
/** What is not ready by then will not be, in milliseconds. */
const READY_WITHIN = 300_000;

export interface Cluster {
  /** Of the gateway. */
  readonly url: string;
  readonly configuration: Configuration;
  /** The gateway last. */
  readonly services: readonly Service[];
  /** The gateway first, then the apps, then Kafka and the databases. */
  stop(): Promise<void>;
}

const program = (app: string): string => fileURLToPath(new URL(`../../${app}/main.js`, import.meta.url));

/**
 * Starts every app in processes of its own, `--instances` of each (two by default), behind one gateway, with the databases
 * and brokers that the settings name or servers of our own. Resolves once the gateway finds every app ready.
 */
export async function startCluster(args: readonly string[], say: (line: string) => void): Promise<Cluster> {
  const { taken, rest } = takeOptions(args, ['instances']);
  const instances = taken.instances === undefined ? 2 : Number(taken.instances);
  if (!(Number.isInteger(instances) && instances >= 1 && instances <= MOST_INSTANCES)) {
    throw new ConfigurationFault([`--instances must be a whole number from 1 to ${MOST_INSTANCES}`]);
  }
  const configuration = readConfiguration(rest, process.env);
  if (configuration.tls !== undefined) {
    throw new ConfigurationFault([
      'the processes of a cluster on one machine speak plain HTTP to each other: take TLS_CERT_FILE and TLS_KEY_FILE away, ' +
        'or start each app alone, and give them to start:gateway',
    ]);
  }
  const began = performance.now();
  const since = (from: number): string => `${((performance.now() - from) / 1_000).toFixed(1)} s`;

  const databases = await openDatabases(configuration, say);
  const services: Service[] = [];
  let kafka: Kafka | undefined;
  const stop = async (): Promise<void> => {
    // Nothing new comes in while the apps finish what is under way.
    await services.at(-1)?.stop();
    await Promise.all(services.slice(0, -1).map((service) => service.stop()));
    await kafka?.stop();
    await databases.close();
  };
  try {
    say(databases.server === undefined ? 'PostgreSQL: as configured' : `PostgreSQL is ready (${since(began)})`);
    kafka = await findKafka(configuration, say);
    const { port: asked, host } = configuration;
    const port = await freePort(asked, host);
    const env = {
      DATABASE_URL: databases.registerUrl,
      KEYSTORE_URL: databases.keyStoreUrl,
      ...(databases.registerOwnerUrl === undefined ? {} : { DATABASE_OWNER_URL: databases.registerOwnerUrl }),
      DATA_DIR: configuration.dataDir,
      // What callers are told is the gateway's address.
      PUBLIC_BASE_URL: asked === 0 ? `http://localhost:${port}` : configuration.publicBaseUrl,
      ...(kafka === undefined ? {} : { KAFKA_BROKERS: kafka.brokers.join(',') }),
      // One port can't be everybody's.
      INTERNAL_PORT: '',
    };
    const shared = takeOptions(rest, [...OF_ONE_PROCESS, ...OF_THE_CLUSTER]).rest;
    const begin = (name: string, app: string, at: number, more: readonly string[]): Service => {
      const service = keepRunning(
        {
          name,
          path: program(app),
          args: ['--port', String(at), ...more, ...shared],
          env,
          url: `http://127.0.0.1:${at}`,
        },
        say,
      );
      services.push(service);
      return service;
    };
    // Known beforehand, so that an instance that is started again is where the gateway looks for it.
    const names = APPS.flatMap((app) =>
      Array.from({ length: instances }, (_, nr) => ({ app, name: `${app}-${nr + 1}` })),
    );
    const ports = await freePorts(names.length);
    const upstreams = names.map(({ app }, index) => `${app}=http://127.0.0.1:${ports[index]!}`).join(',');
    for (const [index, { app, name }] of names.entries()) begin(name, app, ports[index]!, ['--host', '127.0.0.1']);
    begin('gateway', 'gateway', port, ['--host', host, '--upstreams', upstreams]);
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    await untilReady(services, (service) => say(`${service.name} is ready at ${service.url} (${since(began)})`), say);
    return { url, configuration: { ...configuration, port, publicBaseUrl: env.PUBLIC_BASE_URL }, services, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Kafka {
  readonly brokers: readonly string[];
  stop(): Promise<void>;
}

/** A broker of our own where no settings name others; none where it can't be had, which is said. */
async function findKafka(
  { dataDir, kafka: named }: Configuration,
  say: (line: string) => void,
): Promise<Kafka | undefined> {
  if (named !== undefined) {
    say('Kafka: as configured');
    return undefined;
  }
  const reason = whyNoKafka();
  if (reason !== undefined) {
    say(`Kafka: none (${reason}); reactions get their events from the store`);
    return undefined;
  }
  const began = performance.now();
  const kafka = await startEmbeddedKafka({
    dataDir: join(dataDir, 'kafka'),
    jars: await kafkaJars(POM, say),
    log: say,
  });
  say(`Kafka is ready at ${kafka.brokers.join(', ')} (${((performance.now() - began) / 1_000).toFixed(1)} s)`);
  return kafka;
}

/** Waits for each of them; says when one is ready, and from time to time who is not. */
async function untilReady(
  services: readonly Service[],
  ready: (service: Service) => void,
  say: (line: string) => void,
): Promise<void> {
  const waiting = new Set(services);
  const end = performance.now() + READY_WITHIN;
  let tellAt = performance.now() + TELL_EVERY;
  let failed: string | undefined;
  for (const { givenUp } of services) void givenUp.then((reason) => (failed ??= reason));
  while (waiting.size > 0) {
    for (const service of [...waiting]) {
      const answer = await fetch(`${service.url}/health/ready`).catch(() => undefined);
      if (answer?.status !== 200) continue;
      waiting.delete(service);
      ready(service);
    }
    const missing = [...waiting].map(({ name }) => name).join(', ');
    if (failed !== undefined) throw new Error(failed);
    if (performance.now() > end) throw new Error(`not ready after ${READY_WITHIN / 1_000} s: ${missing}`);
    if (performance.now() > tellAt) {
      say(`… waiting for ${missing}`);
      tellAt += TELL_EVERY;
    }
    await delay(LOOK_EVERY);
  }
}

/** Ports that nobody listened on just now, all different. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listening(0, '127.0.0.1')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(closed));
  return ports;
}

/** The port that is asked for, 0 for any; rejects when it is taken, before everything else is started in vain. */
async function freePort(asked: number, host: string): Promise<number> {
  const server = await listening(asked, host);
  const { port } = server.address() as AddressInfo;
  await closed(server);
  return port;
}

const closed = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve));

const listening = (port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
