import type { FastifyInstance, FastifyRequest } from 'fastify';
import { traceOf } from '../http/trace.js';
import { DURATION_BUCKETS, type Metrics } from './metrics.js';

/** Template of the route that answers (`/v1/means/:id`), never the address with its ids. */
export const routeOf = (request: FastifyRequest): string =>
  request.is404 ? 'unmatched' : (request.routeOptions?.url ?? 'unmatched');

/**
 * One line and one measurement for each answer. Never bodies, query values, headers, tokens or ids in the address:
 * what is not in this list is not logged. Traces of single requests are found by their id.
 */
export function logAccess(fastify: FastifyInstance, metrics: Metrics): void {
  const duration = metrics.histogram(
    'http_request_duration_seconds',
    'Time from the first byte of a request to the last of its answer',
    DURATION_BUCKETS,
    ['method', 'route', 'status'],
  );
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    const milliseconds = reply.elapsedTime;
    duration.observe({ method: request.method, route, status: String(reply.statusCode) }, milliseconds / 1_000);
    const { traceId, spanId } = traceOf(request.raw);
    const quiet = route.startsWith('/health/') || route === '/metrics';
    request.log[quiet ? 'debug' : 'info'](
      {
        log: 'access',
        trace: traceId,
        span: spanId,
        method: request.method,
        route,
        status: reply.statusCode,
        milliseconds: Math.round(milliseconds * 100) / 100,
        ...(request.caller ? { client: request.caller.client } : {}),
      },
      'request',
    );
    done();
  });
}

/** Options of Fastify's pino: ISO times, levels as words, no process ids, nothing of a request by itself. */
export const loggerOptions = (level: string): object => ({
  level,
  base: { service: 'waarborg' },
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  formatters: { level: (label: string) => ({ level: label }) },
  // Fastify's own serializers would write addresses and peers.
  serializers: { req: () => undefined, res: () => undefined, err: errorFields },
});

/**
 * Name, message and stack of an error and of its causes. Messages of drivers and parsers quote what they were given, so
 * theirs are left out.
 */
export function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  const quoting = error instanceof SyntaxError || (typeof code === 'string' && 'severity' in error);
  return {
    type: error.name,
    ...(quoting ? {} : { message: error.message }),
    ...(typeof code === 'string' ? { code } : {}),
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim())
      .slice(0, 12),
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  };
}
