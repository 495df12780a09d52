import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import type { Backbone, CommandRequest } from '#libs/application';
import { answerTo, BACKBONE, checkAfter, commandOf, equalIn, searchPage, settle } from '#libs/composition';
import { checkDecider, type Check, type CheckEvent } from '#libs/domain';
import {
  After,
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  ApiTextOperation,
  CheckedBody,
  created,
  createdAll,
  EXAMPLE_POSITION,
  found,
  notFound,
  PathId,
  readCommandLookingUp,
  requirePerson,
  Section,
  Sent,
  textFile,
  unavailable,
  type SentRequest,
} from '#libs/platform';
import { checkExamples } from './check-examples.js';
import { demandKept, logReceipts, receiptExample } from '../log/receipt-of.js';
import { checkExample, checkView, lookupExample, reportedExample } from './check.view.js';
import { checksProjection } from './checks.projection.js';
import { judgeBatch, recordBatch } from './record-batch.handler.js';
import { BatchAnswer, RecordBatchRequest } from './record-batch.request.js';
import { judgeCheck, recordCheck } from './record-check.handler.js';
import { CheckPage, SearchRecordedChecksRequest } from './search-checks.request.js';

/** What a check, or a batch of them, may be refused for. */
const RECORDING = [
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
  'unknown-evidence',
  'person-required',
  'erased',
] as const;

@Section('checks', 'Facts that levels are computed from: recorded first, never changed.')
@Controller('v1/checks')
export class ChecksController {
  private readonly receipts: ReturnType<typeof logReceipts>;

  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {
    this.receipts = logReceipts(backbone);
  }

  @Post()
  @ApiCommand({
    summary: 'Record a check',
    description:
      'A fact about people, parties, documents and means: what was checked, on whom, against which source, by whom, with what result. `type` decides which members it has. Immutable; nothing is scored that was not recorded before.',
    scopes: ['intake'],
    body: 'RecordCheckRequest',
    bodyExamples: checkExamples,
    answer: 'CheckAnswer',
    examples: { nothingReported: checkExample, reportedStolen: reportedExample, lookedUp: lookupExample },
    codes: RECORDING,
  })
  async record(@Sent() request: SentRequest) {
    const read = await readCommandLookingUp(request, (json, sender) => judgeCheck(this.backbone, json, sender));
    // Who says that a clerk did something is somebody himself.
    if (read.body.check.performedBy.clerk !== undefined) requirePerson(request);
    const command = commandOf(read);
    const answer = await this.answerOf(command, await recordCheck(this.backbone, command, read.body));
    return created(`/v1/checks/${answer.body.id}`, answer);
  }

  @Post('_batch')
  @ApiCommand({
    summary: 'Record several checks',
    description:
      'All are judged first: where one has a fault, nothing is recorded and each fault says whose it is (`/items/3/…`). Then each is recorded by itself, in order, with an id of its own. What an interruption (503) leaves is completed by the same request with the same key.',
    scopes: ['intake'],
    body: RecordBatchRequest,
    bodyExamples: { severalKinds: { items: [checkExamples.idDocumentStatus, checkExamples.tradeRegisterLookup] } },
    answer: BatchAnswer,
    examples: {
      severalKinds: { items: [checkExample, lookupExample].map((one) => ({ ...one, position: EXAMPLE_POSITION })) },
    },
    codes: RECORDING,
    makesSeveral: true,
  })
  async recordBatch(@Sent() request: SentRequest) {
    const read = await readCommandLookingUp(request, (json, sender) => judgeBatch(this.backbone, json, sender));
    if (read.body.items.some(({ check }) => check.performedBy.clerk !== undefined)) requirePerson(request);
    const command = commandOf(read);
    const answers = [];
    for (const outcome of await recordBatch(this.backbone, command, read.body)) {
      answers.push(await this.answerOf(command, outcome));
    }
    return createdAll(answers);
  }

  private async answerOf(command: CommandRequest, outcome: CommandOutcome<Check, CheckEvent>) {
    const accepted = await settle(this.backbone, command, outcome, {
      command: 'RecordCheck',
      object: 'check',
      checks: [],
    });
    const { state } = accepted;
    if (state.status === 'none') throw notFound('no-such-check');
    return answerTo(this.backbone, accepted, checkView(state));
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A check',
    description:
      'Its facts as they were recorded. Words of a clerk are never shown, and a clerk is a random reference.',
    scopes: ['intake'],
    answer: 'CheckView',
    examples: { nothingReported: checkExample, reportedStolen: reportedExample, lookedUp: lookupExample },
    codes: ['no-such-check'],
  })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, revision } = await this.backbone.commands.load(checkDecider, streamId('check', id));
    if (state.status === 'none') throw notFound('no-such-check');
    return found(checkView(state), revision as number);
  }

  @Get(':id/receipt')
  @ApiId()
  @ApiTextOperation({
    summary: 'The receipt of a check',
    description:
      'Shows offline that the check was recorded and is in the transparency log: a `tlog-proof` (c2sp.org) with the record, its salt and the signed checkpoint. Personal data in the record are sealed. `waarborg-verify --receipt FILE --key FILE` verifies it. The log follows within a second: until then 503 `position-not-reached`.',
    scopes: ['intake'],
    examples: { receipt: receiptExample },
    codes: ['no-such-check', 'position-not-reached', 'erased'],
  })
  async receipt(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    // Of one that was destroyed it is said that it was.
    const { history } = await this.backbone.everything.load(checkDecider, streamId('check', id));
    const [recorded] = history;
    if (recorded === undefined) throw notFound('no-such-check');
    const { log } = this.backbone;
    await demandKept(recorded.metadata.id, log.table);
    const receipt = await this.receipts(recorded.metadata.id);
    if (receipt === undefined) throw unavailable('position-not-reached');
    return textFile(receipt, `${id}.tlog-proof`);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search checks',
    description:
      'Newest first. Every filter that is given has to be met. What decisions made of a check is for an auditor.',
    scopes: ['intake'],
    body: SearchRecordedChecksRequest,
    bodyExamples: { ofIntake: { application: checkExample.application }, all: {} },
    answer: CheckPage,
    examples: {
      found: { items: [checkExample, lookupExample], next: null },
      nothingFound: { items: [], next: null },
    },
  })
  search(@CheckedBody(SearchRecordedChecksRequest) { limit, cursor, after, ...filter }: SearchRecordedChecksRequest) {
    const where = equalIn(filter, ['application', 'type']);
    const list = { name: 'checks', filter, page: { limit, cursor, after }, where };
    return searchPage(this.backbone, checksProjection, list, (rows) => rows.map(checkView));
  }
}
