import type { Condition, Projection, ProjectionStore, Row } from '#libs/eventing';

/** Rows of one page: in memory at once on either side. */
const PAGE = 100;

/** Every row that meets the conditions, newest first, however many there are. */
export async function allRows<R extends Row>(
  store: ProjectionStore,
  projection: Projection<R>,
  where: readonly Condition[],
): Promise<readonly R[]> {
  const rows: R[] = [];
  const { key, newestFirst } = projection.table;
  for (;;) {
    const last = rows.at(-1);
    const after = last && { order: last[newestFirst] as bigint, key: last[key] as string };
    const query = { where, limit: PAGE, ...(after === undefined ? {} : { after }) };
    const page = await store.search<R>(projection, query);
    rows.push(...page);
    if (page.length < PAGE) return rows;
  }
}
