import { readerOf } from '#libs/composition';
import { ProblemException, traceOf, type DirectRequest } from '#libs/platform';
import { requestHashOf } from '../signed-answers/answer-signer.js';
import type { RequestIds } from './decision-record.js';
import type { AccessEndpoint, Asker } from './give-answer.js';

/** Scopes with which decisions are asked for. */
export const DECIDING = ['decision', 'audit'] as const;

interface AskedTime {
  readonly time: string | null | undefined;
  /** Pointer to the question, where it stands in a larger body. */
  readonly at?: string;
}

/**
 * Who asks. An auditor's question about another moment is refused; `context.time` of anybody else is recorded, and never
 * used.
 */
export function askerOf(request: DirectRequest, endpoint: AccessEndpoint, asked: readonly AskedTime[]): Asker {
  const { caller } = request;
  const reading = !caller.scopes.has('decision');
  const timed = reading ? asked.filter(({ time }) => time !== undefined) : [];
  if (timed.length > 0) {
    throw new ProblemException(400, 'time-not-supported', {
      detail: {
        en: 'An answer as of an earlier moment is not available yet.',
        nl: 'Een antwoord voor een eerder moment is er nog niet.',
      },
      errors: timed.map(({ at = '' }) => ({ pointer: `${at}/context/time`, code: 'time-not-supported' })),
    });
  }
  const ids = idsOf(request);
  return { caller: readerOf(caller, ids), ids, reading, endpoint, requestHash: requestHashOf(request.bytes) };
}

function idsOf({ headers, raw }: DirectRequest): RequestIds {
  const { traceId, spanId, parentSpanId, traceparent, correlationId } = traceOf(raw);
  const requestId = headers['x-request-id'];
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    traceparent,
    correlationId,
    ...(typeof requestId === 'string' && requestId !== '' ? { requestId } : {}),
  };
}
