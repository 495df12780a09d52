import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import { canonicalJson } from '#libs/kernel';
import { until } from '#libs/testing';
import {
  rebuildProjection,
  startProjector,
  type EventSerializer,
  type Projection,
  type Projector,
  type ProjectorParts,
  type RecordAsEvent,
  type RecordKind,
} from './index.js';

type Tally = { readonly id: string; readonly position: bigint; readonly most: number };

/** The highest number that a decision named for a key; what is no higher changes nothing. */
const tallies: Projection<Tally> = {
  name: 'tallies',
  version: 1,
  log: 'records',
  table: {
    ...{ name: 'tallies', key: 'id', newestFirst: 'position' },
    columns: { id: 'text', position: 'bigint', most: 'integer' },
  },
  handles: ['decision'],
  keys: ({ data }) => [said(data).key],
  fold(row, { data, position }, id) {
    const { most } = said(data);
    return row !== undefined && row.most >= most ? row : { id, position, most };
  },
};
const said = (data: object) =>
  JSON.parse((data as RecordAsEvent).bytes) as { readonly key: string; readonly most: number };

let stores: MemoryStores;
let parts: ProjectorParts;
let running: Projector<Tally>[];
let written: ReadonlyMap<string, unknown>[];

beforeEach(() => {
  stores = memoryStores();
  [running, written] = [[], []];
  const { projections, feed, records } = stores;
  const commit = projections.commit.bind(projections);
  projections.commit = (projection, changes, from, to) => {
    written.push(changes);
    return commit(projection, changes, from, to);
  };
  // Of events none is read.
  const serializer = {} as EventSerializer;
  parts = { projections, feed, records, serializer, identity: { store: randomUUID(), epoch: 1 } };
});
afterEach(async () => {
  await Promise.all(running.map((projector) => projector.stop()));
  await stores.close();
});

const record = async (key: string, most: number, kind: RecordKind = 'decision'): Promise<bigint> =>
  (await stores.records.append({ id: randomUUID(), kind, bytes: canonicalJson({ key, most }) })).position;

function start(): Projector<Tally> {
  const projector = startProjector(tallies, parts);
  running.push(projector);
  return projector;
}
const rowOf = (key: string): Promise<Tally | undefined> => stores.projections.find(tallies, key);

describe('a read model that is made from records', () => {
  it('has those of its kinds, in the order of the record log', async () => {
    await record('one', 3);
    await record('one', 7, 'reading');
    const projector = start();
    const last = await record('two', 5);
    expect(await projector.waitFor(last, 5_000)).toBe(true);
    expect([await rowOf('one'), await rowOf('two')]).toEqual([
      { id: 'one', position: 1n, most: 3 },
      { id: 'two', position: last, most: 5 },
    ]);
    expect(projector.status()).toMatchObject({ name: 'tallies', state: 'running', position: last });
  });

  it('writes no row that its fold gave back as it was, and moves on all the same', async () => {
    await start().waitFor(await record('one', 3), 5_000);
    await until('the first is written', () => written.some((changes) => changes.has('one')));
    written.length = 0;
    const last = await record('one', 2);
    expect(await running[0]!.waitFor(last, 5_000)).toBe(true);
    expect(written.flatMap((changes) => [...changes.keys()])).toEqual([]);
    expect(await stores.projections.checkpoint(tallies as never)).toMatchObject({ position: last });
  });

  it('is rebuilt from them, and goes on behind a restart', async () => {
    for (const most of [1, 4, 2]) await record('one', most);
    const projector = start();
    expect(await projector.waitFor(3n, 5_000)).toBe(true);
    expect(await rebuildProjection(tallies, parts)).toEqual({ events: 3, rows: 1 });
    expect(await rowOf('one')).toEqual({ id: 'one', position: 2n, most: 4 });
    await projector.stop();
    const last = await record('one', 9);
    expect(await start().waitFor(last, 5_000)).toBe(true);
    expect(await rowOf('one')).toEqual({ id: 'one', position: last, most: 9 });
  });

  it('is kept by nobody who has no records', () => {
    const { records: _none, ...without } = parts;
    expect(() => startProjector(tallies, without)).toThrow('tallies is made from records');
  });
});
