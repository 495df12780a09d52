import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { Readable } from 'node:stream';
import { clientCertificate } from '../auth/client-certificate.js';
import { trustedProxies } from '#libs/configuration';
import type { Configuration } from '#libs/configuration';
import { serveHealth } from '../health/health-routes.js';
import { probeRegistry } from '../health/probes.js';
import { edgeHeaders } from '../http/edge-headers.js';
import { buildFastify, type LogStream } from '../http/fastify.js';
import { endIdleConnections } from '../http/idle-connections.js';
import { knownRoutes } from '../http/known-routes.js';
import { BODY_LIMIT, SERVER_LIMITS, type ServerLimits } from '../http/limits.js';
import { traceOf } from '../http/trace.js';
import { UnreadRequests } from '../http/unread-requests.js';
import { packageVersion } from '../package-version.js';
import { problemCatalogue } from '../problems/catalogue.js';
import { problemAnswers } from '../problems/problem-answers.js';
import { ProblemException, unavailable } from '../problems/problem.exception.js';
import { answerRecorder, recordAnswers } from '../telemetry/access-log.js';
import { metricsRegistry } from '../telemetry/metrics.js';
import { unreadableRecorder } from '../telemetry/unreadable.js';
import { takeWholeBodies } from './bodies.js';
import { headersToApp, headersToCaller } from './headers.js';
import { isNotSendable, isRepeatable, nothingWasSent } from './repeatable.js';
import { watchUpstreams, type Upstream, type UpstreamAddresses } from './upstreams.js';

/** An address (`/v1/checks`) with everything below it, and the app that answers there; none = any of them. */
export interface GatewayRoute {
  readonly path: string;
  readonly app?: string;
}

export interface GatewayOptions {
  readonly configuration: Configuration;
  /** What none of them names is answered by any app. */
  readonly routes: readonly GatewayRoute[];
  readonly upstreams: UpstreamAddresses;
  /** Most bytes of a body at addresses that take larger ones than others. */
  readonly largeBodies?: Readonly<Record<string, number>>;
  /** One line per thing worth telling. */
  readonly log: (line: string) => void;
  /** Where log lines of requests go; absent: standard output. */
  readonly logTo?: LogStream;
  readonly limits?: Partial<GatewayLimits>;
}

export interface GatewayLimits extends ServerLimits {
  /** Milliseconds until an instance has taken a connection. */
  readonly connect: number;
  /** Milliseconds until the answer to what may be asked again begins, and between two pieces of it. */
  readonly read: number;
  /** The same for everything else. */
  readonly command: number;
  /** Bytes of all bodies that are held at once. */
  readonly held: number;
  /** Milliseconds after which a body that is not whole gives way to others, once so much is held. */
  readonly slow: number;
}

export const GATEWAY_LIMITS: GatewayLimits = {
  ...SERVER_LIMITS,
  connect: 2_000,
  read: 10_000,
  command: 30_000,
  held: 256 * BODY_LIMIT,
  slow: 1_000,
};

export interface RunningGateway {
  readonly url: string;
  /** Takes no more requests, waits for the answers under way. */
  stop(): Promise<void>;
}

/** Instances that one request is sent to at most. */
const ATTEMPTS = 3;
/** How long a connection to an instance lies idle at most, in milliseconds: less than the apps keep it (limits.ts). */
const KEEP_UPSTREAM = 5_000;

/**
 * A reverse proxy in front of the apps, so that the public API is that of the suite. Bodies and headers pass unchanged, but
 * for those of a connection and those that only a gateway says. A request whose instance gave no answer is sent to another
 * one where that can't do anything twice; otherwise whoever sent it is told that its outcome is unknown.
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { configuration, routes, log } = options;
  const limits = { ...GATEWAY_LIMITS, ...options.limits };
  const base = new URL(configuration.publicBaseUrl);
  const proxies = trustedProxies(configuration.trustedProxies);
  const catalogue = problemCatalogue();
  const probes = probeRegistry();
  const metrics = metricsRegistry();
  const known = knownRoutes();
  const headers = edgeHeaders(packageVersion());
  const problems = problemAnswers(catalogue, configuration.publicBaseUrl, known, () => fastify.log);
  const unreadable = unreadableRecorder(() => fastify.log, metrics);
  const unread = new UnreadRequests(headers, unreadable);
  const fastify: FastifyInstance = buildFastify({
    ...{ headers, problems, routes: known, logLevel: configuration.logLevel, logTo: options.logTo },
    ...{ limits, unread, unreadable, tls: configuration.tls },
  });
  fastify.setErrorHandler((error, request, reply) => problems.send(error, request, reply));
  // Methods that no app has at any address.
  fastify.setNotFoundHandler((request, reply) =>
    problems.send(
      new ProblemException(405, 'method-not-allowed', { headers: { Allow: 'GET, HEAD, POST' } }),
      request,
      reply,
    ),
  );
  recordAnswers(fastify, answerRecorder(fastify.log, metrics));

  const upstreams = watchUpstreams(options.upstreams, ({ app, origin, state }, before) => {
    if (state === 'down') log(`${app} at ${origin} does not answer`);
    else if (before === 'down') log(`${app} at ${origin} answers${state === 'ready' ? '' : ', and is not ready'}`);
  });
  const counted = metrics.gauge('gateway_upstreams', 'Instances behind the gateway', ['app', 'state']);
  metrics.onRead(() => {
    for (const app of upstreams.apps) {
      for (const state of ['ready', 'live', 'down'] as const) {
        const count = upstreams.all.filter((one) => one.app === app && one.state === state).length;
        counted.set({ app, state }, count);
      }
    }
  });
  const again = metrics.counter('gateway_retries_total', 'Requests that were sent to another instance', ['app']);
  const lost = metrics.counter('gateway_unanswered_total', 'Requests that no instance answered', ['app']);
  for (const app of upstreams.apps) {
    probes.register({
      name: app,
      check: () =>
        upstreams.all.some((one) => one.app === app && one.state === 'ready')
          ? { fine: true }
          : { fine: false, reason: 'no instance is ready' },
    });
  }

  /** Sends the request to an instance, and to another one for as long as that is safe. */
  function forward(app: string | undefined, request: FastifyRequest, reply: FastifyReply, tried: Upstream[]): void {
    const path = request.raw.url!.split('?', 1)[0]!;
    const repeatable = isRepeatable(request.method, path);
    const upstream = tried.length < ATTEMPTS ? upstreams.choose(app, tried) : undefined;
    if (upstream === undefined) {
      lost.inc({ app: app ?? 'any' });
      return problems.send(unavailable(), request, reply);
    }
    if (tried.length > 0) again.inc({ app: upstream.app });
    tried.push(upstream);
    upstream.took();
    const whole = request.body as Buffer | undefined;
    // Some bodies are passed over by the apps as well: those of requests that have none by their method.
    const body = whole !== undefined && whole.length > 0 ? whole : undefined;
    const length = body?.length ?? (request.method === 'GET' || request.method === 'HEAD' ? undefined : 0);
    const certificate = clientCertificate(request.raw, proxies);
    reply.from(path, {
      getUpstream: () => upstream.origin,
      // As it came: what is given without a type, or not at all, would be written anew.
      ...(body === undefined ? { body: null } : { body, contentType: request.headers['content-type'] ?? 'none' }),
      timeout: repeatable ? limits.read : limits.command,
      retryDelay: () => null,
      rewriteRequestHeaders: () => headersToApp(request.raw, { base, length, certificate }) as IncomingHttpHeaders,
      rewriteHeaders: (given) => headersToCaller(given as IncomingHttpHeaders) as typeof given,
      onResponse: (_request, _reply, response) => {
        const {
          statusCode,
          headers: given,
          stream,
        } = response as unknown as {
          readonly statusCode: number;
          readonly headers: IncomingHttpHeaders;
          readonly stream: Readable;
        };
        // So answers an app that ends, to what it has not begun with.
        if (statusCode === 503 && given.connection === 'close' && tried.length < ATTEMPTS) {
          upstream.gave();
          upstream.failed();
          stream.on('error', () => undefined).resume();
          for (const name of Object.keys(given)) reply.removeHeader(name);
          void reply.headers(headers.fixed).headers(headers.of(request.raw));
          return forward(app, request, reply, tried);
        }
        stream.once('close', () => upstream.gave());
        void reply.send(stream);
      },
      onError: (_reply, { error }) => {
        upstream.gave();
        if (isNotSendable(error)) {
          return problems.send(new ProblemException(400, 'bad-request', { cause: error }), request, reply);
        }
        upstream.failed();
        const unsent = nothingWasSent(error);
        if (unsent || repeatable) return forward(app, request, reply, tried);
        lost.inc({ app: upstream.app });
        problems.send(unavailable('outcome-unknown', 1, error), request, reply);
      },
    });
  }

  const { largeBodies = {} } = options;
  const bodyAt = (path: string): number => (Object.hasOwn(largeBodies, path) ? largeBodies[path]! : BODY_LIMIT);
  takeWholeBodies(fastify, { body: bodyAt, held: limits.held, slow: limits.slow }, (raw) =>
    unreadable({ reason: 'late', status: 408, trace: traceOf(raw).traceId }),
  );
  const appOf = new Map(routes.flatMap(({ path, app }) => [path, `${path}/*`].map((url) => [url, app])));
  // Only a gateway needs it, and what it brings takes its time to load.
  const { default: httpProxy } = await import('@fastify/http-proxy');
  await fastify.register(httpProxy, {
    upstream: '',
    // Bodies were taken above.
    proxyPayloads: false,
    disableRequestLogging: true,
    disableCache: true,
    routes: [...appOf.keys(), '/', '/*'].filter((url, index, all) => all.indexOf(url) === index),
    httpMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    undici: {
      connect: { timeout: limits.connect },
      keepAliveTimeout: KEEP_UPSTREAM,
      keepAliveMaxTimeout: KEEP_UPSTREAM,
    },
    destroyAgent: true,
    replyOptions: { getUpstream: () => '' },
    handler: (request, reply) => {
      forward(appOf.get(request.routeOptions.url ?? ''), request, reply, []);
      return reply;
    },
  });
  await fastify.register((scope, _options, done) => {
    serveHealth(scope, probes, metrics, { ...configuration, limits, unread, unreadable });
    done();
  });
  endIdleConnections(fastify.server as Server, limits, () => unreadable({ reason: 'late' }));
  await upstreams.look();
  const host = configuration.host === 'localhost' ? '127.0.0.1' : configuration.host;
  const url = await fastify.listen({ port: configuration.port, host });
  return {
    url,
    async stop() {
      upstreams.stop();
      await fastify.close();
    },
  };
}
