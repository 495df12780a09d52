import type { CheckFacts } from '#libs/domain';
import { findMeans } from '../objects.js';
import { isGoodSignature } from './question.js';
import type { Scales } from './verdicts.js';

/** PROOF-10: the deed names the signer's means; it is at STORK 4 and in use, and his signature was validated. */
export async function isSignedWithLevel4Means(
  { means, signer }: Extract<CheckFacts, { readonly type: 'privateDeed' }>,
  { backbone, humans, named, application, assertions }: Scales,
): Promise<boolean> {
  if (means === undefined) return false;
  const result = await findMeans(backbone, means, '');
  return (
    'found' in result &&
    result.found.status === 'active' &&
    result.found.stork === 4 &&
    humans.of(result.found.holder) === signer &&
    named.some(
      ({ id, facts }) =>
        facts.type === 'eSignatureValidation' &&
        facts.application === application.id &&
        facts.about.person === signer &&
        !assertions.has(id) &&
        isGoodSignature(facts),
    )
  );
}
