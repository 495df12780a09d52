import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from './api.js';
import { breaches } from './conforming.js';

/** An answer with everything that a caller can see. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

export interface Sending {
  /** Sent as JSON, or as it is when it is a string. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Client {
  readonly url: string;
  readonly token: string;
  /** One request and its answer, whatever it is. */
  send(method: string, path: string, sending?: Sending): Promise<Answer>;
  /** A command, asked again while it is told to; the key is a fresh one unless it is given. */
  command(path: string, body: unknown, key?: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** A `POST` that changes nothing: a search, an evaluation, a decision. */
  ask(path: string, body: unknown): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

/** Milliseconds that a client goes on asking what it is told to ask again later. */
const PATIENCE = 60_000;

export const freshKey = (): string => `key-${randomUUID()}`;

/** `always`: headers of every request. */
export function client(url: string, token: string, always: Readonly<Record<string, string>> = {}): Client {
  const send: Client['send'] = async (method, path, { body, headers } = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...always,
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, text, body: parsed(text) };
    const wrong = await breaches(url, {
      ...{ method, path, sent: body, replayed: response.headers.has('idempotency-replayed') },
      ...{ status: answer.status, body: answer.body, text },
    });
    if (wrong.length > 0) {
      throw new Error(
        `${method} ${path} breaks the contract: ${wrong.slice(0, 5).join('; ')}\n${text.slice(0, 2_000)}`,
      );
    }
    return answer;
  };
  /** A connection that was kept alive may be closed in the moment in which it is used: then the same on another one. */
  const sendAgain: Client['send'] = (...request) =>
    send(...request).catch((error: unknown) => {
      const { code } = (error as { readonly cause?: { readonly code?: string } }).cause ?? {};
      if (code !== 'ECONNRESET' && code !== 'UND_ERR_SOCKET') throw error;
      return send(...request);
    });
  /**
   * Does as a 503 says: the same again after a while (interfaces.md §4). On a busy machine a read model may be late. A
   * question at use is asked once: whoever asks it can't wait.
   */
  const patiently: Client['send'] = async (method, path, sending) => {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const answer = await sendAgain(method, path, sending);
      const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
      if (
        answer.status !== 503 ||
        !path.startsWith('/v1/') ||
        Number.isNaN(seconds) ||
        performance.now() + seconds * 1_000 > end
      )
        return answer;
      await delay(seconds * 1_000);
    }
  };
  return {
    url,
    token,
    send,
    command: (path, body, key = freshKey(), headers = {}) =>
      patiently('POST', path, { body, headers: { 'idempotency-key': key, ...headers } }),
    ask: (path, body) => patiently('POST', path, { body }),
    get: (path) => patiently('GET', path),
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

/** The answer when it has the status; otherwise an error that shows what came instead. */
export function having(answer: Answer, status: number): Answer {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
  // Counted among what the test asserts.
  expect(answer.status).toBe(status);
  return answer;
}

/** The faults of a 400, as `pointer code`, sorted. */
export const faultsOf = ({ body }: Answer): readonly string[] =>
  ((body['errors'] ?? []) as readonly { readonly pointer?: string; readonly code: string; readonly in?: string }[])
    .map(({ pointer, code, in: where }) => `${where === undefined ? '' : `${where} `}${pointer ?? '-'} ${code}`)
    .sort();
