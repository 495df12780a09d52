import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './setup.mjs';

/** Milliseconds that a tool has to end in good order once its time is over. */
const TO_END = 30_000;

/** A tool that took longer than it may; everything that it had started has been ended. */
export const LATE = 'late';

/**
 * Runs an installed tool; answers its exit status, or `LATE` after so many minutes. What it says goes to our terminal, or bit
 * by bit to `said`.
 */
export async function runTool(path, arguments_, { nodeArguments = [], env = {}, minutes = Infinity, said } = {}) {
  const script = join(root, 'node_modules', path);
  const child = spawn(process.execPath, [...nodeArguments, script, ...arguments_], {
    cwd: root,
    stdio: said === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  child.stdout?.on('data', said);
  child.stderr?.on('data', said);
  // Ctrl-C reaches the tool by itself; a signal sent to us alone is passed on.
  const passOn = (signal) => child.kill(signal);
  const wait = () => undefined;
  process.on('SIGTERM', passOn);
  process.on('SIGINT', wait);
  const closed = new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code, signal) => resolve(signal === null ? (code ?? 1) : 130));
  });
  try {
    const status = await Promise.race([closed, over(minutes * 60_000)]);
    if (status === LATE) await endWithAll(child, closed);
    return status;
  } finally {
    process.off('SIGTERM', passOn);
    process.off('SIGINT', wait);
  }
}

const over = (milliseconds) =>
  new Promise((resolve) => {
    // Longer than a timer can be: never.
    if (milliseconds < 2 ** 31) setTimeout(() => resolve(LATE), milliseconds).unref();
  });

/** Ends a tool, and what is left of the processes below it. */
export async function endWithAll(child, closed) {
  const below = processesBelow(child.pid);
  child.kill('SIGTERM');
  await Promise.race([closed, over(TO_END)]);
  child.kill('SIGKILL');
  for (const pid of below) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It had ended by itself.
    }
  }
  await closed;
}

function processesBelow(pid) {
  if (process.platform === 'win32') return [];
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const parents = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found) for (const [own, of] of parents) if (of === parent) found.push(own);
  return found.slice(1);
}
