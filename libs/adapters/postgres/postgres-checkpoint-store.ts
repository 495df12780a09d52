import type { Pool } from 'pg';
import { CheckpointMoved, type Checkpoint, type CheckpointStore } from '#libs/eventing';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';

export class PostgresCheckpointStore implements CheckpointStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async read(name: string): Promise<Checkpoint | undefined> {
    const [row] = await this.#query<{ store: string; epoch: number; position: string }>(
      'select store, epoch, position from waarborg.checkpoints where name = $1',
      [name],
    );
    return row && { store: row.store, epoch: row.epoch, position: BigInt(row.position) };
  }

  async move(name: string, from: Checkpoint | undefined, to: Checkpoint): Promise<void> {
    const moved =
      from === undefined
        ? await this.#query(
            `insert into waarborg.checkpoints (name, store, epoch, position) values ($1, $2, $3, $4)
             on conflict (name) do nothing returning name`,
            [name, to.store, to.epoch, to.position],
          )
        : await this.#query(
            `update waarborg.checkpoints set store = $2, epoch = $3, position = $4
             where name = $1 and store = $5 and epoch = $6 and position = $7 returning name`,
            [name, to.store, to.epoch, to.position, from.store, from.epoch, from.position],
          );
    if (moved.length === 0) throw new CheckpointMoved(`the checkpoint of ${name} is not where it was`);
  }

  async #query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await withClient(this.#pool, ANSWER_LIMIT, (client) => client.query<Row>(text, values))).rows;
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}
