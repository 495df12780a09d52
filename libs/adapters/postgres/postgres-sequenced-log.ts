import type { Pool } from 'pg';
import {
  CheckpointLost,
  CheckpointMoved,
  type Checkpoint,
  type CosignedCheckpoint,
  type Fence,
  type GivenIndex,
  type KeptRecord,
  type RecordToSequence,
  type SequencedEntry,
  type SequencedLog,
  type SignedCheckpoint,
} from '#libs/eventing';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';
import { asFenced, fenceValues } from './fence.js';
import { byteaArray, textArray } from './text-array.js';

/** All that was published since a backup at once (milliseconds). */
const ADOPT_LIMIT = 600_000;

/** Migrations 14 and 15: each effect is one statement, so that a process that is paused never keeps its transaction open. */
export class PostgresSequencedLog implements SequencedLog {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async sequence(
    feed: string,
    from: Checkpoint | undefined,
    to: Checkpoint,
    records: readonly RecordToSequence[],
    fence: Fence,
    signed?: Pick<SignedCheckpoint, 'size' | 'root'>,
  ): Promise<number> {
    // In one statement, and so on one server: another one may have taken over without the last rows.
    const [row] = await this.#query<{ size: string | null }>(
      `select waarborg.sequence_records(
         $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) as size
       where $17::bigint is null or exists (select from waarborg.log_checkpoints where size = $17 and root = $18)`,
      [
        ...[feed, to.store, to.epoch, to.position, to.event],
        ...[from?.store, from?.epoch, from?.position, from?.event],
        ...fenceValues(fence),
        records.map(({ id }) => id),
        byteaArray(records.map(({ content }) => content)),
        byteaArray(records.map(({ salt }) => salt)),
        textArray(records.map(({ record }) => record)),
        byteaArray(records.map(({ entry }) => entry)),
        ...[signed?.size, signed?.root],
      ],
      fence,
    );
    if (row === undefined) throw new CheckpointLost(signed!.size);
    if (row.size === null) throw new CheckpointMoved(`the checkpoint of ${feed} is not where it was`);
    return Number(row.size);
  }

  async size(): Promise<number> {
    const [row] = await this.#query<{ size: string }>(
      'select coalesce(max(index) + 1, 0) as size from waarborg.log_entries',
    );
    return Number(row!.size);
  }

  async entries(from: number, to: number): Promise<readonly Uint8Array[]> {
    // As one value: of so small rows most of the time would go to taking them apart.
    const [row] = await this.#query<{ bytes: Buffer | null }>(
      `select string_agg(int4send(length(entry)) || entry, ''::bytea order by index) as bytes
       from waarborg.log_entries where index >= $1 and index < $2`,
      [from, to],
    );
    const bytes = row?.bytes ?? Buffer.alloc(0);
    const entries: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      const end = at + 4 + bytes.readInt32BE(at);
      entries.push(bytes.subarray(at + 4, end));
      at = end;
    }
    return entries;
  }

  async at(index: number): Promise<SequencedEntry | undefined> {
    const [row] = await this.#query<{
      entry: Buffer;
      record_id: string | null;
      salt: Buffer | null;
      record: string | null;
    }>(
      `select e.entry, e.record_id, r.salt, r.record
       from waarborg.log_entries e left join waarborg.log_records r on r.index = e.index where e.index = $1`,
      [index],
    );
    if (row === undefined) return undefined;
    const { entry, record_id: id, salt, record } = row;
    return {
      entry,
      ...(id === null ? {} : { id }),
      ...(salt === null || record === null ? {} : { kept: { salt, record } }),
    };
  }

  async indexOf(id: string): Promise<number | undefined> {
    const [row] = await this.#query<{ index: string | null }>(
      `select max(e.index) as index
       from waarborg.log_entries e join waarborg.log_records r on r.index = e.index where e.record_id = $1`,
      [id],
    );
    return row!.index === null ? undefined : Number(row!.index);
  }

  async kept(from: number, to: number): Promise<readonly KeptRecord[]> {
    const rows = await this.#query<{ index: string; salt: Buffer; record: string }>(
      'select index, salt, record from waarborg.log_records where index >= $1 and index < $2 order by index',
      [from, to],
    );
    return rows.map((row) => ({ ...row, index: Number(row.index) }));
  }

  async indexesOf(ids: readonly string[]): Promise<readonly GivenIndex[]> {
    const rows = await this.#query<{ index: string; id: string; kept: boolean }>(
      `select e.index, e.record_id as id, r.index is not null as kept
       from waarborg.log_entries e left join waarborg.log_records r on r.index = e.index
       where e.record_id = any($1::uuid[]) order by e.index`,
      [ids],
    );
    return rows.map((row) => ({ ...row, index: Number(row.index) }));
  }

  async destroy(indexes: readonly number[]): Promise<void> {
    await this.#query('delete from waarborg.log_records where index = any($1::bigint[])', [indexes]);
  }

  async newest(): Promise<SignedCheckpoint | undefined> {
    const [row] = await this.#query<{ size: string; root: Buffer; note: string }>(
      'select size, root, note from waarborg.log_checkpoints order by size desc limit 1',
    );
    return row && { ...row, size: Number(row.size) };
  }

  async store({ size, root, note }: SignedCheckpoint, from: number, fence: Fence): Promise<void> {
    const [row] = await this.#query<{ stored: boolean }>(
      'select waarborg.store_log_checkpoint($1, $2, $3, $4, $5, $6) as stored',
      [from, size, root, note, ...fenceValues(fence)],
      fence,
    );
    if (!row!.stored) throw new CheckpointMoved(`a checkpoint of ${size} entries is not the next behind ${from}`);
  }

  async cosigned(): Promise<CosignedCheckpoint | undefined> {
    const [row] = await this.#query<{ size: string; note: string }>('select size, note from waarborg.log_cosigned');
    return row && { ...row, size: Number(row.size) };
  }

  async keepCosigned({ size, note }: CosignedCheckpoint): Promise<boolean> {
    const rows = await this.#query(
      `insert into waarborg.log_cosigned as kept (size, note)
       select $1, $2 where exists (select from waarborg.log_checkpoints where size = $1)
       on conflict (one) do update set size = excluded.size, note = excluded.note where kept.size <= excluded.size
       returning size`,
      [size, note],
    );
    return rows.length > 0;
  }

  async adopt(entries: readonly Uint8Array[], from: number, { size, root, note }: SignedCheckpoint): Promise<void> {
    const [row] = await this.#query<{ adopted: boolean }>(
      'select waarborg.adopt_log_entries($1, $2, $3, $4, $5) as adopted',
      [from, entries, size, root, note],
      undefined,
      ADOPT_LIMIT,
    );
    if (!row!.adopted)
      throw new CheckpointMoved(`there are not ${from} entries, or a later checkpoint than of ${size}`);
  }

  async #query<Row extends object>(
    text: string,
    values: unknown[] = [],
    fence?: Fence,
    milliseconds = ANSWER_LIMIT,
  ): Promise<Row[]> {
    try {
      return (await withClient(this.#pool, milliseconds, (client) => client.query<Row>(text, values))).rows;
    } catch (error) {
      throw asUnavailable(asFenced(error, fence));
    }
  }
}
