import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId } from '#libs/kernel';
import type { CommandOutcome, Condition } from '#libs/eventing';
import { commandContext, type Backbone, type CommandRequest as Envelope } from '#libs/application';
import { answerTo, awaitAfter, BACKBONE, checkAfter, commandOf, settle } from '#libs/composition';
import { organizationId, partyDecider, type Party, type PartyEvent } from '#libs/domain';
import {
  After,
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  CheckedBody,
  Command,
  created,
  done,
  found,
  notFound,
  pageOf,
  PathId,
  readPage,
  type CommandAnswer,
  type CommandRequest,
} from '#libs/platform';
import { partiesProjection, type PartyRow } from './parties.projection.js';
import { RegisterPartyRequest, SearchPartiesRequest, SpecialCircumstancesRequest } from './party.requests.js';
import { PartyAnswer, partyExample, PartyPage, partyView, PartyView } from './party.view.js';
import { registerParty } from './register-party.handler.js';

@Controller('v1/parties')
export class PartiesController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiCommand({
    summary: 'Register a party',
    scopes: ['registration'],
    body: RegisterPartyRequest,
    bodyExample: {
      kind: 'privateLegalPerson',
      register: 'kvk',
      number: '69599068',
      name: 'Test Stichting Bolderbast',
      naturalPersonsBusiness: false,
    },
    answer: PartyAnswer,
    example: partyExample,
    codes: ['party-exists'],
  })
  async register(@Command(RegisterPartyRequest) request: CommandRequest<RegisterPartyRequest>) {
    const command = commandOf(request);
    const answer = await this.answer(
      command,
      'RegisterParty',
      await registerParty(this.backbone, command, request.body),
    );
    return created(`/v1/parties/${answer.body.id}`, answer);
  }

  @Post(':id/special-circumstances')
  @ApiId()
  @ApiCommand({
    summary: 'Report or clear special circumstances of a party',
    scopes: ['registration'],
    status: 200,
    body: SpecialCircumstancesRequest,
    bodyExample: { reported: true },
    answer: PartyAnswer,
    example: { ...partyExample, specialCircumstances: true },
  })
  async circumstances(
    @PathId() id: string,
    @Command(SpecialCircumstancesRequest) request: CommandRequest<SpecialCircumstancesRequest>,
  ) {
    const command = commandOf(request);
    const type = request.body.reported ? 'ReportSpecialCircumstances' : 'ClearSpecialCircumstances';
    const outcome = await this.backbone.commands.execute(
      partyDecider,
      streamId('party', id),
      () => ({ type, now: this.backbone.now() }),
      await commandContext(this.backbone, command, type, request.body),
    );
    return done(await this.answer(command, type, outcome));
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({ summary: 'A party', scopes: ['registration'], answer: PartyView, example: partyExample })
  async show(@PathId() id: string, @After() after: string | undefined) {
    checkAfter(this.backbone, after);
    const { state, history, revision } = await this.backbone.commands.load(partyDecider, streamId('party', id));
    if (state.status === 'none') throw notFound('no-such-party');
    return found(await partyView(this.backbone.sealer, state, history), revision as number);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search parties',
    scopes: ['registration'],
    body: SearchPartiesRequest,
    bodyExample: { register: 'kvk', number: '69599068' },
    answer: PartyPage,
    example: { items: [partyExample], next: null },
  })
  async search(@CheckedBody(SearchPartiesRequest) body: SearchPartiesRequest) {
    const { limit, cursor, after, ...filter } = body;
    const list = { name: 'parties', filter };
    const page = readPage(list, limit, cursor);
    await awaitAfter(this.backbone, partiesProjection, after);
    const where: Condition[] = (['register', 'number', 'kind'] as const).flatMap((column) =>
      filter[column] === undefined ? [] : [{ column, is: 'equal', value: filter[column] } as const],
    );
    const rows = await this.backbone.readModels.store.search<PartyRow>(partiesProjection, {
      where,
      limit: page.limit + 1,
      ...(page.after === undefined ? {} : { after: page.after }),
    });
    return pageOf(list, rows, page.limit, (row) => ({ order: row.position, key: row.id }), partyItem);
  }

  private async answer(
    request: Envelope,
    command: string,
    outcome: CommandOutcome<Party, PartyEvent>,
  ): Promise<CommandAnswer<PartyView>> {
    const accepted = await settle(this.backbone, request, outcome, { command, object: 'party', checks: [] });
    if (accepted.state.status === 'none') throw notFound('no-such-party');
    const { history } = await this.backbone.commands.load(partyDecider, streamId('party', accepted.state.id));
    return answerTo(this.backbone, accepted, await partyView(this.backbone.sealer, accepted.state, history));
  }
}

const partyItem = ({ id, kind, register, number, name, specialCircumstances }: PartyRow): PartyView => ({
  id,
  organization: organizationId({ register: register as 'kvk', number }),
  kind,
  register,
  number,
  ...(name === null ? {} : { name }),
  specialCircumstances,
});
