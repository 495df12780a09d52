import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  addCheckpoint,
  formatVerifierKey,
  isSupported,
  MAX_REQUEST_BYTES,
  type VerifierKey,
  type Witness,
  type WitnessAnswer,
} from '#libs/transparency-log';
import { FolderWitnessStore } from './folder-witness-store.js';
import { witnessIdentity } from './witness-identity.js';
import type { WitnessSettings } from './witness-settings.js';

export interface RunningWitness {
  readonly url: string;
  readonly key: VerifierKey;
  stop(): Promise<void>;
}

const TEXT = 'text/plain; charset=utf-8';
/** Who is slower than so many milliseconds with a request has none. */
const REQUEST_LIMIT = 10_000;

type Answer = Omit<WitnessAnswer, 'status'> & { readonly status: number; readonly cacheControl?: string };

/**
 * A witness (c2sp.org/tlog-witness): cosigns the checkpoints of the logs that it watches, each only where it goes on from the
 * one before, and shows the last one to everybody. `say` gets a line for each thing worth telling.
 *
 * - `POST /add-checkpoint`: 200, 400, 403, 404, 409 with its size, 422
 * - `GET /<hex SHA-256(origin)>/checkpoint`: what it has cosigned last; 404 where it has nothing
 * - `GET /vkey`: its key
 */
export async function startWitness(
  settings: WitnessSettings,
  say: (line: string) => void,
  now: () => number = Date.now,
): Promise<RunningWitness> {
  for (const { name, id } of uncheckable(settings)) {
    say(`not checked: signatures of ${name} (${id}): this Node can't verify that kind. Node 24.6 and later can.`);
  }
  const signer = await witnessIdentity(settings);
  const store = new FolderWitnessStore(join(settings.dir, 'logs'));
  const witness: Witness = {
    ...{ signers: [signer], store },
    keysOf: (origin) => settings.logs.get(origin),
    now: () => BigInt(Math.floor(now() / 1_000)),
  };

  async function answerTo(request: IncomingMessage): Promise<Answer> {
    const path = (request.url ?? '/').replace(/[?#].*$/, '').slice(1);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (path === 'add-checkpoint') {
      if (request.method !== 'POST') return plain(405, 'ask with POST\n');
      const answer = await addCheckpoint(await bodyOf(request), witness);
      // Signed by a log that is watched, and not going on from what was seen: someone has to look.
      if (answer.status === 422) say(`A checkpoint was refused: ${answer.body.trim()}`);
      return answer;
    }
    if (path === 'vkey' && isRead) return plain(200, `${formatVerifierKey(signer.key)}\n`);
    const note = isRead ? await store.shown(path) : undefined;
    return note === undefined
      ? plain(404, 'there is nothing here\n')
      : { ...plain(200, note), cacheControl: 'no-cache' };
  }

  const server = createServer({ requestTimeout: REQUEST_LIMIT, headersTimeout: REQUEST_LIMIT }, (request, response) => {
    answerTo(request)
      .catch((error: unknown): Answer => {
        say(`A request could not be answered: ${error instanceof Error ? error.message : String(error)}`);
        return plain(500, 'this witness can not answer now; nothing was cosigned\n');
      })
      .then((answer) => send(response, answer))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return {
    url: `http://${host}:${port}`,
    key: signer.key,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

const uncheckable = ({ logs }: WitnessSettings): VerifierKey[] =>
  [...logs.values()].flat().filter(({ kind }) => !isSupported(kind));

const plain = (status: number, body: string): Answer => ({ status, body, contentType: TEXT });

function send(response: ServerResponse, { status, body, contentType, cacheControl = 'no-store' }: Answer): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Cache-Control': cacheControl,
    'Access-Control-Allow-Origin': '*',
    // What was not read of a request that is too long would be taken for the next one.
    ...(status === 400 ? { Connection: 'close' } : {}),
  });
  response.end(body);
}

/** The body, a byte more than is read of one that is too long. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // The answer goes over the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_REQUEST_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_REQUEST_BYTES + 1);
}
