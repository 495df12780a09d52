import { connect } from 'node:net';

const END_OF_HEAD = '\r\n\r\n';

/**
 * Closed loop over HTTP/1.1: so many connections send one request at a time until the time is over. Written for this alone,
 * since whoever loads takes turns at the same cores as the server: a client for everything costs about as much as the
 * decision that it asks for.
 *
 * `next(number)` gives the request as it goes over the wire. Each answer has to be a 2xx with a `Content-Length`; else it
 * rejects. Answers how many were answered, and how many that was in a second.
 */
export async function load({ url, connections, seconds, next }) {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  const until = began + seconds * 1_000;
  let sent = 0;
  let count = 0;
  const run = () =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      let rest;
      const ask = () => {
        if (performance.now() < until) socket.write(next(sent++));
        else socket.end(resolve);
      };
      socket.on('connect', ask);
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(`${url} closed a connection`)));
      socket.on('data', (chunk) => {
        rest = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
        const head = rest.indexOf(END_OF_HEAD);
        if (head < 0) return;
        const text = rest.latin1Slice(0, head);
        const length = /\r\ncontent-length: (\d+)/i.exec(text);
        if (!text.startsWith('HTTP/1.1 2') || length === null) {
          socket.destroy();
          reject(new Error(`${url} answered ${rest}`));
          return;
        }
        if (rest.length < head + END_OF_HEAD.length + Number(length[1])) return;
        rest = undefined;
        count += 1;
        ask();
      });
    });
  await Promise.all(Array.from({ length: connections }, run));
  return { count, perSecond: count / ((performance.now() - began) / 1_000) };
}

/** A `POST` of JSON as it goes over the wire. */
export function postOf({ url, path, headers, body }) {
  const lines = Object.entries({
    Host: new URL(url).host,
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}
