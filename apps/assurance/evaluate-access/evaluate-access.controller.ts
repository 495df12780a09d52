import { Controller, Inject, Post, Req } from '@nestjs/common';
import type { Backbone } from '#libs/application';
import { asSpan } from '#libs/eventing';
import { BACKBONE, readerOf } from '#libs/composition';
import {
  ApiQueryOperation,
  CONFIGURATION,
  DIRECT_ROUTES,
  invalidRequest,
  ProblemException,
  Section,
  traceOf,
  type Configuration,
  type DirectRequest,
  type DirectRoutes,
  type WrittenAnswer,
} from '#libs/platform';
import { LIVE_INDEX } from '../decision-index/tokens.js';
import type { LiveIndex } from '../decision-index/decision-index.js';
import { requestHashOf, type AnswerSigner } from '../signed-answers/answer-signer.js';
import { ANSWER_SIGNER } from '../signed-answers/tokens.js';
import { readAccessRequest } from './access-request.js';
import type { RequestIds } from './decision-record.js';
import { accessQuestion } from './evaluate-access.handler.js';
import {
  accessAnswerExample,
  accessExample,
  accessMinimumExample,
  accessUnknownExample,
  accessYesExample,
  AccessEvaluationAnswer,
  AccessEvaluationRequest,
} from './evaluate-access.request.js';
import { answerGiver, type GiveAnswer } from './give-answer.js';
import { usePolicy, type UsePolicy } from './use-policy.js';

const DECIDING = ['decision', 'audit'] as const;

@Section('decisions', 'Decisions at use (OpenID AuthZEN 1.0).')
@Controller('access/v1')
export class EvaluateAccessController {
  private readonly policy: UsePolicy;
  private readonly give: GiveAnswer;

  constructor(
    @Inject(BACKBONE) backbone: Backbone,
    @Inject(LIVE_INDEX) private readonly index: LiveIndex,
    @Inject(ANSWER_SIGNER) signer: AnswerSigner,
    @Inject(CONFIGURATION) { publicBaseUrl }: Configuration,
    @Inject(DIRECT_ROUTES) direct: DirectRoutes,
  ) {
    this.policy = usePolicy(backbone.governance, backbone.rules);
    this.give = answerGiver(backbone, index, this.policy, signer, publicBaseUrl);
    direct.add(this, 'post', '/access/v1/evaluation');
  }

  @Post('evaluation')
  @ApiQueryOperation({
    summary: 'May this means act for this organization at this service?',
    description:
      'OpenID AuthZEN Authorization API 1.0. Unknown means, services and organizations are a no, never an error; ' +
      'unknown members are passed over. Every answer leaves a record before it is given, and is signed.',
    scopes: DECIDING,
    body: AccessEvaluationRequest,
    bodyExamples: { atLevel: accessExample, atMinimumOfService: accessMinimumExample },
    answer: AccessEvaluationAnswer,
    examples: { yes: accessYesExample, levelTooLow: accessAnswerExample, unknownMeans: accessUnknownExample },
    codes: ['time-not-supported'],
    signed: true,
  })
  async post(@Req() request: DirectRequest): Promise<WrittenAnswer> {
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
      this.give(accessQuestion(read.request, this.index, this.policy), {
        ...{ caller: readerOf(caller, ids), ids, reading },
        requestHash: requestHashOf(request.bytes),
      }),
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
