import { readerOf } from '#libs/composition';
import { ProblemException, traceOf, type DirectRequest } from '#libs/platform';
import { requestHashOf } from '../signed-answers/answer-signer.js';
import type { RequestIds } from './decision-record.js';
import type { AccessEndpoint, Asker } from './give-answer.js';

/** Scopes with which decisions are asked for. */
export const DECIDING = ['decision', 'audit'] as const;

/** Who asks. `context.time` of whoever decides is recorded, and never used. */
export function askerOf(request: DirectRequest, endpoint: AccessEndpoint): Asker {
  const { caller } = request;
  const reading = !caller.scopes.has('decision');
  const ids = idsOf(request);
  return { caller: readerOf(caller, ids), ids, reading, endpoint, requestHash: requestHashOf(request.bytes) };
}

/** An auditor's search about another moment is refused: which objects it would lead to is bounded by nothing. */
export function refuseTime({ reading }: Asker, time: string | null | undefined): void {
  if (!reading || time === undefined) return;
  throw new ProblemException(400, 'time-not-supported', {
    detail: {
      en: 'A search is answered about now only. Ask a single question or several about an earlier moment.',
      nl: 'Een zoekvraag wordt alleen over nu beantwoord. Stel over een eerder moment een enkele vraag of een aantal vragen.',
    },
    errors: [{ pointer: '/context/time', code: 'time-not-supported' }],
  });
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
