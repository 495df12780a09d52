// One process of the soak: its share of the writers, and of the control's. Started and killed by soak.mjs.
import pg from 'pg';
import { openPostgresStores } from '#libs/adapters/postgres';
import { randomFrom, surviveCuts, write, writeNaively } from './checker.mjs';

const [url, first, count, seed] = process.argv.slice(2);
const random = randomFrom(Number(seed));
let stop = false;
process.on('message', (message) => {
  if (message === 'stop') stop = true;
});
// The parent is gone, or this process is done.
process.on('disconnect', () => process.exit(stop ? 0 : 1));

const open = async () => {
  for (;;) {
    try {
      return await openPostgresStores({ database: url });
    } catch (error) {
      if (error.name !== 'StoreUnavailable' || stop) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
};
const stores = await open();
const pool = new pg.Pool({ connectionString: url, max: 8 });
surviveCuts(pool);

// Told in bunches: an acknowledgement that the parent never hears of is one that it can't ask after.
let news = {};
const tell = () => {
  if (Object.keys(news).length === 0) return;
  process.send({ acknowledged: news });
  news = {};
};
const telling = setInterval(tell, 10);
const writers = Array.from({ length: Number(count) }, (_, index) => Number(first) + index);
const stopped = () => stop;
await Promise.all(
  writers.flatMap((writer) => [
    write({ events: stores.events, writer, random, stopped, acknowledged: (number) => (news[writer] = number) }),
    writeNaively({ pool, writer, stopped, pause: () => random() * 20 }),
  ]),
);
clearInterval(telling);
tell();
await stores.close();
await pool.end();
process.disconnect();
