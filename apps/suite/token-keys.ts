import { join } from 'node:path';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { MAX_TOKEN_SECONDS } from '#libs/platform';
import { fileKeyProvider, requireKeys } from '#libs/vault';
import { refuseForeignIssuer } from './local-tokens.js';
import { takeOptions } from './options.js';

/**
 * `npm run token-keys -- rotate|withdraw [--key ID] [--data-dir DIR]`: the keys that the local issuer signs with. A new one
 * signs from now on; one that is withdrawn shuts out everything that it signed, in a running suite within five seconds.
 */
const { taken, rest } = takeOptions(process.argv.slice(2), ['key']);
const action = rest.find((argument) => argument === 'rotate' || argument === 'withdraw');
const settings = rest.filter((argument) => argument !== action);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const configuration = readConfiguration(settings, process.env);
  refuseForeignIssuer(configuration);
  if (action === undefined) {
    throw new ConfigurationFault(['say what to do with the keys of tokens: rotate or withdraw']);
  }
  if (action === 'rotate' && taken.key !== undefined) {
    throw new ConfigurationFault(['--key names a key to withdraw; rotate makes a new one']);
  }
  const folder = join(configuration.dataDir, 'keys');
  await requireKeys(folder);
  const keys = await fileKeyProvider(folder);
  const before = (await keys.all('token')).map(({ id }) => id);
  if (action === 'rotate') {
    await keys.rotate('token');
    say(`Tokens of the keys before count until they end, within ${MAX_TOKEN_SECONDS / 3_600} hours.`);
  } else {
    // Without a name: whichever was copied.
    const withdrawn = taken.key === undefined ? before : [taken.key];
    for (const id of withdrawn) await keys.withdraw('token', id);
    say(`Withdrawn: ${withdrawn.join(', ')}. What they signed is refused, by a running suite within five seconds.`);
  }
  const [current, ...older] = (await keys.all('token')).map(({ id }) => id);
  say(`Signs: ${current}`);
  if (older.length > 0) say(`Still counts: ${older.join(', ')}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
