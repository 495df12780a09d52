import { Controller, Inject, Post, Req } from '@nestjs/common';
import { asSpan } from '#libs/eventing';
import {
  ApiQueryOperation,
  DIRECT_ROUTES,
  invalidRequest,
  Section,
  type DirectRequest,
  type DirectRoutes,
  type WrittenAnswer,
} from '#libs/platform';
import { readAccessRequest } from './access-request.js';
import { askerOf, DECIDING } from './asker-of.js';
import { DECISIONS, type Decisions } from './decisions.js';
import {
  accessAnswerExample,
  accessExample,
  accessMinimumExample,
  accessThenExample,
  accessUnknownExample,
  accessYesExample,
  AccessEvaluationAnswer,
  AccessEvaluationRequest,
} from './evaluate-access.request.js';

const ENDPOINT = '/access/v1/evaluation';

@Section('decisions', 'Decisions at use (OpenID AuthZEN 1.0).')
@Controller('access/v1')
export class EvaluateAccessController {
  constructor(
    @Inject(DECISIONS) private readonly decisions: Decisions,
    @Inject(DIRECT_ROUTES) direct: DirectRoutes,
  ) {
    direct.add(this, 'post', ENDPOINT);
  }

  @Post('evaluation')
  @ApiQueryOperation({
    summary: 'May this means act for this organization at this service?',
    description:
      'OpenID AuthZEN Authorization API 1.0. Unknown means, services and organizations are a no, never an error; ' +
      'unknown members are passed over. Every answer leaves a record before it is given, and is signed. `context.time` of an ' +
      'auditor (scope `audit`) is the moment that the answer is of, and is no use; of whoever decides it is never used.',
    scopes: DECIDING,
    body: AccessEvaluationRequest,
    bodyExamples: { atLevel: accessExample, atMinimumOfService: accessMinimumExample },
    answer: AccessEvaluationAnswer,
    examples: {
      yes: accessYesExample,
      levelTooLow: accessAnswerExample,
      unknownMeans: accessUnknownExample,
      asOfThen: accessThenExample,
    },
    codes: ['instant-in-future'],
    signed: true,
  })
  async post(@Req() request: DirectRequest): Promise<WrittenAnswer> {
    const read = readAccessRequest(request.body);
    if ('faults' in read) throw invalidRequest(read.faults);
    const asker = askerOf(request, ENDPOINT);
    return asSpan('decide', { within: asker.ids.traceparent }, () => this.decisions.evaluate(read.request, asker));
  }
}
