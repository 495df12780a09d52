import type { CheckFacts } from '#libs/domain';
import { answerOf } from './question.js';
import { placed } from './superseding.js';
import type { Scales } from './weighed.js';

/**
 * PROOF-05: the grantor's document was looked at and his signature under the proxy compared with it, as checks say that
 * are about him: a copy enclosed and an agreeing comparison with it. A proxy whose document has expired or is reported
 * does not come here.
 */
export function isGrantorChecked(
  { grantor, document }: Extract<CheckFacts, { readonly type: 'proxyCheck' }>,
  { named, others, application, context, outdated }: Scales,
): boolean {
  const standing = placed({ named, others, application: application.id }, context)
    .filter(({ check, superseded }) => !superseded && !outdated.has(check.id))
    .map(({ check }) => check.facts)
    .filter((facts) => facts.application === application.id && answerOf(facts, context) === 'favorable');
  return (
    standing.some(
      (facts) => facts.type === 'idCopyEnclosed' && facts.about.person === grantor && facts.document === document,
    ) &&
    standing.some(
      (facts) =>
        facts.type === 'signatureComparison' &&
        facts.about.person === grantor &&
        facts.document === document &&
        facts.against === 'idCopy',
    )
  );
}
