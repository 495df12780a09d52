import type { Pool } from 'pg';
import type { RecordToAppend } from '#libs/eventing';
import { instantFromEpoch, type Instant } from '#libs/kernel';
import { AppendConnection } from './append-connection.js';
import type { BatchWriter, Outcome } from './coalescer.js';

export interface RecordAppend {
  readonly record: RecordToAppend;
  readonly bytes: number;
}

export interface RecordPlace {
  readonly position: bigint;
  readonly recordedAt: Instant;
}

const APPEND = { name: 'waarborg-append-records', text: 'select * from waarborg.append_records($1, $2, $3)' };

const placeOf = (row: { readonly position: string; readonly recorded_at: string }): RecordPlace => ({
  position: BigInt(row.position),
  recordedAt: instantFromEpoch(Number(row.recorded_at)),
});

/** Writes batches of records to the record log. */
export class RecordAppender implements BatchWriter<RecordAppend, RecordPlace> {
  readonly #connection: AppendConnection;

  constructor(pool: Pool, resolveMilliseconds: number) {
    this.#connection = new AppendConnection(pool, resolveMilliseconds);
  }

  keysOf({ record }: RecordAppend): readonly string[] {
    return [record.id];
  }

  rowsOf(): number {
    return 1;
  }

  bytesOf({ bytes }: RecordAppend): number {
    return bytes;
  }

  write(appends: readonly RecordAppend[]): Promise<readonly Outcome<RecordPlace>[]> {
    return this.#connection.run(async (client) => {
      const records = appends.map(({ record }) => record);
      const { rows } = await client.query<{ nr: number; position: string; recorded_at: string }>({
        ...APPEND,
        values: [records.map(({ id }) => id), records.map(({ kind }) => kind), records.map(({ bytes }) => bytes)],
      });
      const byNumber = new Map(rows.map((row) => [row.nr, placeOf(row)]));
      return appends.map((_, index) => ({ answer: byNumber.get(index + 1)! }));
    });
  }

  async lookUp(appends: readonly RecordAppend[]): Promise<readonly (RecordPlace | undefined)[]> {
    const { rows } = await this.#connection.afterLoss((client) =>
      client.query<{ id: string; position: string; recorded_at: string }>(
        'select id, position, recorded_at from waarborg.record_places where id = any($1)',
        [appends.map(({ record }) => record.id)],
      ),
    );
    const byId = new Map(rows.map((row) => [row.id, placeOf(row)]));
    return appends.map(({ record }) => byId.get(record.id));
  }

  close(): void {
    this.#connection.close();
  }
}
