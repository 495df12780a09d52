import { streamId, type PersonId } from '#libs/kernel';
import { KeyDestroyed } from '#libs/eventing';
import { fewAtOnce, openPerson, searchHashes, type Backbone } from '#libs/application';
import {
  amongOwnRecords,
  byDocument,
  identifiersOf,
  personDecider,
  recognizes,
  type PersonIdentity,
} from '#libs/domain';
import { personView, type PersonView } from '#libs/composition';
import { pageOf, readPage, type PageAnswer } from '#libs/platform';
import type { SearchPersonsRequest } from './person.requests.js';

/**
 * Finds persons by exactly what identifies them, through its keyed hash: nothing of it stands in an index, an address or
 * a log. Latest first.
 */
export async function searchPersons(backbone: Backbone, body: SearchPersonsRequest): Promise<PageAnswer<PersonView>> {
  const wanted = wantedIdentity(body);
  const hashes = await hashesOf(backbone, wanted);
  const list = { name: 'persons', filter: { hashes } };
  const { limit, after } = readPage(list, body.limit, body.cursor);
  for (let from = after && { place: after.order, person: after.key as PersonId }; ;) {
    const rows = await backbone.secrets.reservations.holders(hashes, limit + 1, from);
    const views = await fewAtOnce(rows.slice(0, limit), ({ person }) => viewOf(backbone, person, wanted));
    const page = pageOf(list, rows, views, ({ place, person }) => ({ order: place, key: person }));
    // Rows that nobody carries are passed over: an empty page is the end.
    if (page.items.length > 0 || page.next === null) return page;
    from = rows[views.length - 1];
  }
}

/** A name that nothing is left of once it is folded is nobody's. */
export async function hashesOf(backbone: Backbone, wanted: PersonIdentity): Promise<readonly string[]> {
  const [identifier] = wanted.documents.length > 0 ? wanted.documents.map(byDocument) : identifiersOf(wanted);
  return identifier === undefined ? [] : searchHashes(backbone, identifier);
}

/** One of both is there: the request was checked for it. */
export const wantedIdentity = ({ familyName, birthDate, document }: SearchPersonsRequest): PersonIdentity =>
  document === undefined
    ? { familyName: familyName!, birthDate: birthDate!, documents: [] }
    : { documents: [{ ...document }] };

/** `undefined` for a row that its person's record does not carry (any more). */
export async function viewOf(
  backbone: Backbone,
  id: PersonId,
  wanted: PersonIdentity,
  /** Every record of the person himself, where it is he who looks; absent: the back office does. */
  own?: ReadonlySet<string>,
): Promise<PersonView | undefined> {
  const { state, history } = await backbone.commands.load(personDecider, streamId('person', id));
  if (state.status === 'none') return undefined;
  try {
    const { identity } = await openPerson(backbone.sealer, state, history);
    const shown = own === undefined ? state : amongOwnRecords(state, own);
    return recognizes(wanted, identity) ? await personView(backbone.sealer, shown, history) : undefined;
  } catch (error) {
    if (error instanceof KeyDestroyed) return undefined;
    throw error;
  }
}
