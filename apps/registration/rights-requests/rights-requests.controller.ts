import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId, type DomainEvent, type Instant, type Recorded, type RightsRequestId } from '#libs/kernel';
import type { Condition } from '#libs/eventing';
import { type Backbone, rightsRequestsProjection } from '#libs/application';
import {
  answerTo,
  BACKBONE,
  checkAfter,
  commandOf,
  equalIn,
  searchPage,
  settle,
  VIEWER_CODES,
  type Accepted,
} from '#libs/composition';
import {
  rightsRequestDecider,
  type ReceivedRightsRequest,
  type RightsRequest,
  type RightsRequestEvent,
} from '#libs/domain';
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
import { AskForRightsRequest, DecideRightsRequest, SearchRightsRequestsRequest } from './rights-request.requests.js';
import {
  decidedRightsExample,
  doneRightsExample,
  listedRightsRequest,
  prolongedRightsExample,
  refusedRightsExample,
  RightsRequestAnswer,
  rightsRequestExample,
  rightsListedExample,
  RightsRequestPage,
  RightsRequestView,
  rightsRequestView,
} from './rights-request.view.js';
import { decideRightsRequest, receiveRightsRequest } from './rights-requests.handler.js';
import { recordsNow, whatBecomes } from './what-becomes.js';

type History = readonly Recorded<DomainEvent>[];

const viewer = {
  person: rightsRequestExample.requester.person,
  authentication: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
};

/** A right to ask: what is archived stays for as long as it has to (RIGHTS-06). */
@Section('rights-requests', 'What people ask of the data about them, and what becomes of it.')
@Controller('v1/rights-requests')
export class RightsRequestsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiCommand({
    summary: 'Ask to erase data',
    description:
      'For a holder about himself, or for who speaks for an organization about that. The answer says what would be erased now, and what is kept until when. Nothing is erased before it is decided.',
    scopes: ['registration'],
    body: AskForRightsRequest,
    bodyExamples: {
      holder: {
        ...{ type: 'erasure', application: rightsRequestExample.application },
        ...{ about: rightsRequestExample.about, requester: viewer },
      },
    },
    answer: RightsRequestAnswer,
    examples: { received: rightsRequestExample },
    codes: [
      ...VIEWER_CODES,
      ...(['unknown-application', 'unknown-party', 'check-not-in-dossier'] as const),
      ...(['rights-of-another', 'rights-level-too-low', 'rights-request-exists'] as const),
    ],
  })
  async receive(@Command(AskForRightsRequest) request: CommandRequest<AskForRightsRequest>) {
    const command = commandOf(request);
    const outcome = await receiveRightsRequest(this.backbone, command, request.body);
    const checks = [request.body.requester.authentication];
    const ground = { command: 'ReceiveRightsRequest', object: 'rightsRequest', checks };
    const accepted = await settle(this.backbone, command, outcome, ground);
    return created(`/v1/rights-requests/${idOf(accepted)}`, await this.answer(accepted));
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A request about data',
    description: 'How far it is, before when it is answered, and what becomes of which data.',
    scopes: ['registration'],
    answer: RightsRequestView,
    examples: {
      ...{ received: rightsRequestExample, prolonged: prolongedRightsExample },
      ...{ done: doneRightsExample, refused: refusedRightsExample },
    },
    codes: ['no-such-rights-request'],
  })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, history, revision } = await this.load(id);
    if (state.status === 'none') throw notFound('no-such-rights-request');
    return found(await this.view(state, history, this.backbone.now()), revision as number);
  }

  @Post(':id/decisions')
  @ApiId()
  @ForPersons()
  @ApiCommand({
    summary: 'Decide a request about data',
    description:
      'Granted, it is carried out within moments, as far as nothing has to be kept; keys are destroyed, and nothing brings them back. It is about every record that is his by now; one that was linked since at a higher level than his login is refused. The request ends no means and no authorization. Whoever asked is told by the program that took his request.',
    scopes: ['registration'],
    status: 200,
    body: DecideRightsRequest,
    bodyExamples: {
      granted: { grant: true },
      refused: { refuse: { ground: 'excessive', reason: refusedRightsExample.reason } },
      prolonged: { prolong: { reason: prolongedRightsExample.prolongingReason } },
    },
    answer: RightsRequestAnswer,
    examples: { granted: decidedRightsExample, refused: refusedRightsExample, prolonged: prolongedRightsExample },
    codes: [
      ...(['no-such-rights-request', 'rights-request-decided', 'rights-request-prolonged'] as const),
      ...(['rights-term-over', 'rights-level-too-low', 'person-required', 'erased'] as const),
    ],
  })
  async decide(@PathId() id: string, @Command(DecideRightsRequest) request: CommandRequest<DecideRightsRequest>) {
    const command = commandOf(request);
    const outcome = await decideRightsRequest(this.backbone, command, id as RightsRequestId, request.body);
    const ground = { command: 'DecideRightsRequest', object: 'rightsRequest', checks: [] };
    return done(await this.answer(await settle(this.backbone, command, outcome, ground)));
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search requests about data',
    description: 'Newest first. With `dueBefore` those that are to be answered before then.',
    scopes: ['registration'],
    body: SearchRightsRequestsRequest,
    bodyExamples: { due: { dueBefore: rightsRequestExample.answerBefore } },
    answer: RightsRequestPage,
    examples: { found: { items: [rightsListedExample], next: null }, nothingFound: { items: [], next: null } },
  })
  search(
    @CheckedBody(SearchRightsRequestsRequest)
    { limit, cursor, after, ...filter }: SearchRightsRequestsRequest,
  ) {
    const due: readonly Condition[] =
      filter.dueBefore === undefined
        ? []
        : [
            { column: 'status', is: 'equal', value: 'received' },
            { column: 'answerBefore', is: 'before', value: filter.dueBefore },
          ];
    const where = [...equalIn(filter, ['status', 'person', 'party']), ...due];
    const list = { name: 'rights-requests', filter, page: { limit, cursor, after }, where };
    const at = this.backbone.now();
    return searchPage(this.backbone, rightsRequestsProjection, list, (rows) =>
      rows.map((row) => listedRightsRequest(row, at)),
    );
  }

  private load(id: string) {
    return this.backbone.commands.load(rightsRequestDecider, streamId('rightsRequest', id));
  }

  private async view(state: ReceivedRightsRequest, history: History, at: Instant) {
    const { backbone } = this;
    const foreseen =
      state.status === 'received'
        ? await whatBecomes(backbone, { about: state.about, records: await recordsNow(backbone, state) })
        : [];
    return rightsRequestView(this.backbone.sealer, state, history, foreseen, at);
  }

  private async answer(accepted: Accepted<RightsRequest, RightsRequestEvent>) {
    const { state, revision } = accepted;
    if (state.status === 'none') throw notFound('no-such-rights-request');
    const { history } = await this.load(state.id);
    const own = history.slice(0, revision + 1);
    return answerTo(this.backbone, accepted, await this.view(state, own, own.at(-1)!.recordedAt));
  }
}

const idOf = ({ state }: Accepted<RightsRequest, RightsRequestEvent>): string =>
  state.status === 'none' ? '' : state.id;
