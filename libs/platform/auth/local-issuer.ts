import { createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Mode } from '../configuration/configuration.js';
import { ROLES, type Role, type Scope } from './scopes.js';
import { jwtVerifier, TokenRejected, type JwtExpectations, type TokenVerifier } from './token-verifier.js';

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
  algorithms: ['PS256'],
});

/** A private RSA key (PS256) with the id that goes into `kid`; comes from the vault's key provider. */
export interface TokenSigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
}

/** A public key that tokens may be signed with. */
export interface TokenVerificationKey {
  readonly id: string;
  readonly publicKey: KeyObject;
}

/**
 * Signs with the key given, verifies with any of `publicKeys` (that of the key given when absent).
 * Throws in production mode: there the organization's own issuer is required.
 */
export function localIssuer(
  { id, privateKey }: TokenSigningKey,
  settings: LocalIssuerSettings,
  publicKeys: () => Promise<readonly TokenVerificationKey[]> = async () => [
    { id, publicKey: createPublicKey(privateKey) },
  ],
): LocalIssuer {
  if (settings.mode === 'production')
    throw new Error('the local token issuer is refused in production mode: set AUTH_ISSUER');
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'rsa') {
    throw new Error('the token key must be a private RSA key');
  }
  const expectations = localExpectations(settings);
  const verifier = jwtVerifier(expectations, {
    // Asked for every token that is not known yet, so that a key that was added meanwhile counts at once.
    resolve: async ({ kid }) => {
      const key = (await publicKeys()).find((candidate) => candidate.id === kid);
      if (key === undefined) throw new TokenRejected('unknown key id');
      return key.publicKey;
    },
  });
  return {
    verify: verifier.verify,
    remembered: verifier.remembered,
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
        .setProtectedHeader({ alg: 'PS256', kid: id, typ: 'at+jwt' })
        .setIssuer(expectations.issuer)
        .setAudience(expectations.audience)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + lifetime)
        .setJti(randomUUID());
      if (request.clerk !== undefined) token.setSubject(request.clerk);
      return token.sign(privateKey);
    },
  };
}
