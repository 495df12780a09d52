import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { requireScope } from '../auth/authenticate.js';
import type { Caller } from '../auth/caller.js';
import { callerOfRequest } from '../auth/scopes.guard.js';
import type { Scope } from '../auth/scopes.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { ProblemAnswers } from '../problems/problem-answers.js';
import type { AnswerRecorder } from '../telemetry/access-log.js';
import type { EdgeHeaders } from './edge-headers.js';
import { parseJsonBody } from './json-body.js';
import { traceOf } from './trace.js';

/** What a direct route is given: the body as strict JSON, and who asks. */
export interface DirectRequest {
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
  readonly raw: IncomingMessage;
  readonly caller: Caller;
}

/** The body of a 200, or whatever the problem filter knows, thrown. */
export type DirectAnswer = (request: DirectRequest) => object | Promise<object>;

/**
 * `POST` routes that are asked often and answered in microseconds, where Nest's and Fastify's pipelines cost more than
 * the answer. Their controller keeps its decorated method: it documents the route and says its scopes.
 */
export interface DirectRoutes {
  /** Called from the controller's constructor: its routes are registered after that. */
  add(path: string, scopes: readonly Scope[], answer: DirectAnswer): void;
}

/** Injection token of `DirectRoutes`. */
export const DIRECT_ROUTES = Symbol('DirectRoutes');

interface Route {
  readonly path: string;
  readonly scopes: readonly Scope[];
  readonly answer: DirectAnswer;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

export interface DirectLane extends DirectRoutes {
  /** A server that answers plain requests to direct routes itself and hands all others to Fastify. */
  readonly server: (handle: Handle, timeouts: { keepAliveTimeout?: number; requestTimeout?: number }) => Server;
  /** Registers the routes in Fastify too, for the requests that are handed on, and begins to answer. */
  open(fastify: FastifyInstance, parts: LaneParts): void;
}

export interface LaneParts {
  readonly headers: EdgeHeaders;
  readonly problems: ProblemAnswers;
  readonly verifier: TokenVerifier;
  readonly record: AnswerRecorder;
}

/**
 * A request is plain when nothing about it needs a second look: its token was verified before and may do this, its body
 * has a length within the limit and is JSON. Whatever else comes takes the ordinary way and gets the ordinary answer, so
 * that what a refusal looks like is decided in one place.
 */
export function directLane(bodyLimit: number): DirectLane {
  const routes = new Map<string, Route>();
  let open: LaneParts | undefined;
  const answer = answerTogether();

  const callerOf = ({ headers }: IncomingMessage, { scopes }: Route, { verifier }: LaneParts): Caller | undefined => {
    const { authorization, 'content-type': type, 'content-length': length } = headers;
    if (authorization === undefined || !isJson(type) || !(Number(length) <= bodyLimit)) return undefined;
    const caller = verifier.remembered(authorization);
    return caller !== undefined && scopes.some((scope) => caller.scopes.has(scope)) ? caller : undefined;
  };

  return {
    add(path, scopes, answer) {
      routes.set(path, { path, scopes, answer });
    },
    server(handle, { keepAliveTimeout, requestTimeout }) {
      const server = createServer((request, response) => {
        const route = request.method === 'POST' ? routes.get(request.url!) : undefined;
        const caller = route === undefined || open === undefined ? undefined : callerOf(request, route, open);
        if (caller === undefined) {
          handle(request, response);
          return;
        }
        const chunks: Buffer[] = [];
        const job: Job = { request, response, route: route!, caller, begun: performance.now(), chunks, ...open! };
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => answer(job));
      });
      if (keepAliveTimeout !== undefined) server.keepAliveTimeout = keepAliveTimeout;
      if (requestTimeout !== undefined) server.requestTimeout = requestTimeout;
      return server;
    },
    open(fastify, parts) {
      const missing = new Set(routes.keys());
      fastify.addHook('onRoute', (route) => {
        const direct = route.method === 'POST' ? routes.get(route.url) : undefined;
        if (direct === undefined) return;
        missing.delete(route.url);
        route.handler = (request) => answerHandedOn(request, direct);
      });
      fastify.addHook('onReady', (done) => {
        if (missing.size === 0) open = parts;
        done(missing.size === 0 ? undefined : new Error(`no route of Nest is called ${[...missing].join(', ')}`));
      });
      // From here on Fastify says that we are going.
      fastify.addHook('preClose', (done) => {
        open = undefined;
        done();
      });
    },
  };
}

const isJson = (type: string | undefined): boolean =>
  type === 'application/json' || type === 'application/json; charset=utf-8';

/** A direct route behind Fastify. The edge asked for the token before it read the body. */
function answerHandedOn(request: FastifyRequest, { scopes, answer }: Route): object | Promise<object> {
  const caller = callerOfRequest(request);
  requireScope(request, caller, scopes);
  return answer({ body: request.body, headers: request.headers, raw: request.raw, caller });
}

/** A plain request whose body is being read or waits for its answer. */
interface Job extends LaneParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly caller: Caller;
  readonly begun: number;
  readonly chunks: Buffer[];
}

/**
 * Answers the requests that were read in one turn of the event loop one after the other, when all have been read. The
 * code that reads requests and the code that answers them are each larger than what a processor remembers of its
 * branches; taking turns for each request makes every step of both a surprise to it. Together, requests of 32 busy
 * connections cost a third less, and none waits for another that had not arrived yet.
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

function answerOne(job: Job): void {
  const { request, route, caller, chunks } = job;
  let answer: object | Promise<object>;
  try {
    const body = parseJsonBody(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    answer = route.answer({ body, headers: request.headers, raw: request, caller });
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

const JSON_CONTENT = ['Content-Type', 'application/json; charset=utf-8'];

function give(job: Job, answer: object): void {
  let text: string;
  try {
    text = JSON.stringify(answer);
  } catch (error) {
    refuse(job, error);
    return;
  }
  send(job, 200, JSON_CONTENT, text);
}

function refuse(job: Job, error: unknown): void {
  const { status, headers, text } = job.problems.describe(error, { raw: job.request, route: job.route.path });
  send(job, status, Object.entries(headers).flat(), text);
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
