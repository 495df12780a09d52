import type { Pool } from 'pg';
import type { Fence, Leases, Turn } from '#libs/eventing';
import { instantFromEpoch } from '#libs/kernel';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';

interface TakenRow {
  readonly taken: boolean;
  readonly token: string;
  readonly lease_until: string;
  readonly renewal: string;
  readonly milliseconds: number;
}

/** One row for each name (migration 9). */
export class PostgresLeases implements Leases {
  readonly #pool: Pool;
  /** Since when, by this process's clock, another one's lease has not been renewed as far as was seen here. */
  readonly #unrenewed = new Map<string, { readonly renewal: string; readonly milliseconds: number; since: number }>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async take(name: string, holder: string, milliseconds: number): Promise<Turn | undefined> {
    const known = this.#unrenewed.get(name);
    const dead = known !== undefined && performance.now() - known.since >= known.milliseconds;
    const [row] = await this.#query<TakenRow>('select * from waarborg.take_lease($1, $2, $3, $4)', [
      ...[name, holder, milliseconds],
      dead ? known.renewal : null,
    ]);
    const { taken, token, lease_until: until, renewal, milliseconds: lasts } = row!;
    if (taken) {
      this.#unrenewed.delete(name);
      return { name, holder, token: BigInt(token), until: instantFromEpoch(Number(until)) };
    }
    if (known?.renewal !== renewal) {
      this.#unrenewed.set(name, { renewal, milliseconds: lasts, since: performance.now() });
    }
    return undefined;
  }

  async leave({ name, holder, token }: Turn): Promise<void> {
    await this.#query('update waarborg.leases set holder = null where name = $1 and holder = $2 and token = $3', [
      ...[name, holder, token],
    ]);
  }

  async stands({ name, token }: Fence): Promise<boolean> {
    const rows = await this.#query('select from waarborg.leases where name = $1 and token = $2', [name, token]);
    return rows.length === 1;
  }

  async #query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await withClient(this.#pool, ANSWER_LIMIT, (client) => client.query<Row>(text, values))).rows;
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}
