import { escapeIdentifier, types, type Pool, type PoolClient } from 'pg';
import {
  CheckpointMoved,
  StoreUnavailable,
  type CatchUp,
  type Checkpoint,
  type EarlierTable,
  type OpenedTable,
  type Projection,
  type ProjectionStore,
  type Query,
  type Row,
  type TableDeclaration,
} from '#libs/eventing';
import { ANSWER_LIMIT, giveBack, inTransaction, take, withClient } from './connections.js';
import { asUnavailable, isRefusal } from './errors.js';
import { GatheredReads, type GatheredReadsLimits } from './gathered-reads.js';
import { SEARCH_LIMIT, type Pools } from './pools.js';
import {
  removeLeftover,
  replacementLock,
  replaceTable,
  type Settling,
  type SwapLimits,
} from './read-model-replacement.js';
import { searchStatement } from './read-model-search.js';
import * as tables from './read-model-table.js';
import { TablesInUse, useLock } from './tables-in-use.js';
import { Turns, type TurnLimits } from './turns.js';

const { columnList, columnName, columnsOf, tableName, tableOf } = tables;

/** Rows of one statement of a commit. */
const COMMIT_ROWS = 5_000;
/** Longest wait for the lock of a replacement: whoever opens the read model has it for a moment. */
const LOCK_PATIENCE = '2s';
/** A page of changes may be large, and a snapshot is the whole table (milliseconds). */
const LONG_LIMIT = 10 * 60_000;
/** A read model that is locked takes some of the connections for searches, and not all. */
const SEARCH_TURNS: TurnLimits = { atOnce: 3, waiting: 100, patience: SEARCH_LIMIT };
const THERE_LIMITS: GatheredReadsLimits = { statements: 1, keys: 100, milliseconds: ANSWER_LIMIT };
const SWAP_LIMITS: SwapLimits = { statement: 30_000, idle: 30_000 };

const ROW_TYPES = tables.rowTypes(types.getTypeParser(1009 as never) as (text: string) => unknown);

/** A reader in a table that is of no use any more makes its drop wait for the next look. */
const DROP_PATIENCE = '2s';

interface ReadModel {
  readonly version: number;
  readonly declaration: string;
  readonly store: string | null;
  readonly epoch: number | null;
  readonly position: string | null;
  readonly event: string | null;
}

type StoredCheckpoint = Pick<ReadModel, 'store' | 'epoch' | 'position' | 'event'>;

const checkpointOf = ({ store, epoch, position, event }: StoredCheckpoint): Checkpoint | undefined =>
  store === null || epoch === null || position === null
    ? undefined
    : { store, epoch, position: BigInt(position), ...(event === null ? {} : { event }) };

/** Under which a version's checkpoint stands; no name of a read model has that sign in it. */
const idOf = ({ name, version }: Pick<Projection<never>, 'name' | 'version'>): string => `${name}@${version}`;

/** Read models as tables of the schema `read_model`, one of each version; their checkpoints in `waarborg.read_models`. */
export class PostgresProjectionStore implements ProjectionStore {
  readonly #pools: Pick<Pools, 'models' | 'searches'>;
  readonly #turns = new Turns(SEARCH_TURNS);
  readonly #inUse: TablesInUse;
  readonly #swapLimits: SwapLimits;
  /** What is there of read models that are opened, or retired, in the same turn: dozens, when a process starts. */
  readonly #there = new GatheredReads<Projection, There>((projections) => this.#lookAt(projections), THERE_LIMITS);

  constructor(pools: Pick<Pools, 'models' | 'searches'>, swapLimits = SWAP_LIMITS) {
    this.#pools = pools;
    this.#swapLimits = swapLimits;
    this.#inUse = new TablesInUse(pools.models);
  }

  async open(projection: Projection): Promise<OpenedTable> {
    const { name, version } = projection;
    const [id, table] = [idOf(projection), tableOf(projection)];
    tables.checkDeclaration(table);
    // Before it is looked for: nobody drops it from here on.
    await asPort(this.#inUse.use(id));
    const there = await asPort(this.#there.read(projection));
    if (there?.own !== undefined && !there.unsettled) return openedTable(projection, there.own, there.earlier);
    return asPort(
      inTransaction(this.#pools.models, LONG_LIMIT, 'begin', async (client) => {
        // Several processes may open the same read model at once.
        await client.query(openingLock, [name]);
        await takeOverUnversioned(client, name);
        await removeLeftover(client, id, table);
        const declaration = JSON.stringify(projection.table);
        const added = await client.query(
          `insert into waarborg.read_models (name, table_name, version, declaration) values ($1, $2, $3, $4)
           on conflict (name) do nothing`,
          [id, table.name, version, declaration],
        );
        if (added.rowCount === 1) {
          await client.query(tables.createTable(tableName(table), table));
          for (const statement of tables.createIndexes(tableName(table), table)) await client.query(statement);
        }
        return openedTable(projection, await readModel(client, id), await earlierOf(client, projection));
      }),
    );
  }

  async checkpoint(projection: Projection): Promise<Checkpoint | undefined> {
    const text = 'select store, epoch, position, event from waarborg.read_models where name = $1';
    const { rows } = await asPort(
      withClient(this.#pools.models, ANSWER_LIMIT, (client) =>
        client.query<StoredCheckpoint>(text, [idOf(projection)]),
      ),
    );
    return rows[0] === undefined ? undefined : checkpointOf(rows[0]);
  }

  async leave(projection: Projection): Promise<void> {
    await asPort(this.#inUse.leave(idOf(projection)));
  }

  async retire(projection: Projection): Promise<boolean> {
    if ((await asPort(this.#there.read(projection)))?.earlier.length === 0) return true;
    return asPort(
      inTransaction(this.#pools.models, LONG_LIMIT, 'begin', async (client) => {
        await client.query(openingLock, [projection.name]);
        await client.query(`set local lock_timeout = '${DROP_PATIENCE}'`);
        const earlier = await earlierOf(client, projection);
        let left = earlier.length;
        for (const { name, table } of earlier) {
          const { key, values } = useLock(name);
          const { rows } = await client.query<{ free: boolean }>(`select pg_try_advisory_xact_lock(${key}) as free`, [
            ...values,
          ]);
          if (rows[0]?.free !== true) continue;
          await dropTable(client, name, table);
          left -= 1;
        }
        return left === 0;
      }),
    );
  }

  async #lookAt(projections: readonly Projection[]): Promise<ReadonlyMap<Projection, There>> {
    const shadows = projections.map((projection) => tables.shadowName(tableOf(projection)));
    const { models, leftover } = await withClient(this.#pools.models, ANSWER_LIMIT, async (client) => ({
      models: await client.query<NamedReadModel>(
        `${NAMED} where split_part(name, '@', 1) = any($1::text[]) order by version desc`,
        [projections.map(({ name }) => name)],
      ),
      leftover: await client.query<{ shadow: string }>(
        'select shadow from unnest($1::text[]) as looked_for(shadow) where to_regclass(shadow) is not null',
        [shadows],
      ),
    }));
    const left = new Set(leftover.rows.map(({ shadow }) => shadow));
    const byName = new Map(models.rows.map((model) => [model.name, model]));
    const earlierThan = ({ name, version }: Projection): readonly NamedReadModel[] =>
      models.rows.filter((model) => model.version < version && model.name === idOf({ name, version: model.version }));
    return new Map(
      projections.map((projection, index) => [
        projection,
        {
          own: byName.get(idOf(projection)),
          earlier: earlierThan(projection),
          unsettled: byName.has(projection.name) || left.has(shadows[index]!),
        },
      ]),
    );
  }

  /** This process has no table in use any more. */
  close(): Promise<void> {
    return this.#inUse.close();
  }

  async load<R extends Row>(projection: Projection<R>, keys: readonly string[]): Promise<ReadonlyMap<string, R>> {
    const table = tableOf(projection);
    const rows = await this.#rows<R>(this.#pools.models, table, byKeys(table), [keys]);
    return new Map(rows.map((row) => [row[table.key] as string, row]));
  }

  async commit<R extends Row>(
    projection: Projection<R>,
    changes: ReadonlyMap<string, R | undefined>,
    from: Checkpoint | undefined,
    to: Checkpoint,
  ): Promise<void> {
    const table = tableOf(projection);
    const written = textRows(table, changes);
    await asPort(
      inTransaction(this.#pools.models, LONG_LIMIT, 'begin', async (client) => {
        const moved = await client.query(
          `update waarborg.read_models set store = $2, epoch = $3, position = $4, event = $5
           where name = $1
             and (store, epoch, position, event) is not distinct from ($6::text, $7::integer, $8::bigint, $9::text)`,
          [
            ...[idOf(projection), to.store, to.epoch, to.position, to.event],
            ...[from?.store, from?.epoch, from?.position, from?.event],
          ],
        );
        if (moved.rowCount !== 1)
          throw new CheckpointMoved(`the checkpoint of ${idOf(projection)} is not where it was`);
        await writeRows(client, table, tableName(table), written);
      }),
    );
  }

  async replace<R extends Row>(
    projection: Projection<R>,
    rows: AsyncIterable<R> | Iterable<R>,
    checkpoint: Checkpoint,
    catchUp?: CatchUp<R>,
  ): Promise<void> {
    const { name, version } = projection;
    const { store, epoch } = checkpoint;
    const [id, table] = [idOf(projection), tableOf(projection)];
    tables.checkDeclaration(table);
    await asPort(this.#inUse.use(id));
    const lock = replacementLock(id);
    const client = await asPort(take(this.#pools.models));
    // Whatever happens, the session ends with the lock it holds.
    let broken = true;
    try {
      // Somebody who opens the read model holds it for a moment; a second replacement holds it for long.
      await client.query(`set lock_timeout = '${LOCK_PATIENCE}'`);
      await client.query(`select pg_advisory_lock(${lock})`).catch((error: unknown) => {
        if (!isRefusal(error) || error.code !== '55P03') throw error;
        throw new StoreUnavailable(`read model ${name} is being replaced already`, 10);
      });
      await client.query('reset lock_timeout');

      let reached: { readonly position: bigint; readonly event?: string } = checkpoint;
      // What was caught up with the checkpoint held; written again in every attempt, because an attempt is undone whole.
      const missed = new Map<string, R | undefined>();
      /** How far the live table is, where that is further than what would replace it. */
      const ahead = (live: ReadModel | undefined): bigint | undefined => {
        const at = live && checkpointOf(live);
        return at?.store === store && at.epoch === epoch && at.position > reached.position ? at.position : undefined;
      };
      const gather = async (upTo: bigint): Promise<ReadonlyMap<string, R | undefined>> => {
        if (catchUp === undefined) throw new CheckpointMoved(`${name} is beyond what would replace it`);
        const { changes, ...end } = await catchUp(upTo);
        reached = end;
        return changes;
      };

      const settling: Settling = {
        // Most of it without the checkpoint: whoever holds that holds the projector up.
        async bring(shadow) {
          const upTo = ahead(await findReadModel(client, id));
          if (upTo !== undefined) await writeRows(client, table, shadow, textRows(table, await gather(upTo)));
        },
        async settle(shadow) {
          // Nobody opens it meanwhile, nor moves its checkpoint wherever that is, until the swap is committed: the
          // projector waits with its next commit, and then begins anew.
          await client.query(openingLock, [name]);
          const live = await findReadModel(client, id, 'for update');
          const upTo = ahead(live);
          if (upTo !== undefined) for (const [key, row] of await gather(upTo)) missed.set(key, row);
          await writeRows(client, table, shadow, textRows(table, missed));
          await client.query(
            `insert into waarborg.read_models as m (name, table_name, version, declaration, store, epoch, position, event)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (name) do update set table_name = excluded.table_name, version = excluded.version,
               declaration = excluded.declaration, store = excluded.store, epoch = excluded.epoch,
               position = excluded.position, event = excluded.event`,
            [id, table.name, version, JSON.stringify(projection.table), store, epoch, reached.position, reached.event],
          );
        },
      };
      await replaceTable(client, table, rows, settling, this.#swapLimits);
      await client.query(`select pg_advisory_unlock(${lock})`);
      broken = false;
    } catch (error) {
      throw asUnavailable(error);
    } finally {
      giveBack(client, broken);
    }
  }

  async find<R extends Row>(projection: Projection<R>, key: string): Promise<R | undefined> {
    const table = tableOf(projection);
    return (await this.#answer<R>(table, byKeys(table), [[key]]))[0];
  }

  async search<R extends Row>(projection: Projection<R>, query: Query): Promise<readonly R[]> {
    const table = tableOf(projection);
    const { text, values } = searchStatement(table, query);
    return this.#answer<R>(table, text, values);
  }

  async searchColumns<R extends Row, Column extends keyof R & string>(
    projection: Projection<R>,
    columns: readonly Column[],
    query: Query,
  ): Promise<readonly Pick<R, Column>[]> {
    const table = tableOf(projection);
    const shown = { ...table, columns: Object.fromEntries(columns.map((name) => [name, table.columns[name]!])) };
    const { text, values } = searchStatement(table, query, shown);
    return this.#answer<Pick<R, Column>>(shown, text, values);
  }

  async snapshot<R extends Row>(
    projection: Projection<R>,
  ): Promise<{ rows: readonly R[]; checkpoint: Checkpoint | undefined }> {
    const table = tableOf(projection);
    return asPort(
      inTransaction(this.#pools.models, LONG_LIMIT, 'begin isolation level repeatable read', async (client) => {
        // Before the snapshot is taken: a swap after it would show a table whose rows are not in the snapshot.
        await client.query(`lock table ${tableName(table)} in access share mode`);
        const stored = await readModel(client, idOf(projection));
        const { rows } = await client.query<unknown[]>({
          text: `select ${columnList(table)} from ${tableName(table)}`,
          rowMode: 'array',
          types: ROW_TYPES,
        });
        return { rows: rows.map((row) => tables.rowOf<R>(table, row)), checkpoint: checkpointOf(stored) };
      }),
    );
  }

  /** For a caller who waits: in turns, and not for long. */
  #answer<R extends Row>(table: TableDeclaration, text: string, values: unknown[]): Promise<R[]> {
    return this.#turns.take(table.name, () => this.#rows<R>(this.#pools.searches, table, text, values));
  }

  async #rows<R extends Row>(pool: Pool, table: TableDeclaration, text: string, values: unknown[]): Promise<R[]> {
    const { rows } = await asPort(
      withClient(pool, ANSWER_LIMIT, (client) =>
        client.query<unknown[]>({ text, values, rowMode: 'array', types: ROW_TYPES }),
      ).catch((error: unknown) => {
        // Dropped while this process had no connection to say that it is in use: its projector makes it anew.
        if (!isRefusal(error) || error.code !== '42P01') throw error;
        throw new StoreUnavailable(`read model ${table.name} has no table`, 1, { cause: error });
      }),
    );
    return rows.map((row) => tables.rowOf<R>(table, row));
  }
}

const byKeys = (table: TableDeclaration): string =>
  `select ${columnList(table)} from ${tableName(table)} where ${columnName(table.key)} = any($1::text[])`;

/** Held by who opens a read model, and by who puts another table in its place. */
const openingLock = `select pg_advisory_xact_lock(hashtextextended('waarborg open ' || $1, 0))`;

async function findReadModel(client: PoolClient, id: string, lock = ''): Promise<ReadModel | undefined> {
  const { rows } = await client.query<ReadModel>(
    `select version, declaration, store, epoch, position, event from waarborg.read_models where name = $1 ${lock}`,
    [id],
  );
  return rows[0];
}

async function readModel(client: PoolClient, id: string): Promise<ReadModel> {
  const stored = await findReadModel(client, id);
  if (stored === undefined) throw new Error(`projection ${id} has not been opened`);
  return stored;
}

interface NamedReadModel extends ReadModel {
  readonly name: string;
  readonly table: string;
}

/** What is there of a read model, as it was at one moment and without a lock. */
interface There {
  readonly own: NamedReadModel | undefined;
  readonly earlier: readonly NamedReadModel[];
  /** Whether something is left to be taken over or removed before it is used. */
  readonly unsettled: boolean;
}

function openedTable({ table }: Projection, own: ReadModel, earlier: readonly NamedReadModel[]): OpenedTable {
  return {
    checkpoint: checkpointOf(own),
    outdated: own.declaration !== JSON.stringify(table),
    earlier: earlier.flatMap(earlierTable),
  };
}

const NAMED =
  'select name, table_name as table, version, declaration, store, epoch, position, event from waarborg.read_models';

/** Those of lower versions, newest first. */
async function earlierOf(client: PoolClient, { name, version }: Projection): Promise<readonly NamedReadModel[]> {
  const { rows } = await client.query<NamedReadModel>(
    `${NAMED} where name = $1 || '@' || version and version < $2 order by version desc`,
    [name, version],
  );
  return rows;
}

function earlierTable(model: NamedReadModel): readonly EarlierTable[] {
  const checkpoint = checkpointOf(model);
  if (checkpoint === undefined) return [];
  return [{ version: model.version, table: JSON.parse(model.declaration) as TableDeclaration, checkpoint }];
}

async function dropTable(client: PoolClient, name: string, table: string): Promise<void> {
  await client.query(`drop table if exists ${tables.inSchema(table)}, ${tables.inSchema(tables.shadowOf(table))}`);
  await client.query('delete from waarborg.read_models where name = $1', [name]);
}

/** Before 0.2 a read model had one table, under its plain name: it gets the name of its version and goes on. */
async function takeOverUnversioned(client: PoolClient, name: string): Promise<void> {
  const { rows } = await client.query<NamedReadModel>(`${NAMED} where name = $1`, [name]);
  const [old] = rows;
  if (old === undefined) return;
  const { version } = old;
  const id = idOf({ name, version });
  const table = tables.versioned(old.table, version);
  if ((await findReadModel(client, id)) !== undefined) return dropTable(client, name, old.table);
  await client.query(`drop table if exists ${tables.inSchema(tables.shadowOf(old.table))}`);
  await client.query(`alter table ${tables.inSchema(old.table)} rename to ${escapeIdentifier(table)}`);
  await client.query('update waarborg.read_models set name = $2, table_name = $3 where name = $1', [name, id, table]);
}

interface TextRows {
  readonly gone: readonly string[];
  readonly written: readonly (readonly (string | null)[])[];
}

/** Changed rows as texts; a row that says it is another one is a bug and throws. */
function textRows<R extends Row>(table: TableDeclaration, changes: ReadonlyMap<string, R | undefined>): TextRows {
  const gone: string[] = [];
  const written: (string | null)[][] = [];
  for (const [key, row] of changes) {
    if (row === undefined) gone.push(key);
    else if (row[table.key] === key) written.push(tables.rowValues(table, row));
    else throw new Error(`read model ${table.name}: the row under key ${key} says ${String(row[table.key])}`);
  }
  return { gone, written };
}

async function writeRows(
  client: PoolClient,
  table: TableDeclaration,
  target: string,
  { gone, written }: TextRows,
): Promise<void> {
  for (let start = 0; start < gone.length; start += COMMIT_ROWS) {
    await client.query(`delete from ${target} where ${columnName(table.key)} = any($1::text[])`, [
      gone.slice(start, start + COMMIT_ROWS),
    ]);
  }
  const upsert = upsertStatement(table, target);
  for (let start = 0; start < written.length; start += COMMIT_ROWS) {
    const rows = written.slice(start, start + COMMIT_ROWS);
    await client.query(
      upsert,
      columnsOf(table).map((_, column) => tables.textArray(rows.map((row) => row[column]!))),
    );
  }
}

/** Each column comes as one array of texts, because an array of lists can't be taken apart row by row. */
function upsertStatement(table: TableDeclaration, target: string): string {
  const columns = columnsOf(table);
  const parameters = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const cells = columns.map((_, index) => `c${index + 1}`);
  const values = columns.map((column, index) => `${cells[index]}::${table.columns[column]!}`);
  const changes = columns
    .filter((column) => column !== table.key)
    .map((column) => `${columnName(column)} = excluded.${columnName(column)}`);
  return `insert into ${target} (${columnList(table)})
    select ${values.join(', ')} from unnest(${parameters}) as rows(${cells.join(', ')})
    on conflict (${columnName(table.key)}) do update set ${changes.join(', ')}`;
}

async function asPort<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asUnavailable(error);
  }
}
