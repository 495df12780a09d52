import { FaultForPeople, INSTALLATION_STREAM } from '#libs/kernel';
import { replayProjection, type RowDifference } from '#libs/eventing';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { runTool, StoreRefused } from '#libs/composition';
import { installationDecider } from '#libs/domain';
import { suiteProjections } from './suite.modules.js';

/**
 * `npm run replay [-- NAME…] [--data-dir DIR]`: makes every read model (or those named) once more from the log, beside the
 * live ones and a running suite, and holds them against each other row by row. Nothing is written. Ends with status 1 where
 * one differs, and names the first row of it that does.
 */
const given = process.argv.slice(2);
const firstOption = given.findIndex((word) => word.startsWith('--'));
const [named, options] = firstOption < 0 ? [given, []] : [given.slice(0, firstOption), given.slice(firstOption)];
const unknown = named.filter((name) => !suiteProjections.some((projection) => projection.name === name));
const chosen = suiteProjections.filter(({ name }) => named.length === 0 || named.includes(name));

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Progress is shown at most this often, in milliseconds. */
const SHOW_EVERY = 2_000;
/** Characters of a value that are shown. */
const MOST_SHOWN = 200;
const cut = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);

function inWords({ key, column, live, replayed }: RowDifference): string {
  if (live === undefined) return `row ${key} is not there, and the log makes one`;
  if (replayed === undefined) return `row ${key} is there, and the log makes none`;
  return `row ${key}, ${column!}: there is ${cut(live)}, and the log makes ${cut(replayed)}`;
}

await runTool(
  () => {
    if (unknown.length > 0) {
      const names = suiteProjections.map(({ name }) => name);
      throw new ConfigurationFault([`there is no read model ${unknown.join(', ')}; there are ${names.join(', ')}`]);
    }
    return readConfiguration(options, process.env);
  },
  async ({ stores, serializer, commands }) => {
    const { state } = await commands.load(installationDecider, INSTALLATION_STREAM);
    if (state.status === 'none') throw new StoreRefused('The store is empty: there is nothing to replay.');
    const { projections, feed, records } = stores;
    const parts = { projections, feed, records, serializer, identity: { store: state.store, epoch: state.epoch } };
    const wrong: string[] = [];
    for (const projection of chosen) {
      const { name } = projection;
      let shown = performance.now();
      const replayed = await replayProjection(projection, parts, (events) => {
        if (performance.now() - shown < SHOW_EVERY) return;
        shown = performance.now();
        say(`${name}: ${events} facts so far …`);
      });
      if (replayed.verdict === 'absent') say(`${name}: not there: no process keeps it yet`);
      else if (replayed.verdict === 'foreign') {
        say(`${name}: of another store or epoch, or beyond the log: it is to be rebuilt`);
        wrong.push(name);
      } else if (replayed.verdict === 'equal') {
        say(`${name}: equal: ${replayed.rows} rows, made of ${replayed.events} facts up to ${replayed.position}`);
      } else {
        say(`${name}: DIFFERENT in ${replayed.differences} of ${replayed.rows} rows; ${inWords(replayed.first!)}`);
        wrong.push(name);
      }
    }
    if (wrong.length > 0) {
      throw new FaultForPeople(`Not what the log makes of it: ${wrong.join(', ')}. Next: npm run rebuild -- NAME`);
    }
    say(`${chosen.length} read models are what the log makes of them.`);
  },
);
