import { adoptRestoredLog, logSignatures } from '#apps/archive';
import { demandAlone, identifyStore, logOriginOf, publishedFiles, recordRestoredLog, runTool } from '#libs/composition';
import { readConfiguration, type Configuration } from '#libs/configuration';
import { reasonOf, takeOptions } from './options.js';

/**
 * `npm run adopt-restored-log -- --reason "…" [--data-dir DIR] [--log-dir DIR]`: a person's decision to go on with a register
 * whose database is older than what was published of its transparency log.
 */
const { taken, rest } = takeOptions(process.argv.slice(2), ['reason']);
let reason: string;
let configuration: Configuration;

await runTool(
  () => {
    reason = reasonOf(taken, 'says why records of the log are done without; it is recorded');
    configuration = readConfiguration(rest, process.env);
    return configuration;
  },
  async ({ stores, vault, commands }) => {
    await demandAlone(() => stores.others());
    const installation = {
      commands,
      feed: stores.feed,
      mark: vault.highWaterMark,
      checkpoints: stores.checkpoints,
      register: stores.register,
      ...(stores.heldBy === undefined ? {} : { heldBy: stores.heldBy }),
      ...(stores.beside === undefined ? {} : { beside: stores.beside }),
      oin: configuration.oin,
    };
    // Refused where the store itself lies behind: that is adopted first.
    const identity = await identifyStore(installation);
    const { orphaned, again } = await adoptRestoredLog(
      {
        table: stores.log,
        files: publishedFiles(configuration),
        signatures: logSignatures(await logOriginOf(installation), vault.logKeys, Date.now),
        ...{ checkpoints: stores.checkpoints, feed: stores.feed, records: stores.records, identity },
      },
      (ranges) => recordRestoredLog(installation, ranges, reason),
    );
    process.stdout.write(
      `The log is adopted. ${
        orphaned.from < orphaned.until
          ? `Its entries ${orphaned.from} to ${orphaned.until - 1} have no records any more`
          : 'All of its entries have their records'
      }; what has no entry that it knows is sequenced from ${again.from} on.\n`,
    );
  },
);
