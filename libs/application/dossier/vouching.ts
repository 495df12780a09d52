import type { Instant } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { findMeans } from '../objects.js';
import { isComparedAnew } from './identity.js';
import { checksOfApplication, type CheckOnRecord } from './load-checks.js';
import { isLater } from './question.js';
import type { Scales } from './weighed.js';
import type { Why } from './why.js';

type Vouching = Extract<CheckFacts, { readonly type: 'vouching' }>;
type MeansLink = Vouching['meansLink'];

/** How the means is tied to the person vouched for, as far as the register's own records carry it (PROOF-04). */
export async function meansLinkOf(
  facts: Vouching,
  scales: Scales,
): Promise<{ readonly meansLink: MeansLink; readonly why?: Why }> {
  const { meansLink } = facts;
  const why = meansLink === 'none' ? undefined : await linkFault(facts, scales);
  return why === undefined ? { meansLink } : { meansLink: 'none', why };
}

async function linkFault(facts: Vouching, scales: Scales): Promise<Why | undefined> {
  const { backbone, roles, application, humans } = scales;
  // He vouches for another one; who may be himself is none (IG2-d).
  if (humans.unresolvedWith(facts.voucher).has(facts.about.person)) return 'not-uniquely-identified';
  const result = roles.means === undefined ? undefined : await findMeans(backbone, roles.means, '');
  const means = result !== undefined && 'found' in result ? result.found : undefined;
  const isIssued = means?.status === 'issued' || means?.status === 'active';
  if (facts.meansLink === 'issuedThroughVoucher') {
    if (!isIssued) return 'not-handed-by-voucher';
    // The last one before he vouched: also one that nobody named when the means was issued.
    const onRecord = await checksOfApplication(backbone, means.application);
    const delivery = lastDelivery(onRecord, means.id, facts.performedAt as Instant);
    if (delivery === undefined || !means.checks.some((id) => id === delivery.id)) return 'not-handed-by-voucher';
    const { handedBy } = delivery.facts;
    const isByVoucher = handedBy !== undefined && humans.recordsOf(facts.voucher).includes(handedBy);
    return isByVoucher ? undefined : 'not-handed-by-voucher';
  }
  if (!isIssued || means.issuedAt >= (application.receivedAt as Instant)) return 'means-issued-later';
  // No secret is kept with a means, so that the register has never compared one (IG2-d-secret).
  if (facts.meansLink === 'sharedSecret') return 'secret-not-compared';
  return (await isComparedAnew(means.holder, scales)) ? undefined : 'data-not-compared';
}

type Delivery = CheckOnRecord & { readonly facts: Extract<CheckFacts, { readonly type: 'meansDelivery' }> };

const lastDelivery = (checks: readonly CheckOnRecord[], means: string, before: Instant): Delivery | undefined =>
  checks.reduce<Delivery | undefined>((last, { facts, ...check }) => {
    if (facts.type !== 'meansDelivery' || facts.about.means !== means) return last;
    if ((facts.handedOutAt ?? facts.performedAt) >= before) return last;
    const delivery = { ...check, facts };
    return last === undefined || isLater(delivery, last) ? delivery : last;
  }, undefined);
