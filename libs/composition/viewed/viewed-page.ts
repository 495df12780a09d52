import type { Instant } from '#libs/kernel';
import type { Condition, Projection, Row } from '#libs/eventing';
import { fewAtOnce, type Backbone } from '#libs/application';
import { pageOf, readPage, type PageAnswer } from '#libs/platform';
import { awaitAfter } from '../doors.js';
import { momentOf, type PageMembers } from '../search-page.js';
import { openCursor, sealCursor } from './sealed-cursor.js';

export interface ViewedList {
  readonly name: string;
  readonly filter: object;
  readonly page: PageMembers;
  /**
   * Each names rows that the viewer may see; all together name every one. `at` is the moment of the first page. What he may
   * not see is to be named by none of them, as far as a store can tell: it is looked through for nothing, and the time of an
   * answer would tell of it.
   */
  readonly sources: (at: Instant) => readonly (readonly Condition[])[];
}

/**
 * Rows that are looked at in one go; those that he sees that are looked at for one page; and those that he does not see, which
 * `sources` could not leave out, that one page passes over.
 */
const STEP = 100;
const MOST_LOOKED = 1_000;
const MOST_PASSED = 1_000;

/**
 * A page of what a viewer sees of a list. After so many rows a page ends, however few it has, and the next one goes on there.
 * A page that ends where nothing is shown of the last row is as one that ends for what he did not ask for, and its cursor is
 * sealed as every one of these lists is: neither says what is there.
 */
export async function viewedPage<R extends Row, Item>(
  backbone: Backbone,
  projection: Projection<R>,
  list: ViewedList,
  /** One of each row, in their order; `null` of what he sees and did not ask for, `undefined` of what he does not see. */
  see: (rows: readonly R[], at: Instant) => Promise<readonly (Item | null | undefined)[]>,
): Promise<PageAnswer<Item>> {
  const { cursor } = list.page;
  const opened = typeof cursor === 'string' ? await openCursor(backbone, cursor) : cursor;
  const answer = await openPage(backbone, projection, { ...list, page: { ...list.page, cursor: opened } }, see);
  return answer.next === null ? answer : { ...answer, next: await sealCursor(backbone, answer.next) };
}

async function openPage<R extends Row, Item>(
  backbone: Backbone,
  projection: Projection<R>,
  { name, filter, page, sources }: ViewedList,
  see: (rows: readonly R[], at: Instant) => Promise<readonly (Item | null | undefined)[]>,
): Promise<PageAnswer<Item>> {
  const { limit, after } = readPage({ name, filter }, page.limit, page.cursor);
  const at = momentOf(backbone, after);
  await awaitAfter(backbone, projection as unknown as Projection, page.after);
  // Whatever was recorded before bounds what he sees.
  await backbone.readModels.upToDate(projection as unknown as Projection);
  const { key, newestFirst } = projection.table;
  const placeOf = (row: R): Place => ({ order: row[newestFirst] as bigint, key: row[key] as string });
  const pagePlaceOf = (row: R) => ({ ...placeOf(row), at });
  const searched = sources(at);
  const rows: R[] = [];
  const items: Item[] = [];
  let from: Place | undefined = after && { order: after.order, key: after.key };
  // Whatever comes behind: a row in its place says that there may be more.
  const endingAt = (row: R): PageAnswer<Item> =>
    pageOf({ name, filter }, [...rows, row, row], [...items, undefined], pagePlaceOf);
  for (let looked = 0, passed = 0; ;) {
    const place = from === undefined ? {} : { after: from };
    const found = await fewAtOnce(searched, (where) =>
      backbone.readModels.store.search<R>(projection, { where, limit: STEP, ...place }),
    );
    const byKey = new Map(found.flat().map((row) => [row[key] as string, row]));
    // The first so many of all of them are among the first so many of each.
    const next = [...byKey.values()].sort((one, other) => compare(placeOf(one), placeOf(other))).slice(0, STEP);
    const seen = await see(next, at);
    for (const [index, item] of seen.entries()) {
      if (item === undefined) {
        passed += 1;
        continue;
      }
      const row = next[index]!;
      looked += 1;
      if (item !== null) {
        rows.push(row);
        items.push(item);
      }
      if (rows.length > limit) return pageOf({ name, filter }, rows, items.slice(0, limit), pagePlaceOf);
      if (looked === MOST_LOOKED) return endingAt(row);
    }
    if (next.length < STEP) return pageOf({ name, filter }, rows, items, pagePlaceOf);
    if (passed >= MOST_PASSED) return endingAt(next.at(-1)!);
    from = placeOf(next.at(-1)!);
  }
}

interface Place {
  readonly order: bigint;
  readonly key: string;
}

/** As the store gives rows: the greater place first, of one place the greater key. */
function compare(one: Place, other: Place): number {
  if (one.order !== other.order) return one.order > other.order ? -1 : 1;
  return one.key > other.key ? -1 : 1;
}
