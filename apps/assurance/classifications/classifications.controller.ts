import { Controller, Inject, Post, Req } from '@nestjs/common';
import type { Backbone } from '#libs/application';
import { BACKBONE, classificationComponent } from '#libs/composition';
import {
  ApiQueryOperation,
  DIRECT_ROUTES,
  ProblemException,
  SCOPES,
  Section,
  type DirectRequest,
  type DirectRoutes,
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

/** Judges a request of the contract: the answer, or a 400 with every fault (classification.md §0). */
export function evaluate<Kind extends RequestKind>(kind: Kind, body: unknown, rules: RuleSet): object {
  const validation = validateRequest(kind, body);
  if (!validation.ok) throw new ProblemException(400, validation.code, { errors: validation.errors });
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
    examples: Object.fromEntries(
      Object.entries(requests).map(([name, request]) => [name, evaluate(kind, request, currentRuleSet)]),
    ),
    codes: ['unknown-level'],
  });
}

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
  authorization(@Req() { body }: DirectRequest): object {
    return evaluate('authorization', body, this.rules);
  }

  @Post('means')
  @ApiEvaluation('means', 'Which STORK level does this means reach?')
  means(@Req() { body }: DirectRequest): object {
    return evaluate('means', body, this.rules);
  }

  @Post('revocation-deadline')
  @ApiEvaluation('revocationDeadline', 'Is this request accepted, and when must it be carried out?')
  revocationDeadline(@Req() { body }: DirectRequest): object {
    return evaluate('revocationDeadline', body, this.rules);
  }

  @Post('validity')
  @ApiEvaluation('validity', 'Until when is this valid, and when may it be revoked for non-use?')
  validity(@Req() { body }: DirectRequest): object {
    return evaluate('validity', body, this.rules);
  }

  @Post('evaluation')
  @ApiEvaluation('evaluation', 'May this person act here and now, and at which level?')
  evaluation(@Req() { body }: DirectRequest): object {
    return evaluate('evaluation', body, this.rules);
  }
}
