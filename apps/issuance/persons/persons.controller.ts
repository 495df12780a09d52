import { Controller, Get, Inject, Post } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import { streamId, type JsonValue, type PersonId } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import type { AspectView, Backbone, CommandRequest as Command_ } from '#libs/application';
import {
  answerTo,
  ApiViewer,
  BACKBONE,
  checkAfter,
  commandOf,
  PersonAnswer,
  documentedPersonExample,
  existingPersonExample,
  indicatedPersonExample,
  PartialPersonView,
  readerOf,
  personExample,
  PersonPage,
  personView,
  PersonView,
  reachedPersonExample,
  recognizedPersonExample,
  RecordContactRequest,
  settle,
  toldApartPersonExample,
  Viewed,
  VIEWER_CODES,
  viewingOf,
  type ViewedRead,
} from '#libs/composition';
import { personDecider, type Person, type PersonEvent, type WeighedCheck } from '#libs/domain';
import {
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  CheckedBody,
  Command,
  Context,
  created,
  CurrentCaller,
  done,
  found,
  notFound,
  PathId,
  Section,
  type Caller,
  type CommandAnswer,
  type CommandRequest,
  type RequestContext,
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
import { viewPerson, viewPersons } from './view-persons.js';

@ApiExtraModels(PersonView, PartialPersonView)
@Section(
  'persons',
  'People: holders of means, submitters, representatives. Their data are sealed under a key of their own.',
)
@Controller('v1/persons')
export class PersonsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiCommand({
    summary: 'Register a person',
    description:
      'With what identifies him; a person who is recognized in one on record is recorded all the same, with `duplicate` `unresolved` until a clerk answers.',
    scopes: ['issuance'],
    body: RegisterPersonRequest,
    bodyExamples: {
      usual: { familyName: 'Voorbeeld', givenNames: 'Test', birthDate: '1985-04-12', birthPlace: 'Utrecht' },
    },
    answer: PersonAnswer,
    examples: { new: personExample, recognized: recognizedPersonExample },
    codes: ['identifying-attribute-missing', 'unknown-application', 'erased'],
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
    description: 'Sealed under a key of its own. A document is also a way to be recognized.',
    scopes: ['issuance'],
    body: RecordDocumentRequest,
    bodyExamples: {
      passport: { documentType: 'passport', number: 'SPECI2014', issuingState: 'NLD', expiresOn: '2031-03-09' },
    },
    answer: PersonAnswer,
    examples: { recorded: documentedPersonExample, recognized: recognizedPersonExample },
    codes: ['no-such-person', 'person-full', 'erased'],
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
    description: 'A no names what tells them apart, which both records must have and not the same.',
    scopes: ['issuance'],
    status: 200,
    body: LinkPersonRequest,
    bodyExamples: {
      anotherHuman: { to: recognizedPersonExample.duplicateOf, same: false, distinguishedBy: ['birthPlace'] },
      oneHuman: { to: recognizedPersonExample.duplicateOf, same: true },
    },
    answer: PersonAnswer,
    examples: { anotherHuman: toldApartPersonExample },
    codes: [
      'no-such-person',
      'no-such-duplicate',
      'duplicate-answered',
      'not-distinguished',
      'unknown-person',
      'erased',
    ],
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
    description: 'On an intake with purpose `change`, by checks that showed what is right.',
    scopes: ['issuance'],
    status: 200,
    body: CorrectPersonRequest,
    bodyExamples: {
      name: {
        application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
        checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'],
        set: { familyName: 'Voorbeelt' },
      },
    },
    answer: PersonAnswer,
    examples: { corrected: { ...personExample, familyName: 'Voorbeelt' } },
    codes: [
      'no-such-person',
      'purpose-not-in-application',
      'check-not-in-dossier',
      'evidence-not-reusable',
      'correction-not-shown',
      'unknown-check',
      'unknown-application',
      'erased',
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
    description: 'Who supplied it decides what a confirmation through it is worth (ARCH-15).',
    scopes: ['issuance'],
    body: RecordContactRequest,
    bodyExamples: {
      bySubmitter: { kind: 'email', value: 'voorbeeld@example.org', suppliedBy: 'submitter' },
      byLookup: {
        kind: 'postalAddress',
        value: 'Oosterwal 1, Lochem',
        suppliedBy: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
      },
    },
    answer: PersonAnswer,
    examples: { recorded: reachedPersonExample },
    codes: ['no-such-person', 'person-full', 'unknown-check', 'check-not-in-dossier', 'erased'],
  })
  async addContact(@PathId() id: string, @Command(RecordContactRequest) request: CommandRequest<RecordContactRequest>) {
    const command = commandOf(request);
    const outcome = await recordContact(this.backbone, command, id as PersonId, request.body);
    return created(`/v1/persons/${id}`, await this.answer(command, 'RecordPersonContact', outcome));
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Find a person again',
    description:
      'By exactly what identifies him: name and birth date, or a document. A `viewer` finds nobody but himself, and leaves a record. With a login of a lower level than he is registered at he is told that he is on record, whatever he looks by (RIGHTS-01).',
    scopes: ['issuance'],
    body: SearchPersonsRequest,
    bodyExamples: {
      byName: { familyName: 'Voorbeeld', birthDate: '1985-04-12' },
      byDocument: { document: { type: 'passport', issuingState: 'NLD', number: 'SPECI2014' } },
    },
    answer: PersonPage,
    examples: {
      found: { items: [documentedPersonExample], next: null },
      nothingFound: { items: [], next: null },
      existing: { items: [existingPersonExample], next: null },
    },
    codes: ['erased', ...VIEWER_CODES],
  })
  async search(
    @CheckedBody(SearchPersonsRequest) body: SearchPersonsRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    await checkAfter(this.backbone, body.after, 'body');
    if (body.viewer !== undefined) {
      const reading = { what: 'persons', in: 'body' } as const;
      const viewing = await viewingOf(this.backbone, readerOf(caller, context), { ...body.viewer }, reading);
      return viewPersons(this.backbone, viewing, body);
    }
    return searchPersons(this.backbone, body);
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A person',
    description:
      'With his documents and contacts, opened. To a `viewer` himself, without the records of others that are like his and without an ETag, or the name and roles of who acts for an organization of his; each of his readings leaves a record.',
    scopes: ['issuance'],
    answer: 'SeenPerson',
    examples: {
      documented: documentedPersonExample,
      recognized: recognizedPersonExample,
      indicated: indicatedPersonExample,
      existing: existingPersonExample,
    },
    codes: ['no-such-person', 'erased', ...VIEWER_CODES],
  })
  @ApiViewer()
  async show(
    @PathId() id: string,
    @Viewed() { after, viewer }: ViewedRead,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    await checkAfter(this.backbone, after);
    if (viewer !== undefined) {
      const reading = { what: 'persons', in: 'query' } as const;
      const viewing = await viewingOf(this.backbone, readerOf(caller, context), viewer, reading);
      return viewPerson(this.backbone, viewing, id);
    }
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
