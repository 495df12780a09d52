import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import { endTrace, traceOf, type Trace } from '../http/trace.js';
import { DURATION_BUCKETS, type Metrics } from './metrics.js';

/** In the place of a template where no route answers. */
export const UNMATCHED = 'unmatched';

/** Template of the route that answers (`/v1/means/:id`), never the address with its ids. */
export const routeOf = (request: FastifyRequest): string =>
  request.is404 ? UNMATCHED : (request.routeOptions?.url ?? UNMATCHED);

/** What is kept of an answer: what is not in this list is not logged. */
export interface AnswerRecord {
  readonly method: string;
  /** The route's template. */
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly trace: Trace;
  /** Absent: no valid token. */
  readonly client?: string;
}

export type AnswerRecorder = (answer: AnswerRecord) => void;

/**
 * One line and one measurement for each answer. Never bodies, query values, headers, tokens or ids in the address.
 * Traces of single requests are found by their id.
 */
export function answerRecorder(log: FastifyBaseLogger, metrics: Metrics): AnswerRecorder {
  const duration = metrics.histogram(
    'http_request_duration_seconds',
    'Time from the first byte of a request until its answer was handed over',
    DURATION_BUCKETS,
    ['method', 'route', 'status'],
  );
  return ({ method, route, status, milliseconds, trace, client }) => {
    duration.observe({ method, route, status: String(status) }, milliseconds / 1_000);
    endTrace(trace, { method, route, status });
    const quiet = route.startsWith('/health/') || route === '/metrics';
    log[quiet ? 'debug' : 'info'](
      {
        log: 'access',
        trace: trace.traceId,
        span: trace.spanId,
        method,
        route,
        status,
        milliseconds: Math.round(milliseconds * 100) / 100,
        ...(client === undefined ? {} : { client }),
      },
      'request',
    );
  };
}

/** Records what Fastify answers. */
export function recordAnswers(fastify: FastifyInstance, record: AnswerRecorder): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    record({
      method: request.method,
      route: routeOf(request),
      status: reply.statusCode,
      milliseconds: reply.elapsedTime,
      trace: traceOf(request.raw),
      ...(request.caller ? { client: request.caller.client } : {}),
    });
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
