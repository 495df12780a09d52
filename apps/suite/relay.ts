import { setTimeout as delay } from 'node:timers/promises';
import { INSTALLATION_STREAM } from '#libs/kernel';
import { checkpointAt, CheckpointMoved, itemOf, START, type Checkpoint, type StoreIdentity } from '#libs/eventing';
import { ConfigurationFault, readConfiguration, type Configuration } from '#libs/configuration';
import { decodePosition, ProblemException } from '#libs/platform';
import { demandWelcome, kafkaParts, relayOf, runTool, StoreRefused, type ToolParts } from '#libs/composition';
import { installationDecider } from '#libs/domain';
import { takeOptions } from './options.js';

/**
 * `npm run relay [-- --from POSITION] [--data-dir DIR]`: brings every event that the store holds now to Kafka, beside a
 * running suite or without one. With `--from`, what stands behind that position is sent again: a position as an answer
 * gave it, a bare place, or `start`. Consumers drop what is not newer than what they have.
 */
const USAGE =
  'npm run relay [-- --from POSITION], with KAFKA_BROKERS set; POSITION as an answer gave it, a place, or start';
const { taken, rest } = takeOptions(process.argv.slice(2), ['from']);
const RELAY = 'relay';
const LOOK_EVERY = 100;
/** Progress is shown at most this often, in milliseconds. */
const SHOW_EVERY = 2_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Tries for as long as a running relay moves the checkpoint, which it does now and then. */
const ATTEMPTS = 50;

/** Where to go on behind, as a person wrote it. */
function positionOf(text: string, identity: StoreIdentity): bigint {
  if (text === 'start') return START;
  if (/^\d{1,19}$/.test(text)) return BigInt(text);
  try {
    return decodePosition(text, identity);
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    throw new StoreRefused(`"${text}" is no position of this store and epoch. ${USAGE}`);
  }
}

async function sendAgain(
  { feed, checkpoints }: ToolParts['stores'],
  identity: StoreIdentity,
  text: string,
): Promise<void> {
  const position = positionOf(text, identity);
  const head = await feed.head();
  if (position > head) throw new StoreRefused(`position ${position} lies behind the newest, ${head}`);
  const item = position === START ? undefined : await feed.at(position);
  const to: Checkpoint = checkpointAt(identity, {
    upTo: position,
    ...(item === undefined ? {} : { upToItem: itemOf(item) }),
  });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await checkpoints.move(RELAY, await checkpoints.read(RELAY), to);
    } catch (error) {
      if (!(error instanceof CheckpointMoved) || attempt === ATTEMPTS) throw error;
    }
  }
}

let configuration: Configuration | undefined;
await runTool(
  () => {
    configuration = readConfiguration(rest, process.env);
    if (configuration.kafka === undefined) throw new ConfigurationFault([USAGE]);
    return configuration;
  },
  async ({ stores, serializer, commands }) => {
    const { state } = await commands.load(installationDecider, INSTALLATION_STREAM);
    if (state.status === 'none') throw new StoreRefused('The store is empty: there is nothing to relay.');
    const kafka = (await kafkaParts(configuration!.kafka))!;
    await demandWelcome(kafka, say);
    const identity = { store: state.store, epoch: state.epoch };
    const head = await stores.feed.head();
    if (taken.from !== undefined) await sendAgain(stores, identity, taken.from);
    const relay = relayOf({
      ...{ stores, serializer, identity, configuration: configuration!, kafka, log: say },
      onTrouble: (name, error, stopped) => say(`${name} ${stopped ? 'has stopped' : 'tries again'}: ${String(error)}`),
    });
    try {
      let shown = performance.now();
      for (;;) {
        const at = await stores.checkpoints.read(RELAY);
        if (at !== undefined && at.epoch === identity.epoch && at.position >= head) break;
        const { stoppedBy } = relay.status();
        if (stoppedBy !== undefined) throw new StoreRefused(stoppedBy.reason);
        if (performance.now() - shown > SHOW_EVERY) {
          shown = performance.now();
          say(`relay: ${at === undefined ? 'nothing yet' : `up to ${at.position}`} of ${head} …`);
        }
        await delay(LOOK_EVERY);
      }
    } finally {
      await relay.stop();
    }
    say(`relay: Kafka has every event up to position ${head}`);
  },
);
