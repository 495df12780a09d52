import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The project's folder. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What `npm start` and the image give to Node (docs/adr/0159); programs beside ours get the same. */
export const NODE_FLAGS = ['--max-semi-space-size=64'];

/** Built programs of ours, each on data of its own, until `close`. */
export async function programs() {
  const folder = await mkdtemp(join(tmpdir(), 'waarborg-bench-programs-'));
  // Open to the server's user, or its files would be put elsewhere when root runs this.
  await chmod(folder, 0o711);
  const running = [];
  return {
    /**
     * Starts `suite/main` or `suite/cluster/main` as built in the folder `of`, on `data` where that is given; resolves once
     * it answers, with its address, a client, and what ends it. `first`: modules that are loaded before it; `answering` is
     * waited for with its address, before tokens are made for the client.
     */
    async start(path, { of = root, data = join(folder, randomUUID()), first = [], answering = async () => {} } = {}) {
      const built = (program) => join(of, 'dist', 'apps', `${program}.js`);
      const args = ['--port', '0', '--data-dir', data, '--log-level', 'error'];
      const environment = { ...process.env };
      for (const name of Object.keys(environment)) if (/^(OTEL|KAFKA|EVENTSTORE)_/.test(name)) delete environment[name];
      const before = first.flatMap((module) => ['--import', module]);
      const child = spawn(process.execPath, [...NODE_FLAGS, ...before, built(path), ...args], {
        env: environment,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      running.push(async () => {
        child.kill('SIGTERM');
        await ended;
      });
      const url = await new Promise((resolve, reject) => {
        let told = '';
        child.stdout.on('data', (chunk) => {
          told += chunk;
          const match = /Waarborg (?:suite|cluster) answers at (\S+)/.exec(told);
          if (match) resolve(match[1].replace('localhost', '127.0.0.1'));
        });
        void ended.then((status) => reject(new Error(`${path} ended with ${status}: ${told}`)));
      });
      await answering(url);
      const token = async (role) => {
        const tool = [built('suite/token'), '--role', role, '--data-dir', data];
        return (await promisify(execFile)(process.execPath, tool)).stdout.trim().split('\n').at(-1);
      };
      const tokens = { network: await token('network'), supplier: await token('supplier') };
      const agent = new Agent({ keepAlive: true, maxSockets: 64 });
      const end = async (signal) => {
        child.kill(signal);
        await ended;
        agent.destroy();
      };
      return {
        url,
        data,
        tokens,
        /** As one of the roles that there are tokens for. */
        ask: async (role, path, body) => post(`${url}${path}`, agent, (tokens[role] ??= await token(role)), body),
        kill: () => end('SIGKILL'),
        stop: () => end('SIGTERM'),
      };
    },
    async close() {
      for (const stop of running) await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const question = {
  subject: { type: 'means', id: '00000000-0000-4000-8000-000000000000' },
  action: {
    name: 'represent',
    properties: { service: 'urn:etoegang:DV:00000099800000001000:services:1', level: 'EH3' },
  },
  resource: { type: 'organization', id: 'kvk:69599068' },
};

/** A decision at use, about a means that nobody has. */
export async function decide(at) {
  const { status, text } = await at.ask('network', '/access/v1/evaluation', question);
  if (status !== 200 || !text.includes('"unknown-means"')) throw new Error(`${status}: ${text}`);
}

/** A command with one append; the id of what it made. */
export async function apply(at) {
  const application = { channel: 'electronic', receivedAt: new Date().toISOString(), purposes: ['means'] };
  const { status, text } = await at.ask('supplier', '/v1/applications', application);
  if (status !== 201) throw new Error(`${status}: ${text}`);
  return JSON.parse(text).id;
}

/** A body sent, or with none a `GET`; the answer's status and text. */
function post(url, agent, token, body) {
  const text = body === undefined ? '' : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        ...{ method: body === undefined ? 'GET' : 'POST', agent },
        headers: {
          Authorization: `Bearer ${token}`,
          ...(body === undefined
            ? {}
            : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
          ...(body === undefined ? {} : { 'Idempotency-Key': randomUUID() }),
        },
      },
      (answer) => {
        let got = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece) => (got += piece));
        answer.on('end', () => resolve({ status: answer.statusCode, text: got }));
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

/** Closed loop: so many callers do it one after the other, until the time is over. */
export async function perSecond(callers, seconds, once) {
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  let done = 0;
  const caller = async () => {
    while (performance.now() < until) {
      await once();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return done / ((performance.now() - begun) / 1_000);
}
