import type { FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { traceOf } from './trace.js';

/** Headers of every answer, whatever its status and whoever makes it (ADR 2.2 /core/transport, /core/version-header). */
export interface EdgeHeaders {
  /** The same for all answers; one object, because copying it for each costs more than the rest of the edge. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Those that tell one answer from another. */
  of(raw: IncomingMessage): Readonly<Record<string, string>>;
}

export function edgeHeaders(apiVersion: string): EdgeHeaders {
  return {
    fixed: {
      'API-Version': apiVersion,
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "frame-ancestors 'none'",
      'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
    },
    of(raw) {
      const { traceId, traceparent } = traceOf(raw);
      // AuthZEN wants the caller's own id back unchanged (interfaces.md §7). It is never logged: it may hold anything.
      const requestId = raw.headers['x-request-id'];
      return typeof requestId === 'string' && requestId !== ''
        ? { 'Trace-Id': traceId, traceparent, 'X-Request-ID': requestId }
        : { 'Trace-Id': traceId, traceparent };
    },
  };
}

export function setEdgeHeaders(reply: FastifyReply, headers: EdgeHeaders, raw: IncomingMessage): void {
  void reply.headers(headers.fixed).headers(headers.of(raw));
}
