import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const programOf = (name: string, app = 'suite'): string => join(root, 'dist', 'apps', app, `${name}.js`);
const MAIN = programOf('main');
const TOKEN = programOf('token');

/** Why the built suite can't be started here; `undefined` when it can. */
export function obstacle(): string | undefined {
  if (!existsSync(MAIN)) return 'dist is absent; run npm run build';
  if (process.platform === 'win32') return 'processes are found with ps';
  return undefined;
}

/** What is not ready by then hangs, in milliseconds: a busy machine takes long to recover a killed server. */
export const READY_WITHIN = 180_000;

export interface SuiteProcess {
  readonly url: string;
  readonly output: () => string;
  readonly exited: Promise<number | string>;
  /** `kill -9` of the suite alone; its server is left behind. */
  killSuite(): Promise<void>;
  /** Lets the suite do nothing any more, without ending it. */
  freeze(): void;
  /** `kill -9` of every process of PostgreSQL below the suite, all at once; answers how many there were. */
  killPostgres(): number;
  stop(): Promise<void>;
}

/** A program that has ended: how, and what it said. */
export interface Ended {
  readonly status: number | string;
  readonly output: string;
}

interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | string>;
}

/** An installation's folder, on which suites are started one after the other. */
export interface Installation {
  readonly dataDir: string;
  /** The whole suite, or one of its apps alone. */
  start(app?: string): Promise<SuiteProcess>;
  /** Starts one that is expected to end by itself: beside a running one, or on a store it has to refuse. */
  startInVain(): Promise<Ended>;
  /** A person's decision to go on with a restored store; no suite may be running. */
  adopt(reason: string): Promise<Ended>;
  /** Writes a backup, beside a running suite or without one. */
  backUp(target: string): Promise<Ended>;
  /** Puts one back; no suite may be running. */
  restore(source: string): Promise<Ended>;
  token(role: string): string;
  /** Any other tool of the suite, by the name of its script; it is told which installation is meant. */
  tool(name: string, ...args: readonly string[]): Promise<Ended>;
  /** The same, killed as soon as it has said this. */
  killedTool(said: RegExp, name: string, ...args: readonly string[]): Promise<Ended>;
  remove(): Promise<void>;
}

/** `databases`: settings that name those of the caller, as they are at each start; absent: those of a server of its own. */
export async function installation(databases: Readonly<Record<string, string>> = {}): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waarborg-chaos-'));
  const args = ['--port', '0', '--data-dir', dataDir, '--log-level', 'error'];
  const environment = (): NodeJS.ProcessEnv => ({
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(WAARBORG_|JEST_|NODE_OPTIONS$|NODE_ENV$)/.test(name)),
    ),
    ...databases,
  });
  const run = (program: string = MAIN, more: readonly string[] = args): Program => {
    const child = spawn(process.execPath, [program, ...more], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const exited = new Promise<number | string>((answer) =>
      child.once('exit', (status, signal) => answer(status ?? signal ?? 'gone')),
    );
    return { child, output: () => output, exited };
  };
  const tool: Installation['tool'] = (name, ...more) => endOf(run(programOf(name), [...more, '--data-dir', dataDir]));
  const running = new Set<SuiteProcess>();

  return {
    dataDir,
    async start(app) {
      const began = performance.now();
      const { child, output, exited } = run(programOf('main', app));
      const url = await readyUrl(output, exited, began);
      const suite: SuiteProcess = {
        url,
        output,
        exited,
        async killSuite() {
          child.kill('SIGKILL');
          await exited;
          running.delete(suite);
        },
        freeze: () => void child.kill('SIGSTOP'),
        killPostgres() {
          const below = descendants(child.pid!);
          for (const pid of below) kill(pid);
          return below.length;
        },
        async stop() {
          child.kill('SIGTERM');
          await exited;
          running.delete(suite);
        },
      };
      running.add(suite);
      return suite;
    },
    startInVain: () => endOf(run()),
    adopt: (reason) => tool('adopt-restored-store', '--reason', reason),
    backUp: (target) => tool('backup', target),
    restore: (source) => tool('restore', source),
    tool,
    async killedTool(said, name, ...more) {
      const program = run(programOf(name), [...more, '--data-dir', dataDir]);
      const look = (): void => void (said.test(program.output()) && program.child.kill('SIGKILL'));
      for (const stream of [program.child.stdout!, program.child.stderr!]) stream.on('data', look);
      return endOf(program);
    },
    token: (role) =>
      execFileSync(process.execPath, [TOKEN, '--role', role, '--client', 'chaos', '--data-dir', dataDir], {
        encoding: 'utf8',
        env: environment(),
        stdio: ['ignore', 'pipe', 'ignore'],
      })
        .trim()
        .split('\n')
        .at(-1)!,
    async remove() {
      for (const suite of running) await suite.stop();
      const record = await readFile(join(dataDir, 'postgres.json'), 'utf8').catch(() => undefined);
      // Started by root the server's files lie outside the folder.
      if (record !== undefined) {
        const { place } = JSON.parse(record) as { place: string };
        await rm(resolve(dataDir, place), { recursive: true, force: true });
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Waits for a program's own end; one that goes on is stopped, and fails the test by how it ended. */
async function endOf({ child, output, exited }: Program): Promise<Ended> {
  const timer = setTimeout(() => child.kill('SIGTERM'), READY_WITHIN);
  const status = await exited;
  clearTimeout(timer);
  return { status, output: output() };
}

async function readyUrl(output: () => string, exited: Promise<unknown>, began: number): Promise<string> {
  let gone = false;
  void exited.then(() => (gone = true));
  for (;;) {
    const url = /answers at (\S+)/.exec(output())?.[1]?.replace('[::1]', '127.0.0.1');
    if (url !== undefined) {
      const response = await fetch(`${url}/health/ready`).catch(() => undefined);
      if (response?.status === 200) return url;
    }
    if (gone) throw new Error(`the suite ended while starting:\n${output()}`);
    if (performance.now() - began > READY_WITHIN) throw new Error(`not ready in ${READY_WITHIN} ms:\n${output()}`);
    await new Promise((answer) => setTimeout(answer, 20));
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had ended by itself.
  }
}

/** Processes below this one, whoever they run as. */
function descendants(of: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const line of execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number) as [number, number];
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  for (const waiting = [of]; waiting.length > 0;) {
    const below = children.get(waiting.shift()!) ?? [];
    found.push(...below);
    waiting.push(...below);
  }
  return found;
}
