import type { ContactId, DomainEvent, Recorded } from '#libs/kernel';
import type { PartyEvent, PersonEvent, RegisteredParty, RegisteredPerson } from '#libs/domain';

/** Whether the contact is on record for one of these (interfaces.md §6, `/contacts`). */
export const hasContact = (owners: readonly (RegisteredParty | RegisteredPerson)[], contact: string): boolean =>
  owners.some((owner) => owner.contacts.has(contact as ContactId));

const ERASING: ReadonlySet<string> = new Set<(PersonEvent | PartyEvent)['type']>([
  'PersonContactsErased',
  'PartyContactsErased',
]);

/** What was recorded after addresses were last erased: what stood there before says of nobody any more where he is (RIGHTS-06). */
export const sinceErased = (history: readonly Recorded<DomainEvent>[]): readonly Recorded<DomainEvent>[] =>
  history.slice(history.findLastIndex(({ type }) => ERASING.has(type)) + 1);
