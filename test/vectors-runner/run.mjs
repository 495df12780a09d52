// Puts every acceptance vector to a running server: npm run vectors [-- URL]. Without URL it starts a suite of its own in
// a folder that it throws away. A server elsewhere wants a token of its own issuer in TOKEN.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FILES, outcomeOf, vectorsOf } from './vectors.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Milliseconds that a suite may take to answer for the first time. */
const PATIENCE = 120_000;
const AT_ONCE = 8;
const SHOWN = 20;

const [url] = process.argv.slice(2);
const server = url === undefined ? await startSuite() : { url: url.replace(/\/+$/, ''), stop: async () => undefined };
try {
  const token = process.env.TOKEN ?? (await localToken(server.dataDir));
  const { passed, failed } = await run(server.url, token);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await server.stop();
}

async function run(base, token) {
  let passed = 0;
  let failed = 0;
  for (const name of FILES) {
    const vectors = vectorsOf(name);
    const faults = [];
    let next = 0;
    const worker = async () => {
      for (let vector = vectors[next++]; vector !== undefined; vector = vectors[next++]) {
        const fault = outcomeOf(vector, await ask(`${base}/v1/classifications/${name}`, vector.request, token));
        if (fault !== undefined) faults.push(`  ${vector.id}: ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    console.log(`${name}: ${vectors.length - faults.length} of ${vectors.length}`);
    for (const fault of faults.slice(0, SHOWN)) console.log(fault);
    if (faults.length > SHOWN) console.log(`  and ${faults.length - SHOWN} more`);
    passed += vectors.length - faults.length;
    failed += faults.length;
  }
  return { passed, failed };
}

async function ask(address, request, token) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    // What is no JSON has none of the members that are expected, and is reported so.
  }
  return { status: response.status, type: response.headers.get('content-type') ?? '', body };
}

async function startSuite() {
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
async function localToken(dataDir) {
  const args = [join(root, 'deploy/local/token.mjs'), '--role', 'operations'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    dataDir === undefined ? args : [...args, '--data-dir', dataDir],
    { cwd: root },
  );
  return stdout.trim().split('\n').at(-1);
}
