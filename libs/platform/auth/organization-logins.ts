import type { UsedProofs } from '#libs/eventing';
import type { AuthorizationServerSettings } from '#libs/configuration';
import type { Configuration } from '#libs/configuration';
import { authorizationServer, type AuthorizationServer, type IssuerLimits } from './authorization-server.js';
import { possession } from './possession.js';
import { mappedScopes } from '#libs/configuration';
import { jwtVerifier, type JwtExpectations, type TokenVerifier } from './token-verifier.js';
import { trustedProxies } from '#libs/configuration';

/** Asymmetric ones only. RS256 is the least that the NL GOV profile asks of a server. */
export const TOKEN_ALGORITHMS: JwtExpectations['algorithms'] = ['PS256', 'ES256', 'EdDSA', 'Ed25519', 'RS256'];
/** RFC 9068 §2.1 names both; a media type may drop its prefix. */
const ACCESS_TOKEN = ['at+jwt', 'application/at+jwt'];
const CLOCK_TOLERANCE_SECONDS = 30;

/** Callers who bring tokens of the organization's own authorization server (NL GOV OAuth profile). */
export interface OrganizationLogins {
  readonly verifier: TokenVerifier;
  readonly server: AuthorizationServer;
}

export function organizationLogins(
  settings: AuthorizationServerSettings,
  parts: {
    readonly configuration: Pick<Configuration, 'publicBaseUrl' | 'trustedProxies'>;
    readonly usedProofs: UsedProofs;
    readonly log: (line: string) => void;
    readonly limits?: Partial<IssuerLimits>;
    readonly clock?: () => number;
  },
): OrganizationLogins {
  const { configuration, usedProofs, ...rest } = parts;
  const server = authorizationServer({ issuer: settings.issuer, ...rest });
  const verifier = jwtVerifier(
    {
      issuer: settings.issuer,
      audience: settings.audience,
      algorithms: TOKEN_ALGORITHMS,
      types: settings.acceptJwtTyp ? [...ACCESS_TOKEN, 'JWT'] : ACCESS_TOKEN,
      clockToleranceSeconds: CLOCK_TOLERANCE_SECONDS,
      ...(settings.scopes === undefined ? {} : { scopes: mappedScopes(settings.scopes) }),
      possession: possession({
        publicBaseUrl: configuration.publicBaseUrl,
        usedProofs,
        proxies: trustedProxies(configuration.trustedProxies),
      }),
    },
    server,
  );
  return { verifier, server };
}
