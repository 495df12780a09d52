import type { Instant } from '#libs/kernel';

/**
 * The certificate on a means has a life of its own, at its certification service provider: it ends by itself, or is revoked
 * there, whatever became of the means here (MEANS-PKIO, SIG-01). A new token has a new one.
 */
export type CertificateLife = {
  /** The earlier of its own end and the moment at which its revocation was recorded; absent: as far as known it goes on. */
  readonly certificateEndsAt?: Instant;
};

/** What an issuance, an upgrade or a renewal says of the certificate that it rests on. */
export type CertificateOnRecord = {
  /** End of its validity, as its validation said. */
  readonly certificateUntil?: Instant;
  /** Which one it is: its SHA-256, where its validation said so (ADR 140). */
  readonly certificateFingerprint?: string;
};

/** The end as a means or its row in a list has it. */
type CertificateEnd = { readonly certificateEndsAt?: Instant | null | undefined };

/** Whether it stands at a moment. */
export const certificateStands = ({ certificateEndsAt }: CertificateEnd, at: Instant): boolean =>
  typeof certificateEndsAt !== 'string' || at < certificateEndsAt;

/** Whether a means can be used at a moment: it is active, and a certificate that is on it stands. */
export const isInUse = <M extends { readonly status: string } & CertificateEnd>(
  means: M,
  at: Instant,
): means is M & { readonly status: 'active' } => means.status === 'active' && certificateStands(means, at);

const earlier = (one: Instant | undefined, other: Instant | undefined): CertificateLife => {
  const certificateEndsAt = one === undefined || (other !== undefined && other < one) ? other : one;
  return certificateEndsAt === undefined ? {} : { certificateEndsAt };
};

/** Of another token: the end of its own certificate, and nothing of the one before. */
export const lifeOfNewToken = ({ certificateUntil }: CertificateOnRecord): CertificateLife =>
  earlier(certificateUntil, undefined);

/** Of the same token, judged again: what was known of its end stays. */
export const lifeOfSameToken = (
  { certificateEndsAt }: CertificateLife,
  { certificateUntil }: CertificateOnRecord,
): CertificateLife => earlier(certificateEndsAt, certificateUntil);

/** Which certificate a means has by what it was issued, upgraded or renewed on. */
export const fingerprintIn = ({ certificateFingerprint }: CertificateOnRecord) =>
  certificateFingerprint === undefined ? {} : { certificateFingerprint };

/** Its revocation was recorded. */
export const lifeRevoked = ({ certificateEndsAt }: CertificateLife, at: Instant): CertificateLife =>
  earlier(certificateEndsAt, at);

/** The end alone of what may have one. */
export const certificateLifeOf = ({ certificateEndsAt }: CertificateLife): CertificateLife =>
  certificateEndsAt === undefined ? {} : { certificateEndsAt };
