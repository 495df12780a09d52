import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId, type JsonValue, type PolicySimulationId } from '#libs/kernel';
import { recordReading, type Backbone } from '#libs/application';
import {
  answerTo,
  BACKBONE,
  checkAfter,
  commandOf,
  equalIn,
  readerOf,
  searchPage,
  settle,
  type Accepted,
} from '#libs/composition';
import {
  policySimulationDecider,
  rejectPolicySimulation,
  type PolicySimulation,
  type PolicySimulationEvent,
} from '#libs/domain';
import {
  After,
  Answer,
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  ApiTextOperation,
  CheckedBody,
  Command,
  Context,
  created,
  CurrentCaller,
  done,
  ForPersons,
  found,
  InLanguage,
  notFound,
  ownPage,
  PathId,
  problemOfRejections,
  readCommandLookingUp,
  Section,
  Sent,
  textFile,
  WantsPage,
  type Caller,
  type CommandRequest,
  type Language,
  type RequestContext,
  type SentRequest,
} from '#libs/platform';
import { figuresExample, figuresOf } from './figures.js';
import { policySimulationPage } from './policy-simulation.page.js';
import {
  cancelledExample,
  completedExample,
  failedExample,
  listedExample,
  listedPolicySimulation,
  PolicySimulationAnswer,
  PolicySimulationPage,
  PolicySimulationShown,
  policySimulationView,
  requestExample,
  runningExample,
  waitingExample,
  type PolicySimulationView,
} from './policy-simulation.view.js';
import { cancelSimulation, isShown, judgeSimulation, requestSimulation } from './policy-simulations.handler.js';
import { policySimulationsProjection } from './policy-simulations.projection.js';
import {
  CancelPolicySimulationRequest,
  RequestPolicySimulationRequest,
  SearchPolicySimulationsRequest,
} from './policy-simulations.requests.js';
import { progressOf } from './run-simulations.js';

const READING = 'c1d8a3d5-9c9e-4d5e-8a57-0c3a9b1f2d44';

/** Who reads, and in which trace. */
interface Reader {
  readonly caller: Caller;
  readonly context: RequestContext;
}

/** What a policy or other rules would do to what is registered (TFA-01, TFA-06). */
@Section(
  'policy-simulations',
  'What a proposed policy or other rules would do to what is registered: numbers, and nobody by name.',
)
@Controller('v1/policy-simulations')
export class PolicySimulationsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ForPersons()
  @ApiCommand({
    summary: 'Ask what a policy would do',
    description:
      'Every right (a means may act for an organization at a service) is judged as at use, by the policy in force and by the ' +
      'proposal, at each moment at which something begins or ends. It is made one at a time, beside everything else: look at ' +
      '`GET /{id}` for how far it is. At most five wait or are running.',
    scopes: ['audit'],
    body: RequestPolicySimulationRequest,
    bodyExamples: {
      levelEnds: requestExample,
      secondFactor: {
        secondFactorPolicy: [{ from: '2027-07-01T00:00:00+02:00', provider: '00000099800000001000' }],
        reason: 'Tweede factor verplicht bij DUO',
      },
    },
    answer: PolicySimulationAnswer,
    examples: { waiting: waitingExample },
    codes: [
      ...['nothing-proposed', 'unknown-level', 'unknown-service', 'unknown-provider', 'unknown-rule-set'],
      ...['not-of-this-provider', 'moment-passed', 'moment-too-far', 'begins-after-end', 'entries-overlap'],
      ...['too-many-moments', 'too-many-policy-simulations', 'policy-simulation-exists', 'person-required', 'erased'],
    ],
  })
  async request(@Sent() request: SentRequest) {
    const read = await readCommandLookingUp(request, (json, sender) => judgeSimulation(this.backbone, json, sender));
    const command = commandOf(read);
    const outcome = await requestSimulation(this.backbone, command, read.sent, read.body);
    const ground = { command: 'RequestPolicySimulation', object: 'policySimulation', checks: [] };
    const accepted = await settle(this.backbone, command, outcome, ground);
    const answer = await this.answer(accepted);
    return created(`/v1/policy-simulations/${answer.body.id}`, answer);
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'How far a policy simulation is, and what came of it',
    description:
      'As JSON, or as a page for people with plots (`Accept: text/html`). Shown for thirty days. An answer with a result leaves a ' +
      'reading in the record log, with the reason for which the simulation was asked for.',
    scopes: ['audit'],
    answer: PolicySimulationShown,
    examples: {
      completed: { ...completedExample, reading: READING },
      ...{ running: runningExample, cancelled: cancelledExample, failed: failedExample },
    },
    codes: ['no-such-policy-simulation'],
  })
  async show(
    @PathId() id: string,
    @After() after: string | undefined,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
    @InLanguage() language: Language,
    @WantsPage() page: boolean,
  ): Promise<Answer> {
    const { view, revision } = await this.find(id, after);
    const reading = await this.read({ caller, context }, view, page ? 'page' : 'json');
    if (page) return ownPage(policySimulationPage(view, reading, language));
    const answer = found({ ...view, ...(reading === undefined ? {} : { reading }) }, revision);
    return new Answer(answer.status, answer.body, { ...answer.headers, Vary: 'Accept, Accept-Language' });
  }

  @Get(':id/figures')
  @ApiId()
  @ApiTextOperation({
    summary: 'What came of a policy simulation, as a table',
    description:
      'CSV (RFC 4180): a line for each number of the result, with the moment and what it is about. It leaves a reading as the ' +
      'result itself does.',
    scopes: ['audit'],
    type: 'text/csv',
    examples: { completed: figuresExample },
    codes: ['no-such-policy-simulation', 'policy-simulation-unfinished'],
  })
  async figures(
    @PathId() id: string,
    @After() after: string | undefined,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ): Promise<Answer<string>> {
    const { view } = await this.find(id, after);
    if (view.result === undefined) throw problemOfRejections([rejectPolicySimulation('policy-simulation-unfinished')]);
    await this.read({ caller, context }, view, 'csv');
    return textFile(figuresOf(view.result), `${id}.csv`, 'text/csv');
  }

  @Post(':id/cancellations')
  @ApiId()
  @ForPersons()
  @ApiCommand({
    summary: 'Cancel a policy simulation',
    description: 'One that waits is not begun; one that is running ends within a second or two. Nothing comes of it.',
    scopes: ['audit'],
    status: 200,
    body: CancelPolicySimulationRequest,
    bodyExamples: { changed: { reason: cancelledExample.cancellationReason } },
    answer: PolicySimulationAnswer,
    examples: { cancelled: cancelledExample },
    codes: ['no-such-policy-simulation', 'policy-simulation-over', 'person-required', 'erased'],
  })
  async cancel(
    @PathId() id: string,
    @Command(CancelPolicySimulationRequest) request: CommandRequest<CancelPolicySimulationRequest>,
  ) {
    const command = commandOf(request);
    const outcome = await cancelSimulation(this.backbone, command, id as PolicySimulationId, request.body);
    const ground = { command: 'CancelPolicySimulation', object: 'policySimulation', checks: [] };
    return done(await this.answer(await settle(this.backbone, command, outcome, ground)));
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search policy simulations',
    description: 'Newest first, those that are still shown, without their results. Every answer leaves a reading.',
    scopes: ['audit'],
    body: SearchPolicySimulationsRequest,
    bodyExamples: { completed: { reason: 'Welke voorstellen zijn doorgerekend', status: 'completed' } },
    answer: PolicySimulationPage,
    examples: {
      found: { items: [listedExample], next: null, reading: READING },
      nothingFound: { items: [], next: null, reading: READING },
    },
  })
  async search(
    @CheckedBody(SearchPolicySimulationsRequest) body: SearchPolicySimulationsRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    const { limit, cursor, after, reason, ...filter } = body;
    const startedAt = this.backbone.now();
    const list = { name: 'policy-simulations', filter, page: { limit, cursor, after } };
    const page = await searchPage(
      this.backbone,
      policySimulationsProjection,
      {
        ...list,
        where: (at) => [{ column: 'shownUntil', is: 'from', value: at }, ...equalIn(filter, ['status'])],
      },
      (rows) => rows.map(listedPolicySimulation),
    );
    const reading = await recordReading(this.backbone, readerOf(caller, context), {
      what: 'policy-simulations',
      reason,
      question: { ...filter, ...(cursor === undefined ? {} : { cursor }) } as JsonValue,
      shown: page.items.map(({ id }) => id),
      ...{ subjects: [], startedAt },
    });
    return { ...page, reading };
  }

  private async find(id: string, after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { commands, now } = this.backbone;
    const { state, history, revision } = await commands.load(policySimulationDecider, streamId('policySimulation', id));
    if (state.status === 'none' || !isShown(state, now())) throw notFound('no-such-policy-simulation');
    const progress = await progressOf(this.backbone, id);
    return { view: await policySimulationView(this.backbone, state, history, progress), revision: revision as number };
  }

  /** The reading is durable before a result is answered; how far it is, is no reading. */
  private async read(
    { caller, context }: Reader,
    { id, reason, result }: PolicySimulationView,
    form: 'json' | 'page' | 'csv',
  ): Promise<string | undefined> {
    if (result === undefined) return undefined;
    return recordReading(this.backbone, readerOf(caller, context), {
      ...{ what: 'policy-simulations', reason, question: { id, form }, shown: [id] },
      // Numbers only: of nobody is anything shown.
      ...{ subjects: [], startedAt: this.backbone.now() },
    });
  }

  private async answer(accepted: Accepted<PolicySimulation, PolicySimulationEvent>) {
    const { state, revision } = accepted;
    if (state.status === 'none') throw notFound('no-such-policy-simulation');
    const { history } = await this.backbone.commands.load(
      policySimulationDecider,
      streamId('policySimulation', state.id),
    );
    const view = await policySimulationView(this.backbone, state, history.slice(0, revision + 1), { isBegun: false });
    return answerTo(this.backbone, accepted, view);
  }
}
