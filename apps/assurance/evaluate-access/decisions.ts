import type { Backbone } from '#libs/application';
import type { WrittenAnswer } from '#libs/platform';
import type { LiveIndex } from '../decision-index/decision-index.js';
import { pageTokens, type PageTokens } from '../search-access/page-tokens.js';
import type { AnswerSigner } from '../signed-answers/answer-signer.js';
import type { AccessRequest } from './access-request.js';
import { accessQuestion } from './evaluate-access.handler.js';
import { answerGiver, type Asker, type GiveAnswer } from './give-answer.js';
import { usePolicy, type UsePolicy } from './use-policy.js';

/** What the doors of `/access/v1` answer with. */
export interface Decisions {
  readonly index: LiveIndex;
  readonly policy: UsePolicy;
  readonly give: GiveAnswer;
  /** Of the process, made when they are first asked for. */
  pageTokens(): Promise<PageTokens>;
  /** The single question. */
  evaluate(request: AccessRequest, asker: Asker): Promise<WrittenAnswer>;
}

/** Injection token of the process's one `Decisions`. */
export const DECISIONS = Symbol('Decisions');

export function decisions(backbone: Backbone, index: LiveIndex, signer: AnswerSigner, issuer: string): Decisions {
  const policy = usePolicy(backbone.governance, backbone.rules);
  const give = answerGiver(backbone, index, policy, signer, issuer);
  let tokens: Promise<PageTokens> | undefined;
  return {
    ...{ index, policy, give },
    pageTokens: () => (tokens ??= pageTokens(backbone.secrets)),
    evaluate: (request, asker) => give(accessQuestion(request, index, policy), asker),
  };
}
