import { fastify as createFastify, LogController, type FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';
import { unavailable } from '../problems/problem.exception.js';
import type { ProblemAnswers } from '../problems/problem-answers.js';
import { loggerOptions } from '../telemetry/access-log.js';
import type { UnreadableReason, UnreadableRecorder } from '../telemetry/unreadable.js';
import { refuseRequestId, setEdgeHeaders, type EdgeHeaders } from './edge-headers.js';
import { parseJsonBody } from './json-body.js';
import { BODY_LIMIT, lookEvery, type ServerLimits } from './limits.js';
import type { KnownRoutes } from './known-routes.js';
import { traceOf } from './trace.js';

export interface LogStream {
  write(line: string): void;
}

export interface FastifyParts {
  readonly headers: EdgeHeaders;
  readonly problems: ProblemAnswers;
  readonly routes: KnownRoutes;
  readonly logLevel: string;
  readonly logTo: LogStream | undefined;
  readonly limits: ServerLimits;
  readonly unreadable: UnreadableRecorder;
}

/** The HTTP server below Nest: everything that holds for every answer, whoever gives it. */
export function buildFastify(parts: FastifyParts): FastifyInstance {
  const { headers, problems, routes, logLevel, logTo, limits, unreadable } = parts;
  const fastify = createFastify({
    logger: { ...loggerOptions(logLevel), ...(logTo === undefined ? {} : { stream: logTo }) },
    logController: new LogController({ disableRequestLogging: true }),
    // Lines name their trace; a logger per request would only add a second id.
    childLoggerFactory: (log) => log,
    bodyLimit: BODY_LIMIT,
    // We answer these requests ourselves (below), as problems.
    return503OnClosing: false,
    http: { headersTimeout: limits.headers, connectionsCheckingInterval: lookEvery(limits) },
    requestTimeout: limits.request,
    keepAliveTimeout: limits.keepAlive,
    connectionTimeout: limits.silence,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => {
      setEdgeHeaders(reply, headers, request.raw);
      problems.send(error, request, reply);
      // Hooks are not run here, so neither is the access log's.
      const { traceId } = traceOf(request.raw);
      request.log.info({ log: 'access', trace: traceId, route: 'unmatched', status: reply.statusCode }, 'request');
      unreadable({ reason: 'address', status: reply.statusCode, trace: traceId, code: error.code });
    },
    clientErrorHandler(error, socket) {
      answerUnreadable(error, socket, headers, unreadable);
    },
  }) as unknown as FastifyInstance;
  fastify.server.maxConnections = limits.connections;
  fastify.server.on('drop', () => unreadable({ reason: 'too-many-connections' }));

  fastify.decorateRequest('caller', null);
  fastify.addHook('onRoute', (route) => routes.add(route.url, route.method));

  let closing = false;
  fastify.addHook('preClose', (done) => {
    closing = true;
    // A connection that is kept alive after its last answer would hold the end up for as long as it may be idle.
    const idle = setInterval(() => fastify.server.closeIdleConnections(), 50).unref();
    fastify.server.once('close', () => clearInterval(idle));
    done();
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    setEdgeHeaders(reply, headers, request.raw);
    if (closing) {
      void reply.header('Connection', 'close');
      done(unavailable());
      return;
    }
    done(refuseRequestId(request.raw));
  });

  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  return fastify;
}

/** What Node itself could not read as a request (a broken request line, headers over the limit) never gets a route. */
function answerUnreadable(
  error: NodeJS.ErrnoException,
  socket: Socket,
  headers: EdgeHeaders,
  record: UnreadableRecorder,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, phrase, reason } = ANSWERS[error.code ?? ''] ?? MALFORMED;
  const made = { ...headers.fixed, ...headers.of({ headers: {} } as never) };
  record({ reason, status, trace: made['Trace-Id']!, code: error.code });
  const body = JSON.stringify({
    type: 'about:blank',
    title: phrase,
    status,
    detail: 'The request could not be read as HTTP.',
    code: 'bad-request',
    instance: `urn:trace:${made['Trace-Id']}`,
  });
  const lines = Object.entries({
    ...made,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${phrase}\r\n${lines.join('')}\r\n${body}`);
}

interface UnreadableAnswer {
  readonly status: number;
  readonly phrase: string;
  readonly reason: UnreadableReason;
}

const MALFORMED: UnreadableAnswer = { status: 400, phrase: 'Bad Request', reason: 'malformed' };

/** By what Node says went wrong. */
const ANSWERS: Readonly<Record<string, UnreadableAnswer>> = {
  HPE_HEADER_OVERFLOW: { status: 431, phrase: 'Request Header Fields Too Large', reason: 'headers-too-large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, phrase: 'Request Timeout', reason: 'late' },
};
