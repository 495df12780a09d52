import { epochOf, instantFromEpoch, type Instant } from '#libs/kernel';
import { StoreUnavailable, type Condition, type Projection, type Row } from '#libs/eventing';
import {
  authorizationEndsProjection,
  authorizationsProjection,
  demandLastUses,
  lastUses,
  lastUsesIfFed,
  nonUseNoticesProjection,
  usableRow,
  whereEnding,
  whereStanding,
  type AuthorizationRow,
  type Backbone,
  type NonUseNoticeRow,
} from '#libs/application';
import {
  authorizationItem,
  equalIn,
  searchPage,
  siftedPage,
  useOf,
  type AuthorizationView,
  type List,
} from '#libs/composition';
import { standingAt } from '#libs/domain';
import type { PageAnswer } from '#libs/platform';
import { endOfAmsterdamDay } from '#libs/scheme';
import type { SearchAuthorizationsRequest } from './authorization.requests.js';

const EQUAL = ['representedParty', 'authorizedPerson', 'authorizedParty', 'means'] as const;

/** The newest first, or what ends by its end, or what was noticed by its revocation. */
export function searchAuthorizations(
  backbone: Backbone,
  { limit, cursor, after, ...filter }: Omit<SearchAuthorizationsRequest, 'viewer'>,
): Promise<PageAnswer<AuthorizationView>> {
  const { endsBefore, notUsedSince } = filter;
  const page = { limit, cursor, after };
  const list = { name: 'authorizations', filter, page, where: (at: Instant) => whereMet(filter, at) };
  if (filter.nonUse !== undefined) return searchNoticed(backbone, filter, page);
  const of = async <R extends AuthorizationRow>(projection: Projection<R>): Promise<PageAnswer<AuthorizationView>> => {
    if (notUsedSince === undefined) {
      return searchPage(backbone, projection, list, async (rows, at) => {
        const shown = await itemsOf(backbone, rows, at);
        return shown as readonly AuthorizationView[];
      });
    }
    demandLastUses(backbone);
    return siftedPage(backbone, projection, list, async (rows, at) => {
      const kept = await unusedSince(backbone, rows, notUsedSince);
      const shown = await itemsOf(
        backbone,
        rows.filter(({ id }) => kept.has(id)),
        at,
      );
      const byId = new Map(shown.map((item) => [item.id, item]));
      return rows.map(({ id }) => byId.get(id));
    });
  };
  return endsBefore === undefined ? of(authorizationsProjection) : of(authorizationEndsProjection);
}

type Filter = Omit<SearchAuthorizationsRequest, 'limit' | 'cursor' | 'after' | 'viewer'>;

const whereMet = (filter: Filter, at: Instant): readonly Condition[] => [
  ...(filter.endsBefore === undefined ? [] : whereEnding(filter.endsBefore, at)),
  ...equalIn(filter, EQUAL),
  ...(filter.status === undefined ? [] : whereStanding(filter.status, at)),
];

/** What was noticed is little: whatever else is asked of it is looked at row by row. */
function searchNoticed(backbone: Backbone, filter: Filter, page: List['page']): Promise<PageAnswer<AuthorizationView>> {
  const list = {
    ...{ name: 'authorizations', filter, page, where: [] },
    besides: [authorizationsProjection as unknown as Projection],
  };
  return siftedPage<NonUseNoticeRow, AuthorizationView>(
    backbone,
    nonUseNoticesProjection,
    list,
    async (notices, at) => {
      const known = await backbone.readModels.store.load<AuthorizationRow>(
        authorizationsProjection,
        notices.map(({ id }) => id),
      );
      const met = [...known.values()].filter((row) => meets(row, filter, at));
      const { notUsedSince } = filter;
      const unused = notUsedSince === undefined ? undefined : await unusedSince(backbone, met, notUsedSince);
      const shown = await itemsOf(
        backbone,
        met.filter(({ id }) => unused?.has(id) ?? true),
        at,
      );
      // Used since, it is not revoked, though its notice is not withdrawn yet.
      const byId = new Map(shown.filter(({ nonUse }) => nonUse !== undefined).map((item) => [item.id, item]));
      return notices.map(({ id }) => byId.get(id));
    },
  );
}

/** As `whereMet` says it to a store; of what has ended nothing is revoked any more. */
function meets(row: AuthorizationRow, filter: Filter, at: Instant): boolean {
  const standing = standingAt(row, at);
  return (
    !['revoked', 'expired'].includes(standing) &&
    (filter.status === undefined || filter.status === standing) &&
    (filter.endsBefore === undefined || row.validUntil < filter.endsBefore) &&
    EQUAL.every((column) => filter[column] === undefined || filter[column] === row[column])
  );
}

/** Of these the ones that could have been used before then and were not used since. */
export async function unusedSince(
  backbone: Backbone,
  rows: readonly AuthorizationRow[],
  since: Instant,
): Promise<ReadonlySet<string>> {
  const begun = rows.filter(({ registeredAt, validFrom }) => registeredAt < since && validFrom < since);
  const uses = await lastUses(backbone, begun.map(usableRow));
  const isBefore = (use: Instant | null): boolean =>
    use === null || instantFromEpoch(endOfAmsterdamDay(epochOf(use))) < since;
  return new Set(begun.filter(({ id }) => isBefore(uses.get(id) ?? null)).map(({ id }) => id));
}

/** One of each row, with what is known of its use. */
export async function itemsOf(
  backbone: Backbone,
  rows: readonly AuthorizationRow[],
  at: Instant,
): Promise<readonly AuthorizationView[]> {
  if (rows.length === 0) return [];
  const uses = await lastUsesIfFed(backbone, rows.map(usableRow));
  const notices = await noticesOf(backbone, rows);
  return rows.map((row) => ({
    ...authorizationItem(row, at),
    ...useOf(notices.get(row.id), uses?.get(row.id)),
  }));
}

/** Where that list is not kept up now, what else is shown is shown all the same. */
async function noticesOf(backbone: Backbone, rows: readonly Row[]): Promise<ReadonlyMap<string, NonUseNoticeRow>> {
  try {
    backbone.readModels.fed(nonUseNoticesProjection as never);
    return await backbone.readModels.store.load<NonUseNoticeRow>(
      nonUseNoticesProjection,
      rows.map(({ id }) => id as string),
    );
  } catch (error) {
    if (error instanceof StoreUnavailable) return new Map();
    throw error;
  }
}
