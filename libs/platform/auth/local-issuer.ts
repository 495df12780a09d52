import { randomUUID } from 'node:crypto';
import { SignJWT, importJWK, type CryptoKey, type JWK } from 'jose';
import type { Mode } from '../configuration/configuration.js';
import { ROLES, type Role, type Scope } from './scopes.js';
import { jwtVerifier, type JwtExpectations, type TokenVerifier } from './token-verifier.js';

/** NL GOV OAuth profile: a client credentials token lives six hours at most. */
export const MAX_TOKEN_SECONDS = 6 * 60 * 60;

export interface TokenRequest {
  /** Role whose scopes the token gets, or scopes one by one. */
  readonly role?: Role;
  readonly scopes?: readonly Scope[];
  readonly client: string;
  readonly clerk?: string;
  /** Default one hour; at most six. */
  readonly lifetimeSeconds?: number;
  /** Start of its life, seconds since 1970; default now. */
  readonly issuedAt?: number;
}

/** Signs tokens for one machine, so that nobody needs an authorization server to try the product. */
export interface LocalIssuer extends TokenVerifier {
  issue(request: TokenRequest): Promise<string>;
}

export interface LocalIssuerSettings {
  readonly mode: Mode;
  readonly publicBaseUrl: string;
  readonly oin: string;
}

/** What a local token says about itself. The OIN is in both, so that one installation's tokens are foreign to another. */
export const localExpectations = ({ oin }: Pick<LocalIssuerSettings, 'oin'>): JwtExpectations => ({
  issuer: `urn:waarborg:local-issuer:${oin}`,
  audience: `urn:waarborg:${oin}`,
  algorithms: ['EdDSA', 'Ed25519'],
});

/**
 * The key is a private Ed25519 JWK with a `kid`; it comes from the vault's key provider.
 * Throws in production mode: there the organization's own issuer is required.
 */
export async function localIssuer(privateKey: JWK, settings: LocalIssuerSettings): Promise<LocalIssuer> {
  if (settings.mode === 'production')
    throw new Error('the local token issuer is refused in production mode: set AUTH_ISSUER');
  const { kid, d, ...publicKey } = privateKey;
  if (kid === undefined || d === undefined || privateKey.kty !== 'OKP' || privateKey.crv !== 'Ed25519') {
    throw new Error('the token key must be a private Ed25519 JWK with a kid');
  }
  const expectations = localExpectations(settings);
  const signingKey = await importJWK(privateKey, 'EdDSA');
  const { key_ops: _ops, ...verificationKey } = publicKey;
  const verifier = jwtVerifier(expectations, {
    keyId: kid,
    key: (await importJWK(verificationKey, 'EdDSA')) as CryptoKey,
  });
  return {
    verify: (token) => verifier.verify(token),
    async issue(request) {
      const lifetime = request.lifetimeSeconds ?? 3_600;
      if (!(lifetime > 0 && lifetime <= MAX_TOKEN_SECONDS)) {
        throw new RangeError(`a token lives at most ${MAX_TOKEN_SECONDS} seconds`);
      }
      const scopes = [
        ...new Set<Scope>([...(request.role === undefined ? [] : ROLES[request.role]), ...(request.scopes ?? [])]),
      ];
      const issuedAt = request.issuedAt ?? Math.floor(Date.now() / 1_000);
      const token = new SignJWT({ client_id: request.client, scope: scopes.join(' ') })
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
        .setIssuer(expectations.issuer)
        .setAudience(expectations.audience)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + lifetime)
        .setJti(randomUUID());
      if (request.clerk !== undefined) token.setSubject(request.clerk);
      return token.sign(signingKey);
    },
  };
}
