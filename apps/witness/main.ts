import { runUntilEnded } from '#libs/process';
import { formatVerifierKey } from '#libs/transparency-log';
import { readWitnessSettings, startWitness } from './index.js';

/**
 * `npm run witness -- --name NAME --logs FILE [--dir DIR] [--host HOST] [--port PORT]`: a witness of transparency logs, with a
 * key of its own.
 */
const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runUntilEnded(async () => {
  const settings = readWitnessSettings(process.argv.slice(2), process.env);
  const witness = await startWitness(settings, say);
  say(`Watches ${[...settings.logs.keys()].join(', ')}; what it has seen is in ${settings.dir}.`);
  say(`Its key: ${formatVerifierKey(witness.key)}`);
  say(`Waarborg witness answers at ${witness.url}`);
  return witness;
}, say);
