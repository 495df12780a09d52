import { readFileSync } from 'node:fs';
import { rebuildProjection } from '#libs/eventing';
import {
  ConfigurationFault,
  holdsPasswordText,
  isEventStoreUrl,
  readConfiguration,
  type Configuration,
} from '#libs/configuration';
import { moveStore, openEventStore, runTool, StoreRefused, type HeldEvents } from '#libs/composition';
import { takeOptions } from './options.js';
import { suiteProjections } from './suite.modules.js';

/**
 * `npm run move-store -- --to esdb://… [--data-dir DIR]` (or `--to-file FILE` that holds the address): moves the events of
 * an installation from PostgreSQL to EventStoreDB; `--to postgres` moves them back from the one that EVENTSTORE_URL names.
 * With every process stopped. The same command goes on with what was interrupted.
 */
const { taken, rest } = takeOptions(process.argv.slice(2), ['to', 'to-file']);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function targetOf(): { readonly to: string; readonly faults: readonly string[] } {
  if (taken['to-file'] === undefined) {
    const to = taken.to ?? '';
    const shown = holdsPasswordText(to)
      ? ['--to holds a password, which everybody on this machine can read in the list of processes: give a --to-file']
      : [];
    return { to, faults: shown };
  }
  if (taken.to !== undefined) return { to: '', faults: ['--to and --to-file are both given: one of them'] };
  try {
    return { to: readFileSync(taken['to-file'], 'utf8').trim(), faults: [] };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { to: '', faults: [`--to-file names ${taken['to-file']}, which can't be read (${code})`] };
  }
}

const { to, faults } = targetOf();
let configuration: Configuration;

await runTool(
  () => {
    const known = to === 'postgres' || isEventStoreUrl(to);
    if (faults.length > 0) throw new ConfigurationFault(faults);
    if (!known) throw new ConfigurationFault(['--to says where: esdb://… or kurrentdb://…, or postgres']);
    configuration = readConfiguration(rest, process.env);
    const isThere = (configuration.eventStoreUrl !== undefined) === (to !== 'postgres');
    if (!isThere) return configuration;
    throw new ConfigurationFault([
      to === 'postgres'
        ? 'EVENTSTORE_URL names where the events are moved from, and is not given'
        : 'EVENTSTORE_URL is given: events are moved from PostgreSQL, or from there to postgres',
    ]);
  },
  async ({ stores, vault, serializer }) => {
    const opened = to === 'postgres' ? undefined : await openEventStore(to, {});
    try {
      const target: HeldEvents | undefined = opened ? { ...opened, heldBy: 'eventstoredb' } : stores.registerEvents;
      if (target === undefined) throw new StoreRefused('The events are in the register already.');
      const identity = await moveStore(
        {
          ...{ from: { ...stores, heldBy: stores.heldBy ?? 'postgres' }, to: target, serializer },
          answeredKeys: stores.answeredKeys,
          mark: vault.highWaterMark,
          checkpoints: stores.checkpoints,
          register: stores.register,
          oin: configuration.oin,
          others: () => stores.others(),
          ...(stores.beside === undefined ? {} : { beside: stores.beside }),
        },
        say,
      );
      const { projections, records } = stores;
      for (const projection of suiteProjections) {
        await rebuildProjection(projection, { projections, feed: target.feed, records, serializer, identity });
        say(`${projection.name}: rebuilt`);
      }
      say(
        `The events are moved; positions are of epoch ${identity.epoch} from now on. Start ` +
          (to === 'postgres' ? 'without EVENTSTORE_URL.' : 'with EVENTSTORE_URL.'),
      );
    } finally {
      await opened?.close();
    }
  },
  { evenMoved: true },
);
