import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { APPS, type App } from '#apps/gateway';
import { readConfiguration } from '#libs/configuration';
import { localIssuer, type LocalIssuer } from '#libs/platform';
import { fileKeyProvider, signingKey, verificationKeys } from '#libs/vault';
import { until } from './until.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const programOf = (app: string): string => join(root, 'dist', 'apps', app, 'main.js');

/** Why apps can't be started as processes here; `undefined` when they can. */
export const noProcesses = (): string | undefined =>
  existsSync(programOf('gateway')) ? undefined : 'dist is absent; run npm run build';

/** What is not ready by then hangs, in milliseconds: eleven processes start at once on a machine that may be busy. */
export const READY_WITHIN = 240_000;

/** An app, or the gateway, as a process of its own. */
export interface AppProcess {
  readonly app: App | 'gateway';
  readonly url: string;
  readonly pid: number | undefined;
  readonly output: () => string;
  readonly exited: Promise<number | string>;
  /** SIGSTOP: it does nothing any more, and nobody is told. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  /** In good order. */
  stop(): Promise<void>;
  /** The same again, at the same address. */
  again(): Promise<AppProcess>;
}

export interface Processes {
  /** Of the gateway. */
  readonly url: string;
  readonly gateway: AppProcess;
  readonly apps: readonly AppProcess[];
  readonly issuer: LocalIssuer;
  /** Starts one more instance, of which the gateway knows nothing. */
  beside(
    app: App,
    more: { readonly args?: readonly string[]; readonly env?: ProcessOptions['env'] },
  ): Promise<AppProcess>;
  /** What all of them said. */
  output(): string;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly dataDir: string;
  /** Addresses of the databases and other settings, as variables of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Of each app, or of those that are named; one of every other. */
  readonly instances?: number | Partial<Readonly<Record<App, number>>>;
  /** Options of every app and the gateway. */
  readonly args?: readonly string[];
  /** Told every line that one of them says. */
  readonly said?: (line: string) => void;
}

/** Starts every app in processes of its own behind a gateway, all at once, and waits until they are ready. */
export async function startProcesses(options: ProcessOptions): Promise<Processes> {
  const { dataDir, env, instances = 1, args = [], said = () => undefined } = options;
  const count = (app: App): number => (typeof instances === 'number' ? instances : (instances[app] ?? 1));
  const names = APPS.flatMap((app) => Array.from({ length: count(app) }, () => app));
  const [port, ...ports] = (await freePorts(names.length + 1)) as [number, ...number[]];
  const url = `http://127.0.0.1:${port}`;
  /** Every process that was ever started. */
  const started: AppProcess[] = [];
  const begin = (
    app: App | 'gateway',
    at: number,
    own: readonly string[],
    other: ProcessOptions['env'] = {},
  ): AppProcess => {
    const common = ['--port', String(at), '--data-dir', dataDir];
    return startProcess(
      app,
      at,
      [...common, ...own],
      { PUBLIC_BASE_URL: url, ...env, ...other },
      {
        said,
        began: (one) => void started.push(one),
      },
    );
  };
  const apps = names.map((app, index) => begin(app, ports[index]!, args));
  const upstreams = names.map((app, index) => `${app}=http://127.0.0.1:${ports[index]!}`).join(',');
  const gateway = begin('gateway', port, [
    '--upstreams',
    upstreams,
    ...args,
    ...(args.includes('--log-level') ? [] : ['--log-level', 'warn']),
  ]);
  // The gateway last: one of the others that has ended keeps it from being ready, and can say why.
  const everybody = [...apps, gateway];
  const stop = async (): Promise<void> => {
    for (const one of started) one.thaw();
    await gateway.stop();
    await Promise.all(started.map((one) => one.stop()));
  };
  try {
    await untilReady(everybody);
  } catch (error) {
    await stop();
    throw error;
  }
  const keys = await fileKeyProvider(join(dataDir, 'keys'));
  const configuration = readConfiguration(['--data-dir', dataDir, '--public-base-url', url], {});
  const issuer = localIssuer(
    { signing: () => signingKey(keys, 'token'), verification: () => verificationKeys(keys, 'token') },
    configuration,
  );
  return {
    ...{ url, gateway, apps, issuer, stop },
    async beside(app, { args: own = args, env: other = {} }) {
      const [at] = await freePorts(1);
      const one = begin(app, at!, own, other);
      await untilReady([one]);
      return one;
    },
    output: () => started.map(({ output }) => output()).join(''),
  };
}

async function untilReady(processes: readonly AppProcess[]): Promise<void> {
  for (const { app, url, exited, output } of processes) {
    let gone = false;
    void exited.then(() => (gone = true));
    await until(
      `${app} is ready`,
      async () => {
        const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
        return gone || answer?.status === 200;
      },
      READY_WITHIN,
    );
    if (gone) throw new Error(`${app} ended while starting:\n${output()}`);
  }
}

function startProcess(
  app: App | 'gateway',
  port: number,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  told: { readonly said: (line: string) => void; readonly began: (one: AppProcess) => void },
): AppProcess {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(WAARBORG_|JEST_|NODE_OPTIONS$|NODE_ENV$)/.test(name),
  );
  const child: ChildProcess = spawn(process.execPath, [programOf(app), ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    // The channel ends it when this process has gone.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      output += `${line}\n`;
      told.said(line);
    });
  }
  const exited = new Promise<number | string>((answer) =>
    child.once('exit', (status, signal) => answer(status ?? signal ?? 'gone')),
  );
  const url = `http://127.0.0.1:${port}`;
  const one: AppProcess = {
    ...{ app, url, exited, pid: child.pid, output: () => output },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
    async again() {
      const next = startProcess(app, port, args, env, told);
      await untilReady([next]);
      return next;
    },
  };
  told.began(one);
  return one;
}

/** Ports that nobody listened on just now, all different. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Server>((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
