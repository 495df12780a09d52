import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Ends of what this process started, where it ends before them. */
export const startedHere = new Set();
process.on('exit', () => startedHere.forEach((end) => end()));

/**
 * A process that is killed and stopped at will, and started again by whoever did so, or by itself when it ended unasked.
 * `ready` says when it has begun; what it last said is kept for who wants to know why it ended.
 */
export function service({ name, path, args = [], env, ready, onMessage = () => undefined, onEnd }) {
  let child;
  let ended = Promise.resolve();
  let stopping = false;
  let killing = false;
  let tail = [];
  startedHere.add(() => {
    if (child?.exitCode === null && child.signalCode === null) signal(child.pid, 'SIGKILL');
  });

  const start = async () => {
    const own = fork(path, args, {
      env: { ...process.env, ...env },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child = own;
    tail = [];
    for (const stream of [own.stdout, own.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        tail = [...tail, ...text.split('\n').filter((line) => line !== '')].slice(-12);
      });
    }
    own.on('message', onMessage);
    ended = new Promise((resolve) => own.once('exit', (status, signal) => resolve(signal ?? status)));
    void ended.then(async (how) => {
      if (stopping || killing || child !== own) return;
      onEnd(
        `${name} ended unasked (${how}): ${tail
          .filter((line) => !/^\s+at /.test(line))
          .slice(-5)
          .join(' | ')}`,
      );
      await delay(300);
      if (!stopping && !killing) await start().catch((error) => onEnd(`${name}: ${error.message}`));
    });
    await ready({ own, ended });
  };

  return {
    name,
    start,
    tail: () => tail,
    tell: (message) => child.connected && child.send(message),
    async kill() {
      killing = true;
      child.kill('SIGKILL');
      await ended;
    },
    /** Starts what was killed; not waited for: others go on meanwhile. */
    async again() {
      killing = false;
      await start();
    },
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    async stop() {
      stopping = true;
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Every process below this one and itself, whoever runs it. Linux: from /proc. */
export function family(pid) {
  const found = [pid];
  for (let index = 0; index < found.length; index += 1) {
    try {
      const below = readFileSync(`/proc/${found[index]}/task/${found[index]}/children`, 'utf8');
      found.push(...below.trim().split(/\s+/).filter(Boolean).map(Number));
    } catch {
      // It has ended.
    }
  }
  return found;
}

/** Sends a signal to what may have ended. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has.
  }
}
