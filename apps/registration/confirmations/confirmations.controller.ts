import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId, type ConfirmationId } from '#libs/kernel';
import type { Backbone } from '#libs/application';
import { answerTo, BACKBONE, checkAfter, commandOf, equalIn, searchPage, settle } from '#libs/composition';
import { confirmationDecider } from '#libs/domain';
import {
  After,
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  CheckedBody,
  Command,
  Context,
  CurrentCaller,
  done,
  found,
  notFound,
  PathId,
  Section,
  type Caller,
  type CommandRequest,
  type RequestContext,
} from '#libs/platform';
import { ConfirmationFigures } from './confirmation-figures.js';
import { DecideConfirmationRequest, SearchConfirmationsRequest } from './confirmation.requests.js';
import {
  byLetterExample,
  ConfirmationAnswer,
  confirmationExample,
  confirmationListedExample,
  ConfirmationPage,
  ConfirmationView,
  erasedConfirmationExample,
  failedListedExample,
  listedConfirmation,
  notReachedExample,
  retriedExample,
  withoutNamesExample,
} from './confirmation.view.js';
import { confirmationsProjection } from './confirmations.projection.js';
import { decideConfirmation } from './decide-confirmation.handler.js';
import { showConfirmation } from './show-confirmation.js';

const SCOPES = ['governance', 'registration'] as const;

@Section('confirmations', 'What people were told of what became of their authorizations and means.')
@Controller('v1/confirmations')
export class ConfirmationsController {
  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(ConfirmationFigures) private readonly figures: ConfirmationFigures,
  ) {}

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A confirmation',
    description:
      'What was told, in its own words, and what became of it. The address that it went to is not shown, and names only to a token that may see whose they are; whoever is shown them leaves a record.',
    scopes: [...SCOPES],
    answer: ConfirmationView,
    examples: {
      sent: confirmationExample,
      withoutNames: withoutNamesExample,
      erased: erasedConfirmationExample,
    },
    codes: ['no-such-confirmation'],
  })
  async show(
    @PathId() id: string,
    @After() after: string | undefined,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    await checkAfter(this.backbone, after);
    const stream = streamId('confirmation', id);
    const { state, history, revision } = await this.backbone.commands.load(confirmationDecider, stream);
    if (state.status === 'unwritten') throw notFound('no-such-confirmation');
    return found(await showConfirmation(this.backbone, { caller, context }, state, history), revision as number);
  }

  @Post(':id/decisions')
  @ApiId()
  @ApiCommand({
    summary: 'Say what becomes of a confirmation that reached nobody',
    description:
      'He was told by letter: from then on he counts as told, from the end of the day on which it went. Or it is sent by mail again, to the address on record by now and for three days as a new one. One that still waits can be told by letter as well, and is not sent then; one that waits for a receiver can be sent by mail. Or a sending did not reach him: mail that came back, a letter. What came back of one before the last changes nothing; of the last one, it is on the work list again, and whatever waits until he is told waits again.',
    scopes: [...SCOPES],
    status: 200,
    body: DecideConfirmationRequest,
    bodyExamples: {
      byLetter: { letter: { on: '2026-03-05', evidence: 'registered letter 3SABCD1234567' } },
      again: { retry: true },
      cameBack: { notReached: { sending: 1 } },
    },
    answer: ConfirmationAnswer,
    examples: { byLetter: byLetterExample, again: retriedExample, cameBack: notReachedExample },
    codes: [
      'no-such-confirmation',
      'confirmation-told-already',
      'confirmation-not-sent',
      'confirmation-lapsed',
      'confirmation-without-mail',
      'letter-before-confirmation',
      'letter-came-back',
      'instant-in-future',
      'late-entry-reason-missing',
      'erased',
    ],
  })
  async decide(
    @PathId() id: string,
    @Command(DecideConfirmationRequest) request: CommandRequest<DecideConfirmationRequest>,
  ) {
    const command = commandOf(request);
    const { ended } = this.figures;
    const outcome = await decideConfirmation(this.backbone, command, id as ConfirmationId, request.body, ended);
    const ground = { command: 'DecideConfirmation', object: 'confirmation', checks: [] };
    const accepted = await settle(this.backbone, command, outcome, ground);
    const { state, revision } = accepted;
    if (state.status === 'unwritten') throw notFound('no-such-confirmation');
    const { history } = await this.backbone.commands.load(confirmationDecider, streamId('confirmation', id));
    const upTo = history.slice(0, revision + 1);
    return done(answerTo(this.backbone, accepted, await showConfirmation(this.backbone, request, state, upTo)));
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search confirmations',
    description:
      'Newest first. Every filter that is given has to be met. `notDelivered` is the work list of who tells people in another way.',
    scopes: [...SCOPES],
    body: SearchConfirmationsRequest,
    bodyExamples: { workList: { notDelivered: true } },
    answer: ConfirmationPage,
    examples: {
      found: { items: [failedListedExample, confirmationListedExample], next: null },
      nothingFound: { items: [], next: null },
    },
  })
  search(
    @CheckedBody(SearchConfirmationsRequest)
    { limit, cursor, after, ...filter }: SearchConfirmationsRequest,
  ) {
    const columns = ['authorization', 'means', 'person', 'party', 'kind', 'outcome', 'notDelivered'] as const;
    const list = { name: 'confirmations', filter, page: { limit, cursor, after }, where: equalIn(filter, columns) };
    return searchPage(this.backbone, confirmationsProjection, list, (rows) => rows.map(listedConfirmation));
  }
}
