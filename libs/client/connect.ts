import { systemClock, type Clock } from './clock.js';
import { ProblemError } from './errors.js';
import { exchange, PATIENCE, type Fetch, type Patience, type Surroundings } from './exchange.js';
import { OPERATIONS } from './generated/operations.js';
import { everyItem } from './list.js';
import type { Answer, Answers, Api, CallOptions, Lists } from './operations.js';
import { further } from './position.js';
import { objectIn, type Received } from './received.js';
import { clientCredentials, type Credentials, type TokenProvider } from './tokens.js';

export interface Connection {
  /** Of the installation, without `/v1`: `https://register.example`. */
  readonly base: string;
  /** A name and its secret, a provider of one's own, or nothing where everything asked is open. */
  readonly credentials?: Credentials | TokenProvider;
  /** Titles and details of problems; English unless it is said. */
  readonly language?: 'en' | 'nl';
  readonly patience?: Partial<Patience>;
  /** Where another process of this program left off: reads show what it had done. */
  readonly after?: string;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** A request in its own words, for what is newer than this package. */
export interface RawRequest extends CallOptions {
  readonly method: 'GET' | 'POST';
  /** From the base on: `/v1/parties`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface RawAnswer<Body> extends Answer<Body> {
  readonly headers: { get(name: string): string | null };
}

export interface Waarborg {
  readonly api: Api;
  readonly answers: Answers;
  readonly lists: Lists;
  /**
   * Whatever the installation serves, in the words of its contract. Below `/v1` a `POST` is taken for a command, with a key,
   * unless its path ends in `_search`, `_precheck` or `_export`, or is an evaluation, an explanation or the report; reads and searches carry the position along.
   */
  raw<Body = unknown>(request: RawRequest): Promise<RawAnswer<Body>>;
  /** The furthest position of the commands so far. */
  readonly position: string | undefined;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly command: boolean;
  readonly after: 'query' | 'body' | 'nowhere';
  readonly list: boolean;
}

interface Given extends CallOptions {
  readonly body?: unknown;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
}

/** A program's connection to an installation. Nothing is sent before the first call. */
export function connect(connection: Connection): Waarborg {
  const base = new URL(connection.base).href.replace(/\/$/, '');
  const surroundings: Surroundings = {
    fetch: connection.fetch ?? ((url, request) => fetch(url, request)),
    clock: connection.clock ?? systemClock,
    random: connection.random ?? Math.random,
    patience: { ...PATIENCE, ...connection.patience },
  };
  const tokens = tokensOf(connection.credentials, base, surroundings);
  let position = connection.after;

  async function send(operation: Operation, { key, ifMatch, after, signal, ...given }: Given): Promise<Received> {
    const wanted = after === false ? undefined : (after ?? (operation.after === 'nowhere' ? undefined : position));
    const shown = wanted === undefined ? {} : { after: wanted };
    const query = { ...(operation.after === 'body' ? {} : shown), ...given.query };
    // What the program says in the body itself goes before what is carried along.
    const body = operation.after === 'body' ? { ...shown, ...(given.body as object) } : given.body;
    const commandKey = operation.command ? keyOf(key) : undefined;
    let token: string | undefined;
    const received = await exchange(
      {
        method: operation.method,
        url: `${base}${addressOf(operation.path, given.path)}${queryOf(query)}`,
        body: body === undefined ? undefined : JSON.stringify(body),
        key: commandKey,
        signal,
        headers: async () => {
          token = await tokens?.token();
          return {
            Accept: 'application/json, application/problem+json, text/plain',
            ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
            ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
            ...(connection.language === undefined ? {} : { 'Accept-Language': connection.language }),
            ...(commandKey === undefined ? {} : { 'Idempotency-Key': commandKey }),
            ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
          };
        },
      },
      surroundings,
    );
    const answered = objectIn(received.text);
    const isAnswer = answered !== undefined || received.text === '' || isText(received);
    if (received.status >= 200 && received.status < 300 && isAnswer) {
      const at = answered?.['position'];
      if (operation.command && typeof at === 'string') position = further(position, at);
      return received;
    }
    const problem = new ProblemError(received, commandKey);
    if (received.status === 401 && token !== undefined) tokens?.refused?.(token);
    // The store is another one than it was: told once, so that a program that goes on can read.
    if (problem.has('foreign-position') && wanted === position) position = undefined;
    throw problem;
  }

  const answer = async (operation: Operation, given: Given = {}): Promise<Answer<unknown>> =>
    answerOf(await send(operation, given));
  const items = (operation: Operation, given: Given = {}): AsyncGenerator<unknown, void, undefined> => {
    // All pages of one list show what had been done when it was begun.
    const after = given.after ?? position ?? false;
    return everyItem(async (cursor) => {
      const body = cursor === undefined ? given.body : { ...(given.body as object), cursor };
      return (await answer(operation, { ...given, after, body })).body;
    });
  };
  const each = (as: (operation: Operation, given?: Given) => unknown, of = (_: Operation): boolean => true): unknown =>
    Object.fromEntries(
      Object.entries<Operation>(OPERATIONS)
        .filter(([, operation]) => of(operation))
        .map(([name, operation]) => [name, (given?: Given) => as(operation, given)]),
    );

  return {
    api: each(async (operation, given) => (await answer(operation, given)).body) as Api,
    answers: each(answer) as Answers,
    lists: each(
      (operation, given) => items(operation, given),
      ({ list }) => list,
    ) as Lists,
    async raw<Body>({ method, path, query, ...given }: RawRequest): Promise<RawAnswer<Body>> {
      // Joined to the base, anything else could be the name of another host.
      if (!path.startsWith('/')) throw new RangeError('the path of a request begins with a slash');
      const list = path.endsWith('/_search');
      const command = given.key !== undefined || isCommand(method, path);
      const after = list ? 'body' : method === 'GET' && path.startsWith('/v1/') ? 'query' : 'nowhere';
      const received = await send(
        { method, path, command, after, list },
        { ...given, ...(query === undefined ? {} : { query }) },
      );
      return { ...(answerOf(received) as Answer<Body>), headers: received.headers };
    },
    get position() {
      return position;
    },
  };
}

function tokensOf(
  credentials: Credentials | TokenProvider | undefined,
  base: string,
  surroundings: Surroundings,
): TokenProvider | undefined {
  if (credentials === undefined || 'token' in credentials) return credentials;
  return clientCredentials({ tokenUrl: `${base}/oauth/token`, ...credentials }, surroundings);
}

/** A file, such as a receipt: its body is its text. */
const isText = ({ headers }: Received): boolean => /^text\/plain\s*(?:;|$)/i.test(headers.get('content-type') ?? '');

function answerOf(received: Received): Answer<unknown> {
  const { status, headers, text } = received;
  return {
    status,
    body: text === '' ? undefined : isText(received) ? text : JSON.parse(text),
    etag: headers.get('etag') ?? undefined,
    replayed: headers.get('idempotency-replayed') === 'true',
  };
}

/** As the contract has it (§3): every `POST` below `/v1` that changes something. */
export const isCommand = (method: string, path: string): boolean =>
  method === 'POST' &&
  /^\/v1\/(?!classifications\/|explanations\/|revocation-report$)(?!.*\/_(?:search|precheck|export)$)/.test(path);

function keyOf(given: string | undefined): string {
  const key = given ?? crypto.randomUUID();
  if (!/^[\x21-\x7e]{8,64}$/.test(key)) throw new RangeError('a key has 8 to 64 visible characters');
  return key;
}

const addressOf = (template: string, values: Readonly<Record<string, string>> = {}): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    // Each of these would ask for something else.
    if (value === undefined || ['', '.', '..'].includes(value)) throw new RangeError(`the path lacks its ${name}`);
    return encodeURIComponent(value);
  });

function queryOf(query: Readonly<Record<string, string | undefined>>): string {
  const said = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return said.length === 0 ? '' : `?${new URLSearchParams(said).toString()}`;
}
