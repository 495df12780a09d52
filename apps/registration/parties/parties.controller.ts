import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId, type JsonValue, type PartyId } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  commandContext,
  markOf,
  type AspectView,
  type Backbone,
  type CommandRequest as Envelope,
} from '#libs/application';
import {
  answerTo,
  BACKBONE,
  checkAfter,
  commandOf,
  equalIn,
  RecordContactRequest,
  searchPage,
  settle,
} from '#libs/composition';
import { organizationId, partyDecider, type Party, type PartyEvent, type WeighedCheck } from '#libs/domain';
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
  Section,
  type CommandAnswer,
  type CommandRequest,
} from '#libs/platform';
import { partiesProjection, type PartyRow } from './parties.projection.js';
import { clearCircumstances } from './clear-circumstances.handler.js';
import { correctParty, recordPartyContact } from './correct-party.handler.js';
import {
  CorrectPartyRequest,
  RegisterPartyRequest,
  SearchPartiesRequest,
  SpecialCircumstancesRequest,
} from './party.requests.js';
import {
  circumstancesPartyExample,
  PartyAnswer,
  partyExample,
  PartyPage,
  partyView,
  PartyView,
  reachedPartyExample,
} from './party.view.js';
import { registerParty } from './register-party.handler.js';

@Section('parties', 'Organizations: represented parties, intermediaries, employers.')
@Controller('v1/parties')
export class PartiesController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiCommand({
    summary: 'Register a party',
    description: 'There is one per number of a register: its id is made of them.',
    scopes: ['registration'],
    body: RegisterPartyRequest,
    bodyExamples: {
      foundation: {
        kind: 'privateLegalPerson',
        register: 'kvk',
        number: '69599068',
        name: 'Test Stichting Bolderbast',
        naturalPersonsBusiness: false,
      },
    },
    answer: PartyAnswer,
    examples: { foundation: partyExample },
    codes: ['party-exists', 'register-not-for-kind', 'person-not-for-kind', 'unknown-person', 'erased'],
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
    description:
      'While they are reported IV3 asks for a confirmation. They are cleared by checks, never on a word (PROOF-12).',
    scopes: ['registration'],
    status: 200,
    body: SpecialCircumstancesRequest,
    bodyExamples: {
      report: { reported: true },
      clear: { reported: false, checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'] },
    },
    answer: PartyAnswer,
    examples: { reported: circumstancesPartyExample, cleared: partyExample },
    codes: ['no-such-party', 'circumstances-not-cleared', 'unknown-check', 'check-not-in-dossier', 'erased'],
  })
  async circumstances(
    @PathId() id: string,
    @Command(SpecialCircumstancesRequest) request: CommandRequest<SpecialCircumstancesRequest>,
  ) {
    const command = commandOf(request);
    if (!request.body.reported) {
      const { outcome, evidence } = await clearCircumstances(this.backbone, command, id as PartyId, request.body);
      const checks = evidence.map(({ check }) => check);
      const aspects = aspectsOf('IV', evidence);
      return done(await this.answer(command, 'ClearSpecialCircumstances', outcome, checks, aspects));
    }
    const outcome = await this.backbone.commands.execute(
      partyDecider,
      streamId('party', id),
      () => ({ type: 'ReportSpecialCircumstances', now: this.backbone.now() }),
      await commandContext(this.backbone, command, 'ReportSpecialCircumstances', request.body),
    );
    return done(await this.answer(command, 'ReportSpecialCircumstances', outcome));
  }

  @Post(':id/corrections')
  @ApiId()
  @ApiCommand({
    summary: 'Correct attributes of a party',
    description: 'On an intake with purpose `change`, by checks that showed what is right.',
    scopes: ['registration'],
    status: 200,
    body: CorrectPartyRequest,
    bodyExamples: {
      name: {
        application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
        checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'],
        set: { name: 'Test Stichting Bolderbas' },
      },
    },
    answer: PartyAnswer,
    examples: { corrected: { ...partyExample, name: 'Test Stichting Bolderbas' } },
    codes: [
      'no-such-party',
      'unknown-application',
      'unknown-person',
      'purpose-not-in-application',
      'check-not-in-dossier',
      'evidence-not-reusable',
      'correction-not-shown',
      'unknown-check',
      'person-not-for-kind',
      'erased',
    ],
  })
  async correct(@PathId() id: string, @Command(CorrectPartyRequest) request: CommandRequest<CorrectPartyRequest>) {
    const command = commandOf(request);
    const { outcome, evidence } = await correctParty(this.backbone, command, id as PartyId, request.body);
    const aspects = aspectsOf('IA', evidence);
    return done(await this.answer(command, 'CorrectParty', outcome, request.body.checks, aspects));
  }

  @Post(':id/contacts')
  @ApiId()
  @ApiCommand({
    summary: 'Record where a party is reached',
    description: 'Who supplied it decides what a confirmation through it is worth (ARCH-15).',
    scopes: ['registration'],
    body: RecordContactRequest,
    bodyExamples: { bySubmitter: { kind: 'email', value: 'post@example.org', suppliedBy: 'submitter' } },
    answer: PartyAnswer,
    examples: { recorded: reachedPartyExample },
    codes: ['no-such-party', 'party-full', 'unknown-check', 'check-not-in-dossier', 'erased'],
  })
  async addContact(@PathId() id: string, @Command(RecordContactRequest) request: CommandRequest<RecordContactRequest>) {
    const command = commandOf(request);
    const outcome = await recordPartyContact(this.backbone, command, id as PartyId, request.body);
    return created(`/v1/parties/${id}`, await this.answer(command, 'RecordPartyContact', outcome));
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A party',
    description: 'With its contacts, opened where they are sealed.',
    scopes: ['registration'],
    answer: PartyView,
    examples: { foundation: reachedPartyExample, specialCircumstances: circumstancesPartyExample },
    codes: ['no-such-party', 'erased'],
  })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, history, revision } = await this.backbone.commands.load(partyDecider, streamId('party', id));
    if (state.status === 'none') throw notFound('no-such-party');
    const { isSet } = await markOf(this.backbone, state);
    return found(await partyView(this.backbone.sealer, state, history, isSet), revision as number);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search parties',
    description: 'Newest first. Every filter that is given has to be met.',
    scopes: ['registration'],
    body: SearchPartiesRequest,
    bodyExamples: { byNumber: { register: 'kvk', number: '69599068' } },
    answer: PartyPage,
    examples: { found: { items: [partyExample], next: null }, nothingFound: { items: [], next: null } },
  })
  search(@CheckedBody(SearchPartiesRequest) { limit, cursor, after, ...filter }: SearchPartiesRequest) {
    const where = equalIn(filter, ['register', 'number', 'kind']);
    const list = { name: 'parties', filter, page: { limit, cursor, after }, where };
    return searchPage(this.backbone, partiesProjection, list, (rows) => rows.map(partyItem));
  }

  private async answer(
    request: Envelope,
    command: string,
    outcome: CommandOutcome<Party, PartyEvent>,
    checks: readonly string[] = [],
    aspects?: readonly AspectView[],
  ): Promise<CommandAnswer<PartyView>> {
    const evidence = aspects?.flatMap((aspect) => aspect.checks);
    const weighed = evidence === undefined ? {} : { evidence: evidence as unknown as JsonValue };
    const ground = { command, object: 'party', checks, ...weighed };
    const accepted = await settle(this.backbone, request, outcome, ground, aspects);
    if (accepted.state.status === 'none') throw notFound('no-such-party');
    const { history } = await this.backbone.commands.load(partyDecider, streamId('party', accepted.state.id));
    const upTo = history.filter(({ revision }) => revision <= accepted.revision);
    const { isSet } = await markOf(this.backbone, accepted.state, accepted.asOf?.head ?? accepted.position);
    return answerTo(this.backbone, accepted, await partyView(this.backbone.sealer, accepted.state, upTo, isSet));
  }
}

/**
 * Whether circumstances are clear is asked by IV3, who the party is by IA; a refusal says of each check why it did not
 * clear them, or show it (PROOF-12, RIGHTS-06).
 */
const aspectsOf = (aspect: 'IA' | 'IV', checks: readonly WeighedCheck[]): readonly AspectView[] | undefined =>
  checks.length === 0 ? undefined : [{ aspect, score: 0, rows: [], checks }];

const partyItem = ({ id, kind, register, number, name, specialCircumstances }: PartyRow): PartyView => ({
  id,
  organization: organizationId({ register: register as 'kvk', number }),
  kind,
  register,
  number,
  ...(name === null ? {} : { name }),
  specialCircumstances,
});
