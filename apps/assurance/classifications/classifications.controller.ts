import { Controller, Inject, Post, Req } from '@nestjs/common';
import type { Backbone } from '#libs/application';
import { BACKBONE, classificationComponent } from '#libs/composition';
import {
  ApiQueryOperation,
  DIRECT_ROUTES,
  parametersBeside,
  ProblemException,
  SCOPES,
  Section,
  type DirectRequest,
  type DirectRoutes,
  type Examples,
  type Fault,
} from '#libs/platform';
import {
  classifyAuthorization,
  classifyMeans,
  currentRuleSet,
  evaluateUse,
  revocationDeadline,
  validateRequest,
  validity,
  type RequestKind,
  type Requests,
  type RuleSet,
} from '#libs/scheme';
import { classificationExamples } from './classification-examples.js';

type Evaluation<Kind extends RequestKind> = (request: Requests[Kind], rules: RuleSet) => object;

/** The functions that registering, issuing, revoking and deciding use as well: there is no second copy. */
const EVALUATIONS: { readonly [Kind in RequestKind]: Evaluation<Kind> } = {
  authorization: classifyAuthorization,
  means: classifyMeans,
  revocationDeadline,
  validity,
  evaluation: evaluateUse,
};

/** Judges a request of the contract: the answer, or a 400 with every fault, those `beside` it first (classification.md §0). */
export function evaluate<Kind extends RequestKind>(
  kind: Kind,
  body: unknown,
  rules: RuleSet,
  beside: readonly Fault[] = [],
): object {
  const validation = validateRequest(kind, body);
  if (!validation.ok) throw new ProblemException(400, validation.code, { errors: [...beside, ...validation.errors] });
  if (beside.length > 0) throw new ProblemException(400, 'invalid-request', { errors: beside });
  return (EVALUATIONS[kind] as Evaluation<Kind>)(validation.value, rules);
}

function ApiEvaluation(kind: RequestKind, summary: string): MethodDecorator {
  const requests = classificationExamples[kind];
  return ApiQueryOperation({
    summary,
    description: 'Stateless: nothing is kept, no clock is read, the same request always gets the same answer.',
    scopes: SCOPES,
    body: classificationComponent(kind, 'Request'),
    bodyExamples: requests,
    answer: classificationComponent(kind, 'Result'),
    examples: answersTo(kind, requests),
    codes: ['unknown-level'],
  });
}

/** The answer to each request, given when a contract shows it: no start waits for that. */
const answersTo = (kind: RequestKind, requests: Examples): Examples =>
  Object.defineProperties(
    {},
    Object.fromEntries(
      Object.entries(requests).map(([name, request]) => [
        name,
        { enumerable: true, get: () => evaluate(kind, request, currentRuleSet) },
      ]),
    ),
  );

/** The five pure evaluations (classification.md). */
@Section(
  'classifications',
  'The pure evaluations of the rule book: the same functions that registering, issuing, revoking and deciding use.',
)
@Controller('v1/classifications')
export class ClassificationsController {
  private readonly rules: RuleSet;

  constructor(@Inject(BACKBONE) backbone: Backbone, @Inject(DIRECT_ROUTES) direct: DirectRoutes) {
    this.rules = backbone.rules;
    direct.add(this, 'authorization', '/v1/classifications/authorization');
    direct.add(this, 'means', '/v1/classifications/means');
    direct.add(this, 'revocationDeadline', '/v1/classifications/revocation-deadline');
    direct.add(this, 'validity', '/v1/classifications/validity');
    direct.add(this, 'evaluation', '/v1/classifications/evaluation');
  }

  @Post('authorization')
  @ApiEvaluation('authorization', 'Which level does this registration dossier reach?')
  authorization(@Req() request: DirectRequest): object {
    return this.answer('authorization', request);
  }

  @Post('means')
  @ApiEvaluation('means', 'Which STORK level does this means reach?')
  means(@Req() request: DirectRequest): object {
    return this.answer('means', request);
  }

  @Post('revocation-deadline')
  @ApiEvaluation('revocationDeadline', 'Is this request accepted, and when must it be carried out?')
  revocationDeadline(@Req() request: DirectRequest): object {
    return this.answer('revocationDeadline', request);
  }

  @Post('validity')
  @ApiEvaluation('validity', 'Until when is this valid, and when may it be revoked for non-use?')
  validity(@Req() request: DirectRequest): object {
    return this.answer('validity', request);
  }

  @Post('evaluation')
  @ApiEvaluation('evaluation', 'May this person act here and now, and at which level?')
  evaluation(@Req() request: DirectRequest): object {
    return this.answer('evaluation', request);
  }

  private answer(kind: RequestKind, { body, query }: DirectRequest): object {
    return evaluate(kind, body, this.rules, parametersBeside(query));
  }
}
