import {
  isSameYes,
  judgeAccess,
  unfounded,
  type AccessJudgment,
  type AccessRequest,
  type DecisionIndex,
  type Path,
  type StepUp,
  type UsePolicy,
} from '#libs/application';
import { epochOf, instantFromEpoch, type Instant, type JsonObject } from '#libs/kernel';
import { PARTY_REGISTERS } from '#libs/domain';
import { decisionRecord } from './decision-record.js';
import type { Answer, AnswerHead, Question } from './give-answer.js';
import type { Past } from '../time-travel/past.js';

/** The answer of the AuthZEN API. */
export type AccessAnswer = Answer & { readonly decision: boolean };

/** May this means act for this organization at this service? One question, one answer. */
export function accessQuestion(
  request: AccessRequest,
  index: DecisionIndex,
  policy: UsePolicy,
): Question<AccessJudgment> {
  return {
    judge: (at) => (at === undefined ? NOT_CURRENT : judgeAccess(request, index, policy, at)),
    until: ({ validUntil }) => validUntil,
    holds: (judgment, at) => isSameYes(judgment, judgeAccess(request, index, policy, at)),
    withheld: (judgment) => (judgment.decision ? NOT_CURRENT : judgment),
    answer: (judgment, head) => accessAnswer(judgment, request, head),
    record: (judgment, parts) => decisionRecord({ ...parts, request, judgment }),
  };
}

/**
 * The same of an earlier moment (interfaces.md §7): from the register, the policy and the rules as they were. Nothing that
 * happens takes its yes back, and nobody acts on it.
 */
export function pastQuestion(request: AccessRequest, past: Past): Question<AccessJudgment> {
  const { policy } = past;
  return {
    judge: () => judgeThen(request, past),
    until: () => undefined,
    holds: () => true,
    withheld: (judgment) => judgment,
    answer: (judgment, head) => accessAnswer(judgment, request, { ...head, ...headOfPast(past) }),
    record: (judgment, parts) => decisionRecord({ ...parts, policy, request, judgment, asOf: past.asOf }),
  };
}

export const judgeThen = (request: AccessRequest, { index, policy, asOf }: Past): AccessJudgment =>
  judgeAccess(request, index, policy, epochOf(asOf));

/** What an answer says of the moment that it is about. */
export const headOfPast = ({ asOf, policy }: Past) => ({ ruleSet: policy.rules.version, asOf });

export const NOT_CURRENT = unfounded(['index-not-current']);

/**
 * Says of an organization's id that it can't be one, in the member that AuthZEN has for administrators. It looks at the form
 * only: what has the form gets no word, whoever is on record.
 */
const MALFORMED: JsonObject = {
  reason_admin: {
    en: 'resource.id names no register: it is register and number, as in kvk:12345678.',
    nl: 'resource.id noemt geen register: het is register en nummer, zoals kvk:12345678.',
  },
};

const namesRegister = (id: string): boolean => PARTY_REGISTERS.some((register) => id.startsWith(`${register}:`));

const remarkOn = ({ resource: { type, id } }: AccessRequest): JsonObject =>
  type === 'organization' && !namesRegister(id) ? MALFORMED : {};

/**
 * A login of which level would make the no a yes (AuthZEN Obligations profile), in the words of the network. Of another
 * means it says that there is one, so that nobody is asked for the same one again and again; never which.
 */
const stepUpTo = ({ level, by }: StepUp): JsonObject => ({
  id: 'step-up',
  type: 'step-up',
  properties: {
    acr_value: `urn:etoegang:core:assurance-class:loa${level.slice(2).replace('+', 'plus')}`,
    ...(by === undefined ? {} : { another_means: true }),
  },
});

/** `head`: where the answer stands among others, they have it together, and only the id is its own. */
export function accessAnswer(
  judgment: AccessJudgment,
  request: AccessRequest,
  { id, ...head }: { readonly id: string; readonly asOf?: Instant } & Partial<AnswerHead>,
): AccessAnswer {
  const { decision, level, requiredLevel, eidas, validUntil, stepUp } = judgment;
  const reasons: JsonObject[] = judgment.reasons.map((reason) => ({ ...reason }));
  const path = (judgment.path as Path | readonly []).map(({ authorization }) => authorization);
  return {
    decision,
    context: {
      id,
      level,
      requiredLevel,
      ...(decision ? { eidas } : {}),
      reasons,
      ...(decision ? { path } : remarkOn(request)),
      ...(stepUp !== undefined && request.supportsStepUp ? { obligations: [stepUpTo(stepUp)] } : {}),
      ...head,
      ...(validUntil === undefined ? {} : { validUntil: instantFromEpoch(validUntil) }),
    },
  };
}
