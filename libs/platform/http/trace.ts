import { createTraceState, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { randomFillSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { contextOf, isTraced, spanContextOf, traceparentOf } from '#libs/eventing';

/** W3C Trace Context of one request: the caller's trace continued, or one of our own. */
export interface Trace {
  /** 32 hexadecimal digits. In every answer, log line, problem and recorded event of the request. */
  readonly traceId: string;
  /** Our own span in it. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** To hand on and to record. */
  readonly traceparent: string;
  /**
   * Ties together what belongs to one case. The caller's `X-Correlation-ID` when that is a UUID (anything else might
   * be personal data and would end up in events), else the trace id.
   */
  readonly correlationId: string;
  /** Where traces are taken: the request's own span, which ends with its answer. */
  readonly span?: Span;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function startTrace(traceparent: string | undefined, correlationId: string | undefined): Trace {
  const parent = traceparent === undefined ? undefined : spanContextOf(traceparent);
  const ids = randomHex(24);
  const traceId = parent?.traceId ?? ids.slice(16);
  const spanId = ids.slice(0, 16);
  return {
    traceId,
    spanId,
    ...(parent === undefined ? {} : { parentSpanId: parent.spanId }),
    traceparent: traceparentOf({ traceId, spanId, traceFlags: parent?.traceFlags ?? 1 }),
    correlationId: correlationId !== undefined && UUID.test(correlationId) ? correlationId.toLowerCase() : traceId,
  };
}

/** Randomness is drawn for many ids at once: one call per id costs more than the rest of a request's edge. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

const TRACE = Symbol('trace');

/** Asked by machines every few seconds: their spans would bury the others. */
const ASKED_FOR_EVER = /^\/(?:health\/|metrics(?:$|\?))/;

/** Trace of a request; made at the first call, also where Fastify's hooks were not run (a malformed address). */
export function traceOf(raw: IncomingMessage & { [TRACE]?: Trace }): Trace {
  return (raw[TRACE] ??=
    isTraced() && !ASKED_FOR_EVER.test(raw.url ?? '') ? startSpan(raw) : startTrace(...headersOf(raw)));
}

const headersOf = ({
  headers,
}: IncomingMessage): [traceparent: string | undefined, correlationId: string | undefined] => [
  single(headers['traceparent']),
  single(headers['x-correlation-id']),
];

const tracer = trace.getTracer('waarborg');

/** The same with a span of whoever takes traces, and under its ids: what is recorded leads to it. */
function startSpan(raw: IncomingMessage): Trace {
  const [traceparent, correlationId] = headersOf(raw);
  const parent = traceparent === undefined ? undefined : spanContextOf(traceparent);
  const state = single(raw.headers['tracestate']);
  const around = parent && { ...parent, ...(state === undefined ? {} : { traceState: createTraceState(state) }) };
  // Its name is known with its route.
  const span = tracer.startSpan(raw.method ?? 'HTTP', { kind: SpanKind.SERVER }, contextOf(around));
  const { correlationId: ours, parentSpanId, ...own } = startTrace(traceparent, correlationId);
  const of = span.spanContext();
  return {
    traceId: of.traceId,
    spanId: of.spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    traceparent: traceparentOf(of),
    correlationId: ours === own.traceId ? of.traceId : ours,
    span,
  };
}

/** Ends the request's span with what its answer is known by: the same that the access log has. */
export function endTrace(
  { span }: Trace,
  { method, route, status }: { readonly method: string; readonly route: string; readonly status: number },
): void {
  if (span === undefined) return;
  span.updateName(`${method} ${route}`);
  span.setAttributes({
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': status,
  });
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
