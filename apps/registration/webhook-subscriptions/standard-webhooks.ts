import { createHmac, randomBytes } from 'node:crypto';
import { epochOf, type Instant } from '#libs/kernel';

/*
 * Standard Webhooks (standardwebhooks.com): how a delivery is named, dated and signed, so that a receiver takes it for ours
 * with any of its libraries.
 */

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

export const freshSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/** The headers of one attempt. Every secret signs: during a rotation the receiver may have either. */
export function signedHeaders(
  id: string,
  at: Instant,
  body: string,
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(epochOf(at) / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
