import { later, type Instant } from '#libs/kernel';
import type { Condition, Projection, Row } from '#libs/eventing';
import { leftOf, type Backbone, type KeptKind } from '#libs/application';
import { invalidRequest, pageOf, readPage, type PageAnswer, type PagePlace } from '#libs/platform';
import { awaitAfter } from './doors.js';

/** The members of a `_search` body that are about the page; the others are its filter (interfaces.md §2). */
export interface PageMembers {
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
  readonly after: string | undefined;
}

export interface List {
  /** A cursor of another list or filter is refused. */
  readonly name: string;
  readonly filter: object;
  readonly page: PageMembers;
  /** What the filter asks of a row; `at` is the moment of the first page. */
  readonly where: readonly Condition[] | ((at: Instant) => readonly Condition[]);
  /** Read models that its items need besides: they show the position asked for as well. */
  readonly besides?: readonly Projection[];
}

/** Lists of what is destroyed one day: what was stands in none of them. */
const LISTS: Readonly<Record<string, KeptKind>> = {
  applications: 'application',
  checks: 'check',
  'audited-persons': 'person',
  'audited-documents': 'document',
  parties: 'party',
  means: 'means',
  authorizations: 'authorization',
  'revocation-requests': 'revocationRequest',
  'revocation-deadlines': 'revocationRequest',
  confirmations: 'confirmation',
  'evidence-files': 'evidence',
};

/** Items of the rows that are left, in the places of these; `undefined` in those of what was destroyed. */
async function itemsOfLeft<R extends Row, Item>(
  backbone: Backbone,
  { name, table: { key } }: Projection<R>,
  rows: readonly R[],
  itemsOf: (rows: readonly R[]) => readonly (Item | undefined)[] | Promise<readonly (Item | undefined)[]>,
): Promise<readonly (Item | undefined)[]> {
  const left = await leftOf(backbone, LISTS[name], rows, (row) => row[key] as string);
  const items = await itemsOf(left);
  if (left.length === rows.length) return items;
  const made = new Map(left.map((row, place) => [row, items[place]]));
  return rows.map((row) => made.get(row));
}

/** Clocks of several processes may differ by this much, in milliseconds (interfaces.md §5). */
const CLOCKS_DIFFER = 5_000;

/**
 * A page of a read model, newest first, once it shows the position asked for. Where `where` depends on the moment, the
 * whole list is of the moment of its first page.
 */
export async function searchPage<R extends Row, Item>(
  backbone: Backbone,
  projection: Projection<R>,
  { name, filter, page, where, besides = [] }: List,
  /** One of each row, in their order. */
  itemsOf: (rows: readonly R[], at: Instant) => readonly Item[] | Promise<readonly Item[]>,
): Promise<PageAnswer<Item>> {
  const { limit, after } = readPage({ name, filter }, page.limit, page.cursor);
  const at = momentOf(backbone, after);
  for (const needed of [projection as unknown as Projection, ...besides]) {
    await awaitAfter(backbone, needed, page.after);
  }
  const rows = await backbone.readModels.store.search<R>(projection, {
    where: typeof where === 'function' ? where(at) : where,
    limit: limit + 1,
    ...(after === undefined ? {} : { after: { order: after.order, key: after.key } }),
  });
  const { key, newestFirst } = projection.table;
  const items = await itemsOfLeft(backbone, projection, rows.slice(0, limit), (left) => itemsOf(left, at));
  return pageOf({ name, filter }, rows, items, (row) => ({
    order: row[newestFirst] as bigint,
    key: row[key] as string,
    ...(typeof where === 'function' ? { at } : {}),
  }));
}

/** Rows that are read together, and those that are looked at for one page. */
const SIFTED_TOGETHER = 500;
const MOST_SIFTED = 5_000;

/**
 * A page of what is left of a read model's rows where a filter asks what no index knows: rows are looked at until enough
 * items were made of them. `undefined` = it is not in the list. After so many rows a page ends, however few it has, and
 * the next one goes on there.
 */
export async function siftedPage<R extends Row, Item>(
  backbone: Backbone,
  projection: Projection<R>,
  { name, filter, page, where, besides = [] }: List,
  itemsOf: (rows: readonly R[], at: Instant) => Promise<readonly (Item | undefined)[]>,
): Promise<PageAnswer<Item>> {
  const { limit, after } = readPage({ name, filter }, page.limit, page.cursor);
  const at = momentOf(backbone, after);
  for (const needed of [projection as unknown as Projection, ...besides]) {
    await awaitAfter(backbone, needed, page.after);
  }
  const { key, newestFirst } = projection.table;
  const placeOf = (row: R): PagePlace => ({ order: row[newestFirst] as bigint, key: row[key] as string, at });
  const rows: R[] = [];
  const items: (Item | undefined)[] = [];
  let from: PagePlace | undefined = after;
  for (let found = 0, isLast = false; !isLast && rows.length < MOST_SIFTED;) {
    const read: readonly R[] = await backbone.readModels.store.search<R>(projection, {
      where: typeof where === 'function' ? where(at) : where,
      limit: SIFTED_TOGETHER,
      ...(from === undefined ? {} : { after: { order: from.order, key: from.key } }),
    });
    isLast = read.length < SIFTED_TOGETHER;
    const made = await itemsOfLeft(backbone, projection, read, (left) => itemsOf(left, at));
    for (const [place, row] of read.entries()) {
      if (found === limit) return pageOf({ name, filter }, [...rows, row], items, placeOf);
      rows.push(row);
      items.push(made[place]);
      if (made[place] !== undefined) found += 1;
    }
    if (isLast) return pageOf({ name, filter }, rows, items, placeOf);
    from = placeOf(read.at(-1)!);
  }
  // What comes behind was not looked at: a row in its place says that there may be more.
  return pageOf({ name, filter }, [...rows, rows.at(-1)!], items, placeOf);
}

/** Now, or the moment that an earlier page was of; no page was ever of a moment to come. */
export function momentOf(backbone: Backbone, after: PagePlace | undefined): Instant {
  const now = backbone.now();
  if (after?.at === undefined) return now;
  if (after.at > later(now, CLOCKS_DIFFER)) throw invalidRequest([{ pointer: '/cursor', code: 'invalid-cursor' }]);
  return after.at;
}

type Asked = string | boolean | undefined;

/** Conditions for those of the columns that the filter names. */
export const equalIn = <Filter extends object>(
  filter: Filter,
  columns: readonly (keyof Filter & string)[],
): readonly Condition[] => columns.flatMap((column) => equal(column, filter[column] as Asked));

/** A condition when there is something to ask, none otherwise. */
export const equal = (column: string, value: Asked): readonly Condition[] =>
  value === undefined ? [] : [{ column, is: 'equal', value }];

export const containing = (column: string, value: string | undefined): readonly Condition[] =>
  value === undefined ? [] : [{ column, is: 'containing', value }];

/** From a moment on, and before another. */
export const within = (
  column: string,
  from: Instant | undefined,
  before: Instant | undefined,
): readonly Condition[] => [
  ...(from === undefined ? [] : [{ column, is: 'from', value: from } as const]),
  ...(before === undefined ? [] : [{ column, is: 'before', value: before } as const]),
];
