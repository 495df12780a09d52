import type { Pool } from 'pg';
import { CheckpointMoved, type Checkpoint, type CheckpointStore, type Fence } from '#libs/eventing';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';
import { asFenced, fenceValues } from './fence.js';

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

  async move(name: string, from: Checkpoint | undefined, to: Checkpoint, fence?: Fence): Promise<void> {
    const [row] = await this.#query<{ moved: boolean }>(
      'select waarborg.move_checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as moved',
      [
        ...[name, to.store, to.epoch, to.position, to.event],
        ...[from?.store, from?.epoch, from?.position, from?.event],
        ...fenceValues(fence),
      ],
      fence,
    );
    if (!row!.moved) throw new CheckpointMoved(`the checkpoint of ${name} is not where it was`);
  }

  async #query<Row extends object>(text: string, values: unknown[], fence?: Fence): Promise<Row[]> {
    try {
      return (await withClient(this.#pool, ANSWER_LIMIT, (client) => client.query<Row>(text, values))).rows;
    } catch (error) {
      throw asUnavailable(asFenced(error, fence));
    }
  }
}
