import type { Pool } from 'pg';
import { placeAt, type RecordPlace, type RecordToAppend } from '#libs/eventing';
import { instantFromEpoch } from '#libs/kernel';
import { AppendConnection } from './append-connection.js';
import type { BatchWriter, Outcome } from './coalescer.js';
import type { LineageOfDatabase } from './lineage-of-database.js';
import { textArray } from './text-array.js';

export interface RecordAppend {
  readonly record: RecordToAppend;
  readonly bytes: number;
}

interface PlaceRow {
  readonly position: string;
  readonly recorded_at: string;
  readonly lease_until: string | null;
}

const APPEND = {
  name: 'waarborg-append-leased-records',
  text: 'select * from waarborg.append_records_behind($1, $2, $3, $4, $5, $6, $7, $8, $9)',
};

/** A lease whose row still stands stood as well when the record was written: a stretch never comes back. */
const LOOK_UP = `
  select p.id, p.position, p.recorded_at, floor(extract(epoch from d.lease_until) * 1000)::bigint as lease_until
  from unnest($1::uuid[], $2::text[], $3::uuid[]) as asked(id, instance, stretch)
  join waarborg.record_places p on p.id = asked.id
  left join waarborg.decision_instances d on d.instance = asked.instance and d.stretch = asked.stretch`;

const placeOf = (row: PlaceRow): RecordPlace => ({
  position: BigInt(row.position),
  recordedAt: instantFromEpoch(Number(row.recorded_at)),
  ...(row.lease_until === null ? {} : { leaseUntil: instantFromEpoch(Number(row.lease_until)) }),
});

const leasesOf = (records: readonly RecordToAppend[]): readonly (string | null)[][] => [
  records.map(({ lease }) => lease?.instance ?? null),
  records.map(({ lease }) => lease?.stretch ?? null),
];

/** Writes batches of records to the record log. */
export class RecordAppender implements BatchWriter<RecordAppend, RecordPlace> {
  readonly #connection: AppendConnection;
  readonly #lineage: LineageOfDatabase;

  constructor(pool: Pool, resolveMilliseconds: number, lineage: LineageOfDatabase) {
    this.#connection = new AppendConnection(pool, resolveMilliseconds, lineage.process);
    this.#lineage = lineage;
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

  async write(appends: readonly RecordAppend[]): Promise<readonly Outcome<RecordPlace>[]> {
    const records = appends.map(({ record }) => record);
    const columns = [
      records.map(({ id }) => id),
      records.map(({ kind }) => kind),
      textArray(records.map(({ bytes }) => bytes)),
      ...leasesOf(records),
    ];
    const { rows } = await this.#connection
      .run((client) =>
        client.query<PlaceRow & { nr: number }>({ ...APPEND, values: [...this.#lineage.known(), ...columns] }),
      )
      .catch((error: unknown) => {
        throw this.#lineage.translated(error);
      });
    const byNumber = new Map(rows.map((row) => [row.nr, placeOf(row)]));
    return records.map(({ id }, index) => ({ answer: this.#seen(id, byNumber.get(index + 1)!) }));
  }

  async lookUp(appends: readonly RecordAppend[]): Promise<readonly (RecordPlace | undefined)[]> {
    const records = appends.map(({ record }) => record);
    const { rows } = await this.#connection
      .afterLoss(async (client) => {
        await client.query('select waarborg.demand_lineage($1, $2, $3, $4)', [...this.#lineage.known()]);
        return client.query<PlaceRow & { id: string }>(LOOK_UP, [records.map(({ id }) => id), ...leasesOf(records)]);
      })
      .catch((error: unknown) => {
        throw this.#lineage.translated(error);
      });
    const byId = new Map(rows.map((row) => [row.id, this.#seen(row.id, placeOf(row))]));
    return records.map(({ id }) => byId.get(id));
  }

  #seen(id: string, place: RecordPlace): RecordPlace {
    this.#lineage.saw('records', placeAt({ ...place, id }));
    return place;
  }

  close(): void {
    this.#connection.close();
  }
}
