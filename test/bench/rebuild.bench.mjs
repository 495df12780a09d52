// npm run bench -- rebuild [--json FILE] [--pairs N] [--events N]
import pg from 'pg';
import { openPostgresStores, tableOf } from '#libs/adapters/postgres';
import { eventSerializer, rebuildProjection } from '#libs/eventing';
import { codec, fill, projection, SET_BASED } from './rebuild/projection.mjs';
import { emmettRebuild } from './rebuild/emmett.mjs';
import { benchOptions } from './support/options.mjs';
import { installPeers } from './support/peers.mjs';
import { comparePairs, notRun, report } from './support/report.mjs';
import { benchServer } from './support/server.mjs';

const options = benchOptions({ events: 500_000, handled: 10_000, emmett: 3_000 });
const { pairs, events } = options;
const server = await benchServer();
const noSealing = { seal: () => Promise.reject(new Error('nothing here is personal')) };
const identity = { store: 'bench', epoch: 1 };

const database = await server.database();
const stores = await openPostgresStores({ database: database.url });
const client = new pg.Client({ connectionString: database.url });
await client.connect();
await client.query(fill(events));
await client.query('vacuum analyze waarborg.events');

const perSecond = (count, began) => count / ((performance.now() - began) / 1_000);
const model = projection('ours');
const table = `read_model."${tableOf(model).name}"`;
const serializer = eventSerializer([codec], noSealing);
await stores.projections.open(model);

async function ours() {
  await server.settle();
  const began = performance.now();
  const built = await rebuildProjection(model, { ...stores, serializer, identity });
  if (built.events !== events) throw new Error(`${built.events} of ${events} events were read`);
  return perSecond(events, began);
}

async function setBased() {
  await server.settle();
  const began = performance.now();
  await client.query(SET_BASED);
  return perSecond(events, began);
}

/** Both ways must come to the same rows, or the comparison says nothing. */
async function sameRows() {
  const columns = 'authorization_id, party, level, status, changes, changed_at';
  const { rows } = await client.query(`
    select count(*)::int as different from (
      (select ${columns} from ${table} except select ${columns} from set_based) union all
      (select ${columns} from set_based except select ${columns} from ${table})) d`);
  if (rows[0].different !== 0) throw new Error(`${rows[0].different} rows differ from the set-based rebuild`);
}

/** What a subscriber that handles one event at a time does: read the row, fold, write row and checkpoint, commit. */
async function perEventHandler() {
  const live = projection(`live_${Math.random().toString(36).slice(2)}`);
  await stores.projections.open(live);
  let checkpoint;
  const began = performance.now();
  const { items } = await stores.feed.read(0n, options.handled);
  for (const item of items) {
    const event = serializer.read(item);
    const [key] = live.keys(event);
    const row = live.fold(await stores.projections.find(live, key), event, key);
    const next = { ...identity, position: item.position };
    await stores.projections.commit(live, new Map([[key, row]]), checkpoint, next);
    checkpoint = next;
  }
  return perSecond(items.length, began);
}

const rows = [];
try {
  const read = `${events} events`;
  await ours();
  await setBased();
  await sameRows();
  const what = `rebuild of a read model, ${read}, ÷ one set-based statement`;
  rows.push(await comparePairs({ id: 'R2', what, unit: 'events/s', pairs, ours, reference: setBased }));
  await sameRows();
  const handler = { id: 'R3-handler', what: `rebuild ÷ one event, one transaction (${options.handled} events)` };
  rows.push(await comparePairs({ ...handler, unit: 'events/s', pairs, ours, reference: perEventHandler }));
  const emmett = { id: 'R3-emmett', what: `rebuild ÷ emmett-postgresql 0.42.0 (${options.emmett} events)` };
  const peers = await installPeers().catch((error) => error);
  if (peers instanceof Error) rows.push(notRun(emmett.id, emmett.what, peers.message));
  else {
    const reference = emmettRebuild(peers, server.database, options.emmett);
    rows.push(await comparePairs({ ...emmett, unit: 'events/s', pairs, ours, reference }));
  }
  await report({ bench: 'rebuild', machine: await server.machine(), rows, json: options.json });
} finally {
  await client.end();
  await stores.close();
  await server.stop();
}
