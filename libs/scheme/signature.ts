import type { Signature } from './contract/classification.types.js';

/** A signature whose chain is complete and not revoked (SIG-01), or of comparable quality without PKI (SIG-02). */
export function isValidSignature(signature: Signature): boolean {
  return signature.technology === 'pki'
    ? signature.chainComplete && signature.revocationStatus === 'good'
    : signature.comparableQuality;
}
