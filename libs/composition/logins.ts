import { join } from 'node:path';
import { ConfigurationFault, type Configuration } from '#libs/configuration';
import {
  fileLocalClients,
  localIssuer,
  organizationLogins,
  type AuthorizationServer,
  type LocalIssuer,
  type Metrics,
  type ProbeRegistry,
  type TokenEndpoint,
  type TokenVerifier,
} from '#libs/platform';
import type { OpenBackbone } from './open-backbone.js';

/** Who is let in: callers with tokens of `AUTH_ISSUER`, and nobody else where that is set; else with those of our own. */
export interface Logins {
  readonly verifier: TokenVerifier;
  readonly issuer: Pick<LocalIssuer, 'issue'>;
  /** Of the local issuer only. */
  readonly tokenEndpoint?: TokenEndpoint;
  readonly server?: AuthorizationServer;
  close(): Promise<void>;
}

/** Rejects with `IssuerRefused` when the authorization server says what can't be; one that is away is waited for. */
export async function openLogins(
  configuration: Configuration,
  { vault, stores }: Pick<OpenBackbone, 'vault' | 'stores'>,
  log: (line: string) => void,
): Promise<Logins> {
  const { authorizationServer: settings } = configuration;
  if (settings === undefined) {
    const issuer = localIssuer(
      { signing: () => vault.signingKey('token'), verification: () => vault.verificationKeys('token') },
      configuration,
    );
    const clients = fileLocalClients(join(configuration.dataDir, 'clients'));
    return { verifier: issuer, issuer, tokenEndpoint: { issuer, clients }, close: async () => undefined };
  }
  const { verifier, server } = organizationLogins(settings, { configuration, usedProofs: stores.usedProofs, log });
  try {
    await server.begin();
  } catch (error) {
    server.close();
    throw error;
  }
  const elsewhere = new ConfigurationFault([`tokens come from ${settings.issuer} (AUTH_ISSUER), not from here`]);
  return {
    verifier,
    server,
    issuer: { issue: () => Promise.reject(elsewhere) },
    close: async () => server.close(),
  };
}

/** Not ready while no token can be judged, and a figure of how old the keys are by which they are. */
export function watchLogins(
  { server }: Pick<Logins, 'server'>,
  { probes, metrics }: { readonly probes: ProbeRegistry; readonly metrics: Metrics },
): void {
  if (server === undefined) return;
  probes.register({
    name: 'authorization-server',
    check() {
      const [reason, age] = [server.trouble(), server.age()];
      return {
        fine: reason === undefined,
        ...(age === undefined ? {} : { ageMilliseconds: Math.round(age) }),
        ...(reason === undefined ? {} : { reason }),
      };
    },
  });
  const age = metrics.gauge('issuer_keys_age_seconds', 'Time since the keys of AUTH_ISSUER were had; -1 when never');
  metrics.onRead(() => age.set((server.age() ?? -1_000) / 1_000));
}
