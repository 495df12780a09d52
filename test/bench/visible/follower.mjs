// Another process that follows the feed: node follower.mjs DATABASE. Tells when each event came, by the machine's clock that
// all processes share and nobody sets.
import { openPostgresStores } from '#libs/adapters/postgres';

const stores = await openPostgresStores({ database: process.argv[2] });
const ending = new AbortController();
process.once('disconnect', () => process.exit(0));
process.send('ready');
for await (const page of stores.feed.subscribe(await stores.feed.head(), { signal: ending.signal })) {
  const now = String(process.hrtime.bigint());
  if (page.items.length > 0) process.send({ now, ids: page.items.map(({ id }) => id) });
}
