import { createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Mode } from '#libs/configuration';
import { ROLES, type Role, type Scope } from '#libs/configuration';
import {
  isIdentifier,
  jwtVerifier,
  MAX_TOKEN_SECONDS,
  TokenRejected,
  type JwtExpectations,
  type TokenVerifier,
} from './token-verifier.js';

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

export { MAX_TOKEN_SECONDS };

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
  types: ['at+jwt', 'JWT'],
  clockToleranceSeconds: 5,
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

/** The keys of an installation whose keys change while it runs. */
export interface TokenKeys {
  /** The one to sign with now. */
  signing(): Promise<TokenSigningKey>;
  /** Every one that may have signed; one that was withdrawn is not among them. */
  verification(): Promise<readonly TokenVerificationKey[]>;
}

/**
 * Signs and verifies with the key given, or with those that `TokenKeys` gives each time: a key that was added counts at
 * once, one that was withdrawn within five seconds. Throws in production mode: there the organization's own issuer is
 * required.
 */
export function localIssuer(given: TokenSigningKey | TokenKeys, settings: LocalIssuerSettings): LocalIssuer {
  if (settings.mode === 'production')
    throw new Error('the local token issuer is refused in production mode: set AUTH_ISSUER');
  const keys = 'signing' in given ? given : theOnly(given);
  const expectations = localExpectations(settings);
  const verifier = jwtVerifier(expectations, {
    resolve: async ({ kid }) => {
      const key = (await keys.verification()).find((candidate) => candidate.id === kid);
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
      // Nobody is given a token that is refused.
      const unfit = Object.entries({ client: request.client, clerk: request.clerk }).filter(
        ([, name]) => name !== undefined && !isIdentifier(name),
      );
      for (const [whose] of unfit)
        throw new RangeError(`the ${whose} is named by 1 to 128 visible characters, no spaces`);
      const scopes = [
        ...new Set<Scope>([...(request.role === undefined ? [] : ROLES[request.role]), ...(request.scopes ?? [])]),
      ];
      const { id, privateKey } = await keys.signing();
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

function theOnly(key: TokenSigningKey): TokenKeys {
  const { id, privateKey } = key;
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'rsa') {
    throw new Error('the token key must be a private RSA key');
  }
  const verification = [{ id, publicKey: createPublicKey(privateKey) }];
  return { signing: async () => key, verification: async () => verification };
}
