import { ConfigurationFault, readConfiguration } from '#libs/platform';
import { runTool, StoreRefused } from '#libs/composition';

/**
 * `npm run parked -- list | replay PROCESS POSITION | drop PROCESS POSITION [--data-dir DIR]`: steps of processes that were
 * put aside. The running process tries a replayed one again within seconds, and what waits behind it on its stream.
 */
const [verb = '', ...rest] = process.argv.slice(2);
const [name = '', place = ''] = verb === 'list' ? [] : rest;
const options = verb === 'list' ? rest : rest.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runTool(
  () => {
    const named = name !== '' && /^\d{1,19}$/.test(place);
    if (verb !== 'list' && !(['replay', 'drop'].includes(verb) && named)) {
      throw new ConfigurationFault(['npm run parked -- list | replay PROCESS POSITION | drop PROCESS POSITION']);
    }
    return readConfiguration(options, process.env);
  },
  async ({ stores: { parkedSteps } }) => {
    if (verb === 'list') {
      const steps = await parkedSteps.list();
      for (const { process: by, at, stream, type, state, reason } of steps) {
        say(`${by} ${at.position} ${state}: ${type} of ${stream}: ${reason}`);
      }
      return say(`${steps.length} parked`);
    }
    const position = BigInt(place);
    const done =
      verb === 'replay' ? await parkedSteps.release(name, position) : await parkedSteps.remove(name, position);
    if (!done) throw new StoreRefused(`${name} has no step at position ${place} to ${verb}: see the list`);
    say(
      verb === 'replay'
        ? `${name} ${place} is tried again`
        : `${name} ${place} is dropped; what waited behind it follows`,
    );
  },
);
