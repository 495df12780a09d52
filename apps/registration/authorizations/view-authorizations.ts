import { streamId, type Instant } from '#libs/kernel';
import {
  authorizationEndsProjection,
  authorizationsProjection,
  demandLastUses,
  personsIn,
  viewedRow,
  whereEnding,
  whereSeen,
  whereStanding,
  type AuthorizationRow,
  type Backbone,
} from '#libs/application';
import {
  equalIn,
  partialAuthorization,
  partialAuthorizationItem,
  viewedPage,
  type AuthorizationView,
  type PartialAuthorizationView,
  type Viewing,
} from '#libs/composition';
import {
  authorizationDecider,
  sightOfAuthorization,
  viewedAuthorization,
  type Authorization,
  type Sight,
} from '#libs/domain';
import { found, notFound, type Answer, type PageAnswer } from '#libs/platform';
import type { SearchAuthorizationsRequest } from './authorization.requests.js';
import { itemsOf, unusedSince } from './search-authorizations.js';
import { wholeAuthorization } from './show-authorization.js';

/** An authorization as a person sees it; what he may not see is not there (VIS-01 to VIS-05). */
export async function viewAuthorization(
  backbone: Backbone,
  { viewer, places, record }: Viewing,
  id: string,
): Promise<Answer<AuthorizationView> | PartialAuthorizationView> {
  const { state, history, revision } = await backbone.commands.load(
    authorizationDecider,
    streamId('authorization', id),
  );
  const viewed = state.status === 'none' ? undefined : viewedAuthorization(state, viewer.at);
  await places.knowAlike([viewed?.representedParty, viewed?.authorizedParty]);
  const sight = viewed && sightOfAuthorization(viewer, viewed, places.at);
  await record({ id }, sight === undefined ? [] : [id], sight === undefined ? [] : subjectsOf(state, sight));
  if (sight === undefined || state.status === 'none') throw notFound('no-such-registration');
  return sight === 'whole'
    ? found(await wholeAuthorization(backbone, state, history, viewer.at), revision as number)
    : partialAuthorization(state, sight, viewer.at);
}

/** Of one that is shown in part nobody but who is authorized is told of. */
const subjectsOf = (state: Authorization, sight: Sight): readonly string[] =>
  sight === 'whole' ? personsIn(state) : personsIn('authorizedParty' in state ? state.authorizedParty : {});

type Filter = Omit<SearchAuthorizationsRequest, 'limit' | 'cursor' | 'after' | 'viewer'>;

/**
 * The authorizations that a person sees. Where a filter asks for what he is not shown of one, that one is not found: it
 * would tell him.
 */
export async function viewAuthorizations(
  backbone: Backbone,
  { viewer, places, record }: Viewing,
  filter: Filter,
  page: { readonly limit: number | undefined; readonly cursor: string | undefined; readonly after: string | undefined },
): Promise<PageAnswer<AuthorizationView | PartialAuthorizationView>> {
  const { representedParty, authorizedPerson, authorizedParty, means, endsBefore, status, nonUse, notUsedSince } =
    filter;
  const details = [authorizedPerson, authorizedParty, means, endsBefore, nonUse, notUsedSince];
  const asksDetails = details.some((asked) => asked !== undefined);
  if (notUsedSince !== undefined) demandLastUses(backbone);
  const mine = representedParty === undefined || authorizedParty === undefined ? await places.mine() : [];
  const consumers = representedParty === undefined ? mine : [representedParty];
  const intermediaries = authorizedParty === undefined ? mine : [authorizedParty];
  await places.know([...consumers, ...intermediaries]);
  const least = asksDetails ? 'whole' : 'existence';
  const sources = (at: Instant) => {
    const asked = [
      ...(endsBefore === undefined ? [] : whereEnding(endsBefore, at)),
      ...equalIn(filter, ['representedParty', 'authorizedPerson', 'authorizedParty', 'means']),
      ...(status === undefined ? [] : whereStanding(status, at)),
    ];
    return whereSeen(viewer, places.at, { consumers, intermediaries, least }).map((where) => [...asked, ...where]);
  };
  const subjects = new Map<string, readonly string[]>();
  const see = async (rows: readonly AuthorizationRow[], at: Instant) => {
    await places.know(rows.flatMap((row) => [row.representedParty, row.authorizedParty]));
    const sightOf = (row: AuthorizationRow) => sightOfAuthorization(viewer, viewedRow(row, viewer.at), places.at);
    const whole = rows.filter((row) => sightOf(row) === 'whole');
    const unused = notUsedSince === undefined ? undefined : await unusedSince(backbone, whole, notUsedSince);
    const shown = await itemsOf(
      backbone,
      whole.filter(({ id }) => unused?.has(id) ?? true),
      at,
    );
    const byId = new Map(
      shown.filter((item) => nonUse === undefined || item.nonUse !== undefined).map((item) => [item.id, item]),
    );
    return rows.map((row) => {
      const sight = sightOf(row);
      subjects.set(row.id, sight === 'whole' ? row.persons : [row.authorizedPerson].filter((id) => id !== null));
      if (sight === 'whole') return byId.get(row.id) ?? null;
      return sight === undefined || asksDetails ? undefined : partialAuthorizationItem(row, sight, at);
    });
  };
  const list = { name: 'viewed-authorizations', filter: { ...filter, viewer: { ...viewer.named } }, page, sources };
  const answer = await (endsBefore === undefined
    ? viewedPage(backbone, authorizationsProjection, list, see)
    : viewedPage(backbone, authorizationEndsProjection, list, see));
  const shown = answer.items.map(({ id }) => id);
  await record({ ...filter }, shown, [...new Set(shown.flatMap((id) => subjects.get(id) ?? []))]);
  return answer;
}
