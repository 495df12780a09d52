import { epochOf, parseInstant, type Instant } from '#libs/kernel';
import { rulesOfThen, type Backbone } from '#libs/application';
import { TOLERANCE } from '#libs/domain';
import { invalidRequest, PHRASES, type Fault } from '#libs/platform';
import type { RuleSet } from '#libs/scheme';
import type { DecisionIndex, LiveIndex } from '../decision-index/decision-index.js';
import type { AccessRequest } from '../evaluate-access/access-request.js';
import { usePolicy, type UsePolicy } from '../evaluate-access/use-policy.js';
import { indexAsOf } from './index-as-of.js';

/** What a question about an earlier moment is judged on. */
export interface Past {
  readonly asOf: Instant;
  readonly index: DecisionIndex;
  readonly policy: UsePolicy;
}

interface AskedTime {
  readonly time: string | null | undefined;
  /** Pointer to the question, where it stands in a larger body. */
  readonly at?: string;
}

/** The moments that an auditor's questions are about, in their order; `undefined`: now. Every fault at once. */
export function momentsOf(asked: readonly AskedTime[], now: Instant): readonly (Instant | undefined)[] {
  const faults: Fault[] = [];
  const moments = asked.map(({ time, at = '' }) => {
    if (time === undefined) return undefined;
    const pointer = `${at}/context/time`;
    const moment = time === null ? undefined : parseInstant(time);
    if (time === null) faults.push({ pointer, code: 'wrong-type', detail: PHRASES.text() });
    else if (moment === undefined) faults.push({ pointer, code: 'invalid-value', detail: PHRASES.instant() });
    else if (epochOf(moment) > epochOf(now) + TOLERANCE) faults.push({ pointer, code: 'instant-in-future' });
    // What a clock of the caller's has ahead is now.
    return moment !== undefined && moment > now ? now : moment;
  });
  if (faults.length > 0) throw invalidRequest(faults);
  return moments;
}

/** Policies by the version of their rules: each is made once in a process. */
export function policiesOf({ governance }: Backbone): (rules: RuleSet) => UsePolicy {
  const known = new Map<string, UsePolicy>();
  return (rules) => {
    let policy = known.get(rules.version);
    if (policy === undefined) known.set(rules.version, (policy = usePolicy(governance, rules)));
    return policy;
  };
}

/** The register, the policy and the rules as of a moment, as far as a question asks them. */
export async function pastOf(
  backbone: Backbone,
  live: LiveIndex,
  policies: (rules: RuleSet) => UsePolicy,
  request: AccessRequest,
  asOf: Instant,
): Promise<Past> {
  const policy = policies(await rulesOfThen(backbone, asOf));
  const index = await indexAsOf(
    backbone,
    live,
    request,
    policy.maxIntermediaries,
    ({ recordedAt }) => recordedAt <= asOf,
  );
  return { asOf, index, policy };
}
