import type { Pool } from 'pg';
import type { DueItem, DueWork, DueWorkFigures, Fence, ItemKey, KeptItem, Reactions } from '#libs/eventing';
import { canonicalJson, epochOf, instantFromEpoch, type Instant, type JsonValue, type StreamId } from '#libs/kernel';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';
import { asFenced, fenceValues } from './fence.js';

interface ItemRow {
  readonly kind: string;
  readonly id: string;
  readonly lane: string;
  readonly group_name: string;
  readonly place: string;
  readonly due_at: string;
  readonly since: string;
  readonly payload: string;
  readonly state: KeptItem['state'];
  readonly attempts: number;
  readonly reason: string | null;
  readonly ended_at: string | null;
}

/** Of a bigint: no item stands behind it. */
const LAST_PLACE = 2n ** 63n - 1n;

/** One row for each item (migration 11); what changes several is one function of the database. */
export class PostgresDueWork implements DueWork, Reactions {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async enqueue(items: readonly DueItem[], fence?: Fence): Promise<void> {
    if (items.length === 0 && fence === undefined) return;
    await this.#query(
      'select waarborg.enqueue_due($1, $2, $3, $4, $5, $6, $7, $8)',
      [...columnsOf(items), ...fenceValues(fence)],
      fence,
    );
  }

  async take(
    reaction: string,
    { stream, epoch, position }: { readonly stream: StreamId; readonly epoch: number; readonly position: bigint },
    items: readonly DueItem[],
  ): Promise<boolean> {
    return this.#answer('select waarborg.take_reaction($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as answer', [
      ...[reaction, stream, epoch, position],
      ...columnsOf(items),
    ]);
  }

  async due(kind: string, now: Instant, limit: number, perLane = limit): Promise<readonly KeptItem[]> {
    const rows = await this.#query<ItemRow>('select * from waarborg.due_items($1, $2, $3, $4)', [
      ...[kind, epochOf(now), limit, perLane],
    ]);
    return rows.map(itemOf);
  }

  async done(item: ItemKey, at: Instant, fence?: Fence): Promise<boolean> {
    return this.#end(item, 'done', at, fence);
  }

  async drop(item: ItemKey, at: Instant): Promise<boolean> {
    return this.#end(item, 'dropped', at);
  }

  async again(item: ItemKey, dueAt: Instant, reason: string, fence?: Fence): Promise<boolean> {
    return this.#putOff(item, epochOf(dueAt), reason, fence);
  }

  async explain({ kind, id }: ItemKey, reason: string): Promise<boolean> {
    const explained = await this.#query(
      `update waarborg.due_work set reason = $3 where kind = $1 and id = $2 and state = 'waiting' returning id`,
      [kind, id, reason],
    );
    return explained.length === 1;
  }

  async park(item: ItemKey, reason: string, fence?: Fence): Promise<boolean> {
    return this.#putOff(item, null, reason, fence);
  }

  async release({ kind, id }: ItemKey, at: Instant): Promise<boolean> {
    const released = await this.#query(
      `update waarborg.due_work set state = 'waiting', due_at = $3, since = $3, attempts = 0
       where kind = $1 and id = $2 and state = 'parked' returning id`,
      [kind, id, epochOf(at)],
    );
    return released.length === 1;
  }

  async find({ kind, id }: ItemKey): Promise<KeptItem | undefined> {
    const [row] = await this.#query<ItemRow>('select * from waarborg.due_work where kind = $1 and id = $2', [kind, id]);
    return row && itemOf(row);
  }

  async list(
    kind: string,
    lane: string,
    limit: number,
    { state, before }: { readonly state?: KeptItem['state']; readonly before?: bigint } = {},
  ): Promise<readonly KeptItem[]> {
    const rows = await this.#query<ItemRow>(
      `select * from waarborg.due_work where kind = $1 and lane = $2 and place < $4
       ${state === undefined ? '' : 'and state = $5'} order by place desc limit $3`,
      [kind, lane, limit, before ?? LAST_PLACE, ...(state === undefined ? [] : [state])],
    );
    return rows.map(itemOf);
  }

  async parked(kind: string, limit: number, after = 0n): Promise<readonly KeptItem[]> {
    const rows = await this.#query<ItemRow>(
      `select * from waarborg.due_work where kind = $1 and state = 'parked' and place > $3 order by place limit $2`,
      [kind, limit, after],
    );
    return rows.map(itemOf);
  }

  async figures(kind: string): Promise<DueWorkFigures> {
    const [row] = await this.#query<{ waiting: string; parked: string; oldest: string | null }>(
      `select (select count(*) from waarborg.due_work where kind = $1 and state = 'waiting') as waiting,
              (select count(*) from waarborg.due_work where kind = $1 and state = 'parked') as parked,
              (select min(since) from waarborg.due_work where kind = $1 and state = 'waiting') as oldest`,
      [kind],
    );
    const { waiting, parked, oldest } = row!;
    return {
      waiting: Number(waiting),
      parked: Number(parked),
      ...(oldest === null ? {} : { oldest: instantFromEpoch(Number(oldest)) }),
    };
  }

  async prune(kind: string, before: Instant): Promise<void> {
    await this.#query('delete from waarborg.due_work where kind = $1 and ended_at < $2', [kind, epochOf(before)]);
  }

  async #end({ kind, id }: ItemKey, state: 'done' | 'dropped', at: Instant, fence?: Fence): Promise<boolean> {
    const values = [kind, id, state, epochOf(at), ...fenceValues(fence)];
    return this.#answer('select waarborg.end_due($1, $2, $3, $4, $5, $6) as answer', values, fence);
  }

  async #putOff({ kind, id }: ItemKey, dueAt: number | null, reason: string, fence?: Fence): Promise<boolean> {
    const values = [kind, id, dueAt, reason, ...fenceValues(fence)];
    return this.#answer('select waarborg.put_off_due($1, $2, $3, $4, $5, $6) as answer', values, fence);
  }

  async #answer(text: string, values: unknown[], fence?: Fence): Promise<boolean> {
    const [row] = await this.#query<{ answer: boolean }>(text, values, fence);
    return row!.answer;
  }

  async #query<Row extends object>(text: string, values: unknown[], fence?: Fence): Promise<Row[]> {
    try {
      return (await withClient(this.#pool, ANSWER_LIMIT, (client) => client.query<Row>(text, values))).rows;
    } catch (error) {
      throw asUnavailable(asFenced(error, fence));
    }
  }
}

const columnsOf = (items: readonly DueItem[]): readonly unknown[] => [
  items.map(({ kind }) => kind),
  items.map(({ id }) => id),
  items.map(({ lane }) => lane ?? ''),
  items.map(({ group }) => group),
  items.map(({ dueAt }) => epochOf(dueAt)),
  items.map(({ payload }) => canonicalJson(payload)),
];

const itemOf = (row: ItemRow): KeptItem => ({
  kind: row.kind,
  id: row.id,
  lane: row.lane,
  group: row.group_name,
  place: BigInt(row.place),
  dueAt: instantFromEpoch(Number(row.due_at)),
  since: instantFromEpoch(Number(row.since)),
  payload: JSON.parse(row.payload) as JsonValue,
  state: row.state,
  attempts: row.attempts,
  ...(row.reason === null ? {} : { reason: row.reason }),
  ...(row.ended_at === null ? {} : { endedAt: instantFromEpoch(Number(row.ended_at)) }),
});
