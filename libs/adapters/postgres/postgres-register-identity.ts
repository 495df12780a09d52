import type { Pool } from 'pg';
import type { RegisterIdentity } from '#libs/eventing';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';

export class PostgresRegisterIdentity implements RegisterIdentity {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async store(): Promise<string | undefined> {
    const [row] = await this.#query('select store from waarborg.register_of', []);
    return row?.store;
  }

  async name(store: string): Promise<string> {
    await this.#query('insert into waarborg.register_of (store) values ($1) on conflict do nothing returning store', [
      store,
    ]);
    return (await this.store())!;
  }

  async #query(text: string, values: unknown[]): Promise<readonly { readonly store: string }[]> {
    try {
      const { rows } = await withClient(this.#pool, ANSWER_LIMIT, (client) =>
        client.query<{ store: string }>(text, values),
      );
      return rows;
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}
