import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './setup.mjs';

/** Runs an installed tool with our terminal; answers its exit status. */
export function runTool(path, arguments_, { nodeArguments = [], env = {} } = {}) {
  const script = join(root, 'node_modules', path);
  const child = spawn(process.execPath, [...nodeArguments, script, ...arguments_], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  // Ctrl-C reaches the tool by itself; a signal sent to us alone is passed on.
  const passOn = (signal) => child.kill(signal);
  const wait = () => undefined;
  process.on('SIGTERM', passOn);
  process.on('SIGINT', wait);
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code, signal) => {
      process.off('SIGTERM', passOn);
      process.off('SIGINT', wait);
      resolve(signal === null ? (code ?? 1) : 130);
    });
  });
}
