import type { Instant, Rejection } from '#libs/kernel';
import type { Backbone } from '#libs/application';
import { authorizationDecider, meansDecider, type SuspensionGround, type SuspensionOrder } from '#libs/domain';
import type { AskedObject, AskedRevocation, JudgedRevocation } from '../revocation-requests/judge-revocation.js';
import { judgeSuspension, type AskedSuspension } from './judge-suspension.js';

/** A request to suspend, judged as the suspension itself is, and by what its object says to it (SUS-02). */
export async function judgeSuspensionRequest(
  backbone: Backbone,
  { application, object, requester }: AskedRevocation,
  checks: AskedSuspension['checks'],
  now: Instant,
): Promise<JudgedRevocation | { readonly faults: readonly Rejection[] }> {
  const order = await judgeSuspension(backbone, { application, object, requester, checks }, now);
  if ('faults' in order) return order;
  const { level, identification, rows, evidence, immediate, dueAt, checks: named } = order.ground;
  // What can't be suspended is refused for that alone, whoever asks.
  const ofObject = refusalsOf(object, { ...order, refusals: [] });
  const refusals = ofObject.length > 0 ? ofObject : refusalsOf(object, order);
  const isAccepted = refusals.length === 0;
  return {
    ...{ checks: named, rows, evidence, level, identification },
    judgement: {
      ...{ accepted: isAccepted, refusals, flags: [] },
      immediate: isAccepted && immediate,
      dueInstant: isAccepted ? dueAt : null,
    },
  };
}

/** Whether there is something to suspend, whoever asks: it has not ended, and no suspension of this kind stands. */
export function isSuspendable(object: AskedObject, role: AskedRevocation['requester']['role'], now: Instant): boolean {
  // Of the ground an object looks at whose suspension it is, and at its deadline.
  const ground = { by: role === 'court' ? 'court' : 'party', dueAt: null } as SuspensionGround;
  return refusalsOf(object, { ground, refusals: [], now }).length === 0;
}

function refusalsOf(object: AskedObject, order: SuspensionOrder): readonly string[] {
  const decision =
    object.kind === 'means'
      ? meansDecider.decide({ type: 'SuspendMeans', ...order }, object.means)
      : authorizationDecider.decide({ type: 'SuspendAuthorization', ...order }, object.authorization);
  return decision.outcome === 'rejected' ? decision.rejections.map(({ code }) => code) : [];
}
