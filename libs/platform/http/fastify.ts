import { fastify as createFastify, LogController, type FastifyInstance } from 'fastify';
import type { IncomingMessage, Server } from 'node:http';
import type { TlsSettings } from '#libs/configuration';
import { PHRASES } from '../problems/phrases.js';
import { ProblemException, unavailable } from '../problems/problem.exception.js';
import type { ProblemAnswers } from '../problems/problem-answers.js';
import { loggerOptions, UNMATCHED } from '../telemetry/access-log.js';
import type { UnreadableRecorder } from '../telemetry/unreadable.js';
import { handOnFiles } from './file-bodies.js';
import { takeBody } from './growing-body.js';
import { closeAbandonedAnswers } from './abandoned-answers.js';
import { lacksHost, refuseRequestId, setEdgeHeaders, type EdgeHeaders } from './edge-headers.js';
import { isUtf8, notUtf8 } from './charset.js';
import { coded, comesUncoded } from './content-coding.js';
import { parseJsonBody } from './json-body.js';
import { BODY_LIMIT, lookEvery, type ServerLimits } from './limits.js';
import type { KnownRoutes } from './known-routes.js';
import { endTrace, traceOf } from './trace.js';
import type { UnreadRequests } from './unread-requests.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came in; `null` where none did. */
    bodyBytes: Buffer | null;
  }
}

export interface LogStream {
  write(line: string): void;
}

export interface FastifyParts {
  readonly headers: EdgeHeaders;
  readonly problems: ProblemAnswers;
  readonly routes: KnownRoutes;
  readonly logLevel: string;
  /** Absent: plain HTTP. */
  readonly tls: TlsSettings | undefined;
  readonly logTo: LogStream | undefined;
  readonly limits: ServerLimits;
  readonly unread: UnreadRequests;
  readonly unreadable: UnreadableRecorder;
}

/**
 * TLS 1.2 at least (NCSC). A certificate of a caller is taken whoever signed it: a token names the very one that it is bound
 * to, and the handshake shows its key (RFC 8705 §3).
 */
const tlsOptions = ({ certificate, key, asksForCertificates }: TlsSettings, { headers }: ServerLimits) => ({
  ...{ cert: certificate, key, minVersion: 'TLSv1.2' as const },
  ...{ requestCert: asksForCertificates, rejectUnauthorized: false, handshakeTimeout: headers },
});

/** The HTTP server below Nest: everything that holds for every answer, whoever gives it. */
export function buildFastify(parts: FastifyParts): FastifyInstance {
  const { headers, problems, routes, logLevel, logTo, limits, tls, unread, unreadable } = parts;
  const listener = {
    headersTimeout: limits.headers,
    connectionsCheckingInterval: lookEvery(limits),
    // Refused below, where it is recorded as well.
    requireHostHeader: false,
  };
  const fastify = createFastify({
    logger: { ...loggerOptions(logLevel), ...(logTo === undefined ? {} : { stream: logTo }) },
    logController: new LogController({ disableRequestLogging: true }),
    // Lines name their trace; a logger per request would only add a second id.
    childLoggerFactory: (log) => log,
    bodyLimit: BODY_LIMIT,
    // We answer these requests ourselves (below), as problems.
    return503OnClosing: false,
    ...(tls === undefined ? { http: listener } : { https: { ...listener, ...tlsOptions(tls, limits) } }),
    requestTimeout: limits.request,
    keepAliveTimeout: limits.keepAlive,
    connectionTimeout: limits.silence,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => {
      setEdgeHeaders(reply, headers, request.raw);
      problems.send(error, request, reply);
      // Hooks are not run here, so neither is the access log's.
      const trace = traceOf(request.raw);
      const { traceId } = trace;
      endTrace(trace, { method: request.method, route: UNMATCHED, status: reply.statusCode });
      request.log.info({ log: 'access', trace: traceId, route: UNMATCHED, status: reply.statusCode }, 'request');
      unreadable({ reason: 'address', status: reply.statusCode, trace: traceId, code: error.code });
    },
    clientErrorHandler: unread.broken,
  }) as unknown as FastifyInstance;
  fastify.server.maxConnections = limits.connections;
  unread.watch(fastify.server as Server);
  closeAbandonedAnswers(fastify.server as Server);
  fastify.server.on('drop', () => unreadable({ reason: 'too-many-connections' }));

  fastify.decorateRequest('caller', null);
  fastify.decorateRequest('bodyBytes', null);
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
    if (lacksHost(request.raw)) {
      const { traceId } = traceOf(request.raw);
      unreadable({ reason: 'malformed', status: 400, trace: traceId, code: 'Host' });
      void reply.header('Connection', 'close');
      done(new ProblemException(400, 'bad-request', { detail: PHRASES.noHost() }));
      return;
    }
    done(refuseRequestId(request.raw));
  });

  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', (request, payload: IncomingMessage, done) => {
    // It is no file, whatever is wrong with it besides: whoever may come here at all is told so by who takes files.
    if (request.routeOptions.config.takesFile !== undefined) return done(null, undefined);
    if (!isUtf8(request.headers['content-type']!)) return done(notUtf8());
    if (!comesUncoded(request.headers)) return done(coded());
    takeBody(payload, BODY_LIMIT, (error, whole) => {
      if (error !== null) return done(error);
      request.bodyBytes = whole!;
      try {
        done(null, parseJsonBody(whole!));
      } catch (fault) {
        done(fault as Error);
      }
    });
  });
  handOnFiles(fastify);
  return fastify;
}
