import { randomFillSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

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
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function startTrace(traceparent: string | undefined, correlationId: string | undefined): Trace {
  const match = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  const ids = randomHex(24);
  const traceId = match?.[1] ?? ids.slice(16);
  const spanId = ids.slice(0, 16);
  return {
    traceId,
    spanId,
    ...(match === null ? {} : { parentSpanId: match[2]! }),
    traceparent: `00-${traceId}-${spanId}-${match?.[3] ?? '01'}`,
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

/** Trace of a request; made at the first call, also where Fastify's hooks were not run (a malformed address). */
export function traceOf(raw: IncomingMessage & { [TRACE]?: Trace }): Trace {
  return (raw[TRACE] ??= startTrace(single(raw.headers['traceparent']), single(raw.headers['x-correlation-id'])));
}

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
