import { mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { exportedRecords } from '#apps/archive';
import { runTool } from '#libs/composition';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { FaultForPeople } from '#libs/kernel';

/**
 * `npm run log-records -- DIR [--data-dir DIR]`: the records behind the entries of the transparency log, with the checkpoint
 * that they go with, for who holds the log against this database (docs/verify.md). Beside a running suite or without one.
 */
const [target = '', ...rest] = process.argv.slice(2);

/** Members that are personal are sealed in them; who has acted when is not. */
const OWN_ONLY = 0o600;

async function write(path: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const file = await open(path, 'wx', OWN_ONLY).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new FaultForPeople(`${path} is there already: name another folder`);
    throw error;
  });
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

await runTool(
  () => {
    if (target === '' || target.startsWith('--')) {
      throw new ConfigurationFault(['name a folder for them: npm run log-records -- DIR']);
    }
    return readConfiguration(rest, process.env);
  },
  async ({ stores: { log } }) => {
    const newest = await log.newest();
    if (newest === undefined)
      throw new FaultForPeople('The log has no checkpoint yet: there is nothing to hold it against.');
    const folder = resolve(target);
    await mkdir(folder, { recursive: true });
    const [checkpoint, records] = [join(folder, 'checkpoint'), join(folder, 'records.ndjson')];
    await write(checkpoint, [newest.note]);
    await write(records, exportedRecords(log, newest.size));
    process.stdout.write(
      `The records behind ${newest.size} entries are in ${records}.\n` +
        `Next: npm run verify -- LOG --key FILE --records ${records} --checkpoint ${checkpoint}\n`,
    );
  },
);
