import { createHash } from 'node:crypto';
import { clientCertificate } from './client-certificate.js';
import { PROOF_ALGORITHMS, requireProof, type DpopParts } from './dpop.js';
import { TokenRejected, type Possession } from './token-verifier.js';
import type { TrustedProxies } from '#libs/configuration';

const JKT = 'jkt';
const X5T = 'x5t#S256';

export interface PossessionParts extends DpopParts {
  readonly proxies: TrustedProxies;
}

/**
 * Tokens bound to a key (`jkt`, RFC 9449: a proof with each request) or to a certificate (`x5t#S256`, RFC 8705: shown in the
 * handshake). One that is bound to both needs both; one that is bound to anything else is nobody's.
 */
export const possession = (parts: PossessionParts): Possession => ({
  proofAlgorithms: PROOF_ALGORITHMS,
  async prove(confirmation, token, presented) {
    const { jkt, x5t } = readConfirmation(confirmation);
    if (presented === undefined) {
      if (confirmation !== undefined) throw new TokenRejected('cnf is not proven');
      return;
    }
    const { scheme, request } = presented;
    // As a bearer token it would be anybody's, and a proof without a key to hold it against shows nothing.
    if (jkt !== undefined && scheme !== 'DPoP')
      throw new TokenRejected('is bound to a key and brought as bearer token');
    if (jkt === undefined && scheme === 'DPoP') throw new TokenRejected('is bound to no key');
    if (x5t !== undefined) {
      const certificate = clientCertificate(request, parts.proxies);
      if (certificate === undefined) throw new TokenRejected('is bound to a certificate and brought without one');
      if (createHash('sha256').update(certificate).digest('base64url') !== x5t) {
        throw new TokenRejected('is bound to another certificate');
      }
    }
    if (jkt !== undefined) await requireProof(parts, { request, token, thumbprint: jkt });
  },
});

/** What a token is bound to. Throws on a kind that is not known: what it asks for would not be asked. */
function readConfirmation(confirmation: unknown): { readonly jkt?: string; readonly x5t?: string } {
  if (confirmation === undefined) return {};
  const members = typeof confirmation === 'object' && confirmation !== null ? Object.entries(confirmation) : [];
  if (members.length === 0) throw new TokenRejected('cnf names nothing');
  const unknown = members.find(([name, value]) => (name !== JKT && name !== X5T) || typeof value !== 'string');
  if (unknown !== undefined) throw new TokenRejected('cnf is of a kind that is not known');
  const { [JKT]: jkt, [X5T]: x5t } = Object.fromEntries(members) as Readonly<Record<string, string | undefined>>;
  return { ...(jkt === undefined ? {} : { jkt }), ...(x5t === undefined ? {} : { x5t }) };
}
