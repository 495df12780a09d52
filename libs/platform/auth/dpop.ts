import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify, type JWTPayload } from 'jose';
import type { UsedProofs } from '#libs/eventing';
import { headerLines } from './header-lines.js';
import { TokenRejected } from './token-verifier.js';

/** What a client's key may be; never a symmetric one. */
export const PROOF_ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519', 'PS256', 'RS256'] as const;
/** How far, in seconds, the moment of a proof may lie from now, on either side. */
export const PROOF_SECONDS = 30;
const PROOF = 'dpop';
/** A proof holds a public key and a signature; an RSA key of 4096 bits fits. */
const MAX_PROOF_LENGTH = 4_096;
const PROOF_ID = /^[\x21-\x7e]{1,256}$/;

export interface DpopParts {
  /** Callers know the register by it: `htu` is held against it, never against `Host`. */
  readonly publicBaseUrl: string;
  readonly usedProofs: UsedProofs;
}

const refused = (reason: string, cause?: unknown): TokenRejected =>
  new TokenRejected(`proof: ${reason}`, cause === undefined ? undefined : { cause }, 'invalid_dpop_proof');

/**
 * Holds the one proof of a request against the request, the token and the key that it is bound to (RFC 9449 §4.3). Throws
 * `TokenRejected`; a proof that is taken is used up. Last, so that nobody fills the list with proofs that show nothing.
 */
export async function requireProof(
  { publicBaseUrl, usedProofs }: DpopParts,
  {
    request,
    token,
    thumbprint,
  }: { readonly request: IncomingMessage; readonly token: string; readonly thumbprint: string },
): Promise<void> {
  const [proof, ...more] = headerLines(request, PROOF);
  if (proof === undefined) throw refused('there is none');
  if (more.length > 0) throw refused('there are several');
  if (proof.length > MAX_PROOF_LENGTH) throw refused('too long');
  const { payload, key } = await readProof(proof);
  if (payload['htm'] !== request.method) throw refused('htm is another method');
  if (!isAddress(payload['htu'], publicBaseUrl, request.url ?? '')) throw refused('htu is another address');
  if (payload['ath'] !== sha256(token, 'base64url')) throw refused('ath is of another token');
  if (typeof payload.iat !== 'number' || !(Math.abs(Date.now() / 1_000 - payload.iat) <= PROOF_SECONDS)) {
    throw refused('iat is not now');
  }
  if (typeof payload.jti !== 'string' || !PROOF_ID.test(payload.jti)) throw refused('jti is no id');
  // A key of somebody else: he has the token, and not what it is bound to.
  if (key !== thumbprint) throw refused('made by another key');
  // The key is part of it: nobody uses up the ids of another.
  if (!(await usedProofs.use(sha256(`${key}.${payload.jti}`, 'hex'), Math.floor(payload.iat)))) {
    throw refused('used before');
  }
}

/** What a proof says, and the thumbprint (RFC 7638) of the key in it that it is signed with. */
async function readProof(proof: string): Promise<{ readonly payload: JWTPayload; readonly key: string }> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: [...PROOF_ALGORITHMS],
      typ: 'dpop+jwt',
    });
    return { payload, key: await calculateJwkThumbprint(protectedHeader.jwk!, 'sha256') };
  } catch (error) {
    // Whatever is wrong with a key that the caller brought is the caller's fault: jose has errors of other kinds for it.
    throw refused(error instanceof errors.JOSEError ? error.code : 'its key is none', error);
  }
}

/**
 * Whether `htu` is where the request went, as callers know it. Query and fragment do not count; letters of scheme and host,
 * the usual port and dots in a path are the same in every spelling.
 */
function isAddress(htu: unknown, publicBaseUrl: string, target: string): boolean {
  // Another form of target names another host.
  if (typeof htu !== 'string' || !target.startsWith('/') || !URL.canParse(htu)) return false;
  const expected = publicBaseUrl + target;
  return URL.canParse(expected) && bare(htu) === bare(expected);
}

function bare(address: string): string {
  const url = new URL(address);
  url.search = '';
  url.hash = '';
  return url.href;
}

const sha256 = (text: string, encoding: 'hex' | 'base64url'): string =>
  createHash('sha256').update(text).digest(encoding);
