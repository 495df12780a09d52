import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { isTraced } from '#libs/eventing';
import type { JsonValue } from '#libs/kernel';
import { callerOfRequest, requireScope } from '../auth/authenticate.js';
import { admission, type Caller } from '../auth/caller.js';
import { SCOPES_METADATA } from '../auth/scopes.guard.js';
import type { Scope } from '#libs/configuration';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { ProblemAnswers } from '../problems/problem-answers.js';
import { Answer } from '../requests/answer.js';
import type { SentRequest } from '../requests/sent-request.js';
import type { AnswerRecorder } from '../telemetry/access-log.js';
import { comesUncoded } from './content-coding.js';
import { canGiveBack, lacksHost, type EdgeHeaders } from './edge-headers.js';
import { GrowingBody } from './growing-body.js';
import { parseJsonBody } from './json-body.js';
import type { PlainRoute } from './plain-routes.js';
import { traceOf } from './trace.js';

/** What a direct route is given: the body as strict JSON, and who asks. */
export interface DirectRequest {
  readonly body: unknown;
  /** The body as it came in; empty where none did. */
  readonly bytes: Buffer;
  /** Parameters of the address. */
  readonly query: unknown;
  readonly headers: IncomingHttpHeaders;
  readonly raw: IncomingMessage;
  readonly caller: Caller;
}

/** A 200 whose body is written already, since something was said about its very bytes. */
export class WrittenAnswer {
  /** `text` is JSON; `headers` names and values in turn. */
  constructor(
    readonly text: string,
    readonly headers: readonly string[],
  ) {}
}

/** The body of a 200, a `WrittenAnswer`, or whatever the problem filter knows, thrown. */
export type DirectAnswer = (request: DirectRequest) => object | Promise<object>;

/**
 * `POST` routes that are asked often and answered in microseconds, where Nest's and Fastify's pipelines cost more than
 * the answer (ADR 33).
 */
export interface DirectRoutes {
  /**
   * Answers `POST path` by a method of a controller. Its decorators are those of any other: they document the route and
   * name the scopes that are asked for. Called from the controller's constructor, since its routes are registered after
   * that. Throws when the method names no scope or the path is taken.
   */
  add<Name extends string>(controller: Readonly<Record<Name, DirectAnswer>>, method: Name, path: string): void;
}

/** Injection token of `DirectRoutes`. */
export const DIRECT_ROUTES = Symbol('DirectRoutes');

interface Route {
  readonly path: string;
  readonly scopes: readonly Scope[];
  readonly forPersons: boolean;
  /** Of a plain request, whose body is strict JSON. */
  readonly answer: (job: Job, body: JsonValue | undefined, bytes: Buffer) => unknown;
  /** Whether it may answer nothing, as a method of a controller may. */
  readonly mayBeEmpty: boolean;
}

/** A route that a controller answers directly, also behind Fastify. */
interface OwnRoute extends Route {
  readonly own: DirectAnswer;
}

/** What every answer is made with. */
export interface DirectParts {
  readonly headers: EdgeHeaders;
  readonly problems: ProblemAnswers;
  readonly verifier: TokenVerifier;
  readonly record: AnswerRecorder;
  readonly log: FastifyBaseLogger;
}

export interface DirectServer extends DirectRoutes {
  /**
   * Stands before Fastify: plain requests to direct routes, and to those of Nest that ask nothing of it, are answered here, all
   * others are handed on. A request is plain when nothing about it needs a second look: its token was verified before and
   * carries a scope of the route, of a person where the route asks for one, its address has nothing but the ids that the
   * route names, and its body is JSON, uncompressed, with a length within the limit. What a refusal looks like is so decided in one place.
   */
  open(fastify: FastifyInstance, parts: DirectParts, plain?: readonly PlainRoute[]): void;
}

/** `bodyLimit` in bytes. */
export function directServer(bodyLimit: number): DirectServer {
  const own = new Map<string, OwnRoute>();
  const answerSoon = answerTogether();
  let opened = false;

  const callerOf = (
    request: IncomingMessage,
    { scopes, forPersons }: Route,
    verifier: TokenVerifier,
  ): Caller | undefined => {
    const { authorization, 'content-type': type, 'content-length': length } = request.headers;
    if (authorization === undefined || !isJson(type) || !(Number(length) <= bodyLimit)) return undefined;
    if (!comesUncoded(request.headers) || !canGiveBack(request) || lacksHost(request)) return undefined;
    const caller = verifier.remembered(authorization);
    if (caller === undefined || admission(caller, scopes) !== 'granted') return undefined;
    return forPersons && caller.clerk === undefined ? undefined : caller;
  };

  return {
    add(controller, method, path) {
      const scopes = Reflect.getMetadata(SCOPES_METADATA, controller[method]) as readonly Scope[] | undefined;
      if (scopes === undefined) throw new Error(`${method} of the direct route ${path} names no scope`);
      if (opened || own.has(path)) throw new Error(`${path} can't be made a direct route any more`);
      const answer: DirectAnswer = (request) => controller[method](request);
      own.set(path, {
        ...{ path, scopes, forPersons: false, own: answer, mayBeEmpty: false },
        answer: ({ request: raw, caller }, body, bytes) =>
          answer({ body, bytes, query: NONE, headers: raw.headers, raw, caller }),
      });
    },
    open(fastify, parts, plain = []) {
      opened = true;
      let answering = false;
      const missing = new Set(own.keys());
      const known = new Map<string, Route>(own);
      for (const route of plain) if (!known.has(route.path)) known.set(route.path, ofNest(route));
      const addresses = routesByAddress();
      fastify.addHook('onRoute', (registered) => {
        const route = registered.method === 'POST' ? known.get(registered.url) : undefined;
        if (route === undefined) return;
        addresses.add(route);
        missing.delete(route.path);
        const direct = own.get(route.path);
        if (direct === undefined) return;
        registered.handler = (request, reply) => answerHandedOn(request, reply, direct);
      });
      fastify.addHook('onReady', (done) => {
        answering = missing.size === 0;
        done(answering ? undefined : new Error(`no route of Nest is called ${[...missing].join(', ')}`));
      });
      // From here on Fastify says that we are going.
      fastify.addHook('preClose', (done) => {
        answering = false;
        done();
      });
      const { server } = fastify;
      const handedOn = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
      server.removeAllListeners('request');
      server.on('request', (request, response) => {
        const found = answering && request.method === 'POST' ? addresses.find(request.url ?? '') : undefined;
        const caller = found === undefined ? undefined : callerOf(request, found.route, parts.verifier);
        if (found === undefined || caller === undefined) {
          for (const handle of handedOn) handle(request, response);
          return;
        }
        // From its first byte, where its time is taken.
        if (isTraced()) traceOf(request);
        const job: Job = { request, response, ...found, caller, begun: performance.now(), ...parts };
        takeWhole(request, bodyLimit, (bytes) => answerSoon(job, bytes));
      });
    },
  };
}

/** A body whose length was said and lies within the limit; whoever leaves in the middle of it is not waited for. */
function takeWhole(request: IncomingMessage, bodyLimit: number, done: (bytes: Buffer) => void): void {
  let first: Buffer | undefined;
  let more: GrowingBody | undefined;
  request.on('data', (chunk: Buffer) => {
    if (first === undefined) first = chunk;
    else {
      // Most come in one piece, which needs no other place.
      if (more === undefined) {
        more = new GrowingBody(bodyLimit, request.headers['content-length']);
        more.add(first);
      }
      more.add(chunk);
    }
  });
  request.on('end', () => done(more?.whole() ?? first ?? NO_BYTES));
}

/** As its interceptors, guards and parameters would have it. */
const ofNest = ({ path, scopes, forPersons, answer }: PlainRoute): Route => ({
  ...{ path, scopes, forPersons, mayBeEmpty: true },
  answer: (job, body) => answer(plainRequest(job, body)),
});

const plainRequest = ({ request: raw, route, params, caller, log }: Job, body: JsonValue | undefined): SentRequest => ({
  ...{ method: 'POST', url: raw.url!, headers: raw.headers, query: NONE, params, body, raw, caller, log },
  routeOptions: { url: route.path },
});

type Params = Readonly<Record<string, string>>;
interface FoundRoute {
  readonly route: Route;
  readonly params: Params;
}

const ID = /\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=\/|$)/gi;
const PARAMETER = /\/:([^/]+)/g;

/** Routes by their addresses, as these come in. What is named in one is an id: of anything else Fastify makes what it means. */
function routesByAddress() {
  const whole = new Map<string, FoundRoute>();
  const templates = new Map<string, { readonly route: Route; readonly names: readonly string[] }>();
  return {
    add(route: Route): void {
      const names = [...route.path.matchAll(PARAMETER)].map(([, name]) => name!);
      if (names.length === 0) whole.set(route.path, { route, params: NONE });
      else templates.set(route.path.replaceAll(PARAMETER, '/:'), { route, names });
    },
    find(address: string): FoundRoute | undefined {
      const found = whole.get(address);
      if (found !== undefined) return found;
      const ids: string[] = [];
      const template = address.replaceAll(ID, (id) => {
        ids.push(id.slice(1));
        return '/:';
      });
      const of = ids.length === 0 ? undefined : templates.get(template);
      if (of === undefined) return undefined;
      return { route: of.route, params: Object.fromEntries(of.names.map((name, place) => [name, ids[place]!])) };
    },
  };
}

const isJson = (type: string | undefined): boolean =>
  type === 'application/json' || type === 'application/json; charset=utf-8';

/** A direct route behind Fastify. The edge asked for the token before it read the body. */
async function answerHandedOn(
  request: FastifyRequest,
  reply: FastifyReply,
  { scopes, own: answer }: OwnRoute,
): Promise<object | string> {
  const caller = callerOfRequest(request);
  requireScope(request, caller, scopes);
  const { body, query, headers, raw, bodyBytes } = request;
  const given = await answer({ body, bytes: bodyBytes ?? NO_BYTES, query, headers, raw, caller });
  if (!(given instanceof WrittenAnswer)) return given;
  for (let name = 0; name < given.headers.length; name += 2) {
    void reply.header(given.headers[name]!, given.headers[name + 1]!);
  }
  void reply.type(JSON_TYPE);
  return given.text;
}

const NO_BYTES = Buffer.alloc(0);

/** A plain request whose body is being read or waits for its answer. */
interface Job extends DirectParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly params: Params;
  readonly caller: Caller;
  readonly begun: number;
}

/**
 * Answers the requests that were read in one turn of the event loop one after the other, when all have been read. Code
 * that reads requests and code that judges them are both too large to stay in a processor's caches together; taking turns
 * for each request made an authorization cost half as much again (ADR 33). Nobody waits for a request that had not
 * arrived yet.
 */
function answerTogether(): (job: Job, bytes: Buffer) => void {
  let waiting: (readonly [job: Job, bytes: Buffer])[] = [];
  const answerAll = (): void => {
    const jobs = waiting;
    waiting = [];
    for (const [job, bytes] of jobs) answerOne(job, bytes);
  };
  return (job, bytes) => {
    if (waiting.push([job, bytes]) === 1) setImmediate(answerAll);
  };
}

/** A plain request is to the path alone. */
const NONE = {};

/** Never throws: a mistake in one answer may not cost others theirs. */
function answerOne(job: Job, bytes: Buffer): void {
  let answer: unknown;
  try {
    answer = job.route.answer(job, parseJsonBody(bytes), bytes);
  } catch (error) {
    refuse(job, error);
    return;
  }
  if (answer instanceof Promise) {
    answer.then(
      (settled: unknown) => give(job, settled),
      (error: unknown) => refuse(job, error),
    );
  } else give(job, answer);
}

const JSON_TYPE = 'application/json; charset=utf-8';
const JSON_CONTENT = ['Content-Type', JSON_TYPE];
const TEXT_CONTENT = ['Content-Type', 'text/plain; charset=utf-8'];

function give(job: Job, answer: unknown): void {
  try {
    if (answer instanceof WrittenAnswer) return send(job, 200, [...JSON_CONTENT, ...answer.headers], answer.text);
    const isWhole = answer instanceof Answer;
    const body: unknown = isWhole ? answer.body : answer;
    const headers = isWhole ? Object.entries(answer.headers).flat() : [];
    const status = isWhole ? answer.status : 200;
    if (job.route.mayBeEmpty && (body === undefined || body === null)) return send(job, status, headers, '');
    if (typeof body === 'string') {
      const isSaid = headers.some((name, place) => place % 2 === 0 && name.toLowerCase() === 'content-type');
      return send(job, status, isSaid ? headers : [...TEXT_CONTENT, ...headers], body);
    }
    const text = JSON.stringify(body) as string | undefined;
    if (text === undefined) throw new TypeError('a direct route answered nothing');
    send(job, status, [...JSON_CONTENT, ...headers], text);
  } catch (error) {
    refuse(job, error);
  }
}

function refuse(job: Job, error: unknown): void {
  try {
    const { status, headers, text } = job.problems.describe(error, { raw: job.request, route: job.route.path });
    send(job, status, Object.entries(headers).flat(), text);
  } catch {
    job.response.destroy();
  }
}

function send(
  { request, response, route, caller, begun, headers, record }: Job,
  status: number,
  own: readonly string[],
  text: string,
): void {
  response.writeHead(status, [...headers.list(request), ...own, 'Content-Length', String(Buffer.byteLength(text))]);
  response.end(text);
  const milliseconds = performance.now() - begun;
  record({ method: 'POST', route: route.path, status, milliseconds, trace: traceOf(request), client: caller.client });
}
