import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedServerFault } from './fault.js';
import { isThere, makeFolder, readFileIfThere, writeFileWhole } from './files.js';
import { freePort, isPortFree } from './ports.js';
import { identityOf, isRunning, type ProcessIdentity } from './processes.js';

/** A broker of Apache Kafka on this machine: one node, in KRaft mode, reached over loopback. */
export interface EmbeddedKafka {
  /** Addresses for clients, `host:port`. */
  readonly brokers: readonly string[];
  /** Of the running process; `undefined` while there is none. */
  readonly pid: number | undefined;
  /** Ends it as a power cut would. What was acknowledged is there again after `start`. */
  kill(): Promise<void>;
  /** Starts it again, on the same data and addresses. */
  start(): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
}

export interface EmbeddedKafkaOptions {
  /** Folder of the broker's own; made where it is missing, and gone on with where it is not. */
  readonly dataDir: string;
  /** Folder with the jars (`kafkaJars`). */
  readonly jars: string;
  /** Ways in beside the first, which stays in plain text and without a login. */
  readonly listeners?: readonly KafkaListener[];
  /** Properties of the broker besides, by name. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Users that the cluster begins with, as `--add-scram` has them; for a folder that is new. */
  readonly scramUsers?: readonly string[];
  readonly log?: (line: string) => void;
}

/** A way in on loopback; its own properties are named `listener.name.<name, in small letters>.…`. */
export interface KafkaListener {
  readonly name: string;
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_SSL' | 'SASL_PLAINTEXT';
  readonly port: number;
  /** The port that clients are told, where a proxy stands between; absent: its own. */
  readonly advertise?: number;
  /** What clients are told; `localhost` where a certificate has that name. Absent: 127.0.0.1. */
  readonly host?: string;
}

/** Milliseconds without a new line in its log while it starts: then it hangs. */
const NO_PROGRESS = 60_000;
const SHUTDOWN = 30_000;
/** Node's ports, kept for later starts: the quorum of one remembers its own address. */
interface Ports {
  readonly client: number;
  readonly controller: number;
}

/** Why no broker can be started here; `undefined` where Java (17 or newer) and Maven are there. */
export function whyNoKafka(): string | undefined {
  const java = spawnSync(javaProgram(), ['-version'], { encoding: 'utf8' });
  if (java.error !== undefined || java.status !== 0) return 'Kafka needs Java 17, and there is no java';
  const version = Number(/version "(\d+)/.exec(java.stderr)?.[1] ?? 0);
  if (version < 17) return `Kafka needs Java 17, and this one is ${version}`;
  const maven = spawnSync('mvn', ['-version'], { encoding: 'utf8', shell: process.platform === 'win32' });
  return maven.error === undefined && maven.status === 0 ? undefined : 'Kafka comes with Maven, and there is no mvn';
}

const javaProgram = (): string =>
  process.env['JAVA_HOME'] === undefined ? 'java' : join(process.env['JAVA_HOME'], 'bin', 'java');

/**
 * The folder with Kafka's jars: beside the `pom.xml` that names them, brought there by Maven the first time and again
 * after that file has changed. Several processes may ask at once.
 */
export async function kafkaJars(pom: string, log: (line: string) => void = () => undefined): Promise<string> {
  const jars = join(dirname(resolve(pom)), 'jars');
  const wanted = await readFile(pom, 'utf8');
  if ((await readFileIfThere(join(jars, 'pom.xml'))) === wanted) return jars;
  log('Kafka is brought by Maven (46 files, 44 MB), once.');
  const draft = `${jars}.${randomBytes(6).toString('hex')}`;
  try {
    const parts = ['-q', '-B', '-ntp', '-f', resolve(pom), 'dependency:copy-dependencies', '-DincludeScope=runtime'];
    const [status, said] = await run('mvn', [...parts, `-DoutputDirectory=${draft}`], process.platform === 'win32');
    if (status !== 0) throw new EmbeddedServerFault(`Maven could not bring Kafka:\n${said.trim().slice(-2_000)}`);
    await writeFileWhole(join(draft, 'pom.xml'), wanted, 0o644);
    await rm(jars, { recursive: true, force: true });
    await rename(draft, jars).catch(async (error: unknown) => {
      // Of two that bring it at once one is quicker.
      if ((await readFileIfThere(join(jars, 'pom.xml'))) !== wanted) throw error;
    });
    return jars;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Starts a broker that ends with this process; one that a killed process left on the same data is ended first. */
export async function startEmbeddedKafka(options: EmbeddedKafkaOptions): Promise<EmbeddedKafka> {
  const dataDir = resolve(options.dataDir);
  await makeFolder(dataDir, 0o700);
  await endFormer(dataDir, options.log);
  const ports = await choosePorts(dataDir);
  const classPath = join(options.jars, '*');
  await writeFileWhole(propertiesFile(dataDir), properties(dataDir, ports, options), 0o600);
  await writeFileWhole(join(dataDir, 'log4j2.properties'), LOGGING, 0o600);
  await format(dataDir, classPath, options.scramUsers ?? []);
  let broker: Broker | undefined = await startBroker(dataDir, classPath);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = broker;
    broker = undefined;
    if (ending === undefined) return;
    ending.child.kill(signal);
    const late = pause(SHUTDOWN, 'late' as const, { ref: false });
    if ((await Promise.race([ending.ended, late])) === 'late') ending.child.kill('SIGKILL');
    await ending.ended;
  };
  return {
    brokers: [`127.0.0.1:${ports.client}`],
    get pid() {
      return broker?.child.pid;
    },
    kill: () => end('SIGKILL'),
    async start() {
      broker ??= await startBroker(dataDir, classPath);
    },
    stop: () => end('SIGTERM'),
  };
}

const propertiesFile = (dataDir: string): string => join(dataDir, 'server.properties');
const logFile = (dataDir: string): string => join(dataDir, 'kafka.log');
const processFile = (dataDir: string): string => join(dataDir, 'process.json');

/** What one node needs to be whole, and to be back soon after it was killed. */
function properties(
  dataDir: string,
  { client, controller }: Ports,
  { listeners = [], properties: more = {} }: EmbeddedKafkaOptions,
): string {
  const first = `PLAINTEXT://127.0.0.1:${client},CONTROLLER://127.0.0.1:${controller}`;
  const others = (portOf: (one: KafkaListener) => number): string =>
    listeners.map((one) => `,${one.name}://${one.host ?? '127.0.0.1'}:${portOf(one)}`).join('');
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
    listeners: `${first}${others(({ port }) => port)}`,
    'advertised.listeners': `${first}${others(({ port, advertise = port }) => advertise)}`,
    'listener.security.protocol.map': [
      ...['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT'],
      ...listeners.map(({ name, protocol }) => `${name}:${protocol}`),
    ].join(','),
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(dataDir, 'data').replaceAll('\\', '/'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    // After SIGKILL it is let in again once its old session is over: 9 s by default.
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '500',
    ...more,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

const LOGGING = `rootLogger.level = info
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %m (%c)%n
`;

async function choosePorts(dataDir: string): Promise<Ports> {
  const file = join(dataDir, 'ports.json');
  const text = await readFileIfThere(file);
  if (text === undefined) {
    const ports = { client: await freePort(), controller: await freePort() };
    await writeFileWhole(file, JSON.stringify(ports));
    return ports;
  }
  const ports = JSON.parse(text) as Ports;
  for (const port of [ports.client, ports.controller]) {
    if (!(await isPortFree(port))) {
      throw new EmbeddedServerFault(
        `Kafka in ${dataDir} has port ${port}, which another program has now: end that one.`,
      );
    }
  }
  return ports;
}

/** Gives the folder its cluster id; what an interrupted start left is finished. */
async function format(dataDir: string, classPath: string, scramUsers: readonly string[]): Promise<void> {
  const done = join(dataDir, 'formatted');
  if (await isThere(done)) return;
  // An id must not begin like an option.
  const id = `w${randomBytes(16).toString('base64url').slice(1, 22)}`;
  const [status, said] = await run(javaProgram(), [
    ...['-cp', classPath, `-Dlog4j2.configurationFile=${join(dataDir, 'log4j2.properties')}`],
    ...[
      'kafka.tools.StorageTool',
      'format',
      '-t',
      id,
      '-c',
      propertiesFile(dataDir),
      '--standalone',
      '--ignore-formatted',
      ...scramUsers.flatMap((user) => ['--add-scram', user]),
    ],
  ]);
  if (status !== 0) throw new EmbeddedServerFault(`Kafka could not prepare ${dataDir}:\n${said.trim().slice(-2_000)}`);
  await writeFileWhole(done, id);
}

interface Broker {
  readonly child: ChildProcess;
  readonly ended: Promise<string>;
}

/** Starts the process and waits until it takes requests. */
async function startBroker(dataDir: string, classPath: string): Promise<Broker> {
  const from = await sizeOf(logFile(dataDir));
  const out = openSync(logFile(dataDir), 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(
      javaProgram(),
      [
        ...['-Xmx512m', '-XX:+UseSerialGC', '-cp', classPath],
        `-Dlog4j2.configurationFile=${join(dataDir, 'log4j2.properties')}`,
        ...['kafka.Kafka', propertiesFile(dataDir)],
      ],
      // A Ctrl-C in the terminal must reach us only, who end what uses the broker first.
      { cwd: dataDir, stdio: ['ignore', out, out], detached: process.platform !== 'win32', windowsHide: true },
    );
  } finally {
    closeSync(out);
  }
  let over: string | undefined;
  const ended = new Promise<string>((settle) => {
    child.once('error', (error) => settle((over = error.message)));
    child.once('exit', (code, signal) => settle((over = signal ?? `status ${code}`)));
  });
  const endWithUs = (): void => void child.kill('SIGTERM');
  process.on('exit', endWithUs);
  void ended.then(() => process.off('exit', endWithUs));
  if (child.pid !== undefined) await writeFileWhole(processFile(dataDir), JSON.stringify(identityOf(child.pid)));
  let seen = from;
  for (let quietSince = performance.now(); ;) {
    const said = (await readFile(logFile(dataDir), 'utf8')).slice(from);
    if (over === undefined && said.includes('Kafka Server started')) return { child, ended };
    if (said.length !== seen) [seen, quietSince] = [said.length, performance.now()];
    const hangs = performance.now() - quietSince > NO_PROGRESS;
    if (hangs) child.kill('SIGKILL');
    if (over !== undefined || hangs) {
      throw new EmbeddedServerFault(
        `Kafka did not start (${over ?? 'it hangs'}). The end of ${logFile(dataDir)}:\n${said.trim().slice(-2_000)}`,
      );
    }
    await Promise.race([pause(25), ended]);
  }
}

/** A killed process can't end its broker: the next one to start on the same data does. */
async function endFormer(dataDir: string, log?: (line: string) => void): Promise<void> {
  const text = await readFileIfThere(processFile(dataDir));
  const former = text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity);
  if (former === undefined || !isRunning(former)) return;
  log?.(`Ends the Kafka that a killed run left on ${dataDir} (process ${former.pid}).`);
  for (const [signal, limit] of [
    ['SIGTERM', SHUTDOWN],
    ['SIGKILL', SHUTDOWN],
  ] as const) {
    process.kill(former.pid, signal);
    for (const since = performance.now(); performance.now() - since < limit; await pause(25)) {
      if (!isRunning(former)) return;
    }
  }
  throw new EmbeddedServerFault(`The Kafka process ${former.pid} could not be ended.`);
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Runs a program to its end; its status and all that it said. */
function run(program: string, arguments_: readonly string[], shell = false): Promise<readonly [number, string]> {
  return new Promise((settle) => {
    const child = spawn(program, arguments_, { stdio: ['ignore', 'pipe', 'pipe'], shell, windowsHide: true });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('error', (error) => settle([1, error.message]));
    child.once('close', (code) => settle([code ?? 1, said]));
  });
}
