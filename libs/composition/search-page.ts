import type { Condition, Projection, Row } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { pageOf, readPage, type PageAnswer } from '#libs/platform';
import { awaitAfter } from './doors.js';

/** The members of a `_search` body that are about the page; the others are its filter (interfaces.md §2). */
interface PageMembers {
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
  readonly after: string | undefined;
}

/**
 * A page of a read model, newest first, once it shows the position asked for. `list` names the list: a cursor of another
 * list or filter is refused.
 */
export async function searchPage<R extends Row, Item>(
  backbone: Backbone,
  projection: Projection<R>,
  list: {
    readonly name: string;
    readonly filter: object;
    readonly page: PageMembers;
    readonly where: readonly Condition[];
  },
  itemOf: (row: R) => Item,
): Promise<PageAnswer<Item>> {
  const { name, filter, page, where } = list;
  const { limit, after } = readPage({ name, filter }, page.limit, page.cursor);
  await awaitAfter(backbone, projection as unknown as Projection, page.after);
  const rows = await backbone.readModels.store.search<R>(projection, {
    where,
    limit: limit + 1,
    ...(after === undefined ? {} : { after }),
  });
  const { key, newestFirst } = projection.table;
  return pageOf(
    { name, filter },
    rows,
    limit,
    (row) => ({ order: row[newestFirst] as bigint, key: row[key] as string }),
    itemOf,
  );
}

/** Conditions for those of the columns that the filter names. */
export const equalIn = <Filter extends object>(
  filter: Filter,
  columns: readonly (keyof Filter & string)[],
): Condition[] =>
  columns.flatMap((column) =>
    filter[column] === undefined ? [] : [{ column, is: 'equal', value: filter[column] as string | boolean } as const],
  );
