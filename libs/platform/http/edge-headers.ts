import type { IncomingMessage } from 'node:http';
import { traceOf } from './trace.js';

/** Headers of every answer, whatever its status and whoever makes it (ADR 2.2 /core/transport, /core/version-header). */
export type EdgeHeaders = (raw: IncomingMessage) => Record<string, string>;

export function edgeHeaders(apiVersion: string): EdgeHeaders {
  const fixed = {
    'API-Version': apiVersion,
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "frame-ancestors 'none'",
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
  };
  return (raw) => {
    const trace = traceOf(raw);
    const headers: Record<string, string> = { ...fixed, 'Trace-Id': trace.traceId, traceparent: trace.traceparent };
    // AuthZEN wants the caller's own id back unchanged (interfaces.md §7). It is never logged: it may hold anything.
    const requestId = raw.headers['x-request-id'];
    if (typeof requestId === 'string' && requestId !== '') headers['X-Request-ID'] = requestId;
    return headers;
  };
}
