import { join } from 'node:path';
import { ConfigurationFault, isRole, localIssuer, readConfiguration, ROLES } from '#libs/platform';
import { fileKeyProvider, signingKey } from '#libs/vault';

/** `npm run token -- --role ROLE [--client ID] [--clerk ID] [--data-dir DIR]`: a bearer token as the last line. */
const args = process.argv.slice(2);
const option = (name: string): string | undefined => {
  const inline = args.find((arg) => arg.startsWith(`--${name}=`));
  if (inline !== undefined) return inline.slice(name.length + 3);
  const index = args.indexOf(`--${name}`);
  return index < 0 ? undefined : args[index + 1];
};

try {
  const configuration = readConfiguration(args, process.env, ['role', 'client', 'clerk']);
  const role = option('role') ?? '';
  if (!isRole(role)) throw new ConfigurationFault([`--role must be one of ${Object.keys(ROLES).join(', ')}`]);
  const keys = await fileKeyProvider(join(configuration.dataDir, 'keys'));
  const clerk = option('clerk');
  const token = await localIssuer(await signingKey(keys, 'token'), configuration).issue({
    role,
    client: option('client') ?? `local-${role}`,
    ...(clerk === undefined ? {} : { clerk }),
  });
  process.stderr.write(`Scopes: ${ROLES[role].join(' ')}; valid for one hour.\n`);
  process.stdout.write(`${token}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
