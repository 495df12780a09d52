// A suite of our own for programs that want a running one: built, on a free port, its data thrown away at the end.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Milliseconds that a suite may take to answer for the first time. */
const PATIENCE = 120_000;

/** Starts the built suite in a folder of its own that goes with it. */
export async function startSuite() {
  const dataDir = await mkdtemp(join(tmpdir(), 'waarborg-vectors-'));
  const args = [join(root, 'dist/apps/suite/main.js'), '--port', '0', '--data-dir', dataDir, '--log-level', 'warn'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    return { url: await addressOf(child, ended), dataDir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address that the suite says it answers at. */
function addressOf(child, ended) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The suite did not say where it answers.')), PATIENCE);
    const settle = (settled) => (value) => {
      clearTimeout(timer);
      settled(value);
    };
    void ended.then(settle(() => reject(new Error('The suite ended before it answered.'))));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = / answers at (http\S+)/.exec(line)?.[1];
      if (address !== undefined) settle(resolve)(address.replace('[::1]', '127.0.0.1'));
    });
  });
}

/** A token of the local issuer whose keys lie in the data directory; of the default one when it is not named. */
export async function localToken(dataDir) {
  const args = [join(root, 'deploy/local/token.mjs'), '--role', 'operations'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    dataDir === undefined ? args : [...args, '--data-dir', dataDir],
    { cwd: root },
  );
  return stdout.trim().split('\n').at(-1);
}
