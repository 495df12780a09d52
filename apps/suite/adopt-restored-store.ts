import { rebuildProjection } from '#libs/eventing';
import { ConfigurationFault, isVisibleText, PHRASES, readConfiguration, type Configuration } from '#libs/platform';
import { adoptRestoredStore, runTool } from '#libs/composition';
import { takeOptions } from './options.js';
import { suiteProjections } from './suite.modules.js';

/**
 * `npm run adopt-restored-store -- --reason "…" [--data-dir DIR]`: a person's decision to go on with a store that was
 * restored from an older backup (interfaces.md §9). Read models of the time after the backup are rebuilt.
 */
const { taken, rest } = takeOptions(process.argv.slice(2), ['reason']);
const reason = taken.reason?.trim() ?? '';
let configuration: Configuration;

await runTool(
  () => {
    if (reason === '')
      throw new ConfigurationFault(['--reason says why the older state is gone on with; it is recorded']);
    if (!isVisibleText(reason, 500)) throw new ConfigurationFault([`--reason ${PHRASES.visibleText(500).en}`]);
    configuration = readConfiguration(rest, process.env);
    return configuration;
  },
  async ({ stores, vault, serializer, commands }) => {
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
      await rebuildProjection(projection, { projections: stores.projections, feed: stores.feed, serializer, identity });
      process.stdout.write(`${projection.name}: rebuilt\n`);
    }
  },
);
