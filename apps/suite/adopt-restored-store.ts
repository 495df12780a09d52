import { demandPublished } from '#apps/archive';
import { rebuildProjection } from '#libs/eventing';
import { ConfigurationFault, readConfiguration, type Configuration } from '#libs/configuration';
import { adoptRestoredStore, publishedFiles, runTool } from '#libs/composition';
import { reasonOf, takeOptions } from './options.js';
import { suiteProjections } from './suite.modules.js';

/**
 * `npm run adopt-restored-store -- --reason "…" [--data-dir DIR] [--log-dir DIR] [--published-log lost]`: a person's decision
 * to go on with a store that was restored from an older backup (interfaces.md §9). Read models of the time after the backup
 * are rebuilt. What was published of the transparency log has to be in its folder, unless it is said to be lost.
 */
const { taken, rest } = takeOptions(process.argv.slice(2), ['reason', 'published-log']);
const LOST = 'lost';
let reason: string;
let configuration: Configuration;

await runTool(
  () => {
    reason = reasonOf(taken, 'says why the older state is gone on with; it is recorded');
    const published = taken['published-log'];
    if (published !== undefined && published !== LOST)
      throw new ConfigurationFault([`--published-log is ${LOST}, or absent`]);
    configuration = readConfiguration(rest, process.env);
    return configuration;
  },
  async ({ stores, vault, serializer, commands }) => {
    if (taken['published-log'] !== LOST) {
      await demandPublished({ table: stores.log, files: publishedFiles(configuration) });
    }
    const parts = {
      commands,
      feed: stores.feed,
      mark: vault.highWaterMark,
      checkpoints: stores.checkpoints,
      register: stores.register,
      ...(stores.heldBy === undefined ? {} : { heldBy: stores.heldBy }),
      ...(stores.beside === undefined ? {} : { beside: stores.beside }),
      oin: configuration.oin,
      others: () => stores.others(),
    };
    const identity = await adoptRestoredStore(parts, reason);
    process.stdout.write(`The store is adopted; positions are of epoch ${identity.epoch} from now on.\n`);
    for (const projection of suiteProjections) {
      await rebuildProjection(projection, {
        projections: stores.projections,
        feed: stores.feed,
        records: stores.records,
        serializer,
        identity,
      });
      process.stdout.write(`${projection.name}: rebuilt\n`);
    }
  },
);
