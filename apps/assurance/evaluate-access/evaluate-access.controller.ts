import { Controller, Inject, Post, Req } from '@nestjs/common';
import type { Backbone } from '#libs/application';
import { asSpan } from '#libs/eventing';
import { BACKBONE, readerOf } from '#libs/composition';
import {
  ApiQueryOperation,
  DIRECT_ROUTES,
  invalidRequest,
  ProblemException,
  Section,
  traceOf,
  type DirectRequest,
  type DirectRoutes,
} from '#libs/platform';
import { LIVE_INDEX } from '../decision-index/tokens.js';
import type { LiveIndex } from '../decision-index/decision-index.js';
import { readAccessRequest } from './access-request.js';
import type { RequestIds } from './decision-record.js';
import { accessDecisions, type AccessAnswer } from './evaluate-access.handler.js';
import {
  accessAnswerExample,
  accessExample,
  accessMinimumExample,
  accessUnknownExample,
  accessYesExample,
  AccessEvaluationAnswer,
  AccessEvaluationRequest,
} from './evaluate-access.request.js';

const DECIDING = ['decision', 'audit'] as const;

@Section('decisions', 'Decisions at use (OpenID AuthZEN 1.0).')
@Controller('access/v1')
export class EvaluateAccessController {
  private readonly decide: ReturnType<typeof accessDecisions>;

  constructor(
    @Inject(BACKBONE) backbone: Backbone,
    @Inject(LIVE_INDEX) index: LiveIndex,
    @Inject(DIRECT_ROUTES) direct: DirectRoutes,
  ) {
    this.decide = accessDecisions(backbone, index);
    direct.add(this, 'post', '/access/v1/evaluation');
  }

  @Post('evaluation')
  @ApiQueryOperation({
    summary: 'May this means act for this organization at this service?',
    description:
      'OpenID AuthZEN Authorization API 1.0. Unknown means, services and organizations are a no, never an error; ' +
      'unknown members are passed over. Every answer leaves a record before it is given.',
    scopes: DECIDING,
    body: AccessEvaluationRequest,
    bodyExamples: { atLevel: accessExample, atMinimumOfService: accessMinimumExample },
    answer: AccessEvaluationAnswer,
    examples: { yes: accessYesExample, levelTooLow: accessAnswerExample, unknownMeans: accessUnknownExample },
    codes: ['time-not-supported'],
  })
  async post(@Req() request: DirectRequest): Promise<AccessAnswer> {
    const { caller } = request;
    const read = readAccessRequest(request.body);
    if ('faults' in read) throw invalidRequest(read.faults);
    const reading = !caller.scopes.has('decision');
    if (reading && read.request.time !== undefined) {
      throw new ProblemException(400, 'time-not-supported', {
        detail: {
          en: 'An answer as of an earlier moment is not available yet.',
          nl: 'Een antwoord voor een eerder moment is er nog niet.',
        },
        errors: [{ pointer: '/context/time', code: 'time-not-supported' }],
      });
    }
    const ids = idsOf(request);
    return asSpan('decide', { within: ids.traceparent }, () =>
      this.decide({ request: read.request, caller: readerOf(caller, ids), ids, reading }),
    );
  }
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
