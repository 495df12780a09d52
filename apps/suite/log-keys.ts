import { join } from 'node:path';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { fileKeyProvider, LOG_KEY_OVERLAP, requireKeys } from '#libs/vault';

/**
 * `npm run log-keys -- rotate [--data-dir DIR]`: a new key for the transparency log. It and the one before sign from the next
 * checkpoint on; after the overlap it alone. What an older one has signed is verified with it for as long as the log is kept.
 */
const given = process.argv.slice(2);
const action = given.find((argument) => argument === 'rotate');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const configuration = readConfiguration(
    given.filter((argument) => argument !== action),
    process.env,
  );
  if (action === undefined) throw new ConfigurationFault(['say what to do with the keys of the log: rotate']);
  const folder = join(configuration.dataDir, 'keys');
  await requireKeys(folder);
  const keys = await fileKeyProvider(folder);
  await keys.rotate('log');
  const [current, ...older] = (await keys.all('log')).map(({ id }) => id);
  say(`Signs from the next checkpoint on: ${current}. /log/vkey gives it then; /log/policy gives all at once.`);
  say(`The one before signs beside it for ${LOG_KEY_OVERLAP / 86_400_000} days. Kept: ${older.join(', ')}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
