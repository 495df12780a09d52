import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { signal, startedHere } from './service.mjs';

/** Proxies by name, kept by a process of their own. What is said to one happens in the order in which it was said. */
export async function network() {
  const child = fork(fileURLToPath(new URL('network-process.mjs', import.meta.url)), {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  startedHere.add(() => signal(child.pid, 'SIGKILL'));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const waiting = new Map();
  child.on('message', ({ made, port }) => waiting.get(made)?.(port));
  const begun = new Promise((resolve) => waiting.set('process', resolve));
  await Promise.race([begun, ended.then(() => Promise.reject(new Error('the proxies could not be started')))]);
  const proxies = new Map();
  return {
    proxies,
    /** A proxy of this name in front of the address; resolves with its own port. */
    async proxy(name, target) {
      const port = await new Promise((resolve) => {
        waiting.set(name, resolve);
        child.send({ made: name, name, target });
      });
      const does = (what) => (toxics) => void (child.connected && child.send({ name, does: what, toxics }));
      proxies.set(name, { poison: does('poison'), heal: does('heal'), reset: does('reset'), cut: does('cut') });
      return port;
    },
    async close() {
      child.disconnect();
      await ended;
    },
  };
}
