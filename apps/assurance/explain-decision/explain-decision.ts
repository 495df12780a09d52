import { epochOf, streamId, type Instant } from '#libs/kernel';
import {
  differencesBetween,
  explainAuthorization,
  explainMeans,
  fewAtOnce,
  folding,
  judgeAccess,
  rulesOfThen,
  type AccessJudgment,
  type AskedExplanation,
  type AuthorizationExplanation,
  type Backbone,
  type Difference,
  type IndexedLink,
  type MeansExplanation,
} from '#libs/application';
import { meansDecider } from '#libs/domain';
import {
  currentRuleSet,
  isRuleSetVersion,
  ruleSet as ruleSetOf,
  type RuleSet,
  type RuleSetVersion,
} from '#libs/scheme';
import type { Decisions } from '../evaluate-access/decisions.js';
import { indexAsOf } from '../time-travel/index-as-of.js';
import type { RecordedAnswer, RecordedDecision } from './recorded-decision.js';

export interface DecisionOutcome {
  readonly decision: boolean;
  readonly level: string | null;
  readonly requiredLevel: string | null;
  readonly reasons: readonly string[];
  readonly path: readonly string[];
}

/** One answer with what comes of the same question, on what was on record, and with what it rested on. */
export interface ExplainedAnswer {
  /** Of several questions in one call which one, from 0. */
  readonly place: number;
  readonly asked: RecordedAnswer['request'];
  readonly at: Instant;
  readonly recordedRuleSet: string;
  readonly ruleSet: string;
  readonly recorded: DecisionOutcome;
  readonly judgedAgain: DecisionOutcome;
  readonly differences: readonly Difference[];
  /** Of the path that counted, the organization's own first. */
  readonly authorizations: readonly AuthorizationExplanation[];
  /** Where no path leads to it. */
  readonly means?: MeansExplanation;
}

/** Objects that the explanation of one call folds anew at most. */
const MOST_OF_A_CALL = 10_000;

/**
 * Judges what a record says was asked once more: by the same function, from events up to the position that its answer saw,
 * or up to another moment, by the rules it was judged by or by others. It is no use of an authorization.
 */
export const explainAnswers = (
  backbone: Backbone,
  decisions: Decisions,
  { answers, at: answeredAt, position }: RecordedDecision,
  asked: { readonly at?: Instant; readonly ruleSet?: RuleSetVersion },
): Promise<readonly ExplainedAnswer[]> => {
  // However many questions the call had, its explanation costs no more than so much.
  const fold = folding(MOST_OF_A_CALL);
  // Several questions of one call are mostly about the same.
  const known = new Map<string, Promise<AuthorizationExplanation | undefined>>();
  const explainedLink = (id: string, about: AskedExplanation): Promise<AuthorizationExplanation | undefined> => {
    const key = `${id} ${about.at}`;
    let explanation = known.get(key);
    if (explanation === undefined) known.set(key, (explanation = explainAuthorization(backbone, id, about)));
    return explanation;
  };
  /** Those named; else those of the moment that is named; else those that it was answered by. */
  const rulesFor = async ({ ruleSet: answeredBy }: RecordedAnswer): Promise<RuleSet> => {
    if (asked.ruleSet === undefined && asked.at !== undefined) return rulesOfThen(backbone, asked.at);
    const version = asked.ruleSet ?? answeredBy;
    return isRuleSetVersion(version) ? ruleSetOf(version) : currentRuleSet;
  };
  return fewAtOnce(answers, async (answer) => {
    const named = asked.at ?? answer.asOf;
    const at = named ?? answeredAt;
    const policy = decisions.policyBy(await rulesFor(answer));
    const index = await indexAsOf(backbone, decisions.index, answer.request, policy.maxIntermediaries, (event) =>
      named === undefined ? event.position <= position : event.recordedAt <= named,
    );
    const judgment = judgeAccess(answer.request, index, policy, epochOf(at));
    const { decision, level, requiredLevel, reasons, path } = answer;
    const recorded = { decision, level, requiredLevel, reasons, path };
    const judgedAgain = outcomeOf(judgment);
    const about: AskedExplanation = { at, fold, ...(asked.ruleSet === undefined ? {} : { ruleSet: asked.ruleSet }) };
    const links = await fewAtOnce(judgedAgain.path, (id) => explainedLink(id, about));
    const means = judgment.grounds.means?.means;
    const alone = links.length === 0 && means !== undefined ? await explainMeans(backbone, means, about) : undefined;
    return {
      place: answer.place,
      asked: answer.request,
      at,
      recordedRuleSet: answer.ruleSet,
      ruleSet: policy.rules.version,
      recorded,
      judgedAgain,
      differences: differencesBetween({ ...recorded }, { ...judgedAgain }),
      authorizations: links.flatMap((one) => one ?? []),
      ...(alone === undefined ? {} : { means: alone }),
    };
  });
};

const outcomeOf = ({ decision, level, requiredLevel, reasons, path }: AccessJudgment): DecisionOutcome => ({
  ...{ decision, level, requiredLevel },
  reasons: reasons.map(({ code }) => code),
  path: (path as readonly IndexedLink[]).map(({ authorization }) => authorization),
});

/** When the first means that a decision is about came on record; one about none was asked when it was answered. */
export async function begunAt(backbone: Backbone, { answers, at }: RecordedDecision): Promise<Instant> {
  const begun = await fewAtOnce([...new Set(answers.flatMap(({ means }) => means ?? []))], async (id) => {
    const { history } = await backbone.commands.load(meansDecider, streamId('means', id));
    return history[0]?.recordedAt ?? at;
  });
  return [...begun, at].sort()[0]!;
}
