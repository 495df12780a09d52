import autocannon from 'autocannon';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FILES, vectorsOf } from '../../vectors-runner/vectors.mjs';

const CONNECTIONS = 32;

/** The bare echo in a process of its own. */
export async function startEcho() {
  const path = fileURLToPath(new URL('echo.mjs', import.meta.url));
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const [url] = await Promise.race([
    new Promise((resolve) => createInterface({ input: child.stdout }).once('line', (line) => resolve([line]))),
    ended.then(() => Promise.reject(new Error('The echo ended before it listened.'))),
  ]);
  return {
    url,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** Requests a second with 32 connections, all valid requests of the vectors in turn. Every answer has to be a 200. */
export async function requestsPerSecond(base, name, token, seconds) {
  const requests = validRequests(name).map((request) => ({
    method: 'POST',
    path: `/v1/classifications/${name}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  }));
  const {
    non2xx,
    errors,
    requests: sent,
    duration,
  } = await autocannon({
    url: base,
    connections: CONNECTIONS,
    duration: seconds,
    requests,
  });
  if (non2xx + errors > 0) throw new Error(`${non2xx} answers of ${base} were no 200, ${errors} failed`);
  return sent.total / duration;
}

/** Requests of the vectors that are judged (the others are refused with 400). */
export const validRequests = (name) =>
  vectorsOf(name)
    .filter(({ status }) => status === undefined)
    .map(({ request }) => request);

export { FILES };
