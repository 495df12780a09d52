import {
  CheckpointMoved,
  isServed,
  type CatchUp,
  type Checkpoint,
  type ColumnValue,
  type Condition,
  type OpenedTable,
  type Projection,
  type ProjectionStore,
  type Query,
  type Row,
  type TableDeclaration,
} from '#libs/eventing';
import { sameCheckpoint } from './memory-checkpoint-store.js';

interface Table {
  readonly name: string;
  readonly version: number;
  readonly declaration: TableDeclaration;
  readonly rows: Map<string, Row>;
  readonly checkpoint: Checkpoint | undefined;
  /** The processes that have it in use. */
  readonly users: Set<MemoryProjectionStore>;
}

/** The tables that several processes have in common, by name and version. */
export type MemoryTables = Map<string, Table>;

const idOf = ({ name, version }: Pick<Projection, 'name' | 'version'>): string => `${name}@${version}`;

/** Read models for as long as their tables live. Rows are copied on their way in and out, as a database would. */
export class MemoryProjectionStore implements ProjectionStore {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables = new Map()) {
    this.#tables = tables;
  }

  async open(projection: Projection): Promise<OpenedTable> {
    const { name, version, table: declaration } = projection;
    const table = this.#tables.get(idOf(projection)) ?? {
      ...{ name, version, declaration, rows: new Map<string, Row>(), checkpoint: undefined, users: new Set() },
    };
    table.users.add(this);
    this.#tables.set(idOf(projection), table);
    const earlier = this.#earlier(projection)
      .flatMap(({ version: made, declaration: as, checkpoint }) =>
        checkpoint === undefined ? [] : [{ version: made, table: as, checkpoint }],
      )
      .sort((a, b) => b.version - a.version);
    const outdated = JSON.stringify(table.declaration) !== JSON.stringify(declaration);
    return { checkpoint: table.checkpoint, outdated, earlier };
  }

  async checkpoint(projection: Projection): Promise<Checkpoint | undefined> {
    return this.#tables.get(idOf(projection))?.checkpoint;
  }

  async leave(projection: Projection): Promise<void> {
    this.#tables.get(idOf(projection))?.users.delete(this);
  }

  async retire(projection: Projection): Promise<boolean> {
    for (const table of this.#earlier(projection)) if (table.users.size === 0) this.#tables.delete(idOf(table));
    return this.#earlier(projection).length === 0;
  }

  /** This process ends. */
  close(): void {
    for (const { users } of this.#tables.values()) users.delete(this);
  }

  #earlier({ name, version }: Projection): readonly Table[] {
    return [...this.#tables.values()].filter((table) => table.name === name && table.version < version);
  }

  async load<R extends Row>(projection: Projection<R>, keys: readonly string[]): Promise<ReadonlyMap<string, R>> {
    const { rows } = this.#table(projection);
    return new Map(
      keys.flatMap((key) => {
        const row = rows.get(key);
        return row === undefined ? [] : [[key, structuredClone(row) as R] as const];
      }),
    );
  }

  async commit<R extends Row>(
    projection: Projection<R>,
    changes: ReadonlyMap<string, R | undefined>,
    from: Checkpoint | undefined,
    to: Checkpoint,
  ): Promise<void> {
    const table = this.#tables.get(idOf(projection));
    const written = new Map([...changes].map(([key, row]) => [key, row && asStored(projection.table, key, row)]));
    if (table === undefined || !sameCheckpoint(table.checkpoint, from))
      throw new CheckpointMoved(`checkpoint of ${projection.name} moved`);
    for (const [key, row] of written) {
      if (row === undefined) table.rows.delete(key);
      else table.rows.set(key, row);
    }
    this.#tables.set(idOf(projection), { ...table, checkpoint: to });
  }

  async replace<R extends Row>(
    projection: Projection<R>,
    rows: AsyncIterable<R> | Iterable<R>,
    checkpoint: Checkpoint,
    catchUp?: CatchUp<R>,
  ): Promise<void> {
    const fresh = new Map<string, Row>();
    for await (const row of rows) {
      const key = String(row[projection.table.key]);
      if (fresh.has(key)) throw new Error(`two rows of ${projection.name} have the key ${key}`);
      fresh.set(key, asStored(projection.table, key, row));
    }
    let reached = checkpoint;
    // Nothing can move while nothing is awaited; after every catching up it is looked at again.
    for (;;) {
      const live = this.#tables.get(idOf(projection))?.checkpoint;
      const isAhead = live?.store === reached.store && live.epoch === reached.epoch && live.position > reached.position;
      if (!isAhead) break;
      if (catchUp === undefined) throw new CheckpointMoved(`${projection.name} is beyond what would replace it`);
      const { changes, position, event } = await catchUp(live.position);
      for (const [key, row] of changes) {
        if (row === undefined) fresh.delete(key);
        else fresh.set(key, asStored(projection.table, key, row));
      }
      reached = { store: reached.store, epoch: reached.epoch, position, ...(event === undefined ? {} : { event }) };
      // The log ends here: the live table claims more than there is.
      if (position < live.position) break;
    }
    const { name, version, table: declaration } = projection;
    const { users = new Set<MemoryProjectionStore>() } = this.#tables.get(idOf(projection)) ?? {};
    this.#tables.set(idOf(projection), { name, version, declaration, rows: fresh, checkpoint: reached, users });
  }

  async find<R extends Row>(projection: Projection<R>, key: string): Promise<R | undefined> {
    return (await this.load(projection, [key])).get(key);
  }

  async search<R extends Row>(projection: Projection<R>, query: Query): Promise<readonly R[]> {
    const { table } = projection;
    refuseWithoutIndex(table, query);
    const orderOf = (row: Row): bigint => row[table.newestFirst] as bigint;
    const keyOf = (row: Row): string => row[table.key] as string;
    const { after } = query;
    return [...this.#table(projection).rows.values()]
      .filter((row) => query.where.every((condition) => meets(row[condition.column], condition)))
      .filter(
        (row) =>
          after === undefined || orderOf(row) < after.order || (orderOf(row) === after.order && keyOf(row) < after.key),
      )
      .sort((a, b) => descending(orderOf(a), orderOf(b)) || descending(keyOf(a), keyOf(b)))
      .slice(0, query.limit)
      .map((row) => structuredClone(row) as R);
  }

  async searchColumns<R extends Row, Column extends keyof R & string>(
    projection: Projection<R>,
    columns: readonly Column[],
    query: Query,
  ): Promise<readonly Pick<R, Column>[]> {
    const rows = await this.search(projection, query);
    return rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])) as Pick<R, Column>);
  }

  async snapshot<R extends Row>(
    projection: Projection<R>,
  ): Promise<{ rows: readonly R[]; checkpoint: Checkpoint | undefined }> {
    const { rows, checkpoint } = this.#table(projection);
    return { rows: [...rows.values()].map((row) => structuredClone(row) as R), checkpoint };
  }

  #table(projection: Pick<Projection, 'name' | 'version'>): Table {
    const table = this.#tables.get(idOf(projection));
    if (table === undefined) throw new Error(`projection ${idOf(projection)} has not been opened`);
    return table;
  }
}

const descending = <T extends bigint | string>(a: T, b: T): number => (a > b ? -1 : a < b ? 1 : 0);

/** A column that is left out is null, as in a database. */
function asStored(table: TableDeclaration, key: string, row: Row): Row {
  const unknown = Object.keys(row).filter((column) => !(column in table.columns));
  if (unknown.length > 0) throw new Error(`${table.name} declares no column ${unknown.join(', ')}`);
  if (row[table.key] !== key) throw new Error(`row of ${table.name} under key ${key} says ${String(row[table.key])}`);
  if (typeof row[table.newestFirst] !== 'bigint') throw new Error(`${table.name}.${table.newestFirst} is no bigint`);
  return structuredClone(
    Object.fromEntries(Object.keys(table.columns).map((column) => [column, row[column] ?? null])) as Row,
  );
}

/** The same refusal as the durable adapter's: a search without an index works in a test and fails with a million rows. */
function refuseWithoutIndex(table: TableDeclaration, { where }: Query): void {
  if (!isServed(table, where))
    throw new Error(`no index of ${table.name} serves ${where.map(({ column }) => column).join(', ')}`);
}

function meets(value: ColumnValue, condition: Condition): boolean {
  if (value === null || value === undefined) return condition.is === 'within';
  switch (condition.is) {
    case 'equal':
      return value === condition.value;
    case 'one-of':
      return condition.values.includes(value);
    case 'containing':
      return Array.isArray(value) && value.includes(condition.value);
    case 'within':
      return Array.isArray(value) && value.every((one) => condition.values.includes(one as string));
    case 'from':
      return (value as string | bigint | number) >= condition.value;
    case 'before':
      return (value as string | bigint | number) < condition.value;
  }
}
