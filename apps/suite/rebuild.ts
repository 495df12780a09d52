import { INSTALLATION_STREAM } from '#libs/kernel';
import { rebuildProjection } from '#libs/eventing';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { runTool, StoreRefused } from '#libs/composition';
import { installationDecider } from '#libs/domain';
import { suiteProjections } from './suite.modules.js';

/**
 * `npm run rebuild -- NAME [--data-dir DIR]` (or `--all`): builds a read model anew from the first event, beside a running
 * suite or without one, and puts it in the live one's place.
 */
const [name = '', ...rest] = process.argv.slice(2);
const names = suiteProjections.map((projection) => projection.name);
const chosen = name === '--all' ? suiteProjections : suiteProjections.filter((projection) => projection.name === name);

/** Progress is shown at most this often, in milliseconds. */
const SHOW_EVERY = 2_000;

await runTool(
  () => {
    if (chosen.length === 0) {
      throw new ConfigurationFault([`name one of ${names.join(', ')}, or --all: npm run rebuild -- NAME`]);
    }
    return readConfiguration(rest, process.env);
  },
  async ({ stores, serializer, commands }) => {
    const { state } = await commands.load(installationDecider, INSTALLATION_STREAM);
    if (state.status === 'none') throw new StoreRefused('The store is empty: there is nothing to rebuild from.');
    const identity = { store: state.store, epoch: state.epoch };
    for (const projection of chosen) {
      const began = performance.now();
      let shown = began;
      const result = await rebuildProjection(
        projection,
        { projections: stores.projections, feed: stores.feed, records: stores.records, serializer, identity },
        (events) => {
          if (performance.now() - shown < SHOW_EVERY) return;
          shown = performance.now();
          process.stdout.write(`${projection.name}: ${events} events so far …\n`);
        },
      );
      const seconds = (performance.now() - began) / 1_000;
      process.stdout.write(
        `${projection.name}: rebuilt from ${result.events} events into ${result.rows} rows in ${seconds.toFixed(1)} s\n`,
      );
    }
  },
);
