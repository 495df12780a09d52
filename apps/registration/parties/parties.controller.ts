import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import { commandContext, type Backbone, type CommandRequest as Envelope } from '#libs/application';
import { answerTo, BACKBONE, checkAfter, commandOf, equalIn, searchPage, settle } from '#libs/composition';
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
  PathId,
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
  search(@CheckedBody(SearchPartiesRequest) { limit, cursor, after, ...filter }: SearchPartiesRequest) {
    const where = equalIn(filter, ['register', 'number', 'kind']);
    const list = { name: 'parties', filter, page: { limit, cursor, after }, where };
    return searchPage(this.backbone, partiesProjection, list, partyItem);
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
