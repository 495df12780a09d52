import { join } from 'node:path';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { fileLocalClients, isRole, PERSONAL_ROLES, ROLES, TOKEN_PATH } from '#libs/platform';
import { fileKeyProvider, requireKeys } from '#libs/vault';
import { refuseForeignIssuer } from './local-tokens.js';
import { takeOptions } from './options.js';

/**
 * `npm run client -- add NAME --role ROLE [--clerk ID] | remove NAME | list [--data-dir DIR]`: programs that get tokens of
 * the local issuer over HTTP. The secret is the last line that `add` prints, and is kept nowhere.
 */
const { taken, rest } = takeOptions(process.argv.slice(2), ['role', 'clerk']);
const ACTIONS = ['add', 'remove', 'list'];
const [action = '', ...others] = rest[0] !== undefined && ACTIONS.includes(rest[0]) ? rest : ['', ...rest];
const name = action === 'list' || others[0]?.startsWith('--') ? undefined : others[0];
const settings = name === undefined ? others : others.slice(1);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  if (action === '') throw new ConfigurationFault(['say what to do with the clients: add, remove or list']);
  if (action !== 'list' && name === undefined) throw new ConfigurationFault([`say which client to ${action}`]);
  const configuration = readConfiguration(settings, process.env);
  refuseForeignIssuer(configuration);
  const keys = join(configuration.dataDir, 'keys');
  await requireKeys(keys);
  // Refuses what must not be written in: as root another user's folder, and one in which others may write.
  await fileKeyProvider(keys);
  const clients = fileLocalClients(join(configuration.dataDir, 'clients'));
  if (action === 'add') {
    const { role = '' } = taken;
    if (!isRole(role)) throw new ConfigurationFault([`--role must be one of ${Object.keys(ROLES).join(', ')}`]);
    const clerk = taken.clerk ?? (PERSONAL_ROLES.includes(role) ? 'local-clerk' : '');
    const secret = await clients.add({ id: name!, role, ...(clerk === '' ? {} : { clerk }) });
    process.stderr.write(
      `${name} gets tokens at ${TOKEN_PATH} with this secret (client_secret_basic), in the scopes ${ROLES[role].join(' ')}, ` +
        `${clerk === '' ? 'as a program' : `for the clerk ${clerk}`}. It is not shown again:\n`,
    );
    say(secret);
  } else if (action === 'remove') {
    if (!(await clients.remove(name!))) throw new ConfigurationFault([`there is no client ${name}`]);
    say(`${name} gets no tokens any more. What it has got counts until it ends, within an hour.`);
  } else {
    const all = await clients.all();
    if (all.length === 0) say('There are none yet: npm run client -- add NAME --role ROLE');
    for (const { id, role, clerk } of all) say(`${id}\t${role}\t${clerk ?? 'a program'}`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
