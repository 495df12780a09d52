import type { ContactId } from '#libs/kernel';
import type { RegisteredParty, RegisteredPerson } from '#libs/domain';

/** Whether the contact is on record for one of these (interfaces.md §6, `/contacts`). */
export const hasContact = (owners: readonly (RegisteredParty | RegisteredPerson)[], contact: string): boolean =>
  owners.some((owner) => owner.contacts.has(contact as ContactId));
