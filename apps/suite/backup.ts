import { resolve } from 'node:path';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { backUp, runOnDatabases } from '#libs/composition';

/** `npm run backup -- DIR [--data-dir …]`: register, key store and keys, apart, beside a running suite or without one. */
const [target = '', ...rest] = process.argv.slice(2);

await runOnDatabases(
  () => {
    if (target === '' || target.startsWith('--')) {
      throw new ConfigurationFault(['name a folder that is empty or not there: npm run backup -- DIR']);
    }
    return readConfiguration(rest, process.env);
  },
  { besideRunning: true },
  (databases, keyFolder, say) => backUp(databases, keyFolder, resolve(target), say),
);
