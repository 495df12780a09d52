import { resolve } from 'node:path';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { BACKUP_PARTS, restore, runOnDatabases, type BackupPart } from '#libs/composition';
import { takeOptions } from './options.js';

/**
 * `npm run restore -- DIR [--parts register,key-store,keys] [--data-dir …]`: puts a backup, or some parts of one, into an
 * installation that has nothing of them yet.
 */
const [source = '', ...options] = process.argv.slice(2);
const { taken, rest } = takeOptions(options, ['parts']);
const parts = taken.parts?.split(',') ?? BACKUP_PARTS;

await runOnDatabases(
  () => {
    const faults = [
      ...(source === '' || source.startsWith('--') ? ['name the folder of the backup: npm run restore -- DIR'] : []),
      ...(parts.every((part) => (BACKUP_PARTS as readonly string[]).includes(part))
        ? []
        : [`--parts names some of ${BACKUP_PARTS.join(', ')}, with commas`]),
    ];
    if (faults.length > 0) throw new ConfigurationFault(faults);
    return readConfiguration(rest, process.env);
  },
  { besideRunning: false },
  (databases, keyFolder, say) => restore(databases, keyFolder, resolve(source), parts as readonly BackupPart[], say),
);
