import { later, streamId, type DomainEvent, type PersonId, type Recorded } from '#libs/kernel';
import { KeyDestroyed } from '#libs/eventing';
import {
  allRows,
  authorizationsProjection,
  fewAtOnce,
  levelOfPerson,
  openPerson,
  viewedRow,
  whereSeen,
  type AuthorizationRow,
  type Backbone,
  type Viewer,
} from '#libs/application';
import {
  indicatedRole,
  personView,
  type IndicatedRoleView,
  type PartialPersonView,
  type PersonView,
  type Viewing,
} from '#libs/composition';
import { amongOwnRecords, personDecider, sightOfAuthorization, type RegisteredPerson } from '#libs/domain';
import { notFound, pageOf, readPage, type PageAnswer } from '#libs/platform';
import { atLeast, type EhLevel } from '#libs/scheme';
import type { SearchPersonsRequest } from './person.requests.js';
import { hashesOf, viewOf, wantedIdentity } from './search-persons.js';

/**
 * A person as a person sees him: himself whole, who acts for the same organization by name and roles (VIS-04). Whatever is
 * read for it is read of everybody, also of who was never there.
 */
export async function viewPerson(
  backbone: Backbone,
  viewing: Viewing,
  id: string,
): Promise<PersonView | PartialPersonView> {
  const { viewer, record } = viewing;
  const { state, history } = await backbone.commands.load(personDecider, streamId('person', id));
  const level = await levelOfPerson(backbone, viewer.records);
  const roles = await indicatedRoles(backbone, viewing, id);
  const isHimself = viewer.records.has(id);
  const isSeen = isHimself || roles.length > 0;
  const seen = isSeen ? [id] : [];
  await record({ id }, seen, seen);
  if (state.status === 'none' || !isSeen) throw notFound('no-such-person');
  if (!isHimself) return { id, sight: 'indication', ...(await nameOf(backbone, state, history)), roles };
  // What is kept of him is shown to a login of the level that he is registered at (RIGHTS-07); with a lower one he is told so.
  if (atLeast(viewer.level, level)) return ownView(backbone, viewer, state, history);
  return himselfInPart(backbone, { state, history }, { id, roles, level });
}

/** That he is on record, and which login shows the rest; his name where he has roles at the level of his login. */
const himselfInPart = async (
  backbone: Backbone,
  { state, history }: { readonly state: RegisteredPerson; readonly history: readonly Recorded<DomainEvent>[] },
  { id, roles, level }: { readonly id: string; readonly roles: readonly IndicatedRoleView[]; readonly level: EhLevel },
): Promise<PartialPersonView> =>
  roles.length > 0
    ? { id, sight: 'indication', ...(await nameOf(backbone, state, history)), roles, level }
    : { id, sight: 'existence', roles, level };

/** Of records that are like his, those that are his own: of others he is not even told that there are any (VIS-05). */
const ownView = (
  { sealer }: Backbone,
  { records }: Viewer,
  state: RegisteredPerson,
  history: readonly Recorded<DomainEvent>[],
): Promise<PersonView> => personView(sealer, amongOwnRecords(state, records), history);

/** What tells the viewer that this person is authorized, in which role, at which level (VIS-02); of what is over nothing. */
async function indicatedRoles(
  backbone: Backbone,
  { viewer, places }: Viewing,
  person: string,
): Promise<readonly IndicatedRoleView[]> {
  // Only where he has a place himself: what anybody does elsewhere is not looked through.
  const consumers = await places.mine();
  await places.know(consumers);
  const sources = whereSeen(viewer, places.at, { consumers, intermediaries: [], least: 'indication' });
  await backbone.readModels.upToDate(authorizationsProjection);
  const found = await fewAtOnce(sources, (where) =>
    allRows<AuthorizationRow>(backbone.readModels.store, authorizationsProjection, [
      { column: 'authorizedPerson', is: 'equal', value: person },
      { column: 'revoked', is: 'equal', value: false },
      { column: 'validUntil', is: 'from', value: later(viewer.at, 1) },
      ...where,
    ]),
  );
  const rows = [...new Map(found.flat().map((row) => [row.id, row])).values()];
  await places.know(rows.map(({ representedParty }) => representedParty));
  return rows
    .sort((one, other) => (one.position > other.position ? -1 : 1))
    .filter((row) => {
      const sight = sightOfAuthorization(viewer, viewedRow(row, viewer.at), places.at);
      return sight === 'whole' || sight === 'indication';
    })
    .map(indicatedRole);
}

async function nameOf(
  backbone: Backbone,
  state: RegisteredPerson,
  history: readonly Recorded<DomainEvent>[],
): Promise<Pick<PartialPersonView, 'familyName' | 'givenNames'>> {
  try {
    const { familyName, givenNames } = (await openPerson(backbone.sealer, state, history)).attributes;
    return {
      ...(familyName === undefined ? {} : { familyName }),
      ...(givenNames === undefined ? {} : { givenNames }),
    };
  } catch (error) {
    if (error instanceof KeyDestroyed) return {};
    throw error;
  }
}

/**
 * By what identifies somebody a viewer finds nobody but himself: that there is one with this birth date or this document
 * would tell him what of others he may not see (VIS-04). So his own records are looked at, and no other's. With a login of a
 * lower level than he is registered at he is told that he is on record, as by his id (RIGHTS-01), and that whatever he looked
 * by: whether it is his would tell whoever guesses what that login is not shown (RIGHTS-07).
 */
export async function viewPersons(
  backbone: Backbone,
  viewing: Viewing,
  body: SearchPersonsRequest,
): Promise<PageAnswer<PersonView | PartialPersonView>> {
  const { viewer, record } = viewing;
  const wanted = wantedIdentity(body);
  const hashes = await hashesOf(backbone, wanted);
  const list = { name: 'viewed-persons', filter: { hashes, viewer: { ...viewer.named } } };
  const { limit, after } = readPage(list, body.limit, body.cursor);
  // What is kept of him is shown to a login of the level that he is registered at (RIGHTS-07).
  const level = await levelOfPerson(backbone, viewer.records);
  const own = ([...viewer.records] as PersonId[]).sort().reverse();
  const views = atLeast(viewer.level, level)
    ? await fewAtOnce(hashes.length > 0 ? own : [], (person) => viewOf(backbone, person, wanted, viewer.records))
    : await fewAtOnce(own, async (id): Promise<PartialPersonView | undefined> => {
        const { state, history } = await backbone.commands.load(personDecider, streamId('person', id));
        if (state.status === 'none') return undefined;
        const roles = await indicatedRoles(backbone, viewing, id);
        return himselfInPart(backbone, { state, history }, { id, roles, level });
      });
  const found = views.flatMap((view) => (view === undefined || (after && view.id >= after.key) ? [] : [view]));
  const shown = found.slice(0, limit + 1);
  const answer = pageOf(list, shown, shown.slice(0, limit), ({ id }) => ({ order: 0n, key: id }));
  // By what he looked is personal: the record says only by what kind of it.
  const seen = answer.items.map(({ id }) => id);
  await record({ by: body.document === undefined ? 'name' : 'document' }, seen, seen);
  return answer;
}
