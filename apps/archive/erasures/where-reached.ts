import { streamId, type ContactId } from '#libs/kernel';
import type { ErasedContacts } from '#libs/eventing';
import { fewAtOnce, type Backbone } from '#libs/application';
import { partyDecider, personDecider, type RecordsDestroyed } from '#libs/domain';
import { knowEntry } from '../retention/ledger-marks.js';

/** Destroys the keys of where people were reached. Again: the same. */
export async function destroyContactKeys({ secrets }: Backbone, { contacts }: ErasedContacts): Promise<void> {
  await fewAtOnce(contacts, (id) => secrets.destroy({ kind: 'contact', id }));
}

/** Whoever is destroyed is reached nowhere any more either: those keys are not his own (ARCH-11). */
export async function destroyWhereReached(
  backbone: Backbone,
  { destruction, objects }: RecordsDestroyed['data'],
): Promise<void> {
  const { everything } = backbone;
  const reached = await fewAtOnce(objects, async ({ kind, id }): Promise<readonly ContactId[]> => {
    if (kind === 'person') {
      const { state } = await everything.load(personDecider, streamId('person', id));
      return state.status === 'none' ? [] : [...state.reachedBy];
    }
    if (kind !== 'party') return [];
    const { state } = await everything.load(partyDecider, streamId('party', id));
    return state.status === 'none' ? [] : [...state.contacts.keys()];
  });
  await destroyContacts(backbone, destruction, reached.flat());
}

/** First where it is known for ever, then the keys. Again: the same. */
export async function destroyContacts(backbone: Backbone, id: string, contacts: readonly ContactId[]): Promise<void> {
  if (contacts.length === 0) return;
  const entry = { is: 'erased', id, contacts } as const;
  await knowEntry(backbone, await (await backbone.retention.ledger()).add(entry));
  await destroyContactKeys(backbone, entry);
}
