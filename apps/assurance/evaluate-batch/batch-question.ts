import type { JsonObject } from '#libs/kernel';
import type { Fault } from '#libs/platform';
import type { DecisionIndex } from '../decision-index/decision-index.js';
import type { AccessRequest } from '../evaluate-access/access-request.js';
import { information, recordedRequest } from '../evaluate-access/decision-record.js';
import { accessAnswer, NOT_CURRENT } from '../evaluate-access/evaluate-access.handler.js';
import type { Question } from '../evaluate-access/give-answer.js';
import { isSameYes, judgeAccess, type AccessJudgment } from '../evaluate-access/judge-access.js';
import { longRecord } from '../evaluate-access/long-record.js';
import type { UsePolicy } from '../evaluate-access/use-policy.js';
import type { AccessBatch, Semantic } from './access-batch.js';

/** What became of one question of the call. */
type Outcome = JudgedQuestion | { readonly faults: readonly Fault[] };

interface JudgedQuestion {
  readonly request: AccessRequest;
  readonly judgment: AccessJudgment;
}

/** Several questions of one call: one answer with one signature, and one record (Authorization Decision Log). */
export function batchQuestion(
  batch: AccessBatch,
  index: DecisionIndex,
  policy: UsePolicy,
): Question<readonly Outcome[]> {
  const judged = (judge: (request: AccessRequest, place: number) => AccessJudgment): readonly Outcome[] => {
    const outcomes: Outcome[] = [];
    for (const [place, question] of batch.questions.entries()) {
      const outcome: Outcome =
        'faults' in question ? question : { request: question.request, judgment: judge(question.request, place) };
      outcomes.push(outcome);
      if (decides(batch.semantic, isYes(outcome))) break;
    }
    return outcomes;
  };

  return {
    judge: (at) => judged((request) => (at === undefined ? NOT_CURRENT : judgeAccess(request, index, policy, at))),

    until(outcomes) {
      const moments = outcomes.filter(isYes).map(({ judgment }) => judgment.validUntil!);
      return moments.length === 0 ? undefined : Math.min(...moments);
    },

    holds: (outcomes, at) =>
      outcomes
        .filter(isYes)
        .every(({ request, judgment }) => isSameYes(judgment, judgeAccess(request, index, policy, at))),

    withheld: (outcomes) =>
      judged((_request, place) => {
        const outcome = outcomes[place];
        return outcome === undefined || isYes(outcome) || 'faults' in outcome ? NOT_CURRENT : outcome.judgment;
      }),

    answer: (outcomes, head) => ({
      evaluations: outcomes.map((outcome, place) => evaluationOf(outcome, `${head.id}/${place}`)),
      context: head,
    }),

    record: (outcomes, parts) =>
      longRecord(
        parts,
        {
          event: 'adl.access_evaluations',
          isUse: outcomes.some(isYes),
          traceparent: batch.traceparent,
          request: { options: { evaluations_semantic: batch.semantic } },
          information: { position: String(parts.position) },
        },
        { name: 'evaluations', entries: outcomes.map((outcome) => () => recordedQuestion(outcome)) },
      ),
  };
}

const isYes = (outcome: Outcome): outcome is JudgedQuestion & { readonly judgment: { readonly decision: true } } =>
  'judgment' in outcome && outcome.judgment.decision;

const decides = (semantic: Semantic, yes: boolean): boolean =>
  (semantic === 'deny_on_first_deny' && !yes) || (semantic === 'permit_on_first_permit' && yes);

const evaluationOf = (outcome: Outcome, id: string): JsonObject =>
  'judgment' in outcome
    ? accessAnswer(outcome.judgment, outcome.request, { id })
    : { decision: false, context: { id, error: errorOf(outcome.faults) } };

/** A question that could not be read, in the words of AuthZEN. */
const errorOf = (faults: readonly Fault[]): JsonObject => ({
  status: 400,
  message: 'The question is not complete, or has a member of another type.',
  errors: faults.map(({ pointer = '', code, detail }) => ({
    pointer,
    code,
    ...(detail === undefined ? {} : { detail: detail.en }),
  })),
});

const recordedQuestion = (outcome: Outcome): { readonly information: JsonObject; readonly request: JsonObject } =>
  'judgment' in outcome
    ? {
        information: information(outcome.judgment),
        request: recordedRequest(outcome.request, outcome.judgment),
      }
    : { information: {}, request: { faults: toldOf(outcome.faults) } };

/** What was sent may be about a person; where it was wrong is not. */
const toldOf = (faults: readonly Fault[]): readonly JsonObject[] =>
  faults.map(({ pointer = '', code }) => ({ pointer, code }));
