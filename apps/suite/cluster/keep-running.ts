import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

export interface ServiceProgram {
  /** What its lines are marked with. */
  readonly name: string;
  /** A built program of ours. */
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where it answers once it is ready. */
  readonly url: string;
}

export interface Service {
  readonly name: string;
  readonly url: string;
  /** Of the process that runs now. */
  pid(): number | undefined;
  /** Resolves with the reason when it is not started again any more. */
  readonly givenUp: Promise<string>;
  /** Ends it in good order; one that does not end is killed. */
  stop(): Promise<void>;
}

/** More unasked ends than this within the window, and starting it again is no cure. */
const RESTARTS = 5;
const WINDOW = 60_000;
const FIRST_PAUSE = 250;
/** Longest that a service may take to end once it is told to, in milliseconds: requests under way are finished first. */
const TO_END = 30_000;

/** As `npm start` and the image give them (docs/adr/0159). */
const NODE_FLAGS = ['--enable-source-maps', '--max-semi-space-size=64'];

/** Starts a service as a process of its own and starts it again, a few times, when it ends unasked. Says so, and what it says. */
export function keepRunning({ name, path, args, env, url }: ServiceProgram, say: (line: string) => void): Service {
  let child: ChildProcess | undefined;
  let ended: Promise<string> = Promise.resolve('not started');
  const stopping = new AbortController();
  let moments: number[] = [];
  let giveUp!: (reason: string) => void;
  const givenUp = new Promise<string>((resolve) => (giveUp = resolve));

  const start = (): void => {
    const process_ = spawn(process.execPath, [...NODE_FLAGS, path, ...args], {
      env: { ...process.env, ...env },
      // The channel tells it when we are gone, however that came.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Apart from the terminal: Ctrl-C is for us, who end everything in its order.
      detached: true,
    });
    child = process_;
    for (const stream of [process_.stdout!, process_.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        // What a process says of its start and its address is said here for all of them.
        if (!/^Waarborg \w+ (?:starts|answers)/.test(line)) say(`${name} | ${line}`);
      });
    }
    ended = new Promise((resolve) => {
      process_.once('error', (error) => resolve(error.message));
      process_.once('exit', (status, signal) => resolve(signal ?? `status ${status}`));
    });
  };

  const keep = async (): Promise<void> => {
    for (;;) {
      start();
      const reason = await ended;
      child = undefined;
      if (stopping.signal.aborted) return;
      const now = performance.now();
      moments = [...moments.filter((moment) => now - moment < WINDOW), now];
      if (moments.length > RESTARTS) {
        const why = `${name} ended ${moments.length} times within a minute (${reason}) and is not started again`;
        say(why);
        return giveUp(why);
      }
      say(`${name} ended unasked (${reason}): starting it again`);
      await delay(FIRST_PAUSE * 2 ** (moments.length - 1), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
      if (stopping.signal.aborted) return;
    }
  };
  const kept = keep();

  return {
    name,
    url,
    pid: () => child?.pid,
    givenUp,
    async stop() {
      stopping.abort();
      const late = setTimeout(() => {
        say(`${name} does not end: it is killed`);
        child?.kill('SIGKILL');
      }, TO_END);
      child?.kill('SIGTERM');
      await kept;
      clearTimeout(late);
    },
  };
}
