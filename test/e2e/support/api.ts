import { randomUUID } from 'node:crypto';

/** An object as the API gives it. */
export type Json = { readonly [member: string]: unknown };

export interface ApiAnswer {
  readonly status: number;
  readonly body: Json;
  /** Milliseconds from sending to having the whole answer. */
  readonly took: number;
}

/** An answer of the API that was not expected. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
}

/** A client of the API without the package's help: a token, keys, and bodies that no type looks at. */
export interface Api {
  readonly base: string;
  command(path: string, body: Json, key?: string): Promise<ApiAnswer>;
  question(path: string, body: Json): Promise<ApiAnswer>;
  read(path: string): Promise<ApiAnswer>;
}

export function api(base: string, token: string): Api {
  const send = async (
    method: string,
    path: string,
    body: Json | undefined,
    headers: Record<string, string>,
  ): Promise<ApiAnswer> => {
    const began = performance.now();
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? {} : JSON.parse(text)) as Json,
      took: performance.now() - began,
    };
  };
  return {
    base,
    command: (path, body, key = randomUUID()) => send('POST', path, body, { 'Idempotency-Key': key }),
    question: (path, body) => send('POST', path, body, {}),
    read: (path) => send('GET', path, undefined, {}),
  };
}

/** The answer's body, or an error that shows what the API said. */
export function expectStatus(answer: ApiAnswer, ...statuses: readonly number[]): Json {
  if (statuses.includes(answer.status)) return answer.body;
  throw new Unexpected(`expected ${statuses.join(' or ')}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
}
