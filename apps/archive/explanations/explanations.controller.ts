import { Controller, Inject, Post, Req } from '@nestjs/common';
import { streamId, type Instant } from '#libs/kernel';
import { explainAuthorization, explainMeans, personsIn, recordReading, type Backbone } from '#libs/application';
import {
  authorizationExplanationExample,
  AuthorizationExplanationAnswer,
  authorizationExplanationView,
  authorizationPage,
  BACKBONE,
  EXPLAIN_CODES,
  explainExample,
  explainOtherRulesExample,
  ExplainRequest,
  meansExplanationExample,
  MeansExplanationAnswer,
  meansExplanationView,
  meansPage,
  readerOf,
  readExplainRequest,
  shownIn,
  type AuthorizationExplanationView,
  type MeansExplanationView,
} from '#libs/composition';
import { authorizationDecider, meansDecider } from '#libs/domain';
import {
  Answer,
  ApiId,
  ApiQueryOperation,
  Context,
  CurrentCaller,
  InLanguage,
  notFound,
  ownPage,
  PathId,
  PROBLEM_CATALOGUE,
  Section,
  WantsPage,
  type Caller,
  type Language,
  type ProblemCatalogue,
  type RequestContext,
} from '#libs/platform';

const DESCRIPTION =
  'Every row of the level with the checks that earn it and where these stand in the log, judged again on what was on ' +
  'record then, and where that differs from what was recorded. As JSON, or as a page for people (`Accept: text/html`). ' +
  'Every answer leaves a reading in the record log, with its reason and what was shown.';

/** What came in with the request. */
interface Sent {
  readonly body?: unknown;
  readonly query: unknown;
}

/** Which moment is asked about, and when the work began. */
interface Moments {
  readonly at: Instant;
  readonly startedAt: Instant;
}

/** Who asks, and in which form he wants it. */
interface Asker {
  readonly caller: Caller;
  readonly context: RequestContext;
  readonly language: Language;
  readonly page: boolean;
}

/** Why something has the level that it has, or had then (ARCH-14). */
@Section('explanations', 'Why something has its level, or was answered so: rows, checks and where they are on record.')
@Controller('v1/explanations')
export class ExplanationsController {
  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(PROBLEM_CATALOGUE) private readonly catalogue: ProblemCatalogue,
  ) {}

  @Post('authorizations/:id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'Why does this authorization have its level?',
    description: DESCRIPTION,
    scopes: ['audit'],
    body: ExplainRequest,
    bodyExamples: { sample: explainExample, otherRules: explainOtherRulesExample },
    answer: AuthorizationExplanationAnswer,
    examples: { explained: authorizationExplanationExample },
    codes: [...EXPLAIN_CODES, 'no-such-registration'],
  })
  async ofAuthorization(
    @PathId('id') id: string,
    @Req() sent: Sent,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
    @InLanguage() language: Language,
    @WantsPage() page: boolean,
  ): Promise<Answer> {
    const { load } = this.backbone.commands;
    const { history } = await load(authorizationDecider, streamId('authorization', id));
    const asked = this.read(sent, history, 'no-such-registration');
    const explained = await explainAuthorization(this.backbone, id, asked);
    if (explained === undefined) throw notFound('no-such-registration');
    const view = authorizationExplanationView(explained, this.inWords(language));
    return this.answer('authorizations', view, asked, { caller, context, language, page }, authorizationPage);
  }

  @Post('means/:id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'Why does this means have its level?',
    description: DESCRIPTION,
    scopes: ['audit'],
    body: ExplainRequest,
    bodyExamples: { sample: explainExample, otherRules: explainOtherRulesExample },
    answer: MeansExplanationAnswer,
    examples: { explained: meansExplanationExample },
    codes: [...EXPLAIN_CODES, 'no-such-means'],
  })
  async ofMeans(
    @PathId('id') id: string,
    @Req() sent: Sent,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
    @InLanguage() language: Language,
    @WantsPage() page: boolean,
  ): Promise<Answer> {
    const { history } = await this.backbone.commands.load(meansDecider, streamId('means', id));
    const asked = this.read(sent, history, 'no-such-means');
    const explained = await explainMeans(this.backbone, id, asked);
    if (explained === undefined) throw notFound('no-such-means');
    const view = meansExplanationView(explained, this.inWords(language));
    return this.answer('means', view, asked, { caller, context, language, page }, meansPage);
  }

  private inWords =
    (language: Language) =>
    (code: string): string =>
      this.catalogue.title(code, language);

  private read(
    { body, query }: Sent,
    history: readonly { readonly recordedAt: Instant }[],
    unknown: string,
  ): ExplainRequest & Moments {
    const now = this.backbone.now();
    const request = readExplainRequest({ body, query }, history[0]?.recordedAt, now, unknown);
    return { ...request, at: request.at ?? now, startedAt: now };
  }

  /** The reading is durable before anything is answered. */
  private async answer<View extends AuthorizationExplanationView | MeansExplanationView>(
    what: 'authorizations' | 'means',
    view: View,
    { reason, at, ruleSet, startedAt }: ExplainRequest & Moments,
    { caller, context, language, page }: Asker,
    pageOf: (view: View, reading: string, language: Language) => Parameters<typeof ownPage>[0],
  ): Promise<Answer> {
    const reading = await recordReading(this.backbone, readerOf(caller, context), {
      what: `explanations-${what}`,
      reason,
      question: { id: view.id, at, ...(ruleSet === undefined ? {} : { ruleSet }) },
      shown: shownIn(view),
      subjects: personsIn(view),
      startedAt,
    });
    return page
      ? ownPage(pageOf(view, reading, language))
      : new Answer(200, { ...view, reading }, { Vary: 'Accept, Accept-Language' });
  }
}
