// npm run bench -- growth [--json FILE] [--pairs N] [--seconds S] [--events 10000000]
import { randomInt } from 'node:crypto';
import pg from 'pg';
import { openPostgresStores } from '#libs/adapters/postgres';
import { drive } from './support/load.mjs';
import { benchOptions } from './support/options.mjs';
import { comparePairs, report } from './support/report.mjs';
import { benchServer } from './support/server.mjs';

const options = benchOptions({ events: 10_000_000, small: 10_000 });
const { pairs, seconds } = options;
const server = await benchServer();
const CALLERS = 64;

/** Streams of five events under names and ids as random as real ones, written by the server in steps. */
async function filled(events) {
  const { url } = await server.database();
  const stores = await openPostgresStores({ database: url });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const step = 500_000;
  for (let from = 0; from < events; from += step) {
    await client.query(`
      insert into waarborg.events (position, stream, revision, id, type, bytes, recorded_at)
      select n + 1, 'check-' || md5((n / 5)::text), n % 5, gen_random_uuid(), 'CheckRecorded',
        '{"actor":{"client":"bench"},"data":{"note":"' || repeat('x', 250) || '"},"n":' || n || '}', 1700000000000 + n
      from generate_series(${from}, ${Math.min(from + step, events) - 1}) n`);
    process.stderr.write(`  ${Math.min(from + step, events)} of ${events} events there\n`);
  }
  await client.query('vacuum analyze waarborg.events');
  const { rows } = await client.query(
    `select pg_size_pretty(pg_total_relation_size('waarborg.events')) as whole,
            pg_size_pretty(pg_indexes_size('waarborg.events')) as indexes`,
  );
  process.stderr.write(`  ${events} events take ${rows[0].whole}, of which indexes ${rows[0].indexes}\n`);
  await client.end();
  return { stores, events, url };
}

const append =
  ({ stores }) =>
  async () => {
    await server.settle();
    const start = await stores.feed.head();
    const measured = await drive({
      callers: CALLERS,
      seconds,
      append: (stream, revision, id, bytes) =>
        stores.events.append(stream, revision === 0 ? 'no-stream' : revision - 1, [
          { id, type: 'CheckRecorded', bytes },
        ]),
    });
    // Positions have no gaps from 1n on.
    if (Number((await stores.feed.head()) - (start < 0n ? 0n : start)) !== measured.count)
      throw new Error('not all that was answered is there');
    return measured.perSecond;
  };

/** Reads streams of any age, one after another. */
const readStreams =
  ({ stores, events, url }) =>
  async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const picked = Array.from({ length: 3_000 }, () => randomInt(Math.floor(events / 5)));
    const { rows } = await client.query("select 'check-' || md5(n::text) as stream from unnest($1::int[]) n", [picked]);
    await client.end();
    const began = performance.now();
    for (const { stream } of rows) {
      if ((await stores.events.readStream(stream)).length !== 5) throw new Error(`${stream} is not whole`);
    }
    return rows.length / ((performance.now() - began) / 1_000);
  };

/** From an append to its page at a subscriber of the same process: how many in a second, one after another. */
const tail =
  ({ stores }) =>
  async () => {
    const ending = new AbortController();
    const pages = stores.feed.subscribe(await stores.feed.head(), { signal: ending.signal })[Symbol.asyncIterator]();
    await pages.next();
    let count = 0;
    const measured = await drive({
      callers: 1,
      seconds: Math.min(seconds, 3),
      append: async (stream, revision, id, bytes) => {
        const expected = revision === 0 ? 'no-stream' : revision - 1;
        const { position } = await stores.events.append(stream, expected, [{ id, type: 'CheckRecorded', bytes }]);
        for (let upTo = 0n; upTo < position;) ({ upTo } = (await pages.next()).value);
        count += 1;
      },
    });
    ending.abort();
    await pages.return();
    if (count !== measured.count) throw new Error('not all that was appended was heard of');
    return measured.perSecond;
  };

const [small, large] = [await filled(options.small), await filled(options.events)];
const rows = [];
try {
  const of = `at ${options.events} events ÷ at ${options.small}`;
  for (const [id, what, unit, measure] of [
    ['A7', `append, ${CALLERS} callers`, 'events/s', append],
    ['A7-read', 'read a stream of any age', 'streams/s', readStreams],
    ['A7-tail', 'append and hear of it', 'events/s', tail],
  ]) {
    const [ours, reference] = [measure(large), measure(small)];
    rows.push(await comparePairs({ id, what: `${what}, ${of}`, unit, pairs, ours, reference }));
  }
  await report({ bench: 'growth', machine: await server.machine(), rows, json: options.json });
} finally {
  await Promise.all([small, large].map(({ stores }) => stores.close()));
  await server.stop();
}
