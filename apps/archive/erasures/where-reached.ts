import { streamId, type ContactId, type DomainEvent, type Recorded } from '#libs/kernel';
import type { ErasedContacts } from '#libs/eventing';
import { fewAtOnce, type Backbone } from '#libs/application';
import { partyDecider, personDecider, type PersonContactsErased, type RecordsDestroyed } from '#libs/domain';
import { knowEntry } from '../retention/ledger-marks.js';

/** Destroys the keys of where people were reached. Again: the same. */
export async function destroyContactKeys(
  { secrets }: Backbone,
  { contacts }: Pick<ErasedContacts, 'contacts'>,
): Promise<void> {
  await fewAtOnce(contacts, (id) => secrets.destroy({ kind: 'contact', id }));
}

/**
 * Whoever is destroyed is reached nowhere any more either: those keys are not his own (ARCH-11). Of what an erasure took before
 * him as well: it may be that it was not carried out. `isKnown`: the ledger has been told.
 */
export async function destroyWhereReached(
  backbone: Backbone,
  { destruction, objects }: RecordsDestroyed['data'],
  isKnown: boolean,
): Promise<void> {
  const { everything } = backbone;
  const reached = await fewAtOnce(objects, async ({ kind, id }): Promise<readonly ContactId[]> => {
    if (kind === 'person') {
      const { state, history } = await everything.load(personDecider, streamId('person', id));
      return state.status === 'none' ? [] : [...state.reachedBy, ...erasedIn(history)];
    }
    if (kind !== 'party') return [];
    const { state, history } = await everything.load(partyDecider, streamId('party', id));
    return state.status === 'none' ? [] : [...state.contacts.keys(), ...erasedIn(history)];
  });
  const contacts = [...new Set(reached.flat())];
  await (isKnown ? destroyContactKeys(backbone, { contacts }) : destroyContacts(backbone, destruction, contacts));
}

/** Contacts that were erased, by the facts of it; `of`: of one request. */
export const erasedIn = (history: readonly Recorded<DomainEvent>[], of?: string): readonly ContactId[] =>
  history.flatMap(({ type, data }) => {
    if (type !== 'PersonContactsErased' && type !== 'PartyContactsErased') return [];
    const { rightsRequest, contacts } = data as PersonContactsErased['data'];
    return of === undefined || rightsRequest === of ? contacts : [];
  });

/** First where it is known for ever, then the keys. Again: the same. */
export async function destroyContacts(backbone: Backbone, id: string, contacts: readonly ContactId[]): Promise<void> {
  if (contacts.length === 0) return;
  const entry = { is: 'erased', id, contacts } as const;
  await knowEntry(backbone, await (await backbone.retention.ledger()).add(entry));
  await destroyContactKeys(backbone, entry);
}
