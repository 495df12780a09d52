import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** Longest that a client waits for one answer, in milliseconds: more than a gateway gives an app for a command. */
const TIMEOUT = 40_000;
const PAUSE = 100;

/** A refusal that no asking again mends: the run itself is wrong. */
export class Refused extends Error {}

/** A client of the API that keeps asking until it knows. `token` is asked for at each request: they end after an hour. */
export function client(base, token) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const { hostname, port } = new URL(base);

  /** One request: status, headers, body; rejects where no answer came. */
  const send = (method, path, body, headers = {}, timeout = TIMEOUT) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          ...{ hostname, port, path, method, agent, timeout },
          headers: {
            authorization: `Bearer ${token()}`,
            ...(text === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
            ...headers,
          },
        },
        (answer) => {
          let got = '';
          answer.setEncoding('utf8');
          answer.on('data', (piece) => (got += piece));
          answer.on('error', reject);
          answer.on('end', () => {
            try {
              resolve({ status: answer.statusCode, headers: answer.headers, body: got === '' ? {} : JSON.parse(got) });
            } catch (error) {
              reject(error);
            }
          });
        },
      );
      // Socket and request: a machine that is gone says nothing at all.
      sent.on('timeout', () => sent.destroy(new Error('no answer')));
      sent.on('error', reject);
      sent.end(text);
    });
  };

  return {
    send,
    /** A command, sent under its key until its outcome is certain; `stopped` ends the asking, with `undefined`. */
    async command(path, body, key, stopped = () => false) {
      for (let tries = 1; ; tries += 1) {
        const answer = await send('POST', path, body, { 'idempotency-key': key }).catch(() => undefined);
        if (answer !== undefined && (answer.status === 201 || answer.status === 200)) return { ...answer, tries };
        const { status } = answer ?? {};
        if (answer !== undefined && status !== 202 && status < 500 && status !== 429 && status !== 409) {
          throw new Refused(`${path}: ${status} ${JSON.stringify(answer.body)}`);
        }
        if (status === 409 && tries > 50) throw new Refused(`${path}: ${status} ${JSON.stringify(answer.body)}`);
        if (stopped()) return undefined;
        await delay(PAUSE);
      }
    },
    close: () => agent.destroy(),
  };
}
