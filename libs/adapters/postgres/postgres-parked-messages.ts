import type { Pool } from 'pg';
import type { ParkedMessage, ParkedMessages, ParkedWithBytes } from '#libs/eventing';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';

const COLUMNS = 'reaction, id, topic, place, key, reason, state';

export class PostgresParkedMessages implements ParkedMessages {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async park({ reaction, id, topic, place, key, bytes, reason, state }: ParkedWithBytes): Promise<void> {
    await this.#query(
      `insert into waarborg.parked_messages as parked (reaction, id, topic, place, key, bytes, reason, state)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (reaction, id) do update set reason = excluded.reason, state = excluded.state
         where excluded.state <> 'waiting'`,
      [reaction, id, topic, place, key, Buffer.from(bytes), reason, state],
    );
  }

  list(reaction?: string): Promise<readonly ParkedMessage[]> {
    return this.#query<ParkedMessage>(
      `select ${COLUMNS} from waarborg.parked_messages
       where $1::text is null or reaction = $1 order by reaction collate "C", number`,
      [reaction ?? null],
    );
  }

  heads(reaction: string): Promise<readonly (ParkedMessage & { readonly count: number })[]> {
    return this.#query(
      `select ${COLUMNS}, count from (
         select distinct on (key) *, (count(*) over (partition by key))::integer as count
         from waarborg.parked_messages where reaction = $1 order by key, number
       ) heads order by number`,
      [reaction],
    );
  }

  async head(reaction: string, key: string): Promise<ParkedWithBytes | undefined> {
    const [row] = await this.#query<ParkedMessage & { readonly bytes: Buffer }>(
      `select ${COLUMNS}, bytes from waarborg.parked_messages
       where reaction = $1 and key = $2 order by number limit 1`,
      [reaction, key],
    );
    return row && { ...row, bytes: new Uint8Array(row.bytes) };
  }

  async release(reaction: string, id: string): Promise<boolean> {
    const released = await this.#query(
      `update waarborg.parked_messages set state = 'released'
       where reaction = $1 and id = $2 and state = 'failed' returning id`,
      [reaction, id],
    );
    return released.length === 1;
  }

  async remove(reaction: string, id: string): Promise<boolean> {
    const removed = await this.#query(
      'delete from waarborg.parked_messages where reaction = $1 and id = $2 returning id',
      [reaction, id],
    );
    return removed.length === 1;
  }

  async #query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await withClient(this.#pool, ANSWER_LIMIT, (client) => client.query<Row>(text, values))).rows;
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}
