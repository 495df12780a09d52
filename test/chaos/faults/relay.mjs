// One relay as a process of its own, for the chaos: node relay.mjs, settings in the environment. It can be told to stop
// where it hurts most: behind what the brokers have, before the checkpoint says so.
import { openEventStoreDb } from '#libs/adapters/eventstoredb';
import { startRelay } from '#libs/adapters/kafka';
import { openPostgresStores } from '#libs/adapters/postgres';
import { allCodecs } from '#libs/domain';
import { eventSerializer } from '#libs/eventing';

const { DATABASE_URL, EVENTSTORE_URL, BROKERS, TOPICS, PARTITIONS, NAME, RELAY_LEASE } = process.env;
let held = false;
let goOn = () => undefined;
process.on('message', (message) => {
  if (message === 'hold' || message === 'release') held = message === 'hold';
  // Nobody came for it in time.
  if (message === 'release') goOn();
});
/** What it says goes with the moment: a round that took long is explained by it. */
const say = (line) => console.log(`${new Date().toISOString().slice(11, 23)} ${line}`);
// Nobody is left who could end it.
process.on('disconnect', () => process.exit(0));

const stores = await openPostgresStores({ database: DATABASE_URL });
const events = EVENTSTORE_URL === undefined ? stores : await openEventStoreDb({ url: EVENTSTORE_URL });
const sealer = { seal: async () => 'sealed', open: async () => '' };
const relay = startRelay({
  kafka: { brokers: BROKERS.split(','), prefix: '', log: say },
  topics: { partitions: Number(PARTITIONS), replication: 1, names: TOPICS.split(',') },
  feed: events.feed,
  serializer: eventSerializer(allCodecs, sealer),
  identity: { store: await stores.register.store(), epoch: 1 },
  oin: '00000099000000001000',
  checkpoints: {
    read: (name) => stores.checkpoints.read(name),
    async move(...place) {
      if (held) {
        process.send('holding');
        await new Promise((resolve) => (goOn = resolve));
      }
      return stores.checkpoints.move(...place);
    },
  },
  leases: stores.leases,
  holder: `${NAME}/${process.pid}`,
  leaseMilliseconds: Number(RELAY_LEASE),
  onTrouble: (name, error, stopped) => say(`${name}${stopped ? ' stopped' : ''}: ${error}`),
  sent: (messages) => say(`sent ${messages}`),
});
process.once('SIGTERM', async () => {
  await relay.stop();
  await stores.close();
  process.exit(0);
});
process.send('ready');
