import { randomUUID } from 'node:crypto';
import { epochOf, instantFromEpoch, type JsonObject } from '#libs/kernel';
import { actorOf, type Backbone, type RequestContext } from '#libs/application';
import { positionText } from '#libs/composition';
import { PARTY_REGISTERS } from '#libs/domain';
import type { LiveIndex, Path } from '../decision-index/decision-index.js';
import type { AccessRequest } from './access-request.js';
import { decisionRecord, keptRequestId, type RequestIds } from './decision-record.js';
import { judgeAccess, unfounded, type AccessJudgment } from './judge-access.js';
import { usePolicy } from './use-policy.js';

export interface AccessQuestion {
  readonly request: AccessRequest;
  readonly caller: RequestContext;
  readonly ids: RequestIds;
  /** Asked by an auditor: recorded as his reading and never as use (interfaces.md §7). */
  readonly reading: boolean;
}

/** The answer of the AuthZEN API. */
export type AccessAnswer = JsonObject & { readonly decision: boolean; readonly context: JsonObject };

/**
 * Decides at use. The record is durable before the answer is given; when it can't be written the error of the record log
 * goes to the caller (503) and there is no answer.
 */
export function accessDecisions(backbone: Backbone, index: LiveIndex) {
  const policy = usePolicy(backbone.governance, backbone.rules);
  return async ({ request, caller, ids: sent, reading }: AccessQuestion): Promise<AccessAnswer> => {
    const actor = await actorOf(backbone, caller);
    const { requestId } = sent;
    const ids =
      requestId === undefined ? sent : { ...sent, requestId: await keptRequestId(requestId, backbone.secrets) };
    const judge = (at: number): AccessJudgment =>
      index.current ? judgeAccess(request, index, policy, at) : unfounded(['index-not-current']);
    const record = async (at: number, judgment: AccessJudgment): Promise<{ answer: AccessAnswer; stands: boolean }> => {
      // From the judgement to here nothing waits: time, index, position and lease are of one moment.
      const { position, lease } = index;
      const id = randomUUID();
      const answer = answerOf(judgment, request, {
        id,
        ruleSet: policy.rules.version,
        position: positionText(backbone.identity, position),
      });
      const place = await backbone.records.append({
        ...decisionRecord({
          id,
          kind: reading ? 'reading' : 'decision',
          request,
          answer,
          judgment,
          at,
          position,
          identity: backbone.identity,
          policy,
          ids,
          actor,
        }),
        ...(judgment.decision && lease !== undefined ? { lease } : {}),
      });
      return { answer, stands: place.leaseUntil !== undefined && place.recordedAt < place.leaseUntil };
    };
    const at = epochOf(backbone.now());
    const judgment = judge(at);
    const { answer, stands } = await record(at, judgment);
    if (!judgment.decision) return answer;

    // Writing the record may have taken long enough for a revocation to be answered: that yes must not leave any more. Who
    // answered it either waited until the index had seen it, or took our lease away, which came back with the record.
    const later = epochOf(backbone.now());
    const again = judge(later);
    if (again.decision && stands) return answer;
    // The first record stays, and the no that is given instead has one of its own.
    return (await record(later, again.decision ? unfounded(['index-not-current']) : again)).answer;
  };
}

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

function answerOf(
  judgment: AccessJudgment,
  request: AccessRequest,
  { id, ruleSet, position }: { readonly id: string; readonly ruleSet: string; readonly position: string },
): AccessAnswer {
  const { decision, level, requiredLevel, eidas, validUntil } = judgment;
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
      ruleSet,
      position,
      ...(validUntil === undefined ? {} : { validUntil: instantFromEpoch(validUntil) }),
    },
  };
}
