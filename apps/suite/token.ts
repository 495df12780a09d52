import { join } from 'node:path';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { isRole, localIssuer, PERSONAL_ROLES, ROLES } from '#libs/platform';
import { fileKeyProvider, requireKeys, signingKey } from '#libs/vault';
import { refuseForeignIssuer } from './local-tokens.js';
import { takeOptions } from './options.js';

/**
 * `npm run token -- --role ROLE [--client ID] [--clerk ID] [--data-dir DIR]`: a bearer token as the last line. In a role
 * in which a person acts it is a clerk's, unless the clerk is named as nobody (`--clerk ""`).
 */
const { taken, rest } = takeOptions(process.argv.slice(2), ['role', 'client', 'clerk']);

try {
  const configuration = readConfiguration(rest, process.env);
  refuseForeignIssuer(configuration);
  const { role = '', client = `local-${role}` } = taken;
  if (!isRole(role)) throw new ConfigurationFault([`--role must be one of ${Object.keys(ROLES).join(', ')}`]);
  const clerk = taken.clerk ?? (PERSONAL_ROLES.includes(role) ? 'local-clerk' : '');
  if (clerk === client) throw new ConfigurationFault(['--clerk is another than --client, else nobody is a person']);
  const folder = join(configuration.dataDir, 'keys');
  await requireKeys(folder);
  const keys = await fileKeyProvider(folder);
  const token = await localIssuer(await signingKey(keys, 'token'), configuration).issue({
    role,
    client,
    ...(clerk === '' ? {} : { clerk }),
  });
  const whose = clerk === '' ? 'a program' : `the clerk ${clerk}`;
  process.stderr.write(`Scopes: ${ROLES[role].join(' ')}; of ${whose}; valid for one hour.\n`);
  process.stdout.write(`${token}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
