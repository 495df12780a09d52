import type { CheckFacts } from '#libs/domain';
import { answerOf } from './question.js';
import { placed } from './superseding.js';
import type { Scales } from './weighed.js';

/**
 * PROOF-05: the grantor's document was looked at and his signature under the proxy compared with it, as checks say that
 * are about him: a copy enclosed, valid and not reported, and an agreeing comparison with it.
 */
export function isGrantorChecked(
  { grantor, document }: Extract<CheckFacts, { readonly type: 'proxyCheck' }>,
  { named, others, application, documents, reported, context }: Scales,
): boolean {
  if (document === undefined || !documents.isValid(document) || reported.has(document)) return false;
  const standing = placed({ named, others, application: application.id }, context)
    .filter(({ superseded }) => !superseded)
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
