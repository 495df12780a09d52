import type { Pool } from 'pg';
import { FeedHole, type Page } from '#libs/eventing';
import { ANSWER_LIMIT, withClient } from './connections.js';
import type { LogSource } from './log-source.js';

export interface PageLimits {
  readonly items: number;
  readonly bytes: number;
}

/** Every value as the text that the server sent. */
const AS_TEXT = { getTypeParser: () => (value: string | Buffer) => value };

/** The head of a log; 0n while it is empty. */
export async function readHead<Item>(pool: Pool, source: LogSource<Item>): Promise<bigint> {
  const { rows } = await withClient(pool, ANSWER_LIMIT, (client) => client.query<{ position: string }>(source.head));
  return BigInt(rows[0]?.position ?? 0);
}

/** One page behind `after`, by one statement and so of one moment. Rejects with `FeedHole`. */
export async function readPage<Item extends { readonly position: bigint }>(
  pool: Pool,
  source: LogSource<Item>,
  after: bigint,
  limits: PageLimits,
): Promise<Page<Item>> {
  const { rows } = await withClient(pool, ANSWER_LIMIT, (client) =>
    client.query<string[]>({
      text: source.page,
      values: [after, limits.items, limits.bytes],
      rowMode: 'array',
      types: AS_TEXT,
    }),
  );
  const items = rows.map((row) => source.item(row));
  let bytes = 0;
  let upTo = after;
  for (const item of items) {
    if (item.position !== upTo + 1n) throw new FeedHole(upTo + 1n, item.position);
    upTo = item.position;
    bytes += source.sizeOf(item);
  }
  // `bytes` counts UTF-16 units, at most the bytes that the server counted: then a last, empty page may follow.
  return { items, upTo, caughtUp: items.length < limits.items && bytes * 3 < limits.bytes };
}
