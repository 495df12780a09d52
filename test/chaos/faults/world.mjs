import { fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { fileKeyProvider, signingKey } from '#libs/vault';
import { kafkaJars, startEmbeddedKafka, startEmbeddedPostgres } from '#libs/embedded';
import { topicOf } from '#libs/eventing';
import { STREAM_CATEGORIES } from '#libs/kernel';
import { readConfiguration } from '#libs/configuration';
import { localIssuer } from '#libs/platform';
import { network } from './network.mjs';
import { receiver } from './receiver.mjs';
import { family, service, signal, startedHere } from './service.mjs';

const APPS = ['archive', 'issuance', 'registration', 'revocation', 'assurance'];
export const TOPICS = STREAM_CATEGORIES.map(topicOf);
const PARTITIONS = 6;
/** The app that has reactions: it reads Kafka. */
const REACTS = 'registration';
/** The network between the app that delivers webhooks and their receiver. */
export const TO_RECEIVER = 'registration to the receiver';
/** The shortest lease of an index that runs on a busy machine, in milliseconds. */
export const LEASE = 2_000;
/** Between two looks at one that starts: eleven at once take the processor from themselves otherwise. */
const READY_EVERY = 250;
/** More than a service gets to end by itself. */
const CLOSES_WITHIN = 40_000;
/** How long nobody goes on after a relay was killed: long enough to be renewed on a busy machine, in milliseconds. */
export const RELAY_LEASE = 6_000;
const READY_WITHIN = 480_000;
const TOKEN_LASTS = 20 * 60_000;

const programOf = (app) => fileURLToPath(new URL(`../../../dist/apps/${app}/main.js`, import.meta.url));
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
// The index of that library is for specs: what it brings along runs in jest only.
const { tcpProxy } = await import(here('../../../libs/testing/tcp-proxy.ts'));

/** Ports that nobody has, and that nobody is given before `release`. */
async function heldPorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => server.address().port);
  const release = () => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return { ports, release };
}

async function freePorts(count) {
  const { ports, release } = await heldPorts(count);
  await release();
  return ports;
}

export async function untilHolds(what, holds, within = READY_WITHIN, every = 50) {
  const began = performance.now();
  for (;;) {
    if (await holds()) return performance.now() - began;
    if (performance.now() - began > within) throw new Error(`waited ${within} ms in vain: ${what}`);
    await delay(every);
  }
}

/** What closes, or does not and says so: the process ends all the same, and everything that it started with it. */
export async function inTime(close) {
  const late = delay(CLOSES_WITHIN, 'late');
  if ((await Promise.race([close(), late])) === 'late') throw new Error(`not closed in time: ${close}`);
}

const isReady = (url) =>
  fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) }).then(
    async (answer) => (await answer.arrayBuffer(), answer.status === 200),
    () => false,
  );

/** The embedded server's own program with its own settings, to be killed as often as anybody likes. */
async function postgres(dataDir) {
  const made = await startEmbeddedPostgres({ dataDir });
  const [program, ...args] = readFileSync(`/proc/${made.pid()}/cmdline`, 'utf8').split('\0').slice(0, -1);
  const pgdata = join(made.place, 'pgdata');
  const { uid, gid } = await stat(pgdata);
  const { urls, place } = made;
  const maintenance = made.url('waarborg');
  await made.stop();
  const user = process.getuid() === 0 ? { uid, gid } : {};
  let server;
  let ended;
  startedHere.add(() => {
    if (server?.exitCode === null && server.signalCode === null) signal(server.pid, 'SIGQUIT');
  });
  const start = async () => {
    for (;;) {
      const own = spawn(program, args, { ...user, cwd: '/', stdio: 'ignore' });
      server = own;
      ended = new Promise((resolve) => own.once('exit', resolve));
      for (;;) {
        // Parts of one that was killed may live on for a moment, and keep the next one from its place.
        if (own.exitCode !== null || own.signalCode !== null) break;
        const client = new pg.Client({ connectionString: maintenance });
        client.on('error', () => undefined);
        const there = await client.connect().then(
          () => true,
          () => false,
        );
        await client.end().catch(() => undefined);
        if (there) return;
        await delay(50);
      }
      await delay(100);
    }
  };
  await start();
  return {
    urls,
    place,
    maintenance,
    start,
    async kill() {
      for (const pid of family(server.pid)) signal(pid, 'SIGKILL');
      await ended;
    },
    freeze() {
      const pids = family(server.pid);
      for (const pid of pids) signal(pid, 'SIGSTOP');
      return () => pids.forEach((pid) => signal(pid, 'SIGCONT'));
    },
    async stop() {
      server.kill('SIGINT');
      await ended;
    },
  };
}

/** The double as a process, always on the same port and data. */
async function eventStore(folder) {
  const [port] = await freePorts(1);
  let child;
  let ended;
  const start = async () => {
    child = fork(
      here('../../../libs/testing/eventstoredb-double/run.mjs'),
      ['--port', String(port), '--data', join(folder, 'double.log'), '--sync'],
      { execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
    );
    ended = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve, reject) => {
      child.stdout.on('data', (data) => String(data).includes('listening') && resolve());
      child.once('exit', (code) => reject(new Error(`the double ended with ${code}`)));
    });
  };
  await start();
  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    start,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    freeze: () => {
      child.kill('SIGSTOP');
      return () => child.kill('SIGCONT');
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A whole installation with a proxy between every two of its processes. */
export async function world({ on, say, deliveries }) {
  const folder = await mkdtemp(join(tmpdir(), 'waarborg-chaos-'));
  await chmod(folder, 0o711);
  const closing = [];
  const unasked = [];
  const wires = await network();
  closing.push(() => wires.close());
  const { proxies } = wires;
  const proxied = async (name, url) => {
    const port = String(await wires.proxy(name, url));
    return Object.assign(new URL(url), { hostname: '127.0.0.1', port }).href;
  };
  const close = async () => {
    for (const proxy of proxies.values()) proxy.heal();
    for (const end of closing.reverse()) await inTime(end).catch((error) => say(`while closing: ${error}`));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const database = await postgres(join(folder, 'data'));
    closing.push(async () => {
      await database.stop();
      await rm(database.place, { recursive: true, force: true });
    });
    say('PostgreSQL is there');
    let store;
    if (on === 'cluster-esdb') {
      store = await eventStore(folder);
      closing.push(() => store.stop());
    }
    const environment = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^(WAARBORG_|JEST_|NODE_OPTIONS$|NODE_ENV$|KAFKA_|EVENTSTORE_)/.test(name),
      ),
    );
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];

    /** Addresses of the databases as one service reaches them, each by a network of its own. */
    const networkOf = async (name) => {
      const urls = database.urls;
      const through = await proxied(`${name} to PostgreSQL`, urls.register);
      const { port } = new URL(through);
      const moved = (url) => Object.assign(new URL(url), { hostname: '127.0.0.1', port }).href;
      return {
        DATABASE_URL: moved(urls.register),
        DATABASE_OWNER_URL: moved(urls.registerOwner),
        KEYSTORE_URL: moved(urls.keyStore),
        ...(store === undefined ? {} : { EVENTSTORE_URL: await proxied(`${name} to the event store`, store.url) }),
      };
    };

    const isSuite = on === 'suite';
    const names = isSuite ? ['suite'] : APPS.flatMap((app) => [`${app}-1`, `${app}-2`]);
    const ports = await freePorts(names.length + 1);
    const [gatewayPort] = ports.splice(-1);
    const services = new Map();
    const begin = async (name, app, port, more, env) => {
      const url = `http://127.0.0.1:${port}`;
      const one = service({
        name,
        path: programOf(app),
        args: [
          '--port',
          String(port),
          '--host',
          '127.0.0.1',
          '--data-dir',
          join(folder, 'data'),
          '--log-level',
          'error',
          ...more,
        ],
        env,
        ready: async ({ ended }) => {
          let gone = false;
          void ended.then(() => (gone = true));
          await untilHolds(`${name} is ready`, async () => gone || (await isReady(url)), READY_WITHIN, READY_EVERY);
        },
        onEnd: (line) => {
          unasked.push(line);
          say(`  ${line}`);
        },
      });
      services.set(name, one);
      closing.push(() => one.stop());
      await one.start();
    };
    const upstreams = [];
    const base = `http://127.0.0.1:${gatewayPort}`;
    for (const [index, name] of isSuite ? [] : names.entries()) {
      const [app] = name.split('-');
      const through = await proxied(`gateway to ${name}`, `http://127.0.0.1:${ports[index]}`);
      upstreams.push(`${app}=${through.replace(/\/$/, '')}`);
    }
    const told = await receiver(deliveries);
    closing.push(() => told.close());
    const hook = `${await proxied(TO_RECEIVER, told.url)}hook`;
    let kafka;
    let toKafka;
    let brokers;
    if (!isSuite) {
      // A way of its own for whoever reads or writes there: the broker tells its clients where to go on.
      const ways = new Map();
      const users = ['relays', ...names.filter((name) => name.startsWith(REACTS))];
      const held = await heldPorts(users.length);
      for (const [index, listen] of held.ports.entries()) {
        const advertise = await wires.proxy(`${users[index]} to Kafka`, `tcp://127.0.0.1:${listen}`);
        ways.set(users[index], { name: `WAY${index}`, protocol: 'PLAINTEXT', port: listen, advertise });
      }
      await held.release();
      toKafka = (name) => `127.0.0.1:${ways.get(name).advertise}`;
      const jars = await kafkaJars(here('../../../deploy/kafka/pom.xml'), say);
      brokers = startEmbeddedKafka({ dataDir: join(folder, 'kafka'), jars, listeners: [...ways.values()], log: say });
    }
    const common = {
      ...{ PUBLIC_BASE_URL: base, DECISION_LEASE_MS: String(LEASE) },
      ...{ WEBHOOK_ALLOW: '127.0.0.1', WEBHOOK_HTTP: 'allowed' },
    };
    /** The run's own relays do what `archive` does otherwise: they can be stopped with a batch in hand. */
    const environmentOf = async (name) => ({
      ...common,
      ...(await networkOf(name)),
      ...(isSuite || !name.startsWith(REACTS)
        ? {}
        : { KAFKA_BROKERS: toKafka(name), KAFKA_PARTITIONS: String(PARTITIONS), KAFKA_REPLICATION: '1' }),
    });
    // The first one makes keys and schema; the others come all at once.
    const beginApp = async (name) =>
      begin(name, name.split('-')[0], ports[names.indexOf(name)], [], await environmentOf(name));
    const first = beginApp(names[0]);
    if (brokers !== undefined) {
      // Whatever becomes of the app: this one is to be ended.
      await Promise.allSettled([first, brokers]);
      kafka = await brokers;
      closing.push(() => kafka.stop());
      say('Kafka is there');
    }
    await first;
    const relays = [];
    let onHold = () => undefined;
    const beginRelay = async (name) => {
      const relay = service({
        name,
        path: here('relay.mjs'),
        env: {
          ...(await networkOf(name)),
          ...{ BROKERS: toKafka('relays'), TOPICS: TOPICS.join(','), PARTITIONS: String(PARTITIONS), NAME: name },
          RELAY_LEASE: String(RELAY_LEASE),
        },
        ready: ({ own, ended }) =>
          Promise.race([ended, new Promise((resolve) => own.once('message', resolve)), delay(READY_WITHIN)]),
        onMessage: (message) => {
          if (message === 'holding') onHold(relay);
        },
        onEnd: (line) => {
          unasked.push(line);
          say(`  ${line}`);
        },
      });
      relays.push(relay);
      services.set(name, relay);
      closing.push(() => relay.stop());
      await relay.start();
    };
    await Promise.all([
      ...names.slice(1).map(beginApp),
      ...(isSuite ? [] : ['relay-1', 'relay-2'].map(beginRelay)),
      ...(isSuite
        ? []
        : [begin('gateway', 'gateway', gatewayPort, ['--upstreams', upstreams.join(',')], { PUBLIC_BASE_URL: base })]),
    ]);
    const url = (await proxied('client', isSuite ? `http://127.0.0.1:${ports[0]}` : base)).replace(/\/$/, '');
    // Not struck as the others are: who uses it wants to say himself when it is gone.
    const careless = await tcpProxy(isSuite ? `http://127.0.0.1:${ports[0]}` : base);
    closing.push(() => careless.close());
    say(isSuite ? 'the suite is ready' : `${names.length} apps are ready behind their gateway, and two relays`);

    const keys = await fileKeyProvider(join(folder, 'data', 'keys'));
    const issuer = localIssuer(
      await signingKey(keys, 'token'),
      readConfiguration(['--data-dir', join(folder, 'data')], { PUBLIC_BASE_URL: base }),
    );
    const tokens = {};
    const renew = async () => {
      tokens.supplier = await issuer.issue({ role: 'supplier', client: 'chaos', clerk: 'clerk-17' });
      tokens.network = await issuer.issue({ role: 'network', client: 'chaos-network' });
      tokens.governance = await issuer.issue({ role: 'governance', client: 'chaos-governance' });
    };
    await renew();
    // Questions go to those who answer them as well: nobody in between picks one that is well.
    const asked = [{ url, underWay: isSuite ? 16 : 4 }];
    for (const [index, name] of names.entries()) {
      if (!name.startsWith('assurance')) continue;
      const through = await proxied(`asker to ${name}`, `http://127.0.0.1:${ports[index]}`);
      asked.push({ url: through.replace(/\/$/, ''), underWay: 8 });
    }
    const renewing = setInterval(() => void renew(), TOKEN_LASTS);
    closing.push(async () => clearInterval(renewing));

    return {
      ...{ on, url, services, relays, proxies, database, store, kafka, unasked, tokens, close, apps: names },
      ...{ told, hook, asked },
      careless: { url: careless.through(base), proxy: careless },
      /** Lets the relay that sends next stop behind what the brokers have; resolves with it, or `undefined` when none did. */
      async holdRelay(within) {
        const holding = new Promise((resolve) => (onHold = resolve));
        for (const relay of relays) relay.tell('hold');
        const held = await Promise.race([holding, delay(within)]);
        for (const relay of relays) if (relay !== held) relay.tell('release');
        return held;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
