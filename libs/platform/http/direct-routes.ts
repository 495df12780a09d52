import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { isTraced } from '#libs/eventing';
import { callerOfRequest, requireScope } from '../auth/authenticate.js';
import { admission, type Caller } from '../auth/caller.js';
import { SCOPES_METADATA } from '../auth/scopes.guard.js';
import type { Scope } from '#libs/configuration';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { ProblemAnswers } from '../problems/problem-answers.js';
import type { AnswerRecorder } from '../telemetry/access-log.js';
import { canGiveBack, lacksHost, type EdgeHeaders } from './edge-headers.js';
import { parseJsonBody } from './json-body.js';
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
  readonly answer: DirectAnswer;
}

/** What every answer is made with. */
export interface DirectParts {
  readonly headers: EdgeHeaders;
  readonly problems: ProblemAnswers;
  readonly verifier: TokenVerifier;
  readonly record: AnswerRecorder;
}

export interface DirectServer extends DirectRoutes {
  /**
   * Stands before Fastify: plain requests to direct routes are answered here, all others are handed on. A request is
   * plain when nothing about it needs a second look: its token was verified before and carries a scope of the route, and
   * its body is JSON with a length within the limit. What a refusal looks like is so decided in one place.
   */
  open(fastify: FastifyInstance, parts: DirectParts): void;
}

/** `bodyLimit` in bytes. */
export function directServer(bodyLimit: number): DirectServer {
  const routes = new Map<string, Route>();
  const answerSoon = answerTogether();
  let opened = false;

  const callerOf = (request: IncomingMessage, { scopes }: Route, verifier: TokenVerifier): Caller | undefined => {
    const { authorization, 'content-type': type, 'content-length': length } = request.headers;
    if (authorization === undefined || !isJson(type) || !(Number(length) <= bodyLimit)) return undefined;
    if (!canGiveBack(request) || lacksHost(request)) return undefined;
    const caller = verifier.remembered(authorization);
    return caller !== undefined && admission(caller, scopes) === 'granted' ? caller : undefined;
  };

  return {
    add(controller, method, path) {
      const scopes = Reflect.getMetadata(SCOPES_METADATA, controller[method]) as readonly Scope[] | undefined;
      if (scopes === undefined) throw new Error(`${method} of the direct route ${path} names no scope`);
      if (opened || routes.has(path)) throw new Error(`${path} can't be made a direct route any more`);
      routes.set(path, { path, scopes, answer: (request) => controller[method](request) });
    },
    open(fastify, parts) {
      opened = true;
      let answering = false;
      const missing = new Set(routes.keys());
      fastify.addHook('onRoute', (registered) => {
        const route = registered.method === 'POST' ? routes.get(registered.url) : undefined;
        if (route === undefined) return;
        missing.delete(route.path);
        registered.handler = (request, reply) => answerHandedOn(request, reply, route);
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
        const route = answering && request.method === 'POST' ? routes.get(request.url ?? '') : undefined;
        const caller = route === undefined ? undefined : callerOf(request, route, parts.verifier);
        if (route === undefined || caller === undefined) {
          for (const handle of handedOn) handle(request, response);
          return;
        }
        // From its first byte, where its time is taken.
        if (isTraced()) traceOf(request);
        const chunks: Buffer[] = [];
        const job: Job = { request, response, route, caller, begun: performance.now(), chunks, ...parts };
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => answerSoon(job));
      });
    },
  };
}

const isJson = (type: string | undefined): boolean =>
  type === 'application/json' || type === 'application/json; charset=utf-8';

/** A direct route behind Fastify. The edge asked for the token before it read the body. */
async function answerHandedOn(
  request: FastifyRequest,
  reply: FastifyReply,
  { scopes, answer }: Route,
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
  readonly caller: Caller;
  readonly begun: number;
  readonly chunks: Buffer[];
}

/**
 * Answers the requests that were read in one turn of the event loop one after the other, when all have been read. Code
 * that reads requests and code that judges them are both too large to stay in a processor's caches together; taking turns
 * for each request made an authorization cost half as much again (ADR 33). Nobody waits for a request that had not
 * arrived yet.
 */
function answerTogether(): (job: Job) => void {
  let waiting: Job[] = [];
  const answerAll = (): void => {
    const jobs = waiting;
    waiting = [];
    for (const job of jobs) answerOne(job);
  };
  return (job) => {
    if (waiting.push(job) === 1) setImmediate(answerAll);
  };
}

/** A plain request is to the path alone. */
const NONE = {};

/** Never throws: a mistake in one answer may not cost others theirs. */
function answerOne(job: Job): void {
  const { request, route, caller, chunks } = job;
  let answer: object | Promise<object>;
  try {
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    const body = parseJsonBody(bytes);
    answer = route.answer({ body, bytes, query: NONE, headers: request.headers, raw: request, caller });
  } catch (error) {
    refuse(job, error);
    return;
  }
  if (answer instanceof Promise) {
    answer.then(
      (settled: object) => give(job, settled),
      (error: unknown) => refuse(job, error),
    );
  } else give(job, answer);
}

const JSON_TYPE = 'application/json; charset=utf-8';
const JSON_CONTENT = ['Content-Type', JSON_TYPE];

function give(job: Job, answer: object): void {
  try {
    if (answer instanceof WrittenAnswer) {
      send(job, 200, [...JSON_CONTENT, ...answer.headers], answer.text);
      return;
    }
    const text = JSON.stringify(answer) as string | undefined;
    if (text === undefined) throw new TypeError('a direct route answered nothing');
    send(job, 200, JSON_CONTENT, text);
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
