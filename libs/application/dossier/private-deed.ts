import { isInUse, type CheckFacts } from '#libs/domain';
import { findMeans } from '../objects.js';
import { isGoodSignature, isVerifiedDuring } from './question.js';
import { placed } from './superseding.js';
import type { Scales } from './weighed.js';

/**
 * PROOF-10: the deed names the signer's means; it is at STORK 4 and in use, and his signature was validated: by the
 * validation that the deed names, else by one that the command does.
 */
export async function isSignedWithLevel4Means(
  { means, signer, signatureValidation }: Extract<CheckFacts, { readonly type: 'privateDeed' }>,
  { backbone, humans, named, others, application, context, assertions, outdated }: Scales,
): Promise<boolean> {
  if (means === undefined) return false;
  const candidates = signatureValidation === undefined ? named : [...named, ...others];
  const standing = placed({ named: candidates, others, application: application.id }, context);
  const result = await findMeans(backbone, means, '');
  return (
    'found' in result &&
    isInUse(result.found, backbone.now()) &&
    result.found.stork === 4 &&
    humans.of(result.found.holder) === signer &&
    standing.some(
      ({ check: { id, facts }, superseded }) =>
        (signatureValidation === undefined || id === signatureValidation) &&
        !superseded &&
        facts.type === 'eSignatureValidation' &&
        facts.application === application.id &&
        facts.about.person === signer &&
        !assertions.has(id) &&
        !outdated.has(id) &&
        isVerifiedDuring(facts, application) &&
        isGoodSignature(facts),
    )
  );
}
