import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Faults } from './faults.js';
import type { DoubleOptions, EventStoreDbDouble } from './server.js';

export type { Faults } from './faults.js';
export type { DoubleOptions, EventStoreDbDouble, Member } from './server.js';

/** A double in this process. Loaded when it is wanted: what it is made of is large. */
export async function eventStoreDbDouble(options: DoubleOptions = {}): Promise<EventStoreDbDouble> {
  const { startEventStoreDbDouble } = await import('./server.js');
  return startEventStoreDbDouble(options);
}

/** What can be done to a double in a process of its own. */
export interface EventStoreDbProcess {
  readonly port: number;
  /** Connection string, of either client. */
  url(scheme?: 'esdb' | 'kurrentdb'): string;
  setFaults(faults: Partial<Faults>): Promise<void>;
  putBack(position: bigint): Promise<void>;
  writeSystemEvents(count: number): Promise<void>;
  dropSubscriptions(): Promise<void>;
  /** As a machine that is switched off. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** What is told to a double in another process; it answers each with the same number. */
export type Order = { readonly nr: number } & (
  | { readonly order: 'faults'; readonly faults: Partial<Faults> }
  | { readonly order: 'put-back'; readonly position: string }
  | { readonly order: 'system-events'; readonly count: number }
  | { readonly order: 'drop-subscriptions' }
);

/**
 * A double in a process of its own: it can be killed, and the messages of either client can be loaded beside it, which in
 * one process take each other's names.
 */
export async function eventStoreDbProcess(
  options: { readonly port?: number; readonly data?: string; readonly sync?: boolean } = {},
): Promise<EventStoreDbProcess> {
  const args = [
    ...(options.port === undefined ? [] : ['--port', String(options.port)]),
    ...(options.data === undefined ? [] : ['--data', options.data]),
    ...(options.sync === true ? ['--sync'] : []),
  ];
  const child = fork(fileURLToPath(new URL('run.mjs', import.meta.url)), args, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: [],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout!.on('data', (data: Buffer) => {
      const found = /listening on (\d+)/.exec(data.toString())?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.once('exit', (code) => reject(new Error(`the double ended with ${code} before it answered`)));
  });
  let orders = 0;
  const tell = (
    order: Order extends infer One ? (One extends Order ? Omit<One, 'nr'> : never) : never,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const nr = (orders += 1);
      const done = (answer: unknown): void => {
        if (answer !== nr) return;
        child.off('message', done);
        resolve();
      };
      child.on('message', done);
      child.once('exit', () => reject(new Error('the double has ended')));
      child.send({ ...order, nr });
    });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return {
    port,
    url: (scheme = 'esdb') => `${scheme}://127.0.0.1:${port}?tls=false`,
    setFaults: (faults) => tell({ order: 'faults', faults }),
    putBack: (position) => tell({ order: 'put-back', position: String(position) }),
    writeSystemEvents: (count) => tell({ order: 'system-events', count }),
    dropSubscriptions: () => tell({ order: 'drop-subscriptions' }),
    kill: () => end('SIGKILL'),
    close: () => end('SIGTERM'),
  };
}
