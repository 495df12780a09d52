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
    const [row] = await this.#query<{ store: string; epoch: number; position: string; event: string | null }>(
      'select store, epoch, position, event from waarborg.checkpoints where name = $1',
      [name],
    );
    if (row === undefined) return undefined;
    const { store, epoch, position, event } = row;
    return { store, epoch, position: BigInt(position), ...(event === null ? {} : { event }) };
  }

  async move(name: string, from: Checkpoint | undefined, to: Checkpoint): Promise<void> {
    const moved =
      from === undefined
        ? await this.#query(
            `insert into waarborg.checkpoints (name, store, epoch, position, event) values ($1, $2, $3, $4, $5)
             on conflict (name) do nothing returning name`,
            [name, to.store, to.epoch, to.position, to.event],
          )
        : await this.#query(
            `update waarborg.checkpoints set store = $2, epoch = $3, position = $4, event = $5
             where name = $1 and store = $6 and epoch = $7 and position = $8 and event is not distinct from $9
             returning name`,
            [name, to.store, to.epoch, to.position, to.event, from.store, from.epoch, from.position, from.event],
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
