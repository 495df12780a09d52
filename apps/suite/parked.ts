import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { isUuid } from '#libs/kernel';
import { runTool, StoreRefused } from '#libs/composition';

/**
 * `npm run parked -- list | replay NAME PLACE | drop NAME PLACE [--data-dir DIR]`: what was put aside, steps of processes
 * (PLACE is a position) and messages of reactions (PLACE is an id). The running process tries a replayed one again within
 * seconds, and what waits behind it.
 */
const [verb = '', ...rest] = process.argv.slice(2);
const [name = '', place = ''] = verb === 'list' ? [] : rest;
const options = verb === 'list' ? rest : rest.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runTool(
  () => {
    const named = name !== '' && (/^\d{1,19}$/.test(place) || isUuid(place));
    if (verb !== 'list' && !(['replay', 'drop'].includes(verb) && named)) {
      throw new ConfigurationFault(['npm run parked -- list | replay NAME PLACE | drop NAME PLACE']);
    }
    return readConfiguration(options, process.env);
  },
  async ({ stores: { parkedSteps, parkedMessages } }) => {
    if (verb === 'list') {
      const [steps, messages] = [await parkedSteps.list(), await parkedMessages.list()];
      for (const { process: by, at, stream, type, state, reason } of steps) {
        say(`${by} ${at.position} ${state}: ${type} of ${stream}: ${reason}`);
      }
      for (const { reaction, id, topic, place: lies, key, state, reason } of messages) {
        say(`${reaction} ${id} ${state}: ${topic} ${lies} of ${key}: ${reason}`);
      }
      return say(`${steps.length + messages.length} parked`);
    }
    const done = isUuid(place)
      ? await (verb === 'replay' ? parkedMessages.release(name, place) : parkedMessages.remove(name, place))
      : await (verb === 'replay' ? parkedSteps.release(name, BigInt(place)) : parkedSteps.remove(name, BigInt(place)));
    if (!done) {
      const what = isUuid(place) ? `message ${place}` : `step at position ${place}`;
      throw new StoreRefused(`${name} has no ${what} to ${verb}: see the list`);
    }
    say(
      verb === 'replay'
        ? `${name} ${place} is tried again`
        : `${name} ${place} is dropped; what waited behind it follows`,
    );
  },
);
