import { join } from 'node:path';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { ANSWER_KEY_NAMES, fileKeyProvider, requireKeys, type AnswerKeyName } from '#libs/vault';
import { takeOptions } from './options.js';

/**
 * `npm run answer-keys -- rotate|withdraw [--key ID] [--answer-algorithm ES256|PS256] [--data-dir DIR]`: the keys that
 * answers at use are signed with. A new one signs once all who keep the published ones have it, and those before stay published; one that is withdrawn is
 * published no more. A running process sees either within five seconds.
 */
const { taken, rest } = takeOptions(process.argv.slice(2), ['key']);
const action = rest.find((argument) => argument === 'rotate' || argument === 'withdraw');
const settings = rest.filter((argument) => argument !== action);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const configuration = readConfiguration(settings, process.env);
  if (action === undefined) {
    throw new ConfigurationFault(['say what to do with the keys of answers: rotate or withdraw']);
  }
  if (action === 'rotate' && taken.key !== undefined) {
    throw new ConfigurationFault(['--key names a key to withdraw; rotate makes a new one']);
  }
  if (action === 'withdraw' && taken.key === undefined) {
    throw new ConfigurationFault([
      'say with --key which key is withdrawn: nothing that it signed is to be believed then',
    ]);
  }
  const folder = join(configuration.dataDir, 'keys');
  await requireKeys(folder);
  const keys = await fileKeyProvider(folder);
  const signs: AnswerKeyName = configuration.answerAlgorithm === 'ES256' ? 'answer-es256' : 'answer-ps256';
  if (action === 'rotate') {
    await keys.rotate(signs);
    say(
      'Published now. It signs in some five minutes, when nobody keeps a list from before it; the first one at once.',
    );
  } else {
    const key = taken.key!;
    await keys.withdraw(ANSWER_KEY_NAMES.find((name) => key.startsWith(`${name}-`)) ?? signs, key);
    say(`Withdrawn: ${key}. It is published no more, within five seconds: what it signed is not to be believed.`);
  }
  const [current] = await keys.all(signs);
  if (current !== undefined) say(`Newest of ${configuration.answerAlgorithm}: ${current.id}`);
  const published = (await Promise.all(ANSWER_KEY_NAMES.map((name) => keys.all(name)))).flat().map(({ id }) => id);
  const older = published.filter((id) => id !== current?.id);
  if (older.length > 0) say(`Still published: ${older.join(', ')}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
