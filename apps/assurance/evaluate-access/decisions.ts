import {
  fewAtOnce,
  usePolicy,
  type AccessRequest,
  type Backbone,
  type RequestContext,
  type UsePolicy,
} from '#libs/application';
import { invalidRequest, type Fault, type WrittenAnswer } from '#libs/platform';
import type { RuleSet } from '#libs/scheme';
import type { LiveIndex } from '../decision-index/decision-index.js';
import type { AccessSearch } from '../search-access/access-search.js';
import { pageTokens, type PageTokens } from '../search-access/page-tokens.js';
import { visibleSubjects, type VisibleSubjects } from '../search-access/visible-subjects.js';
import type { AnswerSigner } from '../signed-answers/answer-signer.js';
import { momentOf, pastOf, policiesOf, type Past } from '../time-travel/past.js';
import { accessQuestion, pastQuestion } from './evaluate-access.handler.js';
import { answerGiver, type Asker, type GiveAnswer } from './give-answer.js';

/** What the doors of `/access/v1` answer with. */
export interface Decisions {
  readonly index: LiveIndex;
  readonly policy: UsePolicy;
  readonly give: GiveAnswer;
  /** Of the process, made when they are first asked for. */
  pageTokens(): Promise<PageTokens>;
  /** Of a search of people, those whom its viewer sees. */
  visibleSubjects(search: AccessSearch, reader: RequestContext): Promise<VisibleSubjects>;
  /** Policies by their rules. */
  policyBy(rules: RuleSet): UsePolicy;
  /**
   * What an auditor's questions about earlier moments are judged on, in their order; `undefined`: it is about now. Whoever
   * decides asks about now, whatever time he names. Faults: what is no moment, which spoils no other question.
   */
  pasts(asked: readonly TimedQuestion[], asker: Asker): Promise<readonly Timed[]>;
  /** The single question. */
  evaluate(request: AccessRequest, asker: Asker): Promise<WrittenAnswer>;
}

/** A question, and where it stands in a larger body. */
export interface TimedQuestion {
  readonly request: AccessRequest;
  readonly at?: string;
}

export type Timed = Past | undefined | { readonly faults: readonly Fault[] };

/** Injection token of the process's one `Decisions`. */
export const DECISIONS = Symbol('Decisions');

export function decisions(backbone: Backbone, index: LiveIndex, signer: AnswerSigner, issuer: string): Decisions {
  const policy = usePolicy(backbone.governance, backbone.rules);
  const give = answerGiver(backbone, index, policy, signer, issuer);
  const policyBy = policiesOf(backbone);
  const pasts: Decisions['pasts'] = async (asked, { reading }) => {
    if (!reading) return asked.map(() => undefined);
    const now = backbone.now();
    return fewAtOnce<TimedQuestion, Timed>(asked, async ({ request, at }) => {
      const about = momentOf(request, now, at);
      if ('faults' in about) return about;
      return about.moment === undefined ? undefined : pastOf(backbone, index, policyBy, request, about.moment);
    });
  };
  let tokens: Promise<PageTokens> | undefined;
  return {
    ...{ index, policy, give, policyBy, pasts },
    pageTokens: () => (tokens ??= pageTokens(backbone.secrets)),
    visibleSubjects: (search, reader) => visibleSubjects(backbone, index, reader, search),
    async evaluate(request, asker) {
      const [past] = await pasts([{ request }], asker);
      if (past !== undefined && 'faults' in past) throw invalidRequest(past.faults);
      return give(past === undefined ? accessQuestion(request, index, policy) : pastQuestion(request, past), asker);
    },
  };
}
