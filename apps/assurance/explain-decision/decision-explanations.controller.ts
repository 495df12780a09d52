import { Controller, Inject, Post, Req } from '@nestjs/common';
import { personsIn, recordReading, type Backbone } from '#libs/application';
import {
  BACKBONE,
  decisionExplanationExample,
  EXPLAIN_CODES,
  explainExample,
  explainOtherRulesExample,
  ExplainRequest,
  readerOf,
  readExplainRequest,
} from '#libs/composition';
import {
  Answer,
  ApiId,
  ApiQueryOperation,
  Context,
  CurrentCaller,
  InLanguage,
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
import { DECISIONS, type Decisions } from '../evaluate-access/decisions.js';
import {
  DecisionExplanationAnswer,
  decisionExplanationView,
  decisionPage,
  shownOfDecision,
} from './decision-explanation.view.js';
import { begunAt, explainAnswers } from './explain-decision.js';
import { recordedDecision } from './recorded-decision.js';

/** Why a question at use was answered as it was (ARCH-14). It stands where decisions are judged. */
@Section('explanations', 'Why something has its level, or was answered so: rows, checks and where they are on record.')
@Controller('v1/explanations')
export class DecisionExplanationsController {
  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(DECISIONS) private readonly decisions: Decisions,
    @Inject(PROBLEM_CATALOGUE) private readonly catalogue: ProblemCatalogue,
  ) {}

  @Post('decisions/:id')
  @ApiId('id', '`context.id` of the answer: of several questions in one call that of the call')
  @ApiQueryOperation({
    summary: 'Why was this answered so?',
    description:
      'The question as it was recorded, judged again from events up to where its answer looked, or as of another moment or ' +
      'by other rules; with every authorization of the path, its means, their rows and checks. It is no use. As JSON, or as ' +
      'a page for people (`Accept: text/html`). Every answer leaves a reading in the record log, with its reason and what ' +
      'was shown.',
    scopes: ['audit'],
    body: ExplainRequest,
    bodyExamples: { sample: explainExample, otherRules: explainOtherRulesExample },
    answer: DecisionExplanationAnswer,
    examples: { explained: decisionExplanationExample },
    codes: [...EXPLAIN_CODES, 'no-such-decision', 'position-not-reached'],
  })
  async explain(
    @PathId('id') id: string,
    @Req() sent: { readonly body?: unknown; readonly query: unknown },
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
    @InLanguage() language: Language,
    @WantsPage() page: boolean,
  ): Promise<Answer> {
    const startedAt = this.backbone.now();
    const record = await this.backbone.records.byId(id);
    const recorded = record === undefined ? undefined : recordedDecision(record);
    const begun = recorded === undefined ? undefined : await begunAt(this.backbone, recorded);
    const { body, query } = sent;
    const asked = readExplainRequest({ body, query }, begun, this.backbone.now(), 'no-such-decision');
    const { reason, at, ruleSet } = asked;
    const named = { ...(at === undefined ? {} : { at }), ...(ruleSet === undefined ? {} : { ruleSet }) };
    const answers = await explainAnswers(this.backbone, this.decisions, recorded!, named);
    const view = decisionExplanationView(id, recorded!, answers, (code) => this.catalogue.title(code, language));
    const reading = await recordReading(this.backbone, readerOf(caller, context), {
      what: 'explanations-decisions',
      reason,
      question: { id, ...named },
      shown: shownOfDecision(view),
      subjects: personsIn(view),
      startedAt,
    });
    return page
      ? ownPage(decisionPage(view, reading, language))
      : new Answer(200, { ...view, reading }, { Vary: 'Accept, Accept-Language' });
  }
}
