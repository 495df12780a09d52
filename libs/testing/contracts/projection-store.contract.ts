import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../until.js';
import { CheckpointMoved, type Checkpoint, type Projection, type ProjectionStore, type Query } from '#libs/eventing';

export interface ProjectionStoreHarness {
  readonly projections: ProjectionStore;
  /** The same store, as another process has it. */
  another(): Promise<{ readonly projections: ProjectionStore; close(): Promise<void> }>;
  close(): Promise<void>;
}

type Row = {
  readonly meansId: string;
  readonly status: string;
  readonly level: number | null;
  readonly issuedAt: bigint;
  readonly blocked: boolean | null;
  readonly services: readonly string[] | null;
  readonly details: { readonly [member: string]: string | readonly number[] } | null;
};

let made = 0;
/** A projection with a table of its own; the fold is not used here. */
const aProjection = (changes: Partial<Projection<Row>> = {}): Projection<Row> => ({
  name: `contract-${(made += 1)}`,
  version: 1,
  table: {
    name: `contract_table_${made}`,
    key: 'meansId',
    columns: {
      meansId: 'text',
      status: 'text',
      level: 'integer',
      issuedAt: 'bigint',
      blocked: 'boolean',
      services: 'text[]',
      details: 'json',
    },
    newestFirst: 'issuedAt',
    indexes: [['status', 'level'], ['services'], ['issuedAt']],
  },
  handles: [],
  keys: () => [],
  fold: (row) => row,
  ...changes,
});

const aRow = (meansId: string, changes: Partial<Row> = {}): Row => ({
  meansId,
  status: 'active',
  level: 3,
  issuedAt: 1n,
  blocked: false,
  services: [],
  details: null,
  ...changes,
});

const at = (position: bigint, store = 'store-a', epoch = 1): Checkpoint => ({ store, epoch, position });
const byKey = (...rows: readonly Row[]): Map<string, Row | undefined> => new Map(rows.map((row) => [row.meansId, row]));

/** What every projection store must do. */
export function projectionStoreContract(name: string, open: () => Promise<ProjectionStoreHarness>): void {
  describe(`projection store contract: ${name}`, () => {
    let harness: ProjectionStoreHarness;
    let projections: ProjectionStore;
    beforeAll(async () => {
      harness = await open();
      projections = harness.projections;
    });
    afterAll(async () => {
      await harness.close();
    });

    const opened = async (...rows: readonly Row[]): Promise<Projection<Row>> => {
      const projection = aProjection();
      await projections.open(projection as unknown as Projection);
      await projections.commit(projection, byKey(...rows), undefined, at(1n));
      return projection;
    };
    const stateOf = async (projection: Projection<Row>): Promise<unknown> => {
      const { rows, checkpoint } = await projections.snapshot(projection);
      return { rows: [...rows].sort((a, b) => (a.meansId < b.meansId ? -1 : 1)), checkpoint };
    };

    it('opens a new table without a checkpoint, and again without harm', async () => {
      const projection = aProjection();
      for (let time = 0; time < 2; time += 1) {
        expect(await projections.open(projection as unknown as Projection)).toEqual({
          checkpoint: undefined,
          outdated: false,
          earlier: [],
        });
      }
      expect(await stateOf(projection)).toEqual({ rows: [], checkpoint: undefined });
    });

    it('writes rows and checkpoint together and gives them back as they were', async () => {
      const first = aRow('a', {
        issuedAt: 9_007_199_254_740_993n,
        services: ['DUO', 'komma, "haak" {x}', 'back\\slash', 'NULL', ''],
        details: { text: 'Żółw 👩‍👩‍👧‍👦 \u2028 \n\t\\', list: [1, 2.5] },
      });
      const second = aRow('b', { status: 'tab\there\\N and \\.', level: null, blocked: null, services: null });
      const projection = await opened(first, second);
      expect(await stateOf(projection)).toEqual({ rows: [first, second], checkpoint: at(1n) });
      expect(await projections.load(projection, ['a', 'b', 'c'])).toEqual(byKey(first, second));
      expect(await projections.find(projection, 'a')).toEqual(first);
      expect(await projections.find(projection, 'c')).toBeUndefined();
      expect((await projections.open(projection as unknown as Projection)).checkpoint).toEqual(at(1n));
      expect(await projections.checkpoint(projection as unknown as Projection)).toEqual(at(1n));
    });

    it('says how far a table was brought without opening it', async () => {
      const projection = aProjection() as unknown as Projection;
      expect(await projections.checkpoint(projection)).toBeUndefined();
      await projections.open(projection);
      expect(await projections.checkpoint(projection)).toBeUndefined();
      await projections.commit(projection, new Map(), undefined, at(3n));
      expect(await projections.checkpoint(projection)).toEqual(at(3n));
      expect(await projections.checkpoint({ ...projection, version: projection.version + 1 })).toBeUndefined();
    });

    it('gives a column that was left out back as null', async () => {
      const projection = await opened();
      const { meansId, status, issuedAt } = aRow('a');
      await projections.commit(projection, new Map([['a', { meansId, status, issuedAt } as Row]]), at(1n), at(2n));
      expect(await projections.find(projection, 'a')).toEqual({
        ...{ meansId, status, issuedAt },
        ...{ level: null, blocked: null, services: null, details: null },
      });
    });

    it('changes and deletes rows in one commit', async () => {
      const projection = await opened(aRow('a'), aRow('b'), aRow('c'));
      const changes = new Map([
        ['a', aRow('a', { status: 'revoked' })],
        ['b', undefined],
        ['d', aRow('d')],
        ['never-there', undefined],
      ]);
      await projections.commit(projection, changes, at(1n), at(7n));
      expect(await stateOf(projection)).toEqual({
        rows: [aRow('a', { status: 'revoked' }), aRow('c'), aRow('d')],
        checkpoint: at(7n),
      });
    });

    it('moves the checkpoint when nothing changed', async () => {
      const projection = await opened(aRow('a'));
      await projections.commit(projection, new Map(), at(1n), at(5n));
      expect(await stateOf(projection)).toEqual({ rows: [aRow('a')], checkpoint: at(5n) });
    });

    it('writes nothing when the checkpoint is not where the writer thought', async () => {
      const projection = await opened(aRow('a'));
      for (const from of [undefined, at(2n), at(1n, 'store-b'), at(1n, 'store-a', 2)]) {
        const refused = projections.commit(projection, byKey(aRow('b')), from, at(9n));
        await expect(refused).rejects.toBeInstanceOf(CheckpointMoved);
      }
      expect(await stateOf(projection)).toEqual({ rows: [aRow('a')], checkpoint: at(1n) });
    });

    it('lets one of several concurrent commits from the same checkpoint win', async () => {
      const projection = await opened();
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) =>
          projections.commit(projection, byKey(aRow(`row-${index}`)), at(1n), at(2n)),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { rows } = await projections.snapshot(projection);
      expect(rows).toHaveLength(1);
    });

    it('writes neither rows nor checkpoint when one row can not be written', async () => {
      const projection = await opened(aRow('a'));
      const faulty = [
        { ...aRow('x'), extra: 'not declared' },
        aRow('x', { issuedAt: null as never }),
        aRow('another-key'),
      ];
      for (const row of faulty) {
        const changes = new Map<string, Row | undefined>([
          ['b', aRow('b')],
          ['x', row],
        ]);
        await expect(projections.commit(projection, changes, at(1n), at(2n))).rejects.toThrow();
      }
      expect(await stateOf(projection)).toEqual({ rows: [aRow('a')], checkpoint: at(1n) });
    });

    it('says outdated when the table was made by another declaration of this version, and not after a replacement', async () => {
      const projection = await opened(aRow('a'));
      const { table } = projection;
      const next: Projection<Row> = { ...projection, table: { ...table, indexes: [['status']] } };
      expect((await projections.open(next as unknown as Projection)).outdated).toBe(true);
      await projections.replace(next, [aRow('b')], at(4n));
      expect(await projections.open(next as unknown as Projection)).toEqual({
        ...{ checkpoint: at(4n), outdated: false, earlier: [] },
      });
      expect(await stateOf(next)).toEqual({ rows: [aRow('b')], checkpoint: at(4n) });
    });

    it('keeps a table for each version, none of which another one changes', async () => {
      const projection = await opened(aRow('a'));
      const { meansId: _meansId, blocked: _blocked, ...columns } = projection.table.columns;
      const next = {
        ...{ ...projection, version: 2 },
        table: { ...projection.table, columns: { meansId: 'text', ...columns } },
      } as Projection<Row>;
      const never: Projection<Row> = { ...projection, version: 3 };
      const { blocked: _, ...row } = aRow('b');
      await projections.open(never as unknown as Projection);
      expect(await projections.open(next as unknown as Projection)).toEqual({
        checkpoint: undefined,
        outdated: false,
        // What nobody has filled is of no use to anybody.
        earlier: [{ version: 1, table: projection.table, checkpoint: at(1n) }],
      });
      await projections.commit(next, new Map([['b', row as Row]]), undefined, at(9n));
      await projections.commit(projection, byKey(aRow('c')), at(1n), at(2n));
      await projections.replace(next, [row as Row], at(9n));
      expect(await stateOf(projection)).toEqual({ rows: [aRow('a'), aRow('c')], checkpoint: at(2n) });
      expect(await stateOf(next)).toEqual({ rows: [row], checkpoint: at(9n) });
      expect((await projections.search(next, { where: [], limit: 5 })).map(({ meansId }) => meansId)).toEqual(['b']);
      const { earlier } = await projections.open(never as unknown as Projection);
      expect(earlier.map(({ version, checkpoint }) => [version, checkpoint])).toEqual([
        [2, at(9n)],
        [1, at(2n)],
      ]);
      await projections.replace(projection, [], at(3n));
      expect(await stateOf(next)).toEqual({ rows: [row], checkpoint: at(9n) });
    });

    it('drops the tables of lower versions once no process has them in use, and no other table', async () => {
      const projection = await opened(aRow('a'));
      const [second, third] = [2, 3].map((version): Projection<Row> => ({ ...projection, version })) as [
        Projection<Row>,
        Projection<Row>,
      ];
      const other = await opened(aRow('x'));
      const beside = await harness.another();
      await beside.projections.open(projection as unknown as Projection);
      for (const version of [second, third]) await projections.replace(version, [aRow('b')], at(2n));
      await projections.open(third as unknown as Projection);
      const versions = async (): Promise<readonly number[]> =>
        (await projections.open(third as unknown as Projection)).earlier.map(({ version }) => version);

      // Both are in use here, and the first one there as well.
      expect(await beside.projections.retire(third as unknown as Projection)).toBe(false);
      for (const left of [projection, second]) await projections.leave(left as unknown as Projection);
      expect(await projections.retire(third as unknown as Projection)).toBe(false);
      expect(await versions()).toEqual([1]);
      expect(await stateOf(projection)).toEqual({ rows: [aRow('a')], checkpoint: at(1n) });
      // A process that ends has nothing in use, whether it says so or not.
      await beside.close();
      await until('the last one is dropped', () => projections.retire(third as unknown as Projection));
      expect(await versions()).toEqual([]);
      await expect(projections.commit(projection, new Map(), at(1n), at(2n))).rejects.toBeInstanceOf(CheckpointMoved);
      // Who comes back later begins anew.
      const again = await projections.open(projection as unknown as Projection);
      expect([again.checkpoint, await stateOf(projection)]).toEqual([undefined, { rows: [], checkpoint: undefined }]);
      for (const kept of [third, other]) expect(await stateOf(kept)).toMatchObject({ rows: [expect.anything()] });
    });

    it('replaces all rows and the checkpoint at once, from a stream of rows', async () => {
      const projection = await opened(aRow('old-1'), aRow('old-2'));
      const rows = Array.from({ length: 2_500 }, (_, index) =>
        aRow(`row-${String(index).padStart(5, '0')}`, {
          issuedAt: BigInt(index),
          status: index % 7 === 0 ? 'tab\there\\N\nline' : 'active',
          services: ['a,b', '"'],
        }),
      );
      async function* stream(): AsyncIterable<Row> {
        yield* rows;
      }
      await projections.replace(projection, stream(), at(99n));
      expect(await stateOf(projection)).toEqual({ rows, checkpoint: at(99n) });
      await expect(projections.commit(projection, new Map(), at(1n), at(2n))).rejects.toBeInstanceOf(CheckpointMoved);
      await projections.commit(projection, byKey(aRow('row-00000', { level: 4 })), at(99n), at(100n));
      expect(await projections.find(projection, 'row-00000')).toEqual(aRow('row-00000', { level: 4 }));
    });

    it('keeps the old rows and leaves nothing behind when a replacement fails, and can be replaced again', async () => {
      const projection = await opened(aRow('a'));
      async function* broken(): AsyncIterable<Row> {
        for (let index = 0; index < 100; index += 1) yield aRow(`row-${index}`);
        throw new Error('the fold failed');
      }
      await expect(projections.replace(projection, broken(), at(9n))).rejects.toThrow('the fold failed');
      const twice = [aRow('same'), aRow('same')];
      await expect(projections.replace(projection, twice, at(9n))).rejects.toThrow();
      expect(await stateOf(projection)).toEqual({ rows: [aRow('a')], checkpoint: at(1n) });
      await projections.replace(projection, [aRow('b')], at(9n));
      expect(await stateOf(projection)).toEqual({ rows: [aRow('b')], checkpoint: at(9n) });
    });

    it('brings what replaces a table at least as far as the table has got meanwhile', async () => {
      const projection = await opened(aRow('a'), aRow('gone'));
      const changes = new Map<string, Row | undefined>([...byKey(aRow('b')), ['gone', undefined]]);
      await projections.commit(projection, changes, at(1n), at(5n));
      const asked: bigint[] = [];
      await projections.replace(projection, [aRow('a'), aRow('gone')], at(3n), async (upTo) => {
        asked.push(upTo);
        return { changes, position: 6n };
      });
      expect(asked).toEqual([5n]);
      expect(await stateOf(projection)).toEqual({ rows: [aRow('a'), aRow('b')], checkpoint: at(6n) });
      await expect(projections.replace(projection, [], at(4n))).rejects.toBeInstanceOf(CheckpointMoved);
      expect(await stateOf(projection)).toMatchObject({ checkpoint: at(6n) });
    });

    it('replaces a table that claims more than the log holds by what the log holds, and comes to an end', async () => {
      const projection = await opened(aRow('a'), aRow('of-no-event'));
      await projections.commit(projection, new Map(), at(1n), at(1_000n));
      let asked = 0;
      await projections.replace(projection, [aRow('a')], at(3n), async () => {
        if ((asked += 1) > 10) throw new Error('it asks for ever');
        return { changes: new Map(), position: 4n };
      });
      expect(await stateOf(projection)).toEqual({ rows: [aRow('a')], checkpoint: at(4n) });
      await projections.commit(projection, byKey(aRow('b')), at(4n), at(5n));
    });

    it('takes a table of another store or epoch for nothing to catch up with', async () => {
      for (const other of [at(900n, 'store-b'), at(900n, 'store-a', 2)]) {
        const projection = await opened(aRow('a'));
        await projections.commit(projection, new Map(), at(1n), other);
        await projections.replace(projection, [aRow('b')], at(3n));
        expect(await stateOf(projection)).toEqual({ rows: [aRow('b')], checkpoint: at(3n) });
      }
    });

    it('shows readers the old rows until the new ones are whole', async () => {
      const projection = await opened(aRow('old'));
      async function* watched(): AsyncIterable<Row> {
        for (let index = 0; index < 50; index += 1) {
          yield aRow(`new-${index}`);
          if (index % 10 === 0) {
            expect(await stateOf(projection)).toEqual({ rows: [aRow('old')], checkpoint: at(1n) });
          }
        }
      }
      await projections.replace(projection, watched(), at(9n));
      expect((await projections.snapshot(projection)).rows).toHaveLength(50);
    });

    it('searches by every kind of condition, newest first, the key breaking ties', async () => {
      const projection = await opened(
        aRow('a', { issuedAt: 10n, services: ['DUO', 'UWV'] }),
        aRow('b', { issuedAt: 30n, level: 4, services: ['DUO'] }),
        aRow('c', { issuedAt: 30n, status: 'revoked' }),
        aRow('d', { issuedAt: 20n, status: 'expired', level: null, services: null }),
      );
      const found = async (...where: Query['where']): Promise<string> => {
        const rows = await projections.search(projection, { where, limit: 10 });
        return rows.map(({ meansId }) => meansId).join('');
      };
      expect(await found()).toBe('cbda');
      expect(await found({ column: 'status', is: 'equal', value: 'active' })).toBe('ba');
      expect(await found({ column: 'status', is: 'one-of', values: ['revoked', 'expired'] })).toBe('cd');
      expect(await found({ column: 'services', is: 'containing', value: 'DUO' })).toBe('ba');
      const within = (...values: readonly string[]) => ({ column: 'services', is: 'within', values }) as const;
      expect(await found(within('DUO'), { column: 'status', is: 'one-of', values: ['active', 'expired'] })).toBe('bd');
      expect(await found(within('UWV', 'DUO'), { column: 'status', is: 'equal', value: 'active' })).toBe('ba');
      expect(await found(within(), { column: 'status', is: 'equal', value: 'active' })).toBe('');
      expect(await found({ column: 'issuedAt', is: 'from', value: 20n })).toBe('cbd');
      expect(await found({ column: 'issuedAt', is: 'before', value: 20n })).toBe('a');
      const [active, strong] = [
        { column: 'status', is: 'equal', value: 'active' },
        { column: 'level', is: 'from', value: 4 },
      ] as const;
      expect(await found(active, strong)).toBe('b');
      expect(await found(active, { column: 'services', is: 'containing', value: 'UWV' })).toBe('a');
      expect(await found({ column: 'meansId', is: 'equal', value: 'd' })).toBe('d');
      expect(await found({ column: 'status', is: 'equal', value: "x' or 'a'='a" })).toBe('');
    });

    it('finds the same by a selective column, alone, with other conditions and on the next page', async () => {
      const { table } = aProjection();
      const projection = aProjection({ table: { ...table, name: `${table.name}_selective`, selective: ['services'] } });
      await projections.open(projection as unknown as Projection);
      const rows = ['a', 'b', 'c', 'd'].map((id, index) =>
        aRow(id, { issuedAt: BigInt(index), services: index === 1 ? [] : ['DUO'], level: index }),
      );
      await projections.commit(projection, byKey(...rows), undefined, at(1n));
      const found = async (query: Partial<Query>): Promise<string> => {
        const where = [{ column: 'services', is: 'containing', value: 'DUO' } as const, ...(query.where ?? [])];
        return (await projections.search(projection, { limit: 10, ...query, where }))
          .map(({ meansId }) => meansId)
          .join('');
      };
      expect(await found({})).toBe('dca');
      expect(await found({ limit: 2 })).toBe('dc');
      expect(await found({ where: [{ column: 'level', is: 'before', value: 3 }] })).toBe('ca');
      expect(await found({ after: { order: 2n, key: 'c' } })).toBe('a');
    });

    it('pages a search without loss or repetition', async () => {
      const rows = Array.from({ length: 25 }, (_, index) => aRow(`row-${index}`, { issuedAt: BigInt(index % 4) }));
      const projection = await opened(...rows);
      const seen: string[] = [];
      let after: Query['after'];
      for (;;) {
        const where = [{ column: 'status', is: 'equal', value: 'active' }] as const;
        const page = await projections.search(projection, { where, limit: 4, ...(after && { after }) });
        seen.push(...page.map(({ meansId }) => meansId));
        const last = page.at(-1);
        if (last === undefined) break;
        after = { order: last.issuedAt, key: last.meansId };
      }
      expect(seen).toHaveLength(25);
      expect(new Set(seen).size).toBe(25);
    });

    it('searches for some columns of each row, whatever it is searched by', async () => {
      const projection = await opened(
        aRow('a', { issuedAt: 10n, services: ['DUO'] }),
        aRow('b', { issuedAt: 30n, level: null, services: [] }),
        aRow('c', { issuedAt: 20n, status: 'revoked' }),
      );
      const where = [{ column: 'status', is: 'equal', value: 'active' }] as const;
      const found = await projections.searchColumns(projection, ['services', 'level'], { where, limit: 10 });
      expect(found).toEqual([
        { services: [], level: null },
        { services: ['DUO'], level: 3 },
      ]);
      const after = { order: 30n, key: 'b' };
      expect(await projections.searchColumns(projection, ['meansId'], { where, limit: 1, after })).toEqual([
        { meansId: 'a' },
      ]);
    });

    it('refuses a search that no index serves', async () => {
      const projection = await opened(aRow('a'));
      const unserved = projections.search(projection, {
        where: [{ column: 'blocked', is: 'equal', value: true }],
        limit: 1,
      });
      await expect(unserved).rejects.toThrow(/no index/);
    });

    it('hands over copies, so that a caller can not change what is stored', async () => {
      const projection = await opened(aRow('a', { services: ['DUO'] }));
      const row = await projections.find(projection, 'a');
      (row!.services as string[]).push('changed');
      expect((await projections.find(projection, 'a'))?.services).toEqual(['DUO']);
    });
  });
}
