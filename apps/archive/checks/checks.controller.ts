import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { streamId } from '#libs/kernel';
import type { Backbone } from '#libs/application';
import { answerTo, BACKBONE, checkAfter, commandOf, settle } from '#libs/composition';
import { checkDecider } from '#libs/domain';
import {
  After,
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  created,
  found,
  notFound,
  PathId,
  readCommandLookingUp,
  requirePerson,
} from '#libs/platform';
import { CheckAnswer, checkExample, checkView, CheckView } from './check.view.js';
import { judgeCheck, recordCheck } from './record-check.handler.js';
import { RecordCheckRequest } from './record-check.request.js';

@Controller('v1/checks')
export class ChecksController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiCommand({
    summary: 'Record a check',
    description: 'Facts about people, parties, documents and means; the schema of each type is in the components.',
    scopes: ['intake'],
    body: RecordCheckRequest,
    bodyExample: {
      application: checkExample.application,
      type: checkExample.type,
      about: checkExample.about,
      document: checkExample.document,
      status: checkExample.status,
      performedAt: '2026-03-02T10:12:00Z',
      performedBy: { clerk: 'c-17' },
      source: checkExample.source,
    },
    answer: CheckAnswer,
    example: checkExample,
    codes: [
      'application-full',
      'instant-in-future',
      'late-entry-reason-missing',
      'performed-before-application',
      'moment-after-performed',
      'transaction-too-old',
      'handed-out-before-applied',
      'of-another-application',
      'same-person',
      'not-of-holder',
      'unknown-application',
      'unknown-person',
      'unknown-party',
      'unknown-document',
      'unknown-means',
      'unknown-check',
      'unknown-contact',
      'unknown-source',
      'unknown-equivalence',
      'person-required',
    ],
  })
  async record(@Req() request: FastifyRequest) {
    const read = await readCommandLookingUp(request, (json, sender) => judgeCheck(this.backbone, json, sender));
    // Who says that a clerk did something is somebody himself.
    if (read.body.check.performedBy.clerk !== undefined) requirePerson(request);
    const command = commandOf(read);
    const outcome = await recordCheck(this.backbone, command, read.body);
    const accepted = await settle(this.backbone, command, outcome, {
      command: 'RecordCheck',
      object: 'check',
      checks: [],
    });
    const { state } = accepted;
    if (state.status === 'none') throw notFound('no-such-check');
    return created(`/v1/checks/${state.id}`, answerTo(this.backbone, accepted, checkView(state)));
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({ summary: 'A check', scopes: ['intake'], answer: CheckView, example: checkExample })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, revision } = await this.backbone.commands.load(checkDecider, streamId('check', id));
    if (state.status === 'none') throw notFound('no-such-check');
    return found(checkView(state), revision as number);
  }
}
