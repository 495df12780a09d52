import { later, type Instant } from '#libs/kernel';
import { turnaroundOf, type Backbone } from '#libs/application';
import { ENTRY, leavesCertificate, type CertificateLeg, type ReceivedApplication } from '#libs/domain';
import type { AskedObject } from './judge-revocation.js';

/**
 * Until when a certificate that a revocation leaves has to be revoked where it was issued (PI4, the last row of REV-03): by the
 * agreement with that provider, else as here, at once or within a working day (AMB-15). It counts from the receipt. Another
 * party has to act, so that "at once" has the time that an entry has.
 */
export function certificateLegOf(
  backbone: Pick<Backbone, 'rules' | 'certificateRevocation'>,
  application: Pick<ReceivedApplication, 'channel' | 'receivedAt'>,
): Pick<CertificateLeg, 'channel' | 'receivedAt' | 'dueAt'> {
  const { channel, receivedAt } = application;
  const { certificateRevocation } = backbone;
  if (certificateRevocation !== undefined)
    return { channel, receivedAt, dueAt: later(receivedAt, certificateRevocation) };
  const about = { mutation: 'revocation', object: 'means', level: 'EH4' } as const;
  const { dueAt } = turnaroundOf(backbone, application, about);
  return { channel, receivedAt, dueAt: dueAt ?? later(receivedAt, ENTRY) };
}

/** The same of objects that are not ended yet: where one of them would leave a certificate that stands by then. */
export function certificateDueOf(
  backbone: Parameters<typeof certificateLegOf>[0],
  application: Parameters<typeof certificateLegOf>[1],
  objects: readonly AskedObject[],
): Instant | undefined {
  const { dueAt } = certificateLegOf(backbone, application);
  return objects.some((one) => one.kind === 'means' && leavesCertificate(one.means, dueAt)) ? dueAt : undefined;
}
