import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import type { Condition, Projection } from '#libs/eventing';
import { authorizationsProjection, meansProjection, type AuthorizationRow } from '#libs/application';
import { ProblemException } from '#libs/platform';
import { memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { positionText } from './doors.js';
import { containing, equal, equalIn, searchPage, siftedPage, within, type List } from './search-page.js';

const { authorizationFacts, ids } = paperRegistration;
const START = Date.parse('2026-03-02T09:00:00.000Z');

let memory: MemoryBackbone;
let passed: number;
beforeEach(async () => {
  passed = 0;
  memory = await memoryBackbone(() => START + passed);
});
afterEach(() => memory.close());

/** The newest last. */
const registered = async (count: number): Promise<readonly string[]> => {
  const all = Array.from({ length: count }, (_, nr) => uuid('auth', nr + 1));
  let position = 0n;
  for (const id of all) position = await memory.record('authorization', id, ...authorizationFacts(id));
  expect(await memory.backbone.readModels.waitFor(authorizationsProjection as unknown as Projection, position)).toBe(
    true,
  );
  return all;
};

const page = (
  more: Partial<List['page']> = {},
  list: Partial<List> = {},
  itemsOf: (rows: readonly AuthorizationRow[], at: Instant) => readonly unknown[] = (rows) => rows.map(({ id }) => id),
) =>
  searchPage(
    memory.backbone,
    authorizationsProjection,
    {
      ...{ name: 'authorizations', filter: {}, where: [] as readonly Condition[] },
      page: { limit: 2, cursor: undefined, after: undefined, ...more },
      ...list,
    },
    itemsOf,
  );
const faultsOf = async (work: Promise<unknown>): Promise<readonly unknown[]> => {
  const error = await work.catch((reason: unknown) => reason);
  if (!(error instanceof ProblemException)) throw new Error(`no problem: ${String(error)}`);
  return [error.status, error.code, ...error.errors.map(({ pointer, code }) => `${pointer ?? '-'} ${code}`)];
};

describe('a page of a list', () => {
  it('shows every row once, the newest first, and says where there are no more', async () => {
    const all = await registered(5);
    const seen: unknown[] = [];
    const lengths: number[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await page({ cursor });
      seen.push(...items);
      lengths.push(items.length);
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([...all].reverse());
    expect(lengths).toEqual([2, 2, 1]);
  });

  it('ends early where its items are large, and loses none of them', async () => {
    const all = await registered(5);
    const large = (rows: readonly AuthorizationRow[]) => rows.map(({ id }) => id + 'x'.repeat(1_500_000));
    const seen: string[] = [];
    const lengths: number[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await page({ limit: 5, cursor }, {}, large);
      seen.push(...items.map((item) => (item as string).slice(0, all[0]!.length)));
      lengths.push(items.length);
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([...all].reverse());
    expect(lengths).toEqual([2, 2, 1]);
  });

  it('says so as well where the last row is the last of a page', async () => {
    const all = await registered(2);
    expect(await page()).toEqual({ items: [...all].reverse(), next: null });
  });

  it('shows those that meet the conditions', async () => {
    const [first] = await registered(3);
    expect((await page({}, { where: equal('id', first) })).items).toEqual([first]);
    expect((await page({}, { where: equal('application', uuid('none')) })).items).toEqual([]);
  });

  it('is refused by a cursor of another list or filter', async () => {
    await registered(3);
    const { next } = await page();
    const cursor = next!;
    const invalid = [400, 'invalid-cursor', '/cursor invalid-cursor'];
    expect(await faultsOf(page({ cursor }, { name: 'means' }))).toEqual(invalid);
    expect(await faultsOf(page({ cursor }, { filter: { status: 'active' } }))).toEqual(invalid);
    expect((await page({ cursor })).items).toHaveLength(1);
  });

  it('is shown with the position that is asked for, of everything that its items need', async () => {
    const [id] = await registered(1);
    const after = positionText(memory.backbone.identity, await memory.backbone.feed.head());
    expect((await page({ after })).items).toEqual([id]);
    const waited: string[] = [];
    const { readModels } = memory.backbone;
    const backbone = {
      ...memory.backbone,
      readModels: {
        ...readModels,
        waitFor: async (projection: Projection) => {
          waited.push(projection.name);
          return projection.name === 'authorizations';
        },
      },
    };
    const besides = [meansProjection as unknown as Projection];
    const list = { name: 'levels', filter: {}, page: { limit: 2, cursor: undefined, after }, where: [], besides };
    const late = searchPage(backbone, authorizationsProjection, list, () => []);
    expect(await faultsOf(late)).toEqual([503, 'position-not-reached']);
    expect(waited).toEqual(['authorizations', 'means']);
  });

  describe('whose conditions depend on the moment', () => {
    const valid = (at: Instant): readonly Condition[] => [
      { column: 'application', is: 'equal', value: ids.application },
      { column: 'validFrom', is: 'before', value: at },
    ];
    const moments: Instant[] = [];
    const list = { where: (at: Instant) => valid(at) };
    const noted = (rows: readonly AuthorizationRow[], at: Instant) => {
      moments.push(at);
      return rows.map(({ id }) => id);
    };

    it('is of the moment of the first, however much later it is asked for', async () => {
      const all = await registered(3);
      const { items, next } = await page({}, list, noted);
      passed = 3_600_000;
      const second = await page({ cursor: next! }, list, noted);
      expect([...items, ...second.items]).toEqual([...all].reverse());
      const first = new Date(START).toISOString();
      expect(moments.splice(0)).toEqual([first, first]);
      await page({}, list, noted);
      expect(moments.splice(0)).toEqual([new Date(START + passed).toISOString()]);
    });

    it('is refused where that moment is still to come: nobody was given it', async () => {
      await registered(3);
      const { next } = await page({}, list, noted);
      // As far as clocks of several processes may differ it is taken.
      passed = -5_000;
      expect((await page({ cursor: next! }, list, noted)).items).toHaveLength(1);
      passed = -5_001;
      expect(await faultsOf(page({ cursor: next! }, list, noted))).toEqual([
        ...[400, 'invalid-cursor', '/cursor invalid-cursor'],
      ]);
    });
  });
});

describe('conditions of a filter', () => {
  it('are there for what was asked, and for nothing else', () => {
    expect(equalIn({ status: 'active', breached: false, means: undefined }, ['status', 'breached', 'means'])).toEqual([
      { column: 'status', is: 'equal', value: 'active' },
      { column: 'breached', is: 'equal', value: false },
    ]);
    expect(containing('persons', 'x')).toEqual([{ column: 'persons', is: 'containing', value: 'x' }]);
    expect(containing('persons', undefined)).toEqual([]);
    const [from, before] = ['2026-01-01T00:00:00.000Z' as Instant, '2026-02-01T00:00:00.000Z' as Instant];
    expect(within('at', from, before)).toEqual([
      { column: 'at', is: 'from', value: from },
      { column: 'at', is: 'before', value: before },
    ]);
    expect(within('at', undefined, undefined)).toEqual([]);
  });
});

describe('a page of what is left of a list', () => {
  const sifted = (kept: (id: string) => boolean, more: Partial<List['page']> = {}) =>
    siftedPage(
      memory.backbone,
      authorizationsProjection,
      {
        ...{ name: 'authorizations', filter: {}, where: [] as readonly Condition[] },
        page: { limit: 2, cursor: undefined, after: undefined, ...more },
      },
      (rows) => Promise.resolve(rows.map(({ id }) => (kept(id) ? id : undefined))),
    );
  /** Its items, page by page. */
  async function pages(kept: (id: string) => boolean, limit: number): Promise<readonly (readonly unknown[])[]> {
    const all: (readonly unknown[])[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await sifted(kept, { limit, cursor });
      all.push(items);
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    return all;
  }

  it('is full as long as enough rows are left, of however many, and shows each of them once', async () => {
    const all = await registered(1_100);
    const kept = new Set(all.filter((_, nr) => nr % 100 === 7));
    const [...newest] = [...kept].reverse();
    expect(await pages((id) => kept.has(id), 4)).toEqual([newest.slice(0, 4), newest.slice(4, 8), newest.slice(8)]);
    // The last row is one of them: there is no page behind it.
    expect(await pages((id) => id === all[0], 1)).toEqual([[all[0]]]);
    expect(await pages(() => false, 10)).toEqual([[]]);
  });

  it('ends after so many rows, and the next one goes on there', async () => {
    const all = await registered(5_003);
    const [oldest] = all;
    expect(await pages((id) => id === oldest, 10)).toEqual([[], [oldest]]);
  }, 120_000);

  it('is of the moment of its first page', async () => {
    await registered(3);
    const moments: unknown[] = [];
    const list = { name: 'authorizations', filter: {}, where: [] as readonly Condition[] };
    const at = (cursor: string | undefined) =>
      siftedPage(
        memory.backbone,
        authorizationsProjection,
        { ...list, page: { limit: 1, cursor, after: undefined } },
        (rows, moment) => {
          moments.push(moment);
          return Promise.resolve(rows.map(({ id }) => id));
        },
      );
    const { next } = await at(undefined);
    passed = 60_000;
    await at(next!);
    expect(moments).toEqual([new Date(START).toISOString(), new Date(START).toISOString()]);
  });
});
