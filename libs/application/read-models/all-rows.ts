import type { Condition, Projection, ProjectionStore, Row } from '#libs/eventing';

/** Rows of one page: in memory at once on either side. */
const PAGE = 100;

/** Every row that meets the conditions, newest first, however many there are, in pieces. */
export async function* pagesOf<R extends Row>(
  store: Pick<ProjectionStore, 'search'>,
  projection: Projection<R>,
  where: readonly Condition[],
): AsyncGenerator<readonly R[], void, undefined> {
  const { key, newestFirst } = projection.table;
  for (let last: R | undefined; ;) {
    const after = last && { order: last[newestFirst] as bigint, key: last[key] as string };
    const query = { where, limit: PAGE, ...(after === undefined ? {} : { after }) };
    const page: readonly R[] = await store.search<R>(projection, query);
    yield page;
    if (page.length < PAGE) return;
    last = page.at(-1);
  }
}

/** The same together. */
export async function allRows<R extends Row>(
  store: ProjectionStore,
  projection: Projection<R>,
  where: readonly Condition[],
): Promise<readonly R[]> {
  const rows: R[] = [];
  for await (const page of pagesOf(store, projection, where)) rows.push(...page);
  return rows;
}
