import type { Pool } from 'pg';
import type { DecisionInstances } from '#libs/eventing';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';

/** Leases run by the database's clock, which is read after the call began: never shorter than the instance thinks. */
export class PostgresDecisionInstances implements DecisionInstances {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async renew(instance: string, seen: bigint, leaseMilliseconds: number): Promise<void> {
    await this.#query(
      `insert into waarborg.decision_instances as known (instance, seen, lease_until)
       values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
       on conflict (instance) do update set seen = excluded.seen, lease_until = excluded.lease_until`,
      [instance, seen, leaseMilliseconds],
    );
  }

  async leave(instance: string): Promise<void> {
    await this.#query('delete from waarborg.decision_instances where instance = $1', [instance]);
  }

  // `now()` is from before the rows are looked at: a lease that ends while they are counts as held.
  async behind(position: bigint): Promise<readonly string[]> {
    const rows = await this.#query<{ instance: string }>(
      `select instance from waarborg.decision_instances
       where lease_until > now() and seen < $1 order by instance`,
      [position],
    );
    return rows.map(({ instance }) => instance);
  }

  async #query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await withClient(this.#pool, ANSWER_LIMIT, (client) => client.query<Row>(text, values))).rows;
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}
