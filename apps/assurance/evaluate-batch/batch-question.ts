import {
  isSameYes,
  judgeAccess,
  type AccessJudgment,
  type AccessRequest,
  type DecisionIndex,
  type UsePolicy,
} from '#libs/application';
import type { JsonObject } from '#libs/kernel';
import type { Fault } from '#libs/platform';
import type { ReadRequest } from '../evaluate-access/access-request.js';
import { information, recordedRequest } from '../evaluate-access/decision-record.js';
import { accessAnswer, headOfPast, judgeThen, NOT_CURRENT } from '../evaluate-access/evaluate-access.handler.js';
import type { Question } from '../evaluate-access/give-answer.js';
import { longRecord } from '../evaluate-access/long-record.js';
import type { Past } from '../time-travel/past.js';
import type { AccessBatch, Semantic } from './access-batch.js';

/** What became of one question of the call. */
type Outcome = JudgedQuestion | { readonly faults: readonly Fault[] };

interface JudgedQuestion {
  readonly request: AccessRequest;
  readonly judgment: AccessJudgment;
  /** What it was judged on, where it is about an earlier moment. */
  readonly past?: Past;
}

type Judge = (request: AccessRequest, place: number) => AccessJudgment;

/** Several questions of one call: one answer with one signature, and one record (Authorization Decision Log). */
export function batchQuestion(
  batch: AccessBatch,
  index: DecisionIndex,
  policy: UsePolicy,
  /** Of questions about earlier moments, by their place. */
  then: ReadonlyMap<number, Past> = new Map(),
): Question<readonly Outcome[]> {
  const outcomeOf = (question: ReadRequest, place: number, judge: Judge): Outcome => {
    if ('faults' in question) return question;
    const { request } = question;
    const past = then.get(place);
    return past === undefined
      ? { request, judgment: judge(request, place) }
      : { request, judgment: judgeThen(request, past), past };
  };
  const judged = (judge: Judge): readonly Outcome[] => {
    const outcomes: Outcome[] = [];
    for (const [place, question] of batch.questions.entries()) {
      const outcome = outcomeOf(question, place, judge);
      outcomes.push(outcome);
      if (decides(batch.semantic, isYes(outcome))) break;
    }
    return outcomes;
  };

  return {
    judge: (at) => judged((request) => (at === undefined ? NOT_CURRENT : judgeAccess(request, index, policy, at))),

    until(outcomes) {
      const moments = outcomes.filter(isYesOfNow).map(({ judgment }) => judgment.validUntil!);
      return moments.length === 0 ? undefined : Math.min(...moments);
    },

    holds: (outcomes, at) =>
      outcomes
        .filter(isYesOfNow)
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

/** What was so then is not taken back by what happens now. */
const isYesOfNow = (outcome: Outcome): outcome is JudgedQuestion => isYes(outcome) && outcome.past === undefined;

const decides = (semantic: Semantic, yes: boolean): boolean =>
  (semantic === 'deny_on_first_deny' && !yes) || (semantic === 'permit_on_first_permit' && yes);

const evaluationOf = (outcome: Outcome, id: string): JsonObject =>
  'judgment' in outcome
    ? accessAnswer(outcome.judgment, outcome.request, {
        id,
        ...(outcome.past === undefined ? {} : headOfPast(outcome.past)),
      })
    : { decision: false, context: { id, error: errorOf(outcome.faults) } };

/** A question that could not be read, in the words of AuthZEN. */
const errorOf = (faults: readonly Fault[]): JsonObject => ({
  status: 400,
  message: 'The question is not complete, or has a member that can not be taken.',
  errors: faults.map(({ pointer = '', code, detail }) => ({
    pointer,
    code,
    ...(detail === undefined ? {} : { detail: detail.en }),
  })),
});

const recordedQuestion = (outcome: Outcome): { readonly information: object; readonly request: object } =>
  'judgment' in outcome
    ? {
        information: {
          ...information(outcome.judgment),
          ...(outcome.past === undefined ? {} : headOfPast(outcome.past)),
        },
        request: recordedRequest(outcome.request, outcome.judgment),
      }
    : { information: {}, request: { faults: toldOf(outcome.faults) } };

/** What was sent may be about a person; where it was wrong is not. */
const toldOf = (faults: readonly Fault[]): readonly JsonObject[] =>
  faults.map(({ pointer = '', code }) => ({ pointer, code }));
