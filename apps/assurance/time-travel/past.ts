import { epochOf, parseInstant, type Instant } from '#libs/kernel';
import {
  rulesOfThen,
  usePolicy,
  type AccessRequest,
  type Backbone,
  type DecisionIndex,
  type UsePolicy,
} from '#libs/application';
import { TOLERANCE } from '#libs/domain';
import { PHRASES, type Fault } from '#libs/platform';
import type { RuleSet } from '#libs/scheme';
import type { LiveIndex } from '../decision-index/decision-index.js';
import { indexAsOf } from './index-as-of.js';

/** What a question about an earlier moment is judged on. */
export interface Past {
  readonly asOf: Instant;
  readonly index: DecisionIndex;
  readonly policy: UsePolicy;
}

/** A moment that a question is about; `undefined`: now. */
type Moment = { readonly moment: Instant | undefined };

/**
 * The moment that an auditor's question is about, or what is wrong with it. `at`: pointer to the question, where it stands in
 * a larger body.
 */
export function momentOf(
  { time }: Pick<AccessRequest, 'time'>,
  now: Instant,
  at = '',
): Moment | { readonly faults: readonly [Fault] } {
  if (time === undefined) return { moment: undefined };
  const pointer = `${at}/context/time`;
  if (time === null) return { faults: [{ pointer, code: 'wrong-type', detail: PHRASES.text() }] };
  const moment = parseInstant(time);
  if (moment === undefined) return { faults: [{ pointer, code: 'invalid-value', detail: PHRASES.instant() }] };
  if (epochOf(moment) > epochOf(now) + TOLERANCE) return { faults: [{ pointer, code: 'instant-in-future' }] };
  // What a clock of the caller's has ahead is now.
  return { moment: moment > now ? now : moment };
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
