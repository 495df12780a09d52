import type { FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { PHRASES } from '../problems/phrases.js';
import { invalidRequest, type ProblemException } from '../problems/problem.exception.js';
import { traceOf } from './trace.js';

/** Headers of every answer, whatever its status and whoever makes it (ADR 2.2 /core/transport, /core/version-header). */
export interface EdgeHeaders {
  /** The same for all answers; one object, because copying it for each costs more than the rest of the edge. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Those that tell one answer from another. */
  of(raw: IncomingMessage): Readonly<Record<string, string>>;
  /** All of them, names and values in turn, as Node writes them fastest. */
  list(raw: IncomingMessage): string[];
}

export function edgeHeaders(apiVersion: string): EdgeHeaders {
  const fixed = {
    'API-Version': apiVersion,
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
  };
  const fixedList = Object.entries(fixed).flat();
  return {
    fixed,
    of(raw) {
      const { traceId, traceparent } = traceOf(raw);
      const requestId = ownIdOf(raw);
      return requestId === undefined
        ? { 'Trace-Id': traceId, traceparent }
        : { 'Trace-Id': traceId, traceparent, 'X-Request-ID': requestId };
    },
    list(raw) {
      const { traceId, traceparent } = traceOf(raw);
      const list = [...fixedList, 'Trace-Id', traceId, 'traceparent', traceparent];
      const requestId = ownIdOf(raw);
      if (requestId !== undefined) list.push('X-Request-ID', requestId);
      return list;
    },
  };
}

/** AuthZEN wants the caller's own id back unchanged (interfaces.md §7). It is never logged: it may hold anything. */
function ownIdOf({ headers }: IncomingMessage): string | undefined {
  const requestId = headers['x-request-id'];
  return typeof requestId === 'string' && requestId !== '' && PRINTABLE.test(requestId) ? requestId : undefined;
}

/** What is written and read as the same bytes by everybody; Node writes other characters in the encoding of the body. */
const PRINTABLE = /^[\t\x20-\x7e]*$/;

/** Whether the caller's own id can be given back unchanged, or is absent. */
export const canGiveBack = ({ headers }: IncomingMessage): boolean => {
  const requestId = headers['x-request-id'];
  return requestId === undefined || (typeof requestId === 'string' && PRINTABLE.test(requestId));
};

/** The 400 for an id that can't be given back unchanged. */
export const refuseRequestId = (raw: IncomingMessage): ProblemException | undefined =>
  canGiveBack(raw)
    ? undefined
    : invalidRequest([{ in: 'header', pointer: '/X-Request-ID', code: 'invalid-value', detail: PHRASES.printable() }]);

/** Whether the header is missing that HTTP/1.1 asks for (RFC 9112 §3.2); Node would answer by itself, and tell nobody. */
export const lacksHost = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.host === undefined && httpVersion === '1.1';

export function setEdgeHeaders(reply: FastifyReply, headers: EdgeHeaders, raw: IncomingMessage): void {
  void reply.headers(headers.fixed).headers(headers.of(raw));
}
