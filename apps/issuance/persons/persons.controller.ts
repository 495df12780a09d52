import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId, type PersonId } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import type { Backbone, CommandRequest as Command_ } from '#libs/application';
import { answerTo, BACKBONE, checkAfter, commandOf, settle } from '#libs/composition';
import { personDecider, type Person, type PersonEvent } from '#libs/domain';
import {
  After,
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  Command,
  created,
  done,
  found,
  notFound,
  PathId,
  type CommandAnswer,
  type CommandRequest,
} from '#libs/platform';
import { LinkPersonRequest, RecordDocumentRequest, RegisterPersonRequest } from './person.requests.js';
import { PersonAnswer, personExample, personView, PersonView } from './person.view.js';
import { linkPerson, recordDocument, registerPerson } from './persons.handler.js';

@Controller('v1/persons')
export class PersonsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiCommand({
    summary: 'Register a person',
    scopes: ['issuance'],
    body: RegisterPersonRequest,
    bodyExample: { familyName: 'Voorbeeld', givenNames: 'Test', birthDate: '1985-04-12', birthPlace: 'Utrecht' },
    answer: PersonAnswer,
    example: personExample,
    codes: ['identifying-attribute-missing'],
  })
  async register(@Command(RegisterPersonRequest) request: CommandRequest<RegisterPersonRequest>) {
    const command = commandOf(request);
    const answer = await this.answer(
      command,
      'RegisterPerson',
      await registerPerson(this.backbone, command, request.body),
    );
    return created(`/v1/persons/${answer.body.id}`, answer);
  }

  @Post(':id/documents')
  @ApiId()
  @ApiCommand({
    summary: 'Record an identity document of a person',
    scopes: ['issuance'],
    body: RecordDocumentRequest,
    bodyExample: { documentType: 'passport', number: 'SPECI2014', expiresOn: '2031-03-09' },
    answer: PersonAnswer,
    example: personExample,
  })
  async addDocument(
    @PathId() id: string,
    @Command(RecordDocumentRequest) request: CommandRequest<RecordDocumentRequest>,
  ) {
    const command = commandOf(request);
    const answer = await this.answer(
      command,
      'RecordDocument',
      await recordDocument(this.backbone, command, id as PersonId, request.body),
    );
    return created(`/v1/persons/${id}`, answer);
  }

  @Post(':id/links')
  @ApiId()
  @ApiCommand({
    summary: 'Link a person to the one on record with the same attributes',
    scopes: ['issuance'],
    status: 200,
    body: LinkPersonRequest,
    bodyExample: { to: personExample.id },
    answer: PersonAnswer,
    example: personExample,
    codes: ['no-such-duplicate', 'unknown-person'],
  })
  async link(@PathId() id: string, @Command(LinkPersonRequest) request: CommandRequest<LinkPersonRequest>) {
    const command = commandOf(request);
    return done(
      await this.answer(command, 'LinkPerson', await linkPerson(this.backbone, command, id as PersonId, request.body)),
    );
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({ summary: 'A person', scopes: ['issuance'], answer: PersonView, example: personExample })
  async show(@PathId() id: string, @After() after: string | undefined) {
    checkAfter(this.backbone, after);
    const { state, history, revision } = await this.backbone.commands.load(personDecider, streamId('person', id));
    if (state.status === 'none') throw notFound('no-such-person');
    return found(await personView(this.backbone.sealer, state, history), revision as number);
  }

  private async answer(
    request: Command_,
    command: string,
    outcome: CommandOutcome<Person, PersonEvent>,
  ): Promise<CommandAnswer<PersonView>> {
    const accepted = await settle(this.backbone, request, outcome, { command, object: 'person', checks: [] });
    if (accepted.state.status === 'none') throw notFound('no-such-person');
    const { history } = await this.backbone.commands.load(personDecider, streamId('person', accepted.state.id));
    const upTo = history.filter(({ revision }) => revision <= accepted.revision);
    return answerTo(this.backbone, accepted, await personView(this.backbone.sealer, accepted.state, upTo));
  }
}
