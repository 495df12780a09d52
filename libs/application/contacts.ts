import type { ContactId, DomainEvent, Recorded } from '#libs/kernel';
import type { PartyEvent, PersonEvent, RegisteredParty, RegisteredPerson } from '#libs/domain';
import type { Backbone } from './backbone.js';
import { usedContactsProjection, type UsedContactRow } from './read-models/used-contacts.js';

/** Whether one of these is reached by the contact, as it is on record (interfaces.md §6, `/contacts`). */
export const hasContact = (owners: readonly (RegisteredParty | RegisteredPerson)[], contact: string): boolean =>
  owners.some(({ contacts }) => {
    const found = contacts.get(contact as ContactId);
    return found !== undefined && found.isProofAlone !== true;
  });

/** Which of these contacts a check on record names: they are kept as long as that (ARCH-15, RIGHTS-06). */
export async function contactsInChecks(
  { readModels: { store, upToDate } }: Backbone,
  contacts: readonly ContactId[],
): Promise<readonly ContactId[]> {
  await upToDate(usedContactsProjection as never);
  const rows = await store.load<UsedContactRow>(usedContactsProjection, contacts);
  return contacts.filter((contact) => rows.has(contact));
}

const ERASING: ReadonlySet<string> = new Set<(PersonEvent | PartyEvent)['type']>([
  'PersonContactsErased',
  'PartyContactsErased',
]);

/**
 * What was recorded after addresses were last erased: what stood there before says of nobody any more where he is (RIGHTS-06). What
 * of it a check rests on is kept for that alone, and neither shown nor used.
 */
export const sinceErased = (history: readonly Recorded<DomainEvent>[]): readonly Recorded<DomainEvent>[] =>
  history.slice(history.findLastIndex(({ type }) => ERASING.has(type)) + 1);
