import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId, type LegalHoldId } from '#libs/kernel';
import { legalHoldsProjection, type Backbone } from '#libs/application';
import {
  answerTo,
  BACKBONE,
  checkAfter,
  commandOf,
  equalIn,
  searchPage,
  settle,
  type Accepted,
} from '#libs/composition';
import { legalHoldDecider, type LegalHold, type LegalHoldEvent } from '#libs/domain';
import {
  After,
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  CheckedBody,
  Command,
  created,
  done,
  ForPersons,
  found,
  notFound,
  PathId,
  Section,
  type CommandRequest,
} from '#libs/platform';
import {
  LegalHoldAnswer,
  legalHoldExample,
  legalHoldListedExample,
  LegalHoldPage,
  LegalHoldView,
  legalHoldView,
  liftedLegalHoldExample,
  listedLegalHold,
} from './legal-hold.view.js';
import { liftLegalHold, setLegalHold } from './legal-holds.handler.js';
import { LiftLegalHoldRequest, SearchLegalHoldsRequest, SetLegalHoldRequest } from './legal-hold.requests.js';

/** Longer than retention asks, since somebody decided so. */
@Section('legal-holds', 'What is not destroyed when its time is over, since a person decided so.')
@Controller('v1/legal-holds')
export class LegalHoldsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ForPersons()
  @ApiCommand({
    summary: 'Hold what belongs to an object',
    description:
      'Nothing of it is destroyed while the hold stands: neither what it rests on nor what rests on it. What was destroyed can not be held any more.',
    scopes: ['governance'],
    body: SetLegalHoldRequest,
    bodyExamples: { claim: { on: legalHoldExample.on, reason: legalHoldExample.reason } },
    answer: LegalHoldAnswer,
    examples: { standing: legalHoldExample },
    codes: ['nothing-to-hold', 'legal-hold-exists', 'person-required', 'erased'],
  })
  async set(@Command(SetLegalHoldRequest) request: CommandRequest<SetLegalHoldRequest>) {
    const command = commandOf(request);
    const outcome = await setLegalHold(this.backbone, command, request.body);
    const ground = { command: 'SetLegalHold', object: 'legalHold', checks: [] };
    const accepted = await settle(this.backbone, command, outcome, ground);
    return created(`/v1/legal-holds/${idOf(accepted)}`, await this.answer(accepted));
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A legal hold',
    description: 'What it stands on, since when and why, and, once it was lifted, when and why.',
    scopes: ['governance'],
    answer: LegalHoldView,
    examples: { standing: legalHoldExample, lifted: liftedLegalHoldExample },
    codes: ['no-such-legal-hold'],
  })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, history, revision } = await this.backbone.commands.load(legalHoldDecider, streamId('legalHold', id));
    if (state.status === 'none') throw notFound('no-such-legal-hold');
    return found(await legalHoldView(this.backbone.sealer, state, history), revision as number);
  }

  @Post(':id/liftings')
  @ApiId()
  @ForPersons()
  @ApiCommand({
    summary: 'Lift a legal hold',
    description: 'What was kept for it alone is destroyed within a day after that, when its time is over.',
    scopes: ['governance'],
    status: 200,
    body: LiftLegalHoldRequest,
    bodyExamples: { over: { reason: liftedLegalHoldExample.liftingReason } },
    answer: LegalHoldAnswer,
    examples: { lifted: liftedLegalHoldExample },
    codes: ['no-such-legal-hold', 'legal-hold-lifted', 'person-required', 'erased'],
  })
  async lift(@PathId() id: string, @Command(LiftLegalHoldRequest) request: CommandRequest<LiftLegalHoldRequest>) {
    const command = commandOf(request);
    const outcome = await liftLegalHold(this.backbone, command, id as LegalHoldId, request.body);
    const ground = { command: 'LiftLegalHold', object: 'legalHold', checks: [] };
    return done(await this.answer(await settle(this.backbone, command, outcome, ground)));
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search legal holds',
    description: 'Newest first, without their reasons.',
    scopes: ['governance'],
    body: SearchLegalHoldsRequest,
    bodyExamples: { standing: { standing: true } },
    answer: LegalHoldPage,
    examples: { found: { items: [legalHoldListedExample], next: null }, nothingFound: { items: [], next: null } },
  })
  search(@CheckedBody(SearchLegalHoldsRequest) { limit, cursor, after, ...filter }: SearchLegalHoldsRequest) {
    const list = { name: 'legal-holds', filter, page: { limit, cursor, after }, where: equalIn(filter, ['standing']) };
    return searchPage(this.backbone, legalHoldsProjection, list, (rows) => rows.map(listedLegalHold));
  }

  private async answer(accepted: Accepted<LegalHold, LegalHoldEvent>) {
    const { state, revision } = accepted;
    if (state.status === 'none') throw notFound('no-such-legal-hold');
    const { history } = await this.backbone.commands.load(legalHoldDecider, streamId('legalHold', state.id));
    return answerTo(
      this.backbone,
      accepted,
      await legalHoldView(this.backbone.sealer, state, history.slice(0, revision + 1)),
    );
  }
}

const idOf = ({ state }: Accepted<LegalHold, LegalHoldEvent>): string => (state.status === 'none' ? '' : state.id);
