import type { Actor, JsonObject } from '#libs/kernel';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { actorOf, type Caller } from '../auth/caller.js';
import { callerOfRequest } from '../auth/authenticate.js';
import { traceOf } from '../http/trace.js';
import { preferredLanguage, type Language } from '../problems/catalogue.js';
import { PHRASES } from '../problems/phrases.js';
import { invalidRequest, notFound, type Fault } from '../problems/problem.exception.js';
import { isPlainObject, validate, type Validated } from '../validation/validate.js';
import { readsAs } from './look-up.js';
import { isReplayed } from './replay.js';
import { readIdempotencyKey, readIfMatch } from './request-headers.js';
import { sentParameter, type SentRequest } from './sent-request.js';

/** Who asks, in which trace; the same for commands and reads. */
export interface RequestContext {
  readonly client: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly traceparent: string;
  /** The caller's span, where he named one. */
  readonly parentSpanId?: string;
}

/** A command as it came in: the body checked, the envelope read. */
export interface CommandRequest<Body> {
  readonly body: Body;
  /** The body as sent, for the request hash (interfaces.md §3). */
  readonly sent: JsonObject;
  readonly caller: Caller;
  readonly context: RequestContext & {
    readonly key: string;
    readonly ifMatch?: number;
    /** The body was not judged: nothing but its first answer may come of it. */
    readonly replayOnly?: boolean;
  };
}

/**
 * The request of a command. Faults of headers and body come together in one 400.
 * `@Post() post(@Command(Body) request: CommandRequest<Body>)`
 */
export const Command = sentParameter((request, type: ClassConstructor<object>) => readCommand(type, request));

export const readCommand = <Body extends object>(
  type: ClassConstructor<Body>,
  request: SentRequest,
): CommandRequest<Body> => {
  const headers = readHeaders(request);
  const body = isReplayed(request) ? asSent(type, request.body) : validate(type, request.body);
  readsAs(request, type);
  return commandOfBody(request, headers, body);
};

/** Not judged: what it says is compared with what was sent the first time, and nothing else is done with it. */
const asSent = <Body extends object>(type: ClassConstructor<Body>, json: unknown): Validated<Body> =>
  isPlainObject(json) ? { value: plainToInstance(type, json), faults: [] } : validate(type, json);

/** Who sends a body, and whether its key was answered before. */
export interface Sender {
  readonly client: string;
  /** Absent where the headers have faults. */
  readonly key?: string;
  /** The body is not judged: it is compared with what was sent the first time. */
  readonly replayed?: boolean;
}

/**
 * The same for a body that no class describes and whose members name what is on record: `read` checks it and looks that
 * up, so that all faults come together. It is given the key, unless the headers have faults: a retry is answered by what
 * was recorded, not judged again.
 */
export async function readCommandLookingUp<Body extends object>(
  request: SentRequest,
  read: (json: unknown, sender: Sender) => Promise<Validated<Body>>,
): Promise<CommandRequest<Body>> {
  const headers = readHeaders(request);
  const { client } = callerOfRequest(request);
  const body = await read(request.body, {
    client,
    ...(headers.faults.length > 0 ? {} : { key: headers.key }),
    replayed: isReplayed(request),
  });
  return commandOfBody(request, headers, body);
}

interface CommandHeaders {
  readonly key: string;
  readonly ifMatch: number | undefined;
  readonly faults: readonly Fault[];
}

function readHeaders(request: SentRequest): CommandHeaders {
  const { headers, query } = request;
  // What was answered before is answered again, whatever was passed over then.
  const faults: Fault[] = isReplayed(request) ? [] : [...parametersBeside(query)];
  const key = readIdempotencyKey(headers, faults);
  const ifMatch = readIfMatch(headers, faults);
  return { key, ifMatch, faults };
}

function commandOfBody<Body extends object>(
  request: SentRequest,
  { key, ifMatch, faults }: CommandHeaders,
  body: Validated<Body>,
): CommandRequest<Body> {
  const all = [...faults, ...body.faults];
  if (all.length > 0 || body.value === undefined) throw invalidRequest(all);
  return {
    body: body.value,
    sent: request.body as JsonObject,
    caller: callerOfRequest(request),
    context: {
      ...requestContext(request),
      key,
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(isReplayed(request) ? { replayOnly: true } : {}),
    },
  };
}

/** Body of a request that changes nothing (`_search`, an evaluation): checked, without an idempotency key. */
export const CheckedBody = sentParameter(({ body, query }, type: ClassConstructor<object>): object => {
  const checked = validate(type, body);
  const faults = [...parametersBeside(query), ...checked.faults];
  if (faults.length > 0 || checked.value === undefined) throw invalidRequest(faults);
  return checked.value;
});

/** Caller and trace of a read. */
export const Context = sentParameter((request) => requestContext(request));

export function requestContext(request: SentRequest): RequestContext {
  const caller = callerOfRequest(request);
  const { correlationId, traceparent, parentSpanId } = traceOf(request.raw);
  return {
    ...{ client: caller.client, actor: actorOf(caller), correlationId, traceparent },
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
  };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An id in the path, in lower case. What is no UUID is the id of nothing: 404. */
export const PathId = sentParameter(({ params }, name: string | undefined): string => {
  const id = (params as Readonly<Record<string, string>>)[name ?? 'id'];
  if (id === undefined || !UUID.test(id)) throw notFound();
  return id.toLowerCase();
});

/** The language that words of the answer are asked in. */
export const InLanguage = sentParameter(({ headers }): Language => preferredLanguage(headers['accept-language']));

/** The opaque position in `?after=`, to be read with `decodePosition`; other query parameters are refused. */
export const After = sentParameter(({ query }): string | undefined => readAfter(query));

const parametersOf = (query: unknown): readonly [name: string, value: string | string[]][] =>
  Object.entries((query ?? {}) as Record<string, string | string[]>);

/** Parameters of the address that the operation does not take. A body has all that it asks: there `after` is a member. */
export const parametersBeside = (query: unknown, ...taken: readonly string[]): readonly Fault[] =>
  parametersOf(query)
    .filter(([name]) => !taken.includes(name))
    .map(([name]) => ({
      in: 'query',
      pointer: `/${name.slice(0, 64)}`,
      code: 'unknown-member',
      detail: PHRASES.unknown(),
    }));

export function readAfter(query: unknown): string | undefined {
  const after = parametersOf(query).find(([name]) => name === 'after')?.[1];
  const faults: Fault[] = [...parametersBeside(query, 'after')];
  if (Array.isArray(after))
    faults.push({ in: 'query', pointer: '/after', code: 'invalid-value', detail: PHRASES.onceOnly() });
  if (faults.length > 0) throw invalidRequest(faults);
  return after as string | undefined;
}
