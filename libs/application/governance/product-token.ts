import { epochOf, type Instant } from '#libs/kernel';
import { enforcementFaults, type MeansRequest, type RuleSet } from '#libs/scheme';
import type { MeansProduct } from './governance.js';

/** Whether the token is a qualified certificate: only such a means has one that counts, and that can be revoked (MEANS-PKIO). */
export const isCertificate = ({ token }: Pick<MeansProduct, 'token'>): boolean =>
  token.possession === 'qualifiedCertificateOnSecureDevice';

/** Rules of the guideline in force that a secret of this product may break: their ids; none where it has no secret. */
export const secretFaultsAt = ({ token }: MeansProduct, at: Instant, rules: RuleSet): readonly string[] =>
  token.secret === undefined
    ? []
    : enforcementFaults(token.secret, epochOf(at), rules.means.secrets).map(({ id }) => id);

/**
 * The token as evaluation 2 asks for it. Whether its secret meets the guideline is derived from what the mechanism enforces
 * when one is set: at the moment of an issuance, or at the date of the product's own assessment for what was set before, since
 * a new guideline is for newly set secrets (PW-01).
 */
export function tokenAt(product: MeansProduct, at: Instant, rules: RuleSet): MeansRequest['token'] {
  const { possession, secret } = product.token;
  if (secret === undefined) return { possession };
  return { possession, secret: { kind: secret.kind, meetsGuideline: secretFaultsAt(product, at, rules).length === 0 } };
}
