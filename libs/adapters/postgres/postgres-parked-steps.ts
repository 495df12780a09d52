import type { Pool } from 'pg';
import type { Fence, ParkedStep, ParkedSteps } from '#libs/eventing';
import type { StreamId } from '#libs/kernel';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';
import { asFenced, fenceValues } from './fence.js';

interface ParkedRow {
  readonly process: string;
  readonly position: string;
  readonly store: string;
  readonly epoch: number;
  readonly stream: string;
  readonly type: string;
  readonly reason: string;
  readonly state: ParkedStep['state'];
}

export class PostgresParkedSteps implements ParkedSteps {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async park({ process, at, stream, type, reason, state }: ParkedStep, fence?: Fence): Promise<void> {
    await this.#query(
      `insert into waarborg.parked_steps (process, position, store, epoch, stream, type, reason, state)
       select $1, $2, $3, $4, $5, $6, $7, $8 from waarborg.demand_fence($9, $10)
       on conflict (process, position) do update set store = excluded.store, epoch = excluded.epoch,
         stream = excluded.stream, type = excluded.type, reason = excluded.reason, state = excluded.state`,
      [process, at.position, at.store, at.epoch, stream, type, reason, state, ...fenceValues(fence)],
      fence,
    );
  }

  async list(process?: string): Promise<readonly ParkedStep[]> {
    const rows = await this.#query<ParkedRow>(
      `select process, position, store, epoch, stream, type, reason, state from waarborg.parked_steps
       where $1::text is null or process = $1 order by process collate "C", position`,
      [process ?? null],
    );
    return rows.map(({ position, store, epoch, stream, ...row }) => ({
      ...row,
      at: { store, epoch, position: BigInt(position) },
      stream: stream as StreamId,
    }));
  }

  async release(process: string, position: bigint): Promise<boolean> {
    const released = await this.#query(
      `update waarborg.parked_steps set state = 'released'
       where process = $1 and position = $2 and state = 'failed' returning position`,
      [process, position],
    );
    return released.length === 1;
  }

  async remove(process: string, position: bigint, fence?: Fence): Promise<boolean> {
    const removed = await this.#query(
      `delete from waarborg.parked_steps using waarborg.demand_fence($3, $4)
       where process = $1 and position = $2 returning position`,
      [process, position, ...fenceValues(fence)],
      fence,
    );
    return removed.length === 1;
  }

  async #query<Row extends object>(text: string, values: unknown[], fence?: Fence): Promise<Row[]> {
    try {
      return (await withClient(this.#pool, ANSWER_LIMIT, (client) => client.query<Row>(text, values))).rows;
    } catch (error) {
      throw asUnavailable(asFenced(error, fence));
    }
  }
}
