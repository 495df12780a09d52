import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId, type JsonValue, type PersonId } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import type { AspectView, Backbone, CommandRequest as Command_ } from '#libs/application';
import {
  answerTo,
  BACKBONE,
  checkAfter,
  commandOf,
  PersonAnswer,
  personExample,
  PersonPage,
  personView,
  PersonView,
  RecordContactRequest,
  settle,
} from '#libs/composition';
import { personDecider, type Person, type PersonEvent, type WeighedCheck } from '#libs/domain';
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
import {
  CorrectPersonRequest,
  LinkPersonRequest,
  RecordDocumentRequest,
  RegisterPersonRequest,
  SearchPersonsRequest,
} from './person.requests.js';
import { correctPerson, linkPerson, recordContact, recordDocument, registerPerson } from './persons.handler.js';
import { searchPersons } from './search-persons.js';

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
    codes: ['identifying-attribute-missing', 'unknown-application'],
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
    bodyExample: { documentType: 'passport', number: 'SPECI2014', issuingState: 'NLD', expiresOn: '2031-03-09' },
    answer: PersonAnswer,
    example: personExample,
    codes: ['person-full'],
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
    summary: 'Say whether a person and one recognized in him are one human',
    scopes: ['issuance'],
    status: 200,
    body: LinkPersonRequest,
    bodyExample: { to: personExample.id, same: false, distinguishedBy: ['birthPlace'] },
    answer: PersonAnswer,
    example: personExample,
    codes: ['no-such-duplicate', 'duplicate-answered', 'not-distinguished', 'unknown-person'],
  })
  async link(@PathId() id: string, @Command(LinkPersonRequest) request: CommandRequest<LinkPersonRequest>) {
    const command = commandOf(request);
    return done(
      await this.answer(command, 'LinkPerson', await linkPerson(this.backbone, command, id as PersonId, request.body)),
    );
  }

  @Post(':id/corrections')
  @ApiId()
  @ApiCommand({
    summary: 'Correct attributes of a person',
    scopes: ['issuance'],
    status: 200,
    body: CorrectPersonRequest,
    bodyExample: { application: personExample.id, checks: [personExample.id], set: { familyName: 'Voorbeelt' } },
    answer: PersonAnswer,
    example: personExample,
    codes: [
      'purpose-not-in-application',
      'check-not-in-dossier',
      'evidence-not-reusable',
      'correction-not-shown',
      'unknown-check',
    ],
  })
  async correct(@PathId() id: string, @Command(CorrectPersonRequest) request: CommandRequest<CorrectPersonRequest>) {
    const command = commandOf(request);
    const { outcome, evidence } = await correctPerson(this.backbone, command, id as PersonId, request.body);
    return done(await this.answer(command, 'CorrectPerson', outcome, request.body.checks, evidence));
  }

  @Post(':id/contacts')
  @ApiId()
  @ApiCommand({
    summary: 'Record where a person is reached',
    scopes: ['issuance'],
    body: RecordContactRequest,
    bodyExample: { kind: 'email', value: 'voorbeeld@example.org', suppliedBy: 'submitter' },
    answer: PersonAnswer,
    example: personExample,
    codes: ['person-full', 'unknown-check', 'check-not-in-dossier'],
  })
  async addContact(@PathId() id: string, @Command(RecordContactRequest) request: CommandRequest<RecordContactRequest>) {
    const command = commandOf(request);
    const outcome = await recordContact(this.backbone, command, id as PersonId, request.body);
    return created(`/v1/persons/${id}`, await this.answer(command, 'RecordPersonContact', outcome));
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Find a person again',
    scopes: ['issuance'],
    body: SearchPersonsRequest,
    bodyExample: { familyName: 'Voorbeeld', birthDate: '1985-04-12' },
    answer: PersonPage,
    example: { items: [personExample], next: null },
  })
  async search(@CheckedBody(SearchPersonsRequest) body: SearchPersonsRequest) {
    await checkAfter(this.backbone, body.after, 'body');
    return searchPersons(this.backbone, body);
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({ summary: 'A person', scopes: ['issuance'], answer: PersonView, example: personExample })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, history, revision } = await this.backbone.commands.load(personDecider, streamId('person', id));
    if (state.status === 'none') throw notFound('no-such-person');
    return found(await personView(this.backbone.sealer, state, history), revision as number);
  }

  private async answer(
    request: Command_,
    command: string,
    outcome: CommandOutcome<Person, PersonEvent>,
    checks: readonly string[] = [],
    evidence: readonly WeighedCheck[] = [],
  ): Promise<CommandAnswer<PersonView>> {
    const weighed = evidence.length === 0 ? {} : { evidence: evidence as unknown as JsonValue };
    const ground = { command, object: 'person', checks, ...weighed };
    const accepted = await settle(this.backbone, request, outcome, ground, identityAspects(evidence));
    if (accepted.state.status === 'none') throw notFound('no-such-person');
    const { history } = await this.backbone.commands.load(personDecider, streamId('person', accepted.state.id));
    const upTo = history.filter(({ revision }) => revision <= accepted.revision);
    return answerTo(this.backbone, accepted, await personView(this.backbone.sealer, accepted.state, upTo));
  }
}

/** Who somebody is, is asked by ID; a refusal says of each check why it did not show it (RIGHTS-06). */
const identityAspects = (checks: readonly WeighedCheck[]): readonly AspectView[] | undefined =>
  checks.length === 0 ? undefined : [{ aspect: 'ID', score: 0, rows: [], checks }];
