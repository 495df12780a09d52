import { ConfigurationFault, type Configuration } from '#libs/configuration';

/** For commands about tokens of the local issuer. Throws where those are refused, with what to do instead. */
export function refuseForeignIssuer({ authorizationServer }: Pick<Configuration, 'authorizationServer'>): void {
  if (authorizationServer === undefined) return;
  throw new ConfigurationFault([
    `tokens come from ${authorizationServer.issuer} (AUTH_ISSUER), and those of the local issuer are refused: register the ` +
      `client there, with the audience ${authorizationServer.audience}, and ask its token endpoint (docs/production.md)`,
  ]);
}
