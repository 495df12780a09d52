import type { Pool, PoolClient } from 'pg';
import { itemOf, LineageBroken, positionOf, type Page, type Place, type placeAt } from '#libs/eventing';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { FeedHole } from './errors.js';
import type { LogSource } from './log-source.js';

export interface PageLimits {
  readonly items: number;
  readonly bytes: number;
}

/** Every value as the text that the server sent. */
const AS_TEXT = { getTypeParser: () => (value: string | Buffer) => value };

/** The item at a position (`itemOf`); `undefined` when none is there. */
export async function itemAt<Item>(
  client: PoolClient,
  source: LogSource<Item>,
  position: bigint,
): Promise<string | undefined> {
  const { rows } = await client.query<{ item: string }>(source.at, [position]);
  return rows[0]?.item;
}

/** Place of the newest item of a log that holds `known`; `undefined` while it is empty. Rejects with `LineageBroken`. */
export async function readNewest<Item>(
  pool: Pool,
  source: LogSource<Item>,
  known: Place | undefined,
): Promise<Place | undefined> {
  return withClient(pool, ANSWER_LIMIT, async (client) => {
    const { rows } = await client.query<{ position: string; item: string }>(source.head);
    const newest = rows[0] && { position: BigInt(rows[0].position), item: rows[0].item };
    if (known === undefined || (newest?.position === known.position && newest.item === known.item)) return newest;
    const found = await itemAt(client, source, known.position);
    if (found !== known.item) throw LineageBroken.at(known, found);
    return newest;
  });
}

/** One page behind `after`, by one statement and so of one moment. Rejects with `FeedHole` and `LineageBroken`. */
export async function readPage<Item extends Parameters<typeof placeAt>[0]>(
  pool: Pool,
  source: LogSource<Item>,
  after: bigint | Place,
  limits: PageLimits,
): Promise<Page<Item>> {
  const begin = positionOf(after);
  const { rows } = await withClient(pool, ANSWER_LIMIT, (client) =>
    client.query<string[]>({
      text: source.page,
      values: [begin, limits.items, limits.bytes],
      rowMode: 'array',
      types: AS_TEXT,
    }),
  );
  const read = rows.map((row) => source.item(row));
  const there = read[0]?.position === begin ? itemOf(read.shift()!) : undefined;
  if (typeof after === 'object' && there !== after.item) throw LineageBroken.at(after, there);
  // Where nothing stands at `begin`, the row that was asked for in its place is one too many.
  const items = read.slice(0, limits.items);
  let bytes = 0;
  let upTo = begin;
  for (const item of items) {
    if (item.position !== upTo + 1n) throw new FeedHole(upTo + 1n, item.position);
    upTo = item.position;
    bytes += source.sizeOf(item);
  }
  const last = items.at(-1);
  const upToItem = last === undefined ? there : itemOf(last);
  // `bytes` counts UTF-16 units, at most the bytes that the server counted: then a last, empty page may follow.
  const caughtUp = items.length < limits.items && bytes * 3 < limits.bytes;
  return { items, upTo, caughtUp, ...(upToItem === undefined ? {} : { upToItem }) };
}
