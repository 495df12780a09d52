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
import { readAccessRequest, type ReadRequest } from '../evaluate-access/access-request.js';
import { askerOf, DECIDING } from '../evaluate-access/asker-of.js';
import { DECISIONS, type Decisions } from '../evaluate-access/decisions.js';
import type { Past } from '../time-travel/past.js';
import { readAccessBatch } from './access-batch.js';
import { batchQuestion } from './batch-question.js';
import {
  AccessEvaluationsAnswer,
  AccessEvaluationsRequest,
  batchAnswerExample,
  batchExample,
  batchFaultyExample,
} from './evaluate-batch.request.js';

const ENDPOINT = '/access/v1/evaluations';

@Section('decisions', 'Decisions at use (OpenID AuthZEN 1.0).')
@Controller('access/v1')
export class EvaluateBatchController {
  constructor(
    @Inject(DECISIONS) private readonly decisions: Decisions,
    @Inject(DIRECT_ROUTES) direct: DirectRoutes,
  ) {
    direct.add(this, 'post', ENDPOINT);
  }

  @Post('evaluations')
  @ApiQueryOperation({
    summary: 'Several questions at once',
    description:
      'Members of the body are defaults of every question; what a question has itself takes their place. Each is judged on ' +
      'its own: one that fails, or is faulty, does not spoil the others. At most 100. One record and one signature for all; ' +
      'each yes counts as use, but for an auditor’s, whose questions may each name a moment. Without `evaluations` it is the single question, with its answer.',
    scopes: DECIDING,
    body: AccessEvaluationsRequest,
    bodyExamples: { severalOrganizations: batchExample },
    answer: AccessEvaluationsAnswer,
    examples: { yesAndNo: batchAnswerExample, faulty: batchFaultyExample },
    codes: ['instant-in-future'],
    signed: true,
  })
  async post(@Req() request: DirectRequest): Promise<WrittenAnswer> {
    const read = readAccessBatch(request.body);
    if (read === undefined) return this.single(request);
    if ('faults' in read) throw invalidRequest(read.faults);
    const { batch } = read;
    const asked = batch.questions.flatMap((question, place) =>
      'request' in question ? [{ place, request: question.request, at: `/evaluations/${place}` }] : [],
    );
    const asker = askerOf(request, ENDPOINT);
    const { give, index, policy, pasts } = this.decisions;
    const timed = await pasts(asked, asker);
    const then = new Map<number, Past>();
    // A question whose moment is none is faulty as any other, and spoils none of them.
    const questions: ReadRequest[] = [...batch.questions];
    for (const [order, { place }] of asked.entries()) {
      const past = timed[order];
      if (past === undefined) continue;
      if ('faults' in past) questions[place] = past;
      else then.set(place, past);
    }
    return asSpan('decide', { within: asker.ids.traceparent }, () =>
      give(batchQuestion({ ...batch, questions }, index, policy, then), asker),
    );
  }

  private async single(request: DirectRequest): Promise<WrittenAnswer> {
    const read = readAccessRequest(request.body);
    if ('faults' in read) throw invalidRequest(read.faults);
    const asker = askerOf(request, ENDPOINT);
    return asSpan('decide', { within: asker.ids.traceparent }, () => this.decisions.evaluate(read.request, asker));
  }
}
