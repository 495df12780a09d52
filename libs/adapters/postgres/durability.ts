import type { Pool } from 'pg';
import { StoreUnavailable } from '#libs/eventing';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable, UnsafeDurability } from './errors.js';

/** Oldest server that the contract runs against. */
const OLDEST = 150_000;

/**
 * Refuses a server on which an acknowledged append could be lost (`UnsafeDurability`) or can't be made
 * (`StoreUnavailable`: read-only, a standby, not reachable).
 */
export async function checkServer(pool: Pool): Promise<void> {
  const settings = await withClient(pool, ANSWER_LIMIT, async (client) => {
    const answer = await client.query<
      Record<'fsync' | 'pages' | 'commit' | 'readonly' | 'encoding', string> & { version: number }
    >(
      `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
              current_setting('synchronous_commit') as commit, current_setting('transaction_read_only') as readonly,
              current_setting('server_encoding') as encoding,
              current_setting('server_version_num')::integer as version`,
    );
    return answer.rows[0]!;
  }).catch((error: unknown) => {
    throw asUnavailable(error);
  });
  const off = [
    ...(settings.fsync === 'on' ? [] : ['fsync']),
    ...(settings.pages === 'on' ? [] : ['full_page_writes']),
    ...(settings.commit === 'off' ? ['synchronous_commit'] : []),
  ];
  if (off.length > 0) {
    throw new UnsafeDurability(
      `PostgreSQL could lose what it acknowledged: ${off.join(', ')} is off, turn it on in the server`,
    );
  }
  if (settings.encoding !== 'UTF8') throw new Error(`the database is in ${settings.encoding}; it has to be UTF8`);
  if (settings.version < OLDEST) throw new Error(`PostgreSQL ${OLDEST / 10_000} or later is needed`);
  if (settings.readonly === 'on') throw new StoreUnavailable('PostgreSQL takes no writes: it is read only', 5);
}
