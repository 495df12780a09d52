import { join } from 'node:path';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { demandMlDsa44, fileKeyProvider, LOG_KEY_OVERLAP, requireKeys } from '#libs/vault';

/**
 * `npm run log-keys -- rotate [ml-dsa-44] [--data-dir DIR]`: a new key for the transparency log, of Ed25519 or of the kind that
 * signs beside it, which is its first where there was none. It and the one before sign from the next checkpoint on; after the
 * overlap it alone. What an older one has signed is verified with it for as long as the log is kept.
 */
const SECOND = 'ml-dsa-44';
const given = process.argv.slice(2);
const action = given.find((argument) => argument === 'rotate');
const second = given.find((argument) => argument === SECOND);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const configuration = readConfiguration(
    given.filter((argument) => argument !== action && argument !== second),
    process.env,
  );
  if (action === undefined) throw new ConfigurationFault(['say what to do with the keys of the log: rotate']);
  if (second !== undefined) demandMlDsa44();
  const folder = join(configuration.dataDir, 'keys');
  await requireKeys(folder);
  const keys = await fileKeyProvider(folder);
  const name = second === undefined ? 'log' : 'log-ml-dsa-44';
  await keys.rotate(name);
  const [current, ...older] = (await keys.all(name)).map(({ id }) => id);
  const shown =
    second === undefined ? '/log/vkey gives it then; /log/policy gives all at once' : '/log/policy gives it';
  const where = second === undefined ? '' : ', where the archive was started with LOG_SECOND_KEY=ml-dsa-44';
  say(`Signs from the next checkpoint on${where}: ${current}. ${shown}.`);
  if (older.length > 0) {
    say(`The one before signs beside it for ${LOG_KEY_OVERLAP / 86_400_000} days. Kept: ${older.join(', ')}`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
